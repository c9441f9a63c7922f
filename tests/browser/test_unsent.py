"""What does not go out: an honest word for each reason, and a file for when all else fails (G6)."""

import json

import pytest
from playwright.sync_api import expect

from server.commands.demonstration.stores import PASSWORD
from server.commands.faults.modes import Mode
from server.commands.trial import checklist
from server.commands.trial.chromium import PHONE
from tests.browser.field import OUTBOX


@pytest.fixture
def zhou(tablet, yard):
    """Zhou's phone on the second section of the inspection."""
    phone = tablet("zhou", PHONE)
    phone.take_along(yard.pdi)
    phone.go(yard.pdi.sections[4])
    return phone


def tap(phone, nth=1):
    """Another verdict than there is at an item."""
    item = phone.items()[nth]
    tone = "good" if item.locator("label.warn input").is_checked() else "warn"
    item.locator(f"label.{tone}").click()
    phone.kept()
    return item


def waits(phone, why, count=1):
    """The bar says how many wait, and for what."""
    expect(phone.bar).to_have_text(f"↑ {phone.says('waitingCount', why, count=count)}", timeout=15_000)


@pytest.mark.parametrize(
    ("mode", "why"), [(Mode.REFUSE, "offline"), (Mode.PORTAL, "stranger"), (Mode.TROUBLE, "troubled")]
)
def test_why_it_waits_is_said_until_it_is_over(zhou, yard, mode, why):
    yard.proxy.become(mode)
    item = tap(zhou)
    waits(zhou, why)
    zhou.page.wait_for_timeout(6_000)  # longer than it takes to look again
    waits(zhou, why)
    assert len(zhou.queue) == 1
    zhou.go("/outbox")
    zhou.press_send()
    waits(zhou, why)

    yard.proxy.become(Mode.PASS)
    zhou.press_send()
    expect(zhou.page.locator("[data-nothing]")).to_be_visible(timeout=20_000)
    assert zhou.queue == []
    zhou.go(yard.pdi.sections[4])
    expect(item.locator(".by")).to_be_visible()


def test_whose_session_has_ended_still_delivers_and_goes_on_after_signing_in(zhou, yard):
    zhou.context.clear_cookies(name="huanche_session")
    item = tap(zhou)
    expect(item.locator(":scope > .mark")).to_contain_text("✓")
    assert zhou.queue == []
    zhou.go(yard.pdi.sections[5])
    assert zhou.path == "/sign-in"
    zhou.page.fill("[name=name]", "zhou")
    zhou.page.fill("[name=password]", PASSWORD)
    zhou.press("main form.card button.primary")
    assert zhou.page.url.endswith(yard.pdi.sections[5])


def test_whose_ticket_is_revoked_signs_in_again_to_send(tablet, zhou, yard):
    (device,) = [one["value"] for one in zhou.context.cookies() if one["name"] == "huanche_device"]
    admin = tablet("admin")
    admin.go(f"/devices/{device}/revocation")
    admin.press("main form:not(.lang) button")
    item = tap(zhou)
    waits(zhou, "auth")
    zhou.page.wait_for_timeout(6_000)
    waits(zhou, "auth")
    zhou.go("/outbox")
    assert zhou.path == "/sign-in"
    zhou.sign_in("zhou")
    zhou.until(f"async () => !(await ({OUTBOX})()).length")
    zhou.go(yard.pdi.sections[4])
    expect(item.locator(".by")).to_be_visible()


def test_a_file_carries_what_waits_to_another_device(tablet, zhou, yard, tmp_path):
    zhou.offline()
    item = tap(zhou)
    before = len(zhou.page.locator("a.thumb").all())
    item.locator("form.photo input[type=file]").set_input_files(checklist.photo("带走"))
    item.locator(".thumb.wait").wait_for()
    zhou.kept()
    file = save(zhou, tmp_path)
    assert json.loads(file.read_text("utf-8"))["format"] == "huanche-outbox"

    other = tablet("zhou")
    take_in(other, file, 2)
    expect(other.page.locator("[data-nothing]")).to_be_visible(timeout=20_000)
    zhou.offline(False)
    zhou.send()  # once more from where it was done: it counts once
    zhou.go(yard.pdi.sections[4])
    expect(zhou.page.locator("a.thumb")).to_have_count(before + 1)


def test_nobody_brings_work_in_a_colleagues_name(tablet, zhou, yard, tmp_path):
    zhou.offline()
    place = tap(zhou).get_attribute("id")
    file = save(zhou, tmp_path)
    other = tablet("wu")
    take_in(other, file, "本人登录")
    assert other.queue == []
    other.take_over("zhou")
    take_in(other, file, 1)
    other.until(f"async () => !(await ({OUTBOX})()).length")
    other.go(yard.pdi.sections[4])
    expect(other.page.locator(f"#{place} .by")).to_be_visible()


def test_nothing_is_deleted_that_was_not_saved(zhou, yard, tmp_path):
    zhou.go(yard.pdi.sections[2])
    item = zhou.items()[1]
    item.locator("[name=number]").fill("0x12")
    item.locator("[name=number]").blur()
    expect(zhou.bar).to_have_class("chip bad")
    zhou.go("/outbox")
    row = zhou.page.locator("[data-op]")
    row.locator("[data-remove]").click()
    expect(zhou.page.locator("[data-word]")).to_be_visible()
    expect(row).to_have_count(1)
    save(zhou, tmp_path)
    row.locator("[data-remove]").click()
    expect(row).to_have_count(0)
    assert zhou.queue == []


@pytest.mark.parametrize(
    "written",
    [
        {"format": "shopping"},
        *({"format": "huanche-outbox", "ops": [{"path": path, "method": method, "person": "PERSON", "bytes": ""}]}
          for path, method in (("//elsewhere.example/x", "POST"), ("/\\elsewhere.example/x", "POST"),
                               ("https://elsewhere.example/x", "POST"), ("/customers", "DELETE"))),
    ],
)  # fmt: skip
def test_another_file_is_not_taken_in(tablet, written):
    lin = tablet("lin")
    lin.go("/outbox")
    person = lin.run("() => document.querySelector('meta[name=person]').content")
    text = json.dumps(written).replace("PERSON", person)
    stranger = {"name": "list.json", "mimeType": "application/json", "buffer": text.encode()}
    lin.page.locator("[data-import]").set_input_files(stranger)
    expect(lin.page.locator("[data-word]")).to_have_text(lin.page.locator("[data-outbox]").get_attribute("data-unread"))
    assert lin.queue == []


def save(desk, folder):
    """What waits, as a file."""
    desk.go("/outbox")
    with desk.page.expect_download() as saved:
        desk.page.locator("[data-export]").click()
    place = folder / saved.value.suggested_filename
    saved.value.save_as(place)
    return place


def take_in(desk, file, told):
    """On another device, which tells of it."""
    desk.go("/outbox")
    desk.page.locator("[data-import]").set_input_files(file)
    expect(desk.page.locator("[data-word]")).to_contain_text(str(told))
