"""Debian's Chromium, driven by Playwright, as a tablet and as a phone."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    # A camera that shows a moving pattern, so that scanning can be tried without one.
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
)  # fmt: skip


@dataclass(frozen=True)
class Device:
    """What is held in a hand."""

    name: str
    width: int
    height: int
    mobile: bool


TABLET = Device("tablet", 1180, 820, mobile=False)
PHONE = Device("phone", 390, 844, mobile=True)


@contextmanager
def chromium() -> Generator[Browser]:
    """One browser; everybody gets a context of their own in it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise RuntimeError("没有找到 Chromium / Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
