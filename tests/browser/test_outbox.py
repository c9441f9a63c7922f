"""What was done is on the device first: what its page shows of it, until the house has it or says why not (G6)."""

import re

import pytest
from playwright.sync_api import expect

from server.commands.trial import checklist
from server.commands.trial.chromium import PHONE

WAITING, SENT, NEEDS = "↑", "✓", "!"
OF = "(list) => list.map(({ path }) => path.split('/').at(-1))"


@pytest.fixture
def zhou(tablet, yard):
    """Zhou's phone, with the inspection on it."""
    phone = tablet("zhou", PHONE)
    phone.take_along(yard.pdi)
    return phone


def mark(item):
    """How what was done at an item fares."""
    return item.locator(":scope > .mark")


def test_taps_numbers_notes_and_photos_wait_and_are_sent(zhou, yard):
    zhou.offline()
    zhou.go(yard.pdi.sections[1])
    good, noted, measured = zhou.items()
    good.locator("label.good").click()
    noted.locator("label.warn").click()
    noted.locator("[name=note]").fill("左前门缝隙偏大")
    noted.locator("[name=note]").blur()
    measured.locator("label.good").click()
    measured.locator("[name=number]").fill("2.4")
    measured.locator("[name=number]").blur()
    good.locator("form.photo input[type=file]").set_input_files(checklist.photo("车漆"))
    expect(good.locator(".thumb.wait img")).to_be_visible()
    zhou.kept()
    for item in (good, noted, measured):
        expect(mark(item)).to_contain_text(WAITING)
    expect(zhou.bar).to_have_text(f"↑ {zhou.says('waitingCount', 'offline', count=6)}")

    zhou.offline(False)
    for item in (good, noted, measured):
        expect(mark(item)).to_contain_text(SENT)
    expect(zhou.bar).to_have_attribute("data-renews", "", timeout=15_000)
    zhou.press(zhou.bar)
    expect(zhou.bar).to_be_hidden()
    assert zhou.queue == []
    expect(good.locator("a.thumb img")).to_be_visible()
    expect(good.locator(".thumb.wait")).to_have_count(0)
    zhou.go(yard.pdi.sections[1])
    assert noted.locator("[name=note]").input_value() == "左前门缝隙偏大"
    assert measured.locator("[name=number]").input_value() == "2.4"


def test_a_number_out_of_limits_stays_open_until_it_is_right_or_explained(zhou, yard):
    zhou.go(yard.pdi.sections[1])
    measured, chip = zhou.items()[2], zhou.page.locator("#open-count")
    good, watch = measured.locator("label.good input"), measured.locator("label.warn input")

    def reads(number, becomes):
        measured.locator("[name=number]").fill(number)
        measured.locator("[name=number]").blur()
        expect(mark(measured)).to_contain_text(SENT)
        expect(measured.locator(".caution")).to_have_count(int(becomes is watch))
        expect(becomes).to_be_checked()

    measured.locator("label.good").click()
    reads("2.3", good)
    said = chip.inner_text()
    reads("9.9", watch)
    expect(chip).to_have_class(re.compile("warn"))
    expect(chip).not_to_have_text(said)
    reads("2.4", good)
    expect(chip).to_have_text(said)


def test_a_page_that_is_opened_again_shows_what_waits_and_follows_its_sending(zhou, yard):
    zhou.offline()
    zhou.go(yard.pdi.sections[2])
    first = zhou.items()[0]
    first.locator("label.warn").click()
    first.locator("form.photo input[type=file]").set_input_files(checklist.photo("液位"))
    expect(first.locator(".thumb.wait img")).to_be_visible()
    zhou.kept()
    zhou.go(yard.pdi.sections[2])
    expect(first.locator("label.warn input")).to_be_checked()
    expect(first.locator(".thumb.wait img")).to_be_visible()
    expect(mark(first)).to_contain_text(WAITING)

    zhou.offline(False)
    expect(mark(first)).to_contain_text(SENT)
    expect(first.locator("a.thumb img")).to_be_visible()
    expect(first.locator(".thumb.wait")).to_have_count(0)
    expect(first.locator("label.warn input")).to_be_checked()


def test_whoever_goes_on_at_once_loses_nothing(zhou, yard):
    zhou.offline()
    zhou.go(yard.pdi.sections[5])
    item = zhou.items()[0]
    item.locator("summary").click()
    item.locator("[name=note]").fill("出风口有异味")
    item.locator("form.photo input[type=file]").set_input_files(checklist.photo("空调"))
    zhou.press(".dock a.primary")  # the note is left and the photo still being shrunk
    assert sorted(zhou.run(OF, zhou.queue)) == ["answer", "photos"]
    zhou.offline(False)
    zhou.send()


def test_the_untouched_rest_is_good_and_the_counts_move_without_a_network(zhou, yard):
    zhou.go(yard.pdi.sections[4])
    meter = zhou.page.locator("progress.meter")
    before = int(meter.get_attribute("value"))
    done, asked = zhou.page.locator("[aria-current=step] [data-done]").inner_text().split("/")
    still_open = zhou.page.locator("#open-count").inner_text()
    zhou.offline()
    zhou.go(yard.pdi.sections[4])
    items = zhou.items()
    untouched = [item for item in items if not item.locator("input:checked").count()]
    items[0].locator("label.bad").click()
    zhou.page.locator("[data-all-good]").click()
    zhou.kept()
    easy = [item for item in untouched if item is not items[0] and item.locator("input:checked").count()]
    assert easy
    for item in easy:
        expect(mark(item)).to_contain_text(WAITING)
        expect(item.locator("label.good input")).to_be_checked()
    expect(items[0].locator("label.bad input")).to_be_checked()
    answered = len(easy) + (items[0] in untouched)
    expect(zhou.page.locator("[aria-current=step] [data-done]")).to_have_text(f"{int(done) + answered}/{asked}")
    assert zhou.run("() => document.querySelector('progress.meter').value") == before + answered
    expect(zhou.page.locator("#open-count")).not_to_have_text(still_open)
    here = zhou.page.locator("#open-count").inner_text()

    zhou.offline(False)
    expect(zhou.bar).to_have_attribute("data-renews", "", timeout=30_000)
    zhou.go(yard.pdi.sections[4])
    expect(zhou.page.locator("[aria-current=step] [data-done]")).to_have_text(f"{int(done) + answered}/{asked}")
    assert [word for word in here if word.isdigit()] == [
        word for word in zhou.page.locator("#open-count").inner_text() if word.isdigit()
    ]


