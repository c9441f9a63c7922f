"""At the door and from hand to hand (G1)."""

import pytest

from server.commands.trial.chromium import PHONE
from tests.browser.field import TICKET


def test_a_wrong_password_is_told_and_the_name_stays(desk):
    lin = desk()
    lin.go("/sign-in")
    lin.page.fill("[name=name]", "lin")
    lin.page.fill("[name=password]", "not this one")
    lin.press("main form.card button.primary")

    assert lin.page.locator("#password-error").inner_text()
    assert lin.page.input_value("[name=name]") == "lin"
    assert lin.page.input_value("[name=password]") == ""
    assert lin.faults == ["422 POST /sign-in"]
    lin.faults.clear()


def test_a_shared_tablet_changes_hands_by_pin(desk):
    tablet = desk("lin")
    tablet.go("/switch")
    tablet.press("button[value=chen]")
    tablet.page.fill("#pin", "246813")
    tablet.press("form.card button.primary")

    assert tablet.path == "/"
    assert "陈思" in tablet.page.locator("h1").inner_text()


def test_who_signs_out_is_out(desk):
    lin = desk("lin")
    lin.until(TICKET)  # else the page asks for one while its person goes
    lin.go("/me")
    lin.press("form[action='/sign-out'] button")
    lin.go("/deliveries")

    assert lin.path == "/sign-in"


def test_a_technicians_phone_opens_on_what_is_to_inspect(desk):
    zhou = desk("zhou", PHONE)

    assert zhou.page.locator("#queue li.row").count() >= 1
    assert zhou.page.locator("nav a[href='/customers']").count() == 0


@pytest.mark.parametrize(
    ("taker", "place", "lands_on"),
    [
        ("chen", "/customers?q=wjg", "/customers?q=wjg"),
        ("zhou", "/customers?q=wjg", "/"),
        ("zhou", "/deliveries?show=done", "/deliveries?show=done"),
        ("chen", "/deliveries/new", "/"),
        ("chen", "/me", "/"),
        ("chen", "/admin/", "/"),
    ],
)
def test_a_tablet_that_changes_hands_stays_where_it_is_if_the_taker_may_see_it(desk, taker, place, lands_on):
    tablet = desk("lin")
    if place == "/admin/":  # an address that somebody wrote
        tablet.go("/switch?next=/admin/")
    else:
        tablet.go(place)
        tablet.press("nav a.handing")
    tablet.press(f"button[value={taker}]")
    tablet.page.fill("#pin", "246813")
    tablet.press("form.card button.primary")

    assert tablet.page.url == tablet.address + lands_on


def test_a_call_of_one_is_not_the_next_ones_to_see(desk, scene):
    tablet = desk("lin")
    tablet.go(f"/switch?next={scene.contact}&name=chen")
    tablet.page.fill("#pin", "246813")
    tablet.press("form.card button.primary")

    assert tablet.path == "/"


@pytest.mark.parametrize(("pin", "said"), [("", "请填写"), ("24681", "PIN"), ("111111", "PIN")])
def test_a_pin_that_is_not_right_is_told_once_and_the_way_back_is_kept(desk, pin, said):
    tablet = desk("lin", PHONE)
    tablet.go("/switch?name=wu&next=/deliveries%3Fshow%3Ddone")
    tablet.page.fill("#pin", pin)
    tablet.press("form.card button.primary")

    assert tablet.page.locator(".error, .notice.bad").count() == 1
    assert said in tablet.page.locator("#pin-error").inner_text()
    assert tablet.page.locator("form.card [name=next]").input_value() == "/deliveries?show=done"
    assert tablet.faults.pop() == "422 POST /switch"
