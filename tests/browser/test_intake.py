"""The counter of the workshop: a car is received without a network, an order written and signed, a car given back."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from server.commands.demonstration.returns import READY
from server.commands.trial import checklist
from server.commands.trial.chromium import PHONE
from server.commands.trial.desk import Desk
from server.commands.trial.house import demonstration
from tests.browser.field import AT_HAND
from tests.browser.test_offline import kept, ready
from tests.browser.test_visits import until

BORN = re.compile("/repair-orders/[0-9a-f-]{36}$")


@pytest.fixture(scope="module")
def own_house() -> Iterator[str]:
    """A house of its own: cars are received here."""
    with demonstration() as address:
        yield address


def test_a_car_is_received_where_there_is_no_network(browser: Browser, own_house: str) -> None:
    """Somebody new with a car: noted, heard and its service written down; then it goes out in order."""
    desk = ready(Desk(browser, own_house).sign_in("chen"))
    page = desk.page
    until(desk, AT_HAND)
    page.wait_for_load_state("networkidle")  # the ticket, too, is there
    desk.context.set_offline(True)
    page.get_by_role("link", name="接车").click()
    form = page.locator("#new")
    form.get_by_label("车牌").fill("皖B66T18")
    form.get_by_label("送修人姓名").fill("程安")
    form.get_by_label("电话").fill("13787650933")
    form.get_by_role("button", name="开始接车").click()
    page.wait_for_url(BORN)
    place = page.url
    page.get_by_label("里程（km）").fill("35,120")
    page.get_by_label("里程（km）").press("Tab")
    kept(page)
    page.locator("label", has_text="客户在店等候").click()
    page.get_by_label("车有什么问题？").fill("来做保养，顺便看看刹车")
    page.get_by_role("button", name="记下").click()
    page.get_by_role("button", name="常规保养").click()
    kept(page)
    desk.context.set_offline(False)
    desk.go("/outbox")
    page.locator("[data-send]").click()
    expect(page.locator("[data-nothing]")).to_be_visible(timeout=60_000)
    page.goto(place)
    expect(page.get_by_role("heading", level=1)).to_contain_text("66T18")
    expect(page.locator("#lines")).to_contain_text("常规保养")
    expect(page.get_by_label("里程（km）")).to_have_value("35120")
    expect(page.locator("#what-0")).to_have_value("来做保养，顺便看看刹车")
    desk.close()
    assert [fault for fault in desk.faults if "ERR_INTERNET_DISCONNECTED" not in fault] == []


def test_an_order_is_written_and_signed_on_a_phone(browser: Browser, own_house: str) -> None:
    """A job is looked for, a class chosen, the list walked, the name typed: the paper is there."""
    desk = Desk(browser, own_house, PHONE).sign_in("chen")
    page = desk.page
    desk.go("/repair-orders?state=intake")
    page.get_by_role("link", name=re.compile("陶立新")).click()
    page.wait_for_url(re.compile("/repair-orders/"))
    page.get_by_label("查找项目或配件").fill("制动片")
    page.locator("#catalogue").get_by_role("button", name=re.compile("更换前制动片（SUV）")).click()
    pads = page.locator("#lines summary", has_text="前制动片（SUV）").last
    expect(pads).to_contain_text("¥458.00")
    pads.click()
    page.get_by_label(re.compile("^质量相当 ?菲罗多")).check()
    page.locator("#lines details[open]").get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#lines")).to_contain_text("¥328.00")
    address = page.url.split("#")[0].split("?")[0]
    page.wait_for_load_state("networkidle")  # what was kept has led on
    page.goto(address)
    for _ in range(6):
        first = page.locator("#signing .notice a").first
        if not first.is_visible():
            break
        place = first.get_attribute("href") or ""
        first.click()
        page.wait_for_url(lambda url, place=place: url.endswith(place))
        item = page.locator(f"#{place.partition('#')[2]}" if "#" in place else ".item").first
        item.locator("label").first.click()
        expect(item.locator("input:checked")).to_have_count(1)
        kept(page)
        page.wait_for_load_state("networkidle")
        page.goto(address)
    page.locator("#signing summary").click()
    page.locator("#signing").get_by_label("签字人").fill("陶立新")
    page.get_by_role("button", name="已阅读并签字").click()
    expect(page.locator("#papers")).to_contain_text("维修委托书")
    desk.close()
    assert desk.faults == []


def test_a_car_is_settled_paid_signed_for_and_given_back(browser: Browser, own_house: str) -> None:
    """The settlement is issued, paid in full, the list walked, the customer signs on the tablet: out of the gate."""
    desk = Desk(browser, own_house).sign_in("chen")
    page = desk.page
    desk.go(f"/repair-orders?q={READY[-5:]}")
    desk.press(page.locator("a.whole", has_text=READY[-5:]).first)
    place = f"{desk.path}/settlement"
    desk.go(place)
    desk.press(f"form[action='{place}'] button")
    expect(page.locator("[id^=settlement-]").first).to_be_visible()
    desk.press(f"form[action='{place}/payments'] button:not([type=button])")
    expect(page.locator("#money dd b")).to_have_text("¥0.00")
    desk.press(f"form[action='{place}/next-service'] button")
    desk.go(f"{place.removesuffix('settlement')}return")
    for section in [one.get_attribute("href") for one in page.locator("#progress .steps a").all()] or [desk.path]:
        desk.go(section or "")
        checklist.fill_in(desk, "交还")
    desk.go(place)
    desk.sign("customer", "客户本人")
    desk.go(place)
    expect(page.locator("#signing figure.sign img")).to_be_visible()
    desk.press("#leaving button")
    desk.go(place)
    expect(page.locator("#leaving")).to_have_count(0)
    desk.close()
    assert desk.faults == []
