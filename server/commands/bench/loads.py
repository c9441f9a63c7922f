"""What a first visit costs, how soon the house serves, and what it weighs after much work."""

import subprocess
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Request

from server.commands.bench.houses import LIVELY, Houses, somebody
from server.commands.bench.measure import say
from server.commands.bench.wire import Wire
from server.commands.trial.chromium import chromium
from server.commands.trial.desk import Desk
from server.commands.trial.house import process

STARTS = 3
HALF = 5_000
"""Requests until the memory is read for the first time, and again for the second."""


def measure(houses: Houses) -> None:
    """First load, start, memory."""
    _first_load(houses)
    _start(houses)
    _memory(houses)


def _first_load(houses: Houses) -> None:
    """A browser that was never here opens today, then once more."""
    who = Wire(houses.house, "lin")
    with chromium() as browser:
        desk = Desk(browser, houses.house)
        cookies = {name: value for name, value in who.cookies.items() if name != "huanche_language"}
        desk.context.add_cookies([{"name": n, "value": v, "url": houses.house} for n, v in cookies.items()])
        for visit in ("first load", "next load"):
            requests = _requests(desk)
            sizes = [one.sizes() for one in requests]
            sent = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
            first = sizes[0]["responseBodySize"]
            say(measure=visit, requests=len(requests), kb=round(sent / 1024, 1), html_kb=round(first / 1024, 1))


def _requests(desk: Desk) -> list[Request]:
    """What went over the wire for one page; what the browser had already is not counted."""
    heard: list[Request] = []

    def hear(request: Request) -> None:
        heard.append(request)

    desk.page.on("requestfinished", hear)
    desk.go("/")
    desk.page.wait_for_load_state("networkidle")
    desk.page.remove_listener("requestfinished", hear)
    return [one for one in heard if one.sizes()["responseHeadersSize"] > 0]


def _start(houses: Houses) -> None:
    """From the command to the first answer, on a house that is migrated and filled."""
    taken: list[float] = []
    for _ in range(STARTS):
        began = time.perf_counter()
        with process(houses.folder, "server.commands", "run"):
            taken.append((time.perf_counter() - began) * 1000)
    say(measure="start", ours_ms=round(median(taken)))


def _memory(houses: Houses) -> None:
    """The server and those who draw papers for it, after many mixed requests."""
    who = Wire(houses.house, "lin")
    sizes: list[int] = []
    for _ in range(2):
        for number in range(HALF):
            one = somebody(number % LIVELY)
            who.get(("/", "/customers", f"/customers?q={one.phone}", f"/customers/{one.id}", "/deliveries")[number % 5])
        sizes.append(_weight(houses.pid))
    say(
        measure="memory",
        mb=sizes[1],
        grown_mb=sizes[1] - sizes[0],
        requests=2 * HALF,
        processes=len(_family(houses.pid)),
    )


def _weight(pid: int) -> int:
    """MB in memory, of a process and its children; pages that they share count once for each."""
    kilobytes = 0
    for member in _family(pid):
        status = Path(f"/proc/{member}/status").read_text(encoding="ascii")
        kilobytes += int(status.partition("VmRSS:")[2].split()[0])
    return kilobytes // 1024


def _family(pid: int) -> list[int]:
    found = subprocess.run(["/usr/bin/pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [pid, *(member for child in found.stdout.split() for member in _family(int(child)))]
