"""A deal from the quotation to the delivery: on a tablet in Chinese and on a phone in English."""

import io
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from server.commands.trial.chromium import PHONE, TABLET, Device
from server.database import now, uuid7

BOTH = pytest.mark.parametrize(
    ("device", "language", "car"),
    [(TABLET, "zh", "iCAR"), (PHONE, "en", "Tiggo 7 PLUS")],
    ids=["tablet-zh", "phone-en"],
)


def a_prospect(desk) -> str:
    """Somebody new; their number."""
    desk.go("/prospects/new")
    desk.page.fill("#name", f"成交{uuid7().hex[-4:]}")
    desk.page.fill("#phone", f"139{uuid7().int % 10**8:08d}")
    for name, value in (("source", "walk_in"), ("horizon", "H")):
        desk.page.locator(f"label:has(input[name='{name}'][value='{value}'])").click()
    desk.press(".dock button.primary")
    desk.page.wait_for_url(re.compile(r"/prospects/QK-"))
    return desk.path.rsplit("/", 1)[-1]


def the_form(desk, prospect: str, car: str) -> None:
    """The form of a quotation for this car."""
    desk.go(f"/prospects/{prospect}/quotations/new")
    found = desk.page.locator("#choose-model option", has_text=car).get_attribute("value")
    desk.page.select_option("#choose-model", found)
    desk.press("form[action$='/quotations/new'] button")


@BOTH
def test_from_the_quotation_to_the_delivery(desk, device: Device, language: str, car: str) -> None:
    """The manager approves on a phone meanwhile; every amount that changes hands has its paper."""
    lin = desk("lin", device, language=language)
    the_form(lin, a_prospect(lin), car)
    price = lin.page.locator("input[name^='price-car']")
    guide = int(price.get_attribute("placeholder"))
    price.fill(str(guide - guide * 5 // 100))
    expect(lin.page.locator("#sum .notice.wait")).to_be_visible()
    lin.page.check("[name=take-mats]")
    expect(lin.page.locator("#total")).to_contain_text(f"¥{guide - guide * 5 // 100 + 598:,.2f}")
    lin.page.fill("#why", "同城他店报价更低")
    lin.press(".dock button.primary")
    lin.page.wait_for_url(re.compile(r"/quotations/BJ-"))
    place = lin.page.url
    expect(lin.page.locator(".notice.wait:not([data-update])")).to_be_visible()

    gao = desk("gao", PHONE, language=language)
    gao.go("/")
    number = place.split("/")[-1].split("?")[0]
    expect(gao.page.locator("#notices")).to_contain_text(number)
    gao.go(place)
    gao.page.fill("#word", "可以，送脚垫")
    gao.press("button[value=agree]")
    gao.page.wait_for_url(re.compile(r"/quotations"))

    lin.go(place)
    expect(lin.page.locator(".notice.good")).to_contain_text("可以，送脚垫")
    lin.page.fill("#promised_on", (now() + timedelta(days=20)).date().isoformat())
    lin.press("form[action$='/acceptance'] button")
    order = lin.path
    assert order.startswith("/orders/DD-")
    lin.page.fill("#amount", "5,000")
    lin.press("#money form[action$='/payments'] button")
    receipt = lin.page.locator("#money a[href*='/papers/DJ-']").get_attribute("href")
    printed = PdfReader(io.BytesIO(lin.fetch(receipt))).pages[0].extract_text()
    assert "收款收据" in printed
    assert "5,000.00" in printed
    if lin.page.locator("#car [name=car]").count():
        lin.press("#car form[action$='/car'] button")
        lin.press("#car a[href^='/deliveries/new']")
        assert len(lin.page.input_value("#vin")) == 17
        lin.page.fill("[name=planned_at]", f"{now() + timedelta(days=3):%Y-%m-%dT14:30}")
        lin.press(".dock button.primary")
        assert lin.path.startswith("/deliveries/JC-")
        expect(lin.page.locator(f".facts a[href='{order}']")).to_be_visible()
    else:
        expect(lin.page.locator("#car")).to_contain_text("No car" if language == "en" else "暂无")


def test_without_a_network_an_old_car_waits_with_its_identity(desk) -> None:
    """Written down beside the car in the yard, sent when there is a network again."""
    lin = desk("lin", PHONE)
    prospect = a_prospect(lin)
    lin.go(f"/prospects/{prospect}/trade-ins/new")
    lin.context.set_offline(True)
    for field, value in (("model", "大众 朗逸"), ("year", "2018"), ("mileage_km", "86000"), ("expected", "50000")):
        lin.page.fill(f"#{field}", value)
    lin.page.locator("label:has(input[name='condition'][value='fair'])").click()
    lin.page.click(".dock button.primary")
    lin.page.wait_for_url(re.compile(rf"/prospects/{prospect}$"))
    sync = lin.page.locator("[data-sync]")
    expect(sync).to_contain_text("↑")
    lin.context.set_offline(False)
    expect(sync).not_to_contain_text("↑", timeout=60_000)
    lin.go(f"/prospects/{prospect}/deal")
    expect(lin.page.locator("a[href^='/trade-ins/']")).to_contain_text("大众 朗逸")
    lin.faults.clear()  # the network was away on purpose
