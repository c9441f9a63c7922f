"""Chinese and English on every page, switched where one stands (E1)."""

import re

import pytest

HAN = re.compile(r"[\u4e00-\u9fff]")
PAGES = [
    "/", "/customers", "/customers/new", "/deliveries", "/deliveries/new", "/contacts", "/me", "/switch", "/prospects",
    "/receptions", "/test-drives", "/quotations", "/orders", "/stock",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_the_switch_stays_on_the_page_and_changes_its_words(desk, path):
    lin = desk("lin")
    lin.go(path)
    lin.speak("en")

    assert lin.path == path
    assert lin.page.locator("html").get_attribute("lang") == "en"
    assert (
        not HAN.search(lin.page.locator("nav.rail a:not(.brand):not(.me)").first.inner_text())
        if path != "/switch"
        else True
    )
    lin.speak("zh")
    assert lin.page.locator("html").get_attribute("lang") == "zh-Hans"


def test_a_checklist_changes_its_language_with_the_page(desk):
    zhou = desk("zhou")
    zhou.go("/deliveries?show=done")
    zhou.press(zhou.page.locator("a.whole").first)
    zhou.press(zhou.page.locator(".steps a[href$='/pdi']"))
    chinese = zhou.page.locator(".item h3").first.inner_text()
    zhou.speak("en")

    assert HAN.search(chinese)
    assert not HAN.search(zhou.page.locator(".item h3").first.inner_text())


@pytest.mark.parametrize(
    ("who", "place"), [("lin", "customer"), ("lin", "handing_over"), ("lin", "done"), ("", "genuine")]
)
def test_what_was_opened_stays_open_in_the_other_language(desk, scene, who, place):
    reader = desk(who)
    reader.go(getattr(scene, place))
    address, chinese = reader.page.url, reader.page.inner_text("main")
    reader.speak("en")

    assert reader.page.url == address
    assert reader.page.inner_text("main") != chinese


def test_what_was_just_looked_for_is_still_looked_for_in_the_other_language(desk):
    lin = desk("lin")
    lin.go("/customers")
    with lin.page.expect_response(lambda answer: "/customers?q=wjg" in answer.url):
        lin.page.fill("#q", "wjg")
    lin.page.wait_for_url("**/customers?q=wjg")
    lin.speak("en")

    assert lin.page.url.endswith("/customers?q=wjg")
    assert lin.page.input_value("#q") == "wjg"
    assert lin.page.locator("#found li.row").count() == 1
