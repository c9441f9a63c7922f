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


def test_what_waits_is_counted_on_the_page_of_devices_until_it_is_sent(desk, scene):
    zhou, admin = desk("zhou", PHONE), desk("admin", language="en")
    zhou.until("() => navigator.serviceWorker.ready.then((one) => Boolean(one.active))")
    own = next(cookie["value"] for cookie in zhou.context.cookies() if cookie["name"] == "huanche_device")
    row = f"li.row:has(a[href='/devices/{own}'])"

    def until_it_says(words: str) -> None:
        for _ in range(40):
            admin.go("/devices")
            if words in admin.page.locator(row).inner_text():
                return
            admin.page.wait_for_timeout(250)
        raise AssertionError(admin.page.locator(row).inner_text())

    until_it_says("All sent")
    cut = re.compile(r"/runs/.*/answer$")
    zhou.context.route(cut, lambda route: route.abort())
    zhou.go(scene.pdi_sections[4])
    tapped = zhou.page.locator("form[data-keep=change]:has(label.good)").all()[:2]
    for form in tapped:
        form.locator("label.good").click()
    zhou.page.wait_for_function("() => /2/.test(document.querySelector('[data-sync]').textContent)")
    until_it_says("2 waiting")
    zhou.context.unroute(cut)
    until_it_says("All sent")
    zhou.faults.clear()
