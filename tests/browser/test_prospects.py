"""Prospects on a telephone and on a tablet, in both languages: registered, spoken to, given up; the gap supposed."""

import re

import pytest
from playwright.sync_api import expect

from server.commands.trial.chromium import PHONE, TABLET, Device
from server.database import uuid7
from tests.browser.field import OUTBOX

BOTH = pytest.mark.parametrize(("device", "language"), [(PHONE, "zh"), (TABLET, "en")], ids=["phone-zh", "tablet-en"])


def choose(desk, name: str, value: str) -> None:
    """A choice is as large as its label: that is what a thumb hits."""
    desk.page.locator(f"label:has(input[name='{name}'][value='{value}'])").click()


def registered(desk, name: str) -> str:
    """Somebody new who means to buy within thirty days; where their page is."""
    desk.go("/prospects/new")
    desk.page.fill("#name", name)
    desk.page.fill("#phone", f"139{uuid7().int % 10**8:08d}")
    choose(desk, "source", "online")
    choose(desk, "horizon", "B")
    desk.page.fill("#wish", "两个孩子，要大空间")
    desk.press(".dock button.primary")
    desk.page.wait_for_url(re.compile(r"/prospects/QK-"))
    return desk.path


@BOTH
def test_somebody_is_registered_spoken_to_and_given_up(desk, device: Device, language: str) -> None:
    lin = desk("lin", device, language=language)
    name = f"测试{uuid7().hex[-4:]}"
    place = registered(lin, name)
    expect(lin.page.locator("h1 .grade")).to_have_text("B")
    expect(lin.page.locator("#next a[href^='tel:']")).to_be_visible()

    lin.press("#next a.primary")
    when = lin.page.locator("#expected_on .when")
    expect(when).to_be_hidden()
    choose(lin, "horizon", "date")
    expect(when).to_be_visible()
    choose(lin, "horizon", "H")
    lin.page.fill("#content", "谈了置换")
    lin.page.fill("#customer_words", "再低两千就定")
    lin.press(".dock button.primary")
    lin.page.wait_for_url(re.compile(re.escape(place)))
    expect(lin.page.locator("h1 .grade")).to_have_text("H")
    expect(lin.page.locator("#history")).to_contain_text("B → H")
    expect(lin.page.locator("#history blockquote")).to_have_text("再低两千就定")

    lin.press("#ends a.button")
    choose(lin, "reason", "budget")
    lin.page.fill("#story", "预算不够，今年先不买")
    lin.press(".dock button.primary")
    lin.page.wait_for_url(re.compile(re.escape(place)))

    gao = desk("gao", device, language=language)
    gao.go("/lost-deals")
    gao.press(gao.page.locator("#waiting a.whole", has_text=name))
    gao.page.fill("#advice", "再约一次，谈谈金融方案")
    gao.press("button[value=reject]")
    lin.go(place)
    expect(lin.page.locator("main")).to_contain_text("再约一次，谈谈金融方案")


@BOTH
def test_nobody_who_is_not_reached_has_to_be_described(desk, device: Device, language: str) -> None:
    lin = desk("lin", device, language=language)
    place = registered(lin, f"测试{uuid7().hex[-4:]}")
    lin.go(f"{place}/follow-ups/new")
    choose(lin, "reached", "no")
    expect(lin.page.locator("#customer_words")).to_be_hidden()
    lin.press(".dock button.primary")
    lin.page.wait_for_url(re.compile(re.escape(place)))
    expect(lin.page.locator("#history li").first).to_have_class("warn")


def test_a_follow_up_made_without_a_network_is_kept_and_sent(desk) -> None:
    lin = desk("lin", PHONE)
    place = registered(lin, f"测试{uuid7().hex[-4:]}")
    lin.go(f"{place}/follow-ups/new")
    lin.context.set_offline(True)
    choose(lin, "horizon", "A")
    lin.page.fill("#content", "地下车库里记的")
    lin.page.click(".dock button.primary")
    expect(lin.page.locator("form.talk[aria-busy=true]")).to_have_count(0)  # it is written down on the device
    lin.context.set_offline(False)
    lin.faults.clear()  # the network was away
    lin.go("/outbox")
    lin.until(f"async () => !(await ({OUTBOX})()).length")
    lin.go(place)
    expect(lin.page.locator("#history")).to_contain_text("地下车库里记的")
    expect(lin.page.locator("h1 .grade")).to_have_text("A")
    lin.faults.clear()


@BOTH
def test_one_narrows_opens_goes_on_and_comes_back(desk, device: Device, language: str) -> None:
    lin = desk("lin", device, language=language)
    lin.go("/prospects?show=overdue")
    rows = lin.page.locator("#list a.whole")
    assert rows.count() >= 2
    second = rows.nth(1).inner_text()
    lin.press(rows.first)
    lin.press("nav.beside a[rel=next]")
    expect(lin.page.locator("h1")).to_contain_text(second)
    lin.press("a.back")
    assert "show=overdue" in lin.page.url

    lin.go("/prospects")
    with lin.page.expect_response(re.compile("q=zhoumin")):
        lin.page.fill("#q", "zhoumin")
    expect(lin.page.locator("#list a.whole")).to_have_count(1)
    expect(lin.page.locator("#list a.whole")).to_have_text("周敏")
    assert "q=zhoumin" in lin.page.url


@BOTH
def test_the_manager_supposes_and_the_gap_follows(desk, device: Device, language: str) -> None:
    gao = desk("gao", device, language=language)
    gao.go("/prospects/gap")
    for name, value in {"target": "100", "conversion": "20", "on_hand": "320"}.items():
        gao.page.fill(f"form#if [name={name}]", value)
    gao.press("form#if button.primary")
    expect(gao.page.locator("output.sum b").first).to_have_text("180")


def test_who_wants_to_be_left_alone_has_no_telephone_to_tap(desk) -> None:
    lin = desk("lin", PHONE)
    lin.go("/prospects?q=jiangwenjing")
    lin.press("#list a.whole")
    expect(lin.page.locator("main")).to_contain_text("请勿打扰此客户")
    assert lin.page.locator("a[href^='tel:']").count() == 0
