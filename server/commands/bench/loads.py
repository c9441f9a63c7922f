"""What a first visit costs, how soon the house serves, and what it weighs after much work."""

import subprocess
import time
from pathlib import Path
from statistics import median
from typing import Any

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
        desk.context.add_cookies([{"name": n, "value": v, "url": houses.house} for n, v in who.cookies.items()])
        for visit in ("first load", "next load"):
            shown, sizes = _sent(desk)
            say(
                measure=visit, requests=shown, kb=_kb(sizes[:shown]), html_kb=_kb(sizes[:1]),
                stocked_requests=len(sizes) - shown, stocked_kb=_kb(sizes[shown:]),
            )  # fmt: skip


def _kb(sizes: list[int]) -> float:
    return round(sum(sizes) / 1024, 1)


def _sent(desk: Desk) -> tuple[int, list[int]]:
    """Bytes over the wire, heads included, of every request for one page; what the browser kept is none.

    And how many of them it took to show the page: the others lay in what is wanted without a network.
    """
    wire = desk.context.new_cdp_session(desk.page)
    wire.send("Network.enable")  # pyright: ignore[reportUnknownMemberType] -- Playwright leaves its dictionaries untyped
    # What the worker fetches is none of the page's: it is counted as for a browser that has none.
    wire.send("Network.setBypassServiceWorker", {"bypass": True})  # pyright: ignore[reportUnknownMemberType]
    sizes: list[int] = []

    def finished(event: dict[str, Any]) -> None:
        if event["encodedDataLength"] > 0:
            sizes.append(int(event["encodedDataLength"]))

    wire.on("Network.loadingFinished", finished)
    desk.go("/")
    shown = len(sizes)
    desk.page.wait_for_load_state("networkidle")
    wire.detach()
    return shown, sizes


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
    sizes: list[list[int]] = []
    for _ in range(2):
        for number in range(HALF):
            one = somebody(number % LIVELY)
            who.get(("/", "/customers", f"/customers?q={one.phone}", f"/customers/{one.id}", "/deliveries")[number % 5])
        sizes.append([_weight(member) for member in _family(houses.pid)])
    earlier, later = sizes
    grown = sum(later) - sum(earlier)
    say(measure="memory", server_mb=later[0], papers_mb=sum(later[1:]), grown_mb=grown, requests=2 * HALF)


def _weight(pid: int) -> int:
    """MB in memory of a process; pages that it shares count in part."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(rollup.partition("\nPss:")[2].split()[0]) // 1024


def _family(pid: int) -> list[int]:
    """A process and all that came of it."""
    found = subprocess.run(["/usr/bin/pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [pid, *(member for child in found.stdout.split() for member in _family(int(child)))]
