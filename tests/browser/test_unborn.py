"""A customer walks in where there is no network: new on the device, with a car and a consent hung on them (G6)."""

import re

import pytest
from playwright.sync_api import expect

from server.commands.trial.chromium import PHONE

VIN = "LVVDB11B1RD110231"
KNOWN = "吴晓东"


@pytest.fixture
def lin(tablet):
    """Lin on the phone, out of reach; nothing was taken along."""
    phone = tablet("lin", PHONE)
    phone.offline()
    return phone


def walk_in(lin, name, phone):
    """Somebody new, written down; their identity."""
    lin.go("/customers/new")
    lin.page.fill("#name", name)
    lin.page.fill("#phone", phone)
    lin.press(".dock button.primary")
    return re.fullmatch(r"/customers/([0-9a-f-]{36})", lin.path).group(1)


def agree(lin):
    """The first of the consents."""
    form = lin.page.locator("#consents form").first
    form.locator("button").click()
    expect(form.locator(".mark")).to_contain_text("↑")
    lin.kept()


def add_car(lin, born, vin):
    """A car of theirs."""
    lin.press(f"a[href='/customers/{born}/cars/new']")
    lin.page.fill("[name=vin]", vin)
    lin.press(".dock button.primary")
    assert lin.path == f"/customers/{born}"


def test_a_customer_has_a_page_a_car_and_a_consent_before_the_house_has_heard_of_them(lin, yard):
    born = walk_in(lin, "孙晓梅", "13955512001")
    expect(lin.page.locator("h1")).to_have_text("孙晓梅")
    agree(lin)
    add_car(lin, born, VIN)
    assert [op["path"] for op in lin.queue] == [
        "/customers", f"/customers/{born}/consents", f"/customers/{born}/cars"
    ]  # fmt: skip
    lin.go("/outbox")
    lin.press(lin.page.locator("[data-op] [data-way]").nth(1))
    assert lin.path == f"/customers/{born}"

    lin.offline(False)
    expect(lin.page.locator("#cars a.whole")).to_be_visible(timeout=20_000)  # its own page took the place of the blank
    expect(lin.page.locator("h1")).to_have_text("孙晓梅")
    expect(lin.page.locator("#consents .chip.good")).to_have_count(1)
    assert lin.queue == []
    assert lin.path == f"/customers/{born}"
    assert yard.ask("SELECT count(*) FROM customers WHERE name = '孙晓梅'") == [(1,)]


def test_a_known_customer_needs_a_decision_and_what_hangs_on_it_waits(lin, yard):
    (known,) = yard.ask("SELECT phone FROM customers WHERE name = ?", KNOWN)[0]
    born = walk_in(lin, "吴晓冬", known.removeprefix("+86"))
    agree(lin)
    lin.go("/outbox")
    lin.offline(False)
    row = lin.page.locator("[data-op]")
    expect(row.first.locator("[data-why]")).to_be_visible()
    assert len(row.first.locator("[data-why]").inner_text()) > 5
    expect(lin.bar).to_have_text(f"! {lin.says('needsCount', count=1)} · ↑ {lin.says('waitingCount', count=1)}")
    assert [op["state"] for op in lin.queue] == ["attention", "waiting"]

    lin.press(row.first.locator("[data-way]"))
    assert lin.path == "/customers/new"
    expect(lin.page.locator("#name")).to_have_value("吴晓冬")
    lin.page.locator(".dock button.primary").click()
    expect(lin.page.locator("[name=even_so]")).to_be_visible()
    lin.page.locator("[name=even_so]").check()
    lin.press(".dock button.primary")
    assert lin.path == f"/customers/{born}"
    expect(lin.page.locator("h1")).to_have_text("吴晓冬")
    lin.send()
    lin.go(f"/customers/{born}")
    expect(lin.page.locator("#consents .chip.good")).to_have_count(1)
    assert lin.queue == []
