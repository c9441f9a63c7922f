"""The administrator's pages in a real browser: nothing is missing, nothing leads nowhere."""

import pytest


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_menu_of_the_admin_offers_only_what_the_house_does(desk, language):
    admin = desk("admin", language=language)
    admin.go("/admin/")
    admin.page.click("#nav [data-uitest=nav_dropdown_button], #nav #user")
    admin.page.locator("[data-uitest=logout_button]").wait_for()

    shown = [one.get_attribute("href") or "" for one in admin.page.locator("#nav li a:visible").all()]
    assert not [one for one in shown if "change-password" in one or "mfa" in one]
    assert admin.page.locator("#nav a[title=Translations]:visible").count() == 0


def test_the_admin_has_a_sign_in_the_browsers_tab(desk):
    admin = desk("admin")
    admin.go("/admin/")
    icon = admin.page.locator("link[rel=icon]").get_attribute("href") or ""

    assert admin.fetch(icon).startswith(b"<svg")
