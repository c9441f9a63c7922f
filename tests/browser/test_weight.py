"""What the scripts of a page weigh on the wire, counted as the browser fetches them; and how long a module is."""

import re

import pytest
from playwright.sync_api import Request

from server.commands.tour.pages import stops
from server.commands.trial.desk import Desk
from server.settings import ROOT

MOST = 60 * 1024
"""Bytes, compressed; the page that reads codes by camera is the heaviest, a third of it the reader."""
LINES = 100
LONGER = {"outbox.js": 256}
"""One promise in one file; it says so in its first lines."""
ALIKE = re.compile(
    r"-(handover-(?!3$|8$)\d+|pdi-(?!2$|9$)\d+|today-.*|error-.*|proof-.*|.*-(wrong|found|nobody|later|done|failed)|admin.*)$"
)
"""The same page with other rows in it; and the pages of Piccolo Admin, whose script is not ours."""
LIBRARIES = ("htmx.org/", "zxing-wasm/")
"""Those that go out by themselves; the others are part of our own script."""


class Scales:
    """Weighs every script that a page fetches, with nothing in any cache."""

    def __init__(self, desk: Desk) -> None:
        self.scripts: dict[str, Request] = {}
        self.ways: set[str] = set()
        wire = desk.context.new_cdp_session(desk.page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.send("Network.setBypassServiceWorker", {"bypass": True})
        desk.page.on("requestfinished", self._put)

    def read(self) -> dict[str, int]:
        """Bytes by file."""
        return {name: request.sizes()["responseBodySize"] for name, request in self.scripts.items()}

    def _put(self, request: Request) -> None:
        if request.resource_type == "script":
            self.scripts[request.url.partition("/static/")[2].partition("/")[2]] = request
            self.ways.add(request.response().header_value("content-encoding"))


def test_the_scripts_of_every_page_stay_light(desk, scene):
    weighed: dict[str, dict[str, int]] = {}
    readers: dict[str, tuple[Desk, Scales]] = {}
    for stop in (stop for stop in stops(scene) if not ALIKE.search(stop.name)):
        if stop.who not in readers:
            readers[stop.who] = (reader := desk(stop.who or None), Scales(reader))
        reader, scales = readers[stop.who]
        scales.scripts.clear()
        stop.open(reader)
        reader.page.wait_for_load_state()
        reader.settle()
        weighed[stop.name] = scales.read()
    assert len(weighed) > 25
    heavy = {name: sum(files.values()) for name, files in weighed.items() if sum(files.values()) > MOST}
    assert heavy == {}

    every = {name for files in weighed.values() for name in files}
    assert {library for library in LIBRARIES for name in every if library in name} == set(LIBRARIES), "they are counted"
    assert all(files and min(files.values()) > 0 for files in weighed.values()), "nothing came out of a cache"
    assert {way for _, scales in readers.values() for way in scales.ways} == {"br"}, "they go out compressed"


@pytest.mark.parametrize("script", sorted((ROOT / "static" / "js").glob("*.js")), ids=lambda script: script.name)
def test_a_module_is_short_enough_to_be_read_at_once(script):
    lines = script.read_text("utf-8").splitlines()
    assert len(lines) < LONGER.get(script.name, LINES)
    if script.name in LONGER:
        assert "Longer than its neighbours because" in "".join(lines[:4])
