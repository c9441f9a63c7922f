"""At the door and from hand to hand (G1)."""

from server.commands.trial.chromium import PHONE


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
    lin.go("/me")
    lin.press("form[action='/sign-out'] button")
    lin.go("/deliveries")

    assert lin.path == "/sign-in"


def test_a_technicians_phone_opens_on_what_is_to_inspect(desk):
    zhou = desk("zhou", PHONE)

    assert zhou.page.locator("#queue li.row").count() >= 1
    assert zhou.page.locator("nav a[href='/customers']").count() == 0
