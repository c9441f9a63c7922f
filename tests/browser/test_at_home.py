"""At an owner's door with no network: the hour, findings, talk, friends, a picture, and two devices joined."""

import pytest
from playwright.sync_api import expect

from server.commands.demonstration import pictures
from server.commands.demonstration.at_home import NOW
from server.commands.trial.chromium import PHONE, TABLET

HERE = {"latitude": 31.326319, "longitude": 118.376451, "accuracy": 12}


@pytest.fixture
def home(yard):
    """The page of the visit at which a team is just now."""
    question = "SELECT v.id FROM home_visits v JOIN customers c ON c.id = v.customer_id WHERE c.name = ?"
    return f"/visits/{yard.ask(question, NOW)[0][0]}"


def along(desk, home):
    """Taken along, and the network is gone."""
    desk.go(home)
    desk.press("[data-take]")
    expect(desk.page.locator("[data-list] .row")).to_have_count(1)
    desk.offline()


def fill(desk, page, form, **said):
    """A form of the visit, filled in and kept on the device."""
    desk.go(page)
    place = desk.page.locator(f"form[action$='/{form}']").first
    for name, value in said.items():
        field = place.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            place.locator(f"[name={name}][value='{value}']").check(force=True)
        else:
            field.first.fill(value)
    before = len(desk.queue)
    place.locator("button").last.click()
    desk.kept()
    desk.page.wait_for_timeout(50)
    assert len(desk.queue) == before + 1, form


def rows(yard, home, table, *columns):
    """What the house holds of the visit."""
    said = ", ".join(columns)
    return yard.ask(f"SELECT {said} FROM {table} WHERE visit_id = ? ORDER BY 1", home.rpartition("/")[2])


def test_the_hour_runs_and_everything_is_kept_where_there_is_no_network(tablet, yard, home):
    lin = tablet("lin", PHONE)
    lin.context.grant_permissions(["geolocation"])
    lin.context.set_geolocation(HERE)
    along(lin, home)
    programme = f"{home}/programme"
    lin.go(programme)
    clock = lin.page.locator("[data-hour] time")
    expect(clock).to_have_text("–")
    lin.page.locator("[name=place_ok][value=yes]").check()
    expect(lin.page.locator("[name=latitude]").first).to_have_value("31.326319")
    lin.page.locator("[name=place_ok][value=no]").check()
    expect(lin.page.locator("[name=latitude]").first).to_have_value("")
    lin.page.locator("[name=place_ok][value=yes]").check()
    expect(lin.page.locator("[name=latitude]").first).to_have_value("31.326319")
    lin.page.locator("#arrival button.primary").click()
    lin.kept()
    lin.go(programme)  # closed and opened again: it goes on
    lin.page.wait_for_function("() => /^00:/.test(document.querySelector('[data-hour] time').textContent)")
    expect(lin.page.locator(".hour > [aria-current=step]").first).to_contain_text("问候")
    fill(lin, programme, "steps/talk")
    fill(lin, f"{home}/talk", "talks", kind="complaint", words="空调有异味，说过一次了。")
    fill(lin, f"{home}/talk", "referrals", name="李先生", relation="表弟")
    telephone = lin.page.locator(".agreed")
    assert telephone.is_hidden(), "of who has not agreed no telephone is asked"
    lin.page.locator("[name=agrees][value=yes]").check()
    expect(telephone).to_be_visible()
    fill(lin, f"{home}/effect", "effect", score="5", words="客户很热情")
    fill(lin, f"{home}/effect", "leaving")
    assert len(lin.queue) == 6

    lin.offline(False)
    lin.send()
    assert rows(yard, home, "visit_talks", "words") == [("空调有异味，说过一次了。",)]
    assert rows(yard, home, "referrals", "name", "phone", "consent") == [("李先生", None, "unknown")]
    assert rows(yard, home, "visit_effects", "score") == [(5,)]
    assert rows(yard, home, "visit_steps", "step") == [("greet",), ("talk",)]
    mine = """SELECT in_latitude, in_longitude, out_at IS NOT NULL FROM visit_presences
        WHERE visit_id = ? AND in_latitude > 0"""
    assert yard.ask(mine, home.rpartition("/")[2]) == [(31.3263, 118.3765, 1)]
    owed = """SELECT kind FROM contacts WHERE state = 'owed' AND kind IN ('visit_answer', 'referral_consent')
        AND customer_id = (SELECT customer_id FROM home_visits WHERE id = ?) ORDER BY kind"""
    assert yard.ask(owed, home.rpartition("/")[2]) == [("referral_consent",), ("visit_answer",)]


