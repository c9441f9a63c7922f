"""A month of home visits is planned; a day of one without a network, by a whole team; and everything after it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from server.commands.demonstration.at_home import CLOSED, LATER, NOW
from server.commands.trial import checklist
from server.commands.trial.chromium import PHONE, TABLET
from server.commands.trial.desk import Desk
from server.commands.trial.house import demonstration
from tests.browser.test_at_home import along, fill, rows


@pytest.fixture(scope="module")
def own_house() -> Iterator[str]:
    """A house of its own: its plan is released and its visit closed here."""
    with demonstration() as address:
        yield address


@pytest.fixture
def sit(browser: Browser, own_house: str) -> Iterator:
    """`sit("he")` at a desk of that house; what breaks on any page fails the test."""
    opened: list[Desk] = []

    def at(name: str, device=TABLET) -> Desk:
        opened.append(Desk(browser, own_house, device).sign_in(name))
        return opened[-1]

    yield at
    faults = [fault for one in opened for fault in one.faults]
    for one in opened:
        one.close()
    assert faults == []


def test_a_plan_is_a_draft_until_it_is_released_and_its_day_becomes_a_way(sit) -> None:
    he = sit("he")
    he.go("/visits/plan")
    he.press("main a[rel=next]")
    plan, planned = he.path, he.page.locator("#planned li.row")
    expect(planned).to_have_count(3)
    first = he.page.locator("#candidates li.row", has_text="弋江区").first  # whose address the map knows
    expect(first.locator(".chip").first).to_contain_text("+")  # why, and how much that counts
    chosen = first.locator("b a").inner_text()
    first.locator("input").check()
    he.press("#candidates .dock button")
    expect(he.page.locator("#planned")).to_contain_text(chosen)
    expect(planned).to_have_count(4)
    home = he.page.locator("#planned a.whole", has_text=chosen).get_attribute("href") or ""
    day = he.page.locator("#planned li.row", has_text=chosen).locator("xpath=preceding::h3[1]/a").get_attribute("href")
    lin = sit("lin")
    lin.page.goto(home)
    expect(lin.page.locator("h1")).not_to_have_text(chosen)  # a draft is only for who plans
    lin.faults.clear()  # that page is not there
    he.press("form[action$='/release'] button")
    expect(he.page.locator(".top .chip.good")).to_have_text("已发布")
    lin.go("/visits?whose=all")
    expect(lin.page.locator("main")).to_contain_text(chosen)
    he.go(f"{day}/proposal")
    expect(he.page.locator("svg.map polyline").first).to_be_visible()
    assert he.page.locator("svg.map circle").count() >= 1
    expect(he.page.locator(".map .scale").first).to_contain_text("km")
    foreign = (
        "() => performance.getEntriesByType('resource').filter(({ name }) => !name.startsWith(location.origin)).length"
    )
    assert he.run(foreign) == 0, "the map is our own"
    he.go(home)
    expect(he.page.locator("#booking blockquote")).to_contain_text(chosen)
    he.page.locator("details summary", has_text="取消").click()
    he.page.fill("[name=why]", "客户出差")
    he.press("details[open] button.bad")
    he.go(plan)
    expect(planned).to_have_count(3)
    expect(he.page.locator("#candidates")).to_contain_text(chosen)  # and may be chosen again


@pytest.fixture
def agreed(yard) -> str:
    """The page of a visit of tomorrow on which the owner has agreed, and nobody has confirmed it."""
    [(visit,)] = yard.ask("SELECT id FROM home_visits WHERE state = 'booked' ORDER BY starts_at LIMIT 1")
    return f"/visits/{visit}"


def test_three_devices_do_a_whole_visit_without_a_network_and_it_is_one(tablet, yard, agreed) -> None:
    """From the second call on: confirmed, packed, on the road, at the door; who confirmed it comes home last."""
    he, lin, zhou = tablet("he", PHONE), tablet("lin", PHONE), tablet("zhou", TABLET)
    for one in (he, lin, zhou):
        along(one, agreed)
    _leave(he, agreed)
    for one in (he, lin, zhou):
        fill(one, f"{agreed}/programme", "arrival", place_ok="no")
        expect(one.page.locator("#there li")).to_contain_text("↑")
    fill(he, f"{agreed}/programme", "steps/greet")
    fill(lin, f"{agreed}/talk", "talks", kind="wish", words="想要一个车顶箱。")
    fill(zhou, f"{agreed}/check", "findings", severity="ok", note="无故障码")
    for who, one in (("he", he), ("lin", lin), ("zhou", zhou)):
        fill(one, f"{agreed}/effect", "effect", score="4", words=who)
        fill(one, f"{agreed}/effect", "leaving")
    visit = agreed.rpartition("/")[2]
    for one, state in ((zhou, "booked"), (lin, "booked"), (he, "done")):
        one.offline(False)
        one.send()
        assert yard.ask("SELECT state FROM home_visits WHERE id = ?", visit) == [(state,)]
    assert len(rows(yard, agreed, "visit_presences", "out_at")) == 3
    assert rows(yard, agreed, "visit_effects", "words") == [("he",), ("lin",), ("zhou",)]
    assert len(rows(yard, agreed, "visit_packed", "code")) == 10
    calls = yard.ask("SELECT kind, state FROM contacts WHERE place = ? ORDER BY kind", agreed)
    assert calls == [("visit_booking", "done"), ("visit_confirmation", "done")]
    he.go(f"{agreed}/record")
    for words in ("车顶箱", "无故障码", "何静", "林悦", "周强"):
        expect(he.page.locator("main")).to_contain_text(words)


def _leave(he, home: str) -> None:
    """The second call, everything packed with a present, and off they go: all on the device."""
    fill(he, home, "confirmation", note="在家")
    packing = he.page.locator("#equipment button[value=yes]")
    for place in range(packing.count()):
        packing.nth(place).click()
        he.kept()
    expect(packing.locator("visible=true")).to_have_count(0)
    he.page.locator("#gifts form button").first.click()
    he.kept()
    he.go(home)
    leave = he.page.locator("form[action$='/departure']")
    leave.locator("button").click()
    expect(leave.locator(".error")).to_have_count(1)  # it is agreed for tomorrow
    leave.locator("[name=today]").check()
    leave.locator("button").click()
    he.kept()


def test_after_a_visit_its_record_is_a_paper_and_what_was_found_an_appointment(sit) -> None:
    zhou, he = sit("zhou"), sit("he")
    home = _of(zhou, NOW)
    zhou.go(f"{home}/programme")
    zhou.page.locator("[name=place_ok][value=no]").check()
    zhou.press("#arrival button.primary")
    zhou.go(f"{home}/check")
    form = zhou.page.locator("form[action$='/findings']")
    form.locator("[name=severity][value=fault]").check(force=True)
    form.locator("[name=note]").fill("左前刹车片磨损")
    zhou.press(form.locator("button.primary"))
    zhou.sign("owner", NOW)
    zhou.go(f"{home}/checklist")
    for section in [one.get_attribute("href") for one in zhou.page.locator("#progress .steps a").all()]:
        zhou.go(section or "")
        checklist.fill_in(zhou, "拜访")
    for one in (zhou, he):
        one.go(f"{home}/effect")
        one.page.locator("[name=score][value='5']").check(force=True)
        one.press("#effect button.primary")
        one.press("#leaving form button.primary")
        one.go("/outbox")
        one.page.locator("[data-nothing]").wait_for(timeout=60_000)  # it goes out by itself
    he.go(f"{home}/record")
    expect(he.page.locator("#closing .chip")).to_have_text("已离开，待收尾")
    expect(he.page.locator("#closing .notice.warn")).to_have_count(0)
    he.sign("leader", "何静")
    paper = he.page.locator("#closing a[href^='/papers/']").get_attribute("href") or ""
    assert he.fetch(paper).startswith(b"%PDF")
    he.press("#findings a[href^='/appointments/new']")
    expect(he.page.locator("main")).to_contain_text("左前刹车片磨损")
    he.go("/insight/visits?months=1")
    expect(he.page.locator("#by-team tbody tr").first).to_be_visible()


def test_who_was_recommended_is_a_prospect_once_they_agree(sit) -> None:
    he = sit("he", PHONE)
    he.go("/referrals")
    he.press(he.page.locator("main a.whole", has_text=LATER))
    expect(he.page.locator("main")).to_contain_text(CLOSED)
    he.page.fill("#phone", "13955307123")
    he.press("form[action$='/consent'] button.primary")
    he.press("a[href^='/prospects/']")
    expect(he.page.locator("main")).to_contain_text("上门拜访")
    expect(he.page.locator("main")).to_contain_text(CLOSED)


def _of(desk: Desk, name: str) -> str:
    desk.go("/visits?whose=all")
    desk.press(desk.page.locator("main a.whole", has_text=name))
    return desk.path