def test_a_signature_waits_and_is_sent(tablet, yard):
    lin = tablet("lin")
    lin.take_along(yard.handover)
    lin.offline()
    lin.go(yard.handover.sections[1])
    for item in lin.items(".item:has(h3.must)"):
        item.locator(".tick.box").click()
    lin.kept()
    answered = len(lin.queue)
    lin.sign("section")
    assert lin.page.url.endswith(yard.handover.sections[2]), "on to the next section"
    lin.go(yard.handover.sections[1])
    expect(lin.page.locator("#sign-section")).to_be_hidden()
    expect(lin.page.locator(".notice[data-after$='#customer']")).to_be_visible()
    lin.go("/outbox")
    row = lin.page.locator("[data-op]")
    expect(row).to_have_count(answered + 1)
    expect(row.last).to_contain_text("客户")

    lin.offline(False)
    lin.send()
    lin.go(yard.handover.sections[1])
    expect(lin.page.locator("figure.sign img.inked")).to_be_visible()


def test_what_is_refused_says_why_and_a_better_answer_takes_its_place(zhou, yard):
    zhou.offline()
    zhou.go(yard.pdi.sections[2])
    item = zhou.items()[1]
    item.locator("[name=number]").fill("0x12")  # to the page a number, to the house none
    item.locator("[name=number]").blur()
    zhou.kept()
    expect(mark(item)).to_contain_text(WAITING)
    zhou.offline(False)
    expect(mark(item)).to_contain_text(NEEDS)
    expect(zhou.bar).to_have_text(f"! {zhou.says('needsCount', count=1)}")
    why = item.locator(".error").inner_text().strip()
    assert len(why) > 3
    zhou.go("/outbox")
    row = zhou.page.locator("[data-op]")
    expect(row.locator("[data-why]")).to_have_text(why)
    expect(row).to_contain_text("0x12")
    zhou.press(row.locator("[data-way]"))
    expect(item.locator("[name=number]")).to_have_value("0x12")
    expect(mark(item)).to_contain_text(why)

    item.locator("[name=number]").fill("12.6")
    item.locator("[name=number]").blur()
    expect(mark(item)).to_contain_text(SENT)
    expect(zhou.bar).not_to_have_class(re.compile("bad"))
    assert zhou.queue == []


def test_what_was_refused_is_tried_again_once_its_cause_is_gone(tablet, yard):
    wu = tablet("wu")
    wu.go(yard.failed)
    put_right(wu, yard)
    zhou = tablet("zhou", PHONE)
    zhou.go(f"{yard.failed}/pdi")
    section = zhou.page.url
    zhou.offline()
    item = zhou.items()[0]
    item.locator("label.warn").click()
    zhou.kept()
    wu.go(f"{yard.failed}/pdi")
    wu.go(wu.page.locator("ol.steps a").last.get_attribute("href"))
    wu.press("form[action$='/failure'] button")
    zhou.offline(False)
    expect(mark(item)).to_contain_text(NEEDS)
    zhou.go("/outbox")
    row = zhou.page.locator("[data-op]")
    expect(row.locator("[data-why]")).to_be_visible()

    row.locator("[data-retry]").click()
    expect(row.locator("[data-why]")).to_be_visible()
    put_right(wu, yard)
    row.locator("[data-retry]").click()
    expect(zhou.page.locator("[data-nothing]")).to_be_visible()
    zhou.page.goto(section)
    expect(item.locator("label.warn input")).to_be_checked()


def put_right(desk, yard):
    """The rework is done: the inspection goes on."""
    desk.go(f"{yard.failed}/pdi")
    desk.page.fill("[name=what]", "拆检左前悬架，更换球头")
    desk.press("form[action$='/rework'] button.primary")


def test_two_devices_answer_the_same_item(tablet, yard):
    zhou, wu = tablet("zhou"), tablet("wu")
    for one in (zhou, wu):
        one.take_along(yard.pdi)
        one.offline()
    seen = {}
    for one, plain, grave in ((zhou, "warn", "bad"), (wu, "good", "good")):  # Wu is the later one
        one.go(yard.pdi.sections[7])
        one.items()[0].locator(f"label.{plain}").click()
        one.kept()
        one.go(yard.pdi.sections[3])
        one.items()[0].locator(f"label.{grave}").click()
        one.kept()
    for one in (wu, zhou):
        one.offline(False)
        one.send()
    for section, stands in ((7, "good"), (3, "bad")):
        wu.go(yard.pdi.sections[section])
        item = wu.items()[0]
        seen[section] = item.locator(".notice.warn").inner_text()
        expect(item.locator(f"label.{stands} input")).to_be_checked()
    for told in seen.values():
        assert "周" in told
        assert "吴" in told
        assert told.count(":") == 2, "both with their time"

    item.locator("label.warn").click()
    expect(item.locator(".notice.warn")).to_have_count(0)
    expect(item.locator("label.warn input")).to_be_checked()
