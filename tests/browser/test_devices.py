"""The administrator and the store's devices: naming one, and locking one out while its person is at work."""

import re

import pytest

from server.commands.tour.barriers import barriers
from server.commands.trial.chromium import PHONE, TABLET

LANGUAGES_AND_DEVICES = pytest.mark.parametrize(("language", "device"), [("zh", TABLET), ("en", PHONE)])


@LANGUAGES_AND_DEVICES
def test_a_device_is_found_named_and_locked_out(desk, language, device):
    zhou, admin = desk("zhou", PHONE), desk("admin", device, language=language)
    admin.go("/me")
    admin.press("a[href='/devices']")
    own = next(cookie["value"] for cookie in zhou.context.cookies() if cookie["name"] == "huanche_device")
    row = admin.page.locator("li.row", has=admin.page.locator(f"a[href='/devices/{own}']"))
    assert {"zh": "周强", "en": "Zhou Qiang"}[language] in row.inner_text()
    row.locator("a.whole").click()
    admin.page.wait_for_url(re.compile(r"/devices/[0-9a-f-]{36}$"))
    name = f"二号工位 {language}"
    admin.page.fill("#name", name)
    admin.press("form[action$='/name'] button")
    assert admin.page.locator("h1").inner_text() == name

    admin.press("a[href$='/revocation']")
    before = admin.page.locator("main").inner_text()
    assert {"zh": "用密码登录", "en": "by password"}[language] in before
    for look in ("light", "dark"):
        admin.page.emulate_media(color_scheme=look)
        assert [str(one) for one in barriers(admin, f"lock out {look}")] == []
    if admin.page.locator("[name=known]").count():
        admin.page.check("[name=known]")
    admin.press("form[action$='/revocation'] button.primary")
    assert admin.page.locator("header .chip.bad").is_visible()

    zhou.go("/")
    assert zhou.path == "/sign-in"
    zhou.sign_in("zhou")
    admin.go("/devices")
    back = admin.page.locator("li.row", has_text=name)
    assert back.locator(".chip.bad").count() == 0
    for look in ("light", "dark"):
        admin.page.emulate_media(color_scheme=look)
        assert [str(one) for one in barriers(admin, f"devices {look}")] == []
