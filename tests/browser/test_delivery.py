"""Planning, inspecting and handing over, with the turns that the main job does not take (S8, G5, G7)."""

from server.commands.trial.checklist import open_items, tap
from server.commands.trial.chromium import PHONE


def open_delivery(somebody, chip):
    somebody.go("/deliveries")
    somebody.press(somebody.page.locator(f".row:has(.chip.{chip}) a.whole").first)


def test_a_locked_delivery_says_why_and_offers_no_handover(desk):
    lin = desk("lin")
    open_delivery(lin, "warn")

    assert "PDI" in lin.page.locator(".notice.wait:visible").first.inner_text()
    assert lin.page.locator("form[action$='/handover']").count() == 0


def test_a_wrong_check_digit_warns_and_does_not_block(desk):
    lin = desk("lin")
    lin.go("/deliveries/new")
    lin.page.fill("#vin", "LVVDB11B0RD000001")
    lin.page.locator("#vin-caution:visible").wait_for()
    lin.page.fill("#vin", "LVVDB11B4RD000001")
    lin.page.locator("#vin-caution").wait_for(state="hidden")


def test_a_plan_with_mistakes_comes_back_with_all_that_was_typed(desk):
    lin = desk("lin")
    lin.go("/deliveries/new")
    lin.run("() => document.querySelector('main form.form').noValidate = true")
    lin.page.fill("#name", "诸葛明")
    lin.page.fill("#vin", "TOO SHORT")
    lin.press("main form.form .dock button.primary")

    assert lin.page.input_value("#name") == "诸葛明"
    assert lin.page.input_value("#vin") == "TOO SHORT"
    assert lin.page.locator("#phone-error").count() == 1
    assert lin.faults == ["422 POST /deliveries"]
    lin.faults.clear()


def test_one_device_goes_on_where_the_other_left(desk, scene):
    tablet = desk("lin")
    tablet.go(f"{scene.handing_over}/handover")
    tablet.press(tablet.page.locator(".steps a").nth(2))
    here = tablet.page.url.split("#")[0]
    item = open_items(tablet)[0]
    tap(tablet, item.locator("label.warn"))

    phone = desk("lin", PHONE)
    phone.go(tablet.path)

    assert phone.page.url.split("#")[0] == here
    assert phone.page.locator(f"#{item.get_attribute('id')} input[value=watch]").is_checked()


def test_a_canned_note_sets_the_severity(desk):
    zhou = desk("zhou", PHONE)
    zhou.press(zhou.page.locator("#queue .row:not(:has(.chip.bad)) a.whole").first)
    if not zhou.page.locator(".items").count():
        zhou.press(zhou.page.locator("form[action$='/pdi'] button, a.button[href$='/pdi']").first)
    item = next(one for one in open_items(zhou) if one.locator("[data-note][data-level=fault]").count())
    item.locator("summary").click()
    tap(zhou, item.locator("[data-note][data-level=fault]").first)

    assert item.locator("input[value=fault]").is_checked()
    assert item.locator("input[name=note]").input_value()


def test_the_paper_is_printed_and_its_proof_shows_no_name(desk):
    lin = desk("lin")
    lin.go("/deliveries?show=done")
    lin.press(lin.page.locator(".row:has(.chip.good) a.whole").first)
    customer = lin.page.locator("a[href^='/customers/']").first.inner_text()
    link = lin.page.locator("a[href*='/papers/JC-']").first.get_attribute("href")
    printed = lin.fetch(link)
    stranger = desk()
    stranger.go(link.split(".pdf")[0])

    assert printed.startswith(b"%PDF-")
    assert customer not in stranger.page.content()
    assert stranger.page.locator(".verdict").count() == 1
