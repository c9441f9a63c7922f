"""The few small pictures that the README shows."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from server.commands.tour.sales import first
from server.commands.tour.scene import Scene
from server.commands.trial.chromium import PHONE, TABLET, Device
from server.commands.trial.desk import Desk
from server.commands.trial.proof import first_page
from server.settings import ROOT

FOLDER = ROOT / "docs" / "pictures"
LARGEST = 120 * 1024


def take(browser: Browser, scene: Scene) -> None:
    """Tablet and phone, both languages, light and dark, and a paper."""
    handover, pdi = scene.handover_sections[2], f"{scene.pdi_sections[0]}#section-name"
    for name, who, path, device, language, theme in (
        ("today", "lin", "/", TABLET, "zh", "light"),
        ("handover", "lin", handover, TABLET, "zh", "light"),
        ("prospect", "lin", "/prospects?q=zhoumin>#list a.whole", TABLET, "zh", "light"),
        ("prospect-en", "lin", "/prospects?q=zhoumin>#list a.whole", TABLET, "en", "light"),
        ("funnel", "gao", "/insight/funnel?days=90", PHONE, "zh", "dark"),
        ("funnel-en", "gao", "/insight/funnel?days=90", PHONE, "en", "dark"),
        ("customer-en", "lin", scene.customer, TABLET, "en", "dark"),
        ("pdi", "zhou", pdi, PHONE, "zh", "light"),
        ("pdi-en", "zhou", pdi, PHONE, "en", "dark"),
    ):
        _screen(browser, scene, name, who, path, device, language, theme)
    _keep(FOLDER / "confirmation.webp", first_page(scene.confirmation), width=700)


def _screen(
    browser: Browser, scene: Scene, name: str, who: str, path: str, device: Device, language: str, theme: str
) -> None:
    desk = Desk(browser, scene.address, device, language=language, theme=theme).sign_in(who)
    if ">" in path:
        first(path, desk)
    else:
        desk.go(path)
    desk.page.wait_for_load_state("networkidle")
    _keep(FOLDER / f"{name}.webp", desk.page.screenshot(animations="disabled"), width=device.width)
    desk.close()


def _keep(place: Path, picture: bytes, *, width: int) -> None:
    """As fine as fits."""
    place.parent.mkdir(parents=True, exist_ok=True)
    drawn = Image.open(io.BytesIO(picture)).convert("RGB")
    drawn.thumbnail((width, width * 2))
    for quality in (90, 80, 70, 55, 40):
        drawn.save(place, "WEBP", quality=quality, method=6)
        if place.stat().st_size <= LARGEST:
            return
