"""Finding and recording customers (G2, G3)."""

import pytest


@pytest.mark.parametrize("typed", ["王建国", "wang jianguo", "wjg", "王建國", "1101", "皖B6K203", "0231"])
def test_a_customer_is_found_as_one_types(desk, typed):
    lin = desk("lin")
    lin.go("/customers")
    lin.page.locator("#q").press_sequentially(typed)

    lin.page.locator("#found .row", has_text="王建国").first.wait_for()


def test_the_file_shows_relations_consents_and_a_timeline(desk):
    lin = desk("lin")
    lin.go("/customers?q=wjg")
    lin.press(lin.page.locator("#found a.whole").first)

    assert lin.page.locator(".timeline li").count() >= 1
    assert "车主" in lin.page.locator("main").inner_text()


def test_who_is_on_file_already_is_told_at_once_and_nothing_typed_is_lost(desk):
    lin = desk("lin")
    lin.go("/customers?q=wjg")
    lin.press(lin.page.locator("#found a.whole").first)
    phone = lin.page.locator("a[href^='tel:']").first.get_attribute("href").removeprefix("tel:")
    lin.go("/customers/new")
    lin.page.fill("#name", "王建国")
    lin.page.fill("#phone", phone)
    lin.page.locator("#phone").blur()
    lin.page.locator("#likely .notice", has_text="王建国").first.wait_for()
    lin.page.locator("form.form button.primary").click()
    lin.page.locator(".field:has(#phone) .error").wait_for()

    assert lin.page.input_value("#name") == "王建国"
    assert lin.page.input_value("#phone") == phone
    assert set(lin.faults) <= {"409 POST /customers"}, "the page hears of it where it was the page that sent it"
    lin.faults.clear()
