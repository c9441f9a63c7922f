"""Photograph every page family on tablet and phone, in both languages, light and dark, and look for barriers."""

import sys

from playwright.sync_api import Browser

from server.commands.tour import readme
from server.commands.tour.barriers import Barrier, barriers
from server.commands.tour.pages import Stop, stops
from server.commands.tour.scene import Scene, set_up
from server.commands.trial.camera import LANGUAGES, picture
from server.commands.trial.chromium import PHONE, TABLET, Device, chromium
from server.commands.trial.desk import Desk
from server.commands.trial.house import demonstration
from server.settings import ROOT

FOLDER = ROOT / "build" / "tour"
THEMES = ("light", "dark")


def run(*words: str) -> int:
    """`tour [NAME...]`: only pages with these words in their names, if any are given; 1 when a barrier is found."""
    with demonstration() as address, chromium() as browser:
        scene = set_up(browser, address)
        chosen = [stop for stop in stops(scene) if not words or any(word in stop.name for word in words)]
        found = [
            barrier
            for device in (TABLET, PHONE)
            for language in LANGUAGES
            for barrier in _round(browser, scene, chosen, device, language)
        ]
        if not words:
            readme.take(browser, scene)
    for barrier in found:
        print(barrier)
    print(f"pages {len(chosen) * 2 * len(LANGUAGES) * len(THEMES)} violations {len(found)}")
    return 1 if found else 0


def _round(browser: Browser, scene: Scene, chosen: list[Stop], device: Device, language: str) -> list[Barrier]:
    """Every page on one device in one language."""
    found: list[Barrier] = []
    for who in dict.fromkeys(stop.who for stop in chosen):
        desk = Desk(browser, scene.address, device, language=language)
        if who:
            desk.sign_in(who)
        for stop in (stop for stop in chosen if stop.who == who):
            found += _visit(desk, stop, language)
        for fault in desk.faults:
            print(f"{who}: {fault}", file=sys.stderr)
        desk.close()
    return found


def _visit(desk: Desk, stop: Stop, language: str) -> list[Barrier]:
    stop.open(desk)
    found: list[Barrier] = []
    for theme in THEMES:
        desk.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        folder = FOLDER / f"{desk.device.name}-{language}-{theme}"
        folder.mkdir(parents=True, exist_ok=True)
        picture(desk, folder / f"{stop.name}.png")
        found += barriers(desk, f"{stop.name} {desk.device.name} {language} {theme}")
    return found
