"""Huanche as an app: what a browser finds to install, where the button stands, and who is told to do it by hand."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from server.commands.tour.barriers import barriers
from server.commands.trial.chromium import FLAGS, PHONE, TABLET, Device
from server.commands.trial.desk import PATIENCE, until

NOW, DONE, INSECURE = "[data-install-now]", "[data-install-done]", "[data-install-insecure]"
IN_CHARGE = "() => navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
COUNT_ASKED = """
  const ask = BeforeInstallPromptEvent.prototype.prompt;
  window.asked = 0;
  BeforeInstallPromptEvent.prototype.prompt = function () { window.asked += 1; return ask.call(this); };
"""
AT_HAND = "async () => Boolean(await caches.match('/', { ignoreVary: true }))"
"""Once the device knows who holds it and has their first page; `huanche.js` comes before a page's own modules."""
OUTSIDE = "huanche.test"
"""A name that leads to this computer but is not known to be it, so that plain http is not safe there."""
READY_TO_INSTALL = ("--bypass-app-banner-engagement-checks", f"--host-resolver-rules=MAP {OUTSIDE} 127.0.0.1")
LANGUAGES_AND_DEVICES = pytest.mark.parametrize(("language", "device"), [("zh", TABLET), ("en", PHONE)])


@pytest.fixture
def own_browser(browser: Browser, house: str, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """A browser with a profile of its own: in one that forgets everything nothing can be installed."""
    opened: list[BrowserContext] = []

    def open_one(device: Device = TABLET, language: str = "zh", address: str = house, *more: str) -> Page:
        context = browser.browser_type.launch_persistent_context(
            tmp_path / f"profile-{len(opened)}", executable_path=_program(), base_url=address, has_touch=True,
            args=[*FLAGS, *READY_TO_INSTALL, *more],
            viewport={"width": device.width, "height": device.height}, locale="zh-CN",
            ignore_default_args=["about:blank"] if more else None,
        )  # fmt: skip
        opened.append(context)
        context.add_cookies([{"name": "huanche_language", "value": language, "url": address}])
        context.set_default_timeout(PATIENCE)
        return context.pages[0]

    yield open_one
    for context in opened:
        context.close()


def _program() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found
    return found


def sign_in(page: Page, name: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", "huanche-demo")
    page.click("main form.card button.primary")
    page.wait_for_url("**/")


def wire(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


@LANGUAGES_AND_DEVICES
def test_the_browser_finds_nothing_that_keeps_it_from_installing(
    own_browser: Callable[..., Page], language: str, device: Device
) -> None:
    page = own_browser(device, language)
    sign_in(page, "lin")
    assert wire(page).send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    found = wire(page).send("Page.getAppManifest")
    assert found["errors"] == []
    told: dict[str, Any] = json.loads(found["data"])
    assert told["lang"] == {"zh": "zh-Hans", "en": "en"}[language]
    assert [one["url"] for one in told["shortcuts"]] == ["/", "/customers/new", "/deliveries"]
    assert wire(page).send("Page.getAppId")["appId"] == page.url


@LANGUAGES_AND_DEVICES
def test_the_browser_makes_its_offer_through_our_button(
    own_browser: Callable[..., Page], language: str, device: Device
) -> None:
    page = own_browser(device, language)
    page.add_init_script(COUNT_ASKED)
    page.goto("/install")
    page.wait_for_selector(f"{NOW}:not([hidden])")
    assert page.locator(NOW).inner_text() == {"zh": "立即放到主屏幕", "en": "Put it on the home screen now"}[language]
    page.click(NOW)
    page.wait_for_function("() => window.asked === 1")
    assert page.locator(DONE).is_hidden(), "nothing is installed before the person has said yes to the browser"


def test_whoever_opens_it_from_the_home_screen_is_told_so(own_browser: Callable[..., Page], house: str) -> None:
    page = own_browser(TABLET, "zh", house, f"--app={house}/install")
    page.wait_for_selector(f"{DONE}:not([hidden])")
    assert page.locator(NOW).is_hidden()


def test_the_first_page_opens_with_no_network(own_browser: Callable[..., Page]) -> None:
    page = own_browser(PHONE)
    sign_in(page, "lin")
    until(page, IN_CHARGE)
    until(page, AT_HAND)
    page.context.set_offline(True)
    page.goto("/")
    assert page.locator("meta[name=as-of]").count() == 1, "it is a copy, and says of when"
    assert page.locator("h1").inner_text()
    page.goto("/install")
    assert page.locator("h1:visible").inner_text(), "a page that is not on the device is told to be so"


def test_plain_http_says_what_it_cannot_do(own_browser: Callable[..., Page], house: str) -> None:
    page = own_browser(address=house.replace("127.0.0.1", OUTSIDE))
    page.goto("/install")
    page.wait_for_selector(f"{INSECURE}:not([hidden])")
    assert "https" in page.locator(INSECURE).inner_text()
    assert page.evaluate("() => 'serviceWorker' in navigator") is False
    assert page.locator(NOW).is_hidden()
    sign_in(page, "lin")
    assert page.locator("h1").inner_text()


@LANGUAGES_AND_DEVICES
def test_it_can_be_done_by_hand_and_is_read_by_everybody(desk, language: str, device: Device) -> None:
    reader = desk("lin", device, language=language)
    reader.go("/me")
    reader.press("a[href='/install']")
    for device_of in reader.page.locator("details").all():
        if device_of.get_attribute("open") is None:
            device_of.locator("summary").click()
        steps = device_of.locator("ol.how li")
        assert steps.count() == 3
        assert all(step.locator("svg.tap").is_visible() and step.inner_text() for step in steps.all())
    for look in ("light", "dark"):
        reader.page.emulate_media(color_scheme=look)
        assert [str(one) for one in barriers(reader, f"install {look}")] == []