def test_a_technician_s_device_joins_the_same_visit_with_photos_and_the_owner_s_hand(tablet, yard, home):
    zhou = tablet("zhou", TABLET)
    along(zhou, home)
    fill(zhou, f"{home}/programme", "arrival")  # the owner was asked by who came first
    check = f"{home}/check"
    zhou.go(check)
    picture = {"name": "tyre.jpg", "mimeType": "image/jpeg", "buffer": pictures.photo(9)}
    zhou.page.locator("form[action$='/findings'] input[type=file]").set_input_files([picture])
    expect(zhou.page.locator("form[action$='/findings'] .thumb[data-enclosed]")).to_have_count(1)
    form = zhou.page.locator("form[action$='/findings']")
    form.locator("[name=severity][value=fault]").check(force=True)
    form.locator("[name=note]").fill("P0420 催化器效率低")
    form.locator("button.primary").click()
    zhou.kept()
    fill(zhou, check, "top-ups", fluid="oil", amount="500")
    zhou.go(check)
    expect(zhou.page.locator("[data-hanging] li")).to_have_count(3)
    expect(zhou.page.locator("#findings li.row")).to_contain_text("P0420 催化器效率低")
    expect(zhou.page.locator("#findings li.row .chip.bad")).to_contain_text("↑")
    expect(zhou.page.locator("#findings .empty")).to_be_hidden()
    expect(zhou.page.locator("#top-ups li.row")).to_contain_text("500")
    zhou.page.locator("[data-typed] summary").click()
    zhou.page.fill("#typed-owner", NOW)
    zhou.page.locator("#sign-owner button.primary").click()
    zhou.kept()
    assert [op["path"].rpartition("/")[2] for op in zhou.queue] == ["arrival", "findings", "top-ups", "explanation"]

    zhou.offline(False)
    zhou.send()
    assert rows(yard, home, "visit_findings", "name", "verdict") == [("P0420 催化器效率低", "fault")]
    question = (
        "SELECT count(*) FROM visit_finding_photos p JOIN visit_findings f ON f.id = p.finding_id WHERE f.visit_id = ?"
    )
    assert yard.ask(question, home.rpartition("/")[2]) == [(1,)]
    assert rows(yard, home, "visit_top_ups", "fluid", "amount") == [("oil", 500)]
    assert len(rows(yard, home, "visit_explanations", "finding_ids")) == 1
    zhou.go(check)
    expect(zhou.page.locator("#signing .sign img")).to_have_count(1)
    state = yard.ask("SELECT state FROM home_visits WHERE id = ?", home.rpartition("/")[2])
    assert state == [("there",)], "one who came has not signed out"


def test_without_consent_no_face_leaves_the_device(tablet, yard, home):
    he = tablet("he", PHONE)
    along(he, home)
    effect = f"{home}/effect"
    he.go(effect)
    people = he.page.locator("form.photo:has([value=people])")
    assert people.is_hidden(), "nobody has agreed"
    refuse, agree = (he.page.locator(f"form[action$='/photo-consent'] [value={said}]") for said in ("no", "yes"))
    refuse.click()
    he.kept()
    he.page.wait_for_timeout(300)
    assert people.is_hidden(), "and now they have said no"
    agree.click()
    he.kept()
    expect(people).to_be_visible()
    picture = {"name": "us.jpg", "mimeType": "image/jpeg", "buffer": pictures.photo(11)}
    people.locator("input[type=file]").set_input_files([picture])
    expect(people.locator("[data-key]")).to_have_count(1)
    he.kept()
    refuse.click()  # and they think better of it
    he.kept()
    expect(people).to_be_hidden()
    he.offline(False)
    he.send()
    assert rows(yard, home, "visit_photos", "shows") == []
    said = rows(yard, home, "visit_consents", "at", "given")
    assert [given for _, given in said if said][-1] == 0


def test_what_makes_no_sense_is_said_at_its_field_while_everybody_is_still_there(tablet, yard, home):
    zhou = tablet("zhou", PHONE)
    along(zhou, home)
    zhou.go(f"{home}/check")
    finding, top_up = (zhou.page.locator(f"form[action$='/{one}']") for one in ("findings", "top-ups"))
    finding.locator("button.primary").click()
    expect(finding.locator(".error")).to_have_count(2)
    top_up.locator("[name=amount]").fill("abc")
    top_up.locator("button").last.click()
    expect(top_up.locator(".error")).to_have_count(2)
    expect(top_up.locator(".error").last).to_contain_text("500")
    top_up.locator("[name=fluid]").first.check(force=True)
    for wrong in ("0", "10001", "1.5", ""):
        top_up.locator("[name=amount]").fill(wrong)
        top_up.locator("button").last.click()
        expect(top_up.locator(".error")).to_have_count(1)
    zhou.go(f"{home}/talk")
    friend = zhou.page.locator("form.referral")
    friend.locator("[name=name]").fill("李先生")
    friend.locator("[name=agrees][value=yes]").check(force=True)
    friend.locator("button.primary").click()
    expect(friend.locator(".error")).to_have_count(1)
    assert zhou.queue == []
    friend.locator("[name=phone]").fill("123")
    friend.locator("[name=agrees][value=no]").check(force=True)  # nobody asks for it any more
    friend.locator("button.primary").click()
    zhou.kept()
    assert len(zhou.queue) == 1
