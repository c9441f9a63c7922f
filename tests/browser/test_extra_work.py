"""A customer's own phone: deciding line by line, signing by hand, following the car while three people check it."""

import re

import pytest

from server.commands.demonstration.asking import CHECKED
from server.commands.demonstration.working import AT_WORK
from server.commands.trial import checklist
from server.commands.trial.chromium import PHONE, TABLET
from server.commands.trial.desk import Desk

LINK = re.compile(r"/c/[\w-]{43}$")


@pytest.fixture
def sit(browser, house):
    """`sit("chen")` has signed in; `sit()` is anybody with a phone. What breaks on any page fails the test."""
    opened = []

    def come(name=None, device=TABLET, **wishes):
        one = Desk(browser, house, device, **wishes)
        opened.append(one)
        return one.sign_in(name) if name else one

    yield come
    faults = [fault for one in opened for fault in one.faults]
    for one in opened:
        one.close()
    assert faults == []


def order_of(desk, plate):
    """The page of the car's order."""
    desk.go("/repair-orders")
    desk.press(desk.page.locator("a.whole", has_text=plate.removeprefix("皖B")[-5:]).first)
    return desk.path


def link_on(desk):
    """What the customer would scan, without the host."""
    return LINK.search(desk.page.locator("[data-copy] input").first.input_value()).group()


def test_the_customer_decides_line_by_line_and_signs_on_their_phone(sit):
    chen, customer = sit("chen"), sit(device=PHONE)
    order = order_of(chen, AT_WORK)
    follow = link_on(chen)
    customer.go(follow)
    assert customer.page.locator(".way [aria-current=step]").text_content().startswith("维修中")
    customer.press("#steps a.button.primary")
    page = customer.page
    first, second = page.locator(".asked").all()
    assert page.locator("[data-total]").text_content() == "–"
    first.locator("label", has_text="同意做").click()
    second.locator("label", has_text="这次不做").click()
    second.locator(".why input").fill("下次保养再换")
    agreed = first.locator(".sums dd").last.text_content()
    assert page.locator("[data-total]").text_content() == agreed
    form = page.locator("form[data-ink]")
    customer.draw(form)
    customer.press(form.locator("button.primary"))
    assert page.get_by_text("您已同意").count() == 1
    assert page.get_by_text("下次保养再换").is_visible()

    chen.go(order)
    chen.press("#extra a.whole")
    assert chen.page.locator(".notice.good").text_content().strip().startswith("客户手机签字确认")
    customer.go(follow)
    assert page.locator("#steps a.button").count() == 0


def test_an_empty_signature_and_an_open_line_are_asked_for(sit):
    chen, customer = sit("chen"), sit(device=PHONE)
    order_of(chen, CHECKED["plate"])
    assert chen.page.locator("#extra .chip.good", has_text="客户已答复").count() == 1
    order_of(chen, AT_WORK)
    chen.press("#extra form button.wide")
    chen.page.fill("#q-found", "M-WIPER")
    chen.page.locator("#found form").first.wait_for()
    chen.press(chen.page.locator("#found form button").first)
    chen.press("#link form button.primary")
    customer.go(link_on(chen))
    form = customer.page.locator("form[data-ink]")
    form.locator("canvas[data-width]").wait_for()
    form.locator("button.primary").click()
    assert form.locator("#typed-error").is_visible()
    customer.press("form[action$='/call'] button")
    assert customer.page.locator(".notice.wait").is_visible()
    chen.go(chen.path)
    assert chen.page.locator(".notice.bad").is_visible()


def test_the_car_is_followed_live_through_its_last_check_and_the_wash(sit):
    chen, qin, customer = sit("chen"), sit("qin", PHONE), sit(device=PHONE)
    order = order_of(chen, CHECKED["plate"])
    chen.press("#link form button")
    customer.go(link_on(chen))
    here = customer.page.locator(".way [aria-current=step]")
    assert here.text_content().startswith("质量检验")

    qin.go(f"{order}/inspection")
    for item in checklist.open_items(qin):
        if item.locator(".choices").count():
            checklist.tap(qin, item.locator(".choices label").first)
        else:
            checklist.answer(qin, item)
    qin.sign("final")
    qin.go(f"{order}/inspection")
    qin.press("form[action$='/wash'] button")
    here.filter(has_text="洗车").wait_for(timeout=15_000)
    qin.press("form[action$='/wash/end'] button")
    here.filter(has_text="可以取车").wait_for(timeout=15_000)
    assert customer.page.locator(".way .good", has_text="洗车").count() == 1


def test_without_scripts_the_customer_answers_as_well(sit):
    chen, customer = sit("chen"), sit(device=PHONE, script=False)
    order_of(chen, AT_WORK)
    chen.press("#extra form button.wide")
    chen.page.fill("#q-found", "M-CAB")
    chen.page.locator("#found form").first.wait_for()
    chen.press(chen.page.locator("#found form button").first)
    chen.press("#link form button.primary")
    customer.go(link_on(chen))
    page = customer.page
    page.locator(".asked label").first.click()
    page.locator("summary").click()
    page.fill("#typed_name", "郭海涛")
    page.locator("form[data-ink] button.primary").click()
    page.get_by_text("您已同意").wait_for()
