"""Ratings and figures on tablet and telephone, in both languages: tapped, kept without a network, seen, followed."""

import pytest
from playwright.sync_api import expect

from server.commands.tour.barriers import barriers
from server.commands.trial.chromium import PHONE, TABLET, Device

BOTH = pytest.mark.parametrize(("device", "language"), [(PHONE, "zh"), (TABLET, "en")], ids=["phone-zh", "tablet-en"])
FIRST = "/prospects?show=mine"


def tap(desk, step: str, who: str, score: int) -> None:
    """A face is as large as its label: that is what a thumb hits."""
    desk.page.locator(f"form[action$='/ratings/{step}/{who}'] label:has([value='{score}'])").click()


def all_is_sent(desk) -> None:
    """Whoever sends it, the page or its service worker."""
    expect(desk.page.locator("form[aria-busy=true]")).to_have_count(0)  # it is written down on the device
    desk.go("/outbox")
    expect(desk.page.locator("[data-op]")).to_have_count(0, timeout=30_000)


def a_prospect_of_lins(desk, place: int) -> str:
    """Where one of those that she looks after stands."""
    desk.go(FIRST)
    return desk.page.locator("#list a.whole").nth(place).get_attribute("href").partition("?")[0]


def score_of(desk, step: str, who: str):
    """The face that is chosen."""
    return desk.page.locator(f"form[action$='/ratings/{step}/{who}'] input:checked")


@BOTH
def test_both_tap_and_the_curve_of_the_sale_follows(desk, device: Device, language: str) -> None:
    lin = desk("lin", device, language=language)
    place = a_prospect_of_lins(lin, 2 if device is PHONE else 3)
    lin.go(place)
    lin.press(f"a[href='{place}/ratings']")
    tap(lin, "presentation", "customer", 5)
    tap(lin, "presentation", "consultant", 2)
    all_is_sent(lin)
    lin.go(f"{place}/ratings")
    expect(score_of(lin, "presentation", "customer")).to_have_value("5")
    expect(score_of(lin, "presentation", "consultant")).to_have_value("2")
    expect(lin.page.locator("#curve text.customer").filter(has_text="10.0").first).to_be_visible()
    expect(lin.page.locator("#curve text.consultant").filter(has_text="4.0").first).to_be_visible()


def test_a_tap_without_a_network_is_kept_shown_and_sent(desk) -> None:
    lin = desk("lin", PHONE)
    place = f"{a_prospect_of_lins(lin, 4)}/ratings"
    lin.go(place)
    lin.context.set_offline(True)
    tap(lin, "needs", "customer", 4)
    expect(lin.page.locator("[data-sync]")).to_contain_text("1")
    lin.context.set_offline(False)
    lin.faults.clear()  # the network was away
    all_is_sent(lin)
    lin.go(place)
    expect(score_of(lin, "needs", "customer")).to_have_value("4")
    lin.faults.clear()


@BOTH
def test_the_manager_follows_a_number_to_its_names(desk, device: Device, language: str) -> None:
    gao = desk("gao", device, language=language)
    if device is TABLET:
        gao.go("/")
        gao.press("nav.rail a[href='/insight/funnel']")
    else:
        gao.go("/prospects")
        gao.press("main a[href='/insight/funnel']")
    gao.press("a[href='/insight/funnel?days=90']")
    expect(gao.page.locator("svg.funnel a")).to_have_count(7)
    numbers = gao.page.locator("#numbers table")
    expect(numbers).to_be_hidden()
    gao.page.click("#numbers summary")
    expect(numbers).to_be_visible()
    drove = int(numbers.locator("tr[data-step=drive] td").first.inner_text())
    assert 0 < drove <= 25
    gao.press("svg.funnel a[href*='step=drive']")
    expect(gao.page.locator("#list a.whole")).to_have_count(drove)
    gao.press("#list li:first-child a.whole")
    assert "/prospects/QK-" in gao.page.url


@BOTH
def test_the_gap_at_the_delivery_is_flagged_and_the_picture_has_its_words(desk, device: Device, language: str) -> None:
    gao = desk("gao", device, language=language)
    gao.go("/insight/excitement?days=90")
    expect(gao.page.locator("#falls")).to_contain_text({"zh": "新车交付", "en": "Delivery"}[language])
    expect(gao.page.locator("svg.curve circle")).to_have_count(7)
    said = {"zh": "试乘试驾：客户", "en": "Test drive: customer"}[language]
    expect(gao.page.locator("svg.curve desc")).to_contain_text(said)
    gao.page.click("#numbers summary")
    expect(gao.page.locator("tr[data-step=delivery] .chip.bad")).to_be_visible()


@BOTH
def test_nothing_keeps_anybody_out(desk, device: Device, language: str) -> None:
    gao = desk("gao", device, language=language)
    for place in ("/insight/funnel?days=90", "/insight/excitement?days=90", "/insight/people?days=90&step=drive"):
        gao.go(place)
        for scheme in ("light", "dark"):
            gao.page.emulate_media(color_scheme=scheme)
            assert barriers(gao, f"{place} {scheme}") == []
    lin = desk("lin", device, language=language)
    lin.go(f"{a_prospect_of_lins(lin, 1)}/ratings")
    assert barriers(lin, "ratings") == []


def test_without_a_script_a_consultant_rates_and_sees_her_own_figures(desk) -> None:
    lin = desk("lin", TABLET, script=False)
    lin.go(f"{a_prospect_of_lins(lin, 5)}/ratings")
    lin.page.locator("form[action$='/ratings/reception/customer'] label:has([value='3'])").click()
    lin.page.locator("form[action$='/ratings/reception/customer'] button").click()
    expect(score_of(lin, "reception", "customer")).to_have_value("3")
    lin.go("/insight/funnel?days=90")
    expect(lin.page.locator("#by-consultant")).to_have_count(0)
    lin.page.click("#numbers summary")
    expect(lin.page.locator("#numbers table")).to_be_visible()
