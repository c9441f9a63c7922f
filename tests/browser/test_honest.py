"""A page that cannot do something without the house says so, truthfully, and what was done is found again (G6)."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import expect

from server.commands.demonstration.stores import PASSWORD
from server.commands.faults.modes import Mode
from server.commands.trial.chromium import PHONE
from server.commands.trial.house import serving
from tests.browser.field import Tablet


@pytest.fixture
def lin(tablet):
    """Lin on the phone."""
    return tablet("lin", PHONE)


ABOVE = """() => {
  const [send, first] = ["[data-send]", "[data-op]"].map((one) => document.querySelector(one)?.getBoundingClientRect())
  return send?.height && first?.height && send.bottom <= first.top
}"""
"""What sends stands above the list, however long it is."""


def walk_in(lin, name, phone=""):
    """Somebody new, written down on the device."""
    lin.go("/customers/new")
    lin.page.fill("#name", name)
    lin.page.fill("#phone", phone)
    lin.press(".dock button.primary")


def test_a_search_without_a_network_says_so_and_shows_no_other_list(lin):
    lin.go("/customers")
    lin.offline()
    lin.page.reload()
    expect(lin.page.locator("[data-search-word]")).to_be_hidden()
    lin.page.fill("#q", "孙大圣")
    expect(lin.page.locator("[data-search-word]")).to_be_visible()
    expect(lin.page.locator("#found")).to_be_hidden()
    lin.page.fill("#q", "")
    expect(lin.page.locator("#found")).to_be_visible()
    expect(lin.page.locator("[data-search-word]")).to_be_hidden()
    lin.offline(False)
    lin.page.fill("#q", "吴")
    expect(lin.page.locator("#found")).to_be_visible()
    expect(lin.page.locator("[data-search-word]")).to_be_hidden()


def test_who_was_recorded_without_a_network_is_found_among_the_customers(lin):
    lin.go("/customers")
    lin.offline()
    walk_in(lin, "沙悟净", "13955512777")
    own = lin.path
    expect(lin.page.locator("[data-facts]")).to_contain_text("139****2777")
    expect(lin.page.locator("#consents .chip:visible").first).not_to_have_text("·")
    lin.go("/customers")
    here = lin.page.locator("[data-new-here] a")
    expect(here).to_have_text("↑ 沙悟净 ")
    lin.press(here)
    assert lin.path == own
    lin.offline(False)
    lin.send()
    lin.go("/customers")
    expect(lin.page.locator("[data-new-here]")).to_be_hidden()


def test_a_call_that_was_made_is_marked_in_the_list_and_on_its_page(lin):
    lin.go("/contacts?show=later")
    link = lin.page.locator("a.whole[href^='/contacts/']").first.get_attribute("href")
    lin.go(link)
    lin.offline()
    lin.go(link)
    lin.page.locator("#outcome label").first.click()
    lin.page.fill("#note", "明天下午再打")
    lin.page.locator(".dock button.primary").click()
    lin.page.wait_for_url(re.compile("/contacts$|/offline"))
    (op,) = lin.queue
    assert "明天下午再打" in op["words"]
    assert len(op["words"]) == 2, "what came of it, too, in words"
    lin.go("/contacts?show=later")
    row = lin.page.locator("li.row", has=lin.page.locator(f"a[href='{link}']"))
    expect(row.locator(".chip.wait")).to_be_visible()
    expect(row.locator("a[href^='tel:']")).to_be_hidden()
    lin.go(link)
    expect(lin.page.locator(".notice.wait[data-after]")).to_be_visible()
    expect(lin.page.locator("#outcome input").first).to_be_checked()
    expect(lin.page.locator("#note")).to_have_value("明天下午再打")
    lin.offline(False)
    lin.send()


@pytest.fixture
def early(browser):
    """Zhou's phone at a dealership where nobody has begun anything yet."""
    with TemporaryDirectory(prefix="huanche-") as folder, serving(Path(folder), "run") as address:
        phone = Tablet(browser, address, PHONE).come("zhou")
        yield phone
        assert phone.faults == []
        phone.close()


def test_what_has_to_begin_at_the_house_says_so_before_one_leaves_and_is_begun_there(early):
    zhou = early
    zhou.go("/")
    zhou.press("[data-take='/aboard/today']")
    zhou.page.wait_for_url("**/aboard")
    here = zhou.page.locator("[data-unbegun] li a").first.get_attribute("href")
    row = zhou.page.locator("[data-unbegun] li", has=zhou.page.locator(f"a[href='{here}']"))
    zhou.offline()
    zhou.go(here)
    expect(zhou.page.locator("[data-near-word]")).to_be_visible()
    zhou.page.locator("form[data-near] button").click()
    expect(zhou.page.locator("[data-of-act]")).to_be_visible()
    expect(zhou.page.locator("[data-of-form]")).to_be_hidden()
    zhou.offline(False)
    zhou.go(here)
    expect(zhou.page.locator("[data-near-word]")).to_be_hidden()
    zhou.go("/aboard")
    row.locator("button").click()
    expect(row).to_have_count(0)
    zhou.offline()
    zhou.go(f"{here}/pdi")
    zhou.items()[0].locator("label.good").click()
    zhou.kept()
    assert len(zhou.queue) == 1
    zhou.offline(False)
    zhou.send()


def test_the_way_back_over_an_answered_form_is_no_missing_network(lin):
    lin.go("/switch?name=chen")
    lin.page.fill("#pin", "000000")
    lin.press("main form.card button.primary")
    expect(lin.page.locator(".error")).to_be_visible()
    lin.go("/customers")
    lin.page.go_back()
    lin.page.wait_for_load_state()
    expect(lin.page.locator("[data-of-form], [data-of-act]")).to_have_count(0)


def test_send_now_says_where_one_looks_what_came_of_it(lin, yard):
    lin.offline()
    walk_in(lin, "猪悟能")
    lin.go("/outbox")
    yard.proxy.become(Mode.TROUBLE)
    send, state = lin.page.locator("[data-send]"), lin.page.locator("[data-state]")
    expect(send).to_be_visible()
    lin.until(ABOVE)
    lin.offline(False)
    send.click()
    expect(state).to_contain_text(lin.says("troubled"))
    yard.proxy.become(Mode.PASS)
    lin.press_send()
    expect(lin.page.locator("[data-nothing]")).to_be_visible(timeout=20_000)
    expect(state).to_have_text("已上传")


def test_who_signs_in_again_is_told_that_what_waits_is_safe(lin):
    lin.offline()
    walk_in(lin, "唐玄奘")
    lin.context.clear_cookies(name="huanche_session")
    lin.run("() => caches.keys().then((all) => Promise.all(all.map((one) => caches.delete(one))))")
    lin.context.route("**/outbox/**", lambda route: route.abort())  # nothing goes out meanwhile
    lin.offline(False)
    lin.go("/contacts")
    assert lin.path == "/sign-in"
    expect(lin.page.locator("[data-kept-waiting]")).to_contain_text("1")
    expect(lin.page.locator("main .notice:visible").first).to_contain_text("请登录后继续")
    lin.context.unroute("**/outbox/**")
    lin.page.fill("[name=name]", "lin")
    lin.page.fill("[name=password]", PASSWORD)
    lin.press("main form.card button.primary")
    assert lin.path == "/contacts"
    lin.send()
