"""Taken along: what a device holds, as of when, and what opens on it without a network (G6)."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from server.commands.faults.modes import Mode
from server.commands.trial import checklist
from server.commands.trial.chromium import PHONE
from tests.browser.field import kept

ABOARD = kept("aboard")


def test_a_delivery_is_taken_along_and_opens_without_a_network(tablet, yard):
    lin = tablet("lin")
    page = lin.page
    lin.go(yard.handover.sections[0])
    item = next(one for one in lin.items() if one.locator("form.photo").count())
    checklist.add_photo(lin, item, "油量")
    lin.take_along(yard.handover)
    row = page.locator("[data-list] .row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("黄磊")
    expect(row).to_contain_text("12 页")  # the delivery, ten sections, the customer
    assert page.locator("[data-lacks]").is_hidden()

    lin.offline()
    lin.press(row.locator("a"))
    assert lin.path == yard.handover.address
    expect(page.locator("meta[name=as-of]")).to_have_count(1)
    customer = page.locator(".facts a[href^='/customers/']").get_attribute("href")
    for address in yard.handover.sections:
        lin.go(address)
        assert page.locator(".item").count()
    lin.go(yard.handover.sections[0])
    page.locator("a.thumb").first.scroll_into_view_if_needed()
    page.wait_for_function("() => [...document.querySelectorAll('a.thumb img')].every((one) => one.naturalWidth > 0)")
    lin.go(customer)
    expect(page.locator("h1")).to_have_text("黄磊")
    lin.go(f"{yard.handover.address}/handover")
    assert page.locator(".items").count(), "where one was, without asking the house"


def test_today_is_taken_along_renewed_and_taken_off(tablet, yard):
    lin = tablet("lin", PHONE)
    page = lin.page
    lin.go("/")
    lin.press("[data-take]")
    row = page.locator("[data-list] .row")
    expect(row).to_contain_text(re.compile(r"[0-9]{2}:[0-9]{2} .* · [0-9]+ 页 · [0-9.]+ ?MB"))
    expect(page.locator("[data-room-word]")).to_contain_text(re.compile(r"[0-9].*MB.*[0-9].*[MG]B"))
    expect(page.locator("[data-keeping]")).not_to_be_empty()
    taken = lin.run(ABOARD)
    row.locator("[data-renew]").click()
    lin.until(f"async (before) => (await ({ABOARD})())[0].at > before[0].at", taken)
    expect(row).to_have_count(1)

    lin.offline()
    for address in ("/", "/customers", "/customers/new", "/deliveries", "/contacts", yard.handover.sections[3]):
        lin.go(address)
        expect(page.locator("meta[name=as-of]")).to_have_count(1)
    lin.go("/aboard")
    page.locator("[data-off]").click()
    expect(page.locator("[data-nothing]")).to_be_visible()
    assert lin.run(ABOARD) == []


def test_it_says_as_of_when(tablet, yard):
    lin = tablet("lin")
    lin.take_along(yard.handover)
    lin.offline()
    lin.go(yard.handover.address)
    at = datetime.fromtimestamp(
        lin.run("() => Number(document.querySelector('meta[name=as-of]').content)") / 1000, ZoneInfo("Asia/Shanghai")
    )
    taken = f"{at:%H:%M}"
    expect(lin.bar).to_have_text(lin.says("asOf").replace("{time}", taken))
    lin.go("/aboard")
    expect(lin.page.locator("[data-list] .row")).to_contain_text(taken)


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "网络"), ("en", "No network, and this page is not on the device")]
)
def test_a_page_that_is_not_on_board_gives_a_word_of_comfort(tablet, language, words):
    lin = tablet("lin", PHONE, language=language)
    lin.offline()
    lin.go("/deliveries/JC-20200101-0001")
    expect(lin.page.locator("h1:visible")).to_contain_text(words)
    lin.press(lin.page.locator("a[href='/aboard']:visible"))
    assert lin.path == "/aboard"


def test_what_could_not_be_fetched_is_told(tablet, yard):
    lin = tablet("lin")
    lost = yard.handover.sections[4].partition("?")[0]
    lin.go(yard.handover.address)
    yard.proxy.become(Mode.RESET, only=lambda asked: asked.path == lost)
    lin.press("[data-take]")
    expect(lin.page.locator("[data-lacks]")).to_contain_text("10 ")
    yard.proxy.become(Mode.PASS)
    lin.page.locator("[data-renew]").click()
    expect(lin.page.locator("[data-lacks]")).to_be_hidden()
