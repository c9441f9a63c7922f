"""Draw the app's icons in every size from our own two drawings, and those of its shortcuts from the icon set."""

from collections.abc import Iterator

from playwright.sync_api import Browser

from server.commands.trial.chromium import chromium
from server.rendering import icon
from server.routes.install import BRAND
from server.settings import ROOT

FOLDER = ROOT / "static" / "icons"
PLAIN = {"favicon-32": 32, "huanche-192": 192, "huanche-512": 512}
MASKED = {"huanche-180": 180, "huanche-maskable-192": 192, "huanche-maskable-512": 512}
"""Filled to the edge: the device cuts its own shape out of it."""
SHORTCUTS = {"today": "calendar-check", "customer": "user-plus", "deliveries": "car", "pdi": "clipboard-check"}
SHEET = """<style>
  html, body {{ margin: 0; background: none; }}
  body > svg {{ display: block; width: 100vw; height: 100vh; }}
  body > .icon {{ box-sizing: border-box; padding: 22vw; background: {brand}; border-radius: 50%; fill: none;
    stroke: #fff; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }}
</style>{drawing}"""


def run() -> int:
    """`icons`: afterwards commit what changed in `static/icons`."""
    with chromium() as browser:
        for name, size, drawing in _drawings():
            _draw(browser, name, size, drawing)
    return 0


def _drawings() -> Iterator[tuple[str, int, str]]:
    for source, sizes in (("huanche.svg", PLAIN), ("huanche-maskable.svg", MASKED)):
        drawing = (FOLDER / source).read_text(encoding="utf-8")
        yield from ((name, size, drawing) for name, size in sizes.items())
    yield from ((f"shortcut-{name}", 96, str(icon(drawn))) for name, drawn in SHORTCUTS.items())


def _draw(browser: Browser, name: str, size: int, drawing: str) -> None:
    page = browser.new_page(viewport={"width": size, "height": size})
    page.set_content(SHEET.format(brand=BRAND, drawing=drawing))
    page.screenshot(path=FOLDER / f"{name}.png", omit_background=True)
    page.close()
