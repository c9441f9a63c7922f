"""Everything that can go wrong between a device and the house is made to go wrong, on both databases, and counted."""

import sys
import time
import traceback
from argparse import ArgumentParser

from playwright.sync_api import Playwright, sync_playwright

from server.commands.faults import catalogue, houses, table
from server.commands.faults.catalogue import Fault
from server.commands.faults.houses import House
from server.commands.faults.scene import Skipped, set_up
from server.commands.faults.table import COLUMNS, Row
from server.commands.faults.truth import Account


def run(*words: str) -> int:
    """`faults [--short] [--on DATABASE] [WORD ...]`: 1 when anything is lost, doubled, out of order or never struck."""
    asked = ArgumentParser(prog="./huanche faults", description=__doc__)
    asked.add_argument("--short", action="store_true", help="a few of each family, under three minutes")
    asked.add_argument("--on", choices=houses.BOTH, action="append", help="one database only")
    asked.add_argument("words", nargs="*", help="only faults whose name has one of these words")
    given = asked.parse_args(words)
    faults = catalogue.chosen(short=given.short, words=tuple(given.words))
    rows: list[Row] = []
    print(table.line(COLUMNS), flush=True)
    with houses.opened(tuple(given.on or houses.BOTH)) as opened, sync_playwright() as playwright:
        for house in opened:
            for fault in faults:
                rows.append(_tried(fault, house, playwright))
                print("\n".join([table.line(rows[-1].cells()), *table.remarks(rows[-1])]), flush=True)
    print(table.summary(rows))
    return 0 if all(row.holds for row in rows) else 1


def _tried(fault: Fault, house: House, playwright: Playwright) -> Row:
    row = Row(fault.name, house.kind, Account(), times=fault.struck * fault.repeated)
    began = time.monotonic()
    for nth in range(fault.repeated):
        _once(fault, nth, house, playwright, row)
    row.seconds = time.monotonic() - began
    return row


def _once(fault: Fault, nth: int, house: House, playwright: Playwright, row: Row) -> None:
    with set_up(house, playwright) as scene:
        try:
            fault.make(nth)(scene)
        except Skipped as why:
            row.skipped = str(why)
        except Exception as broke:  # noqa: BLE001 -- the other faults are tried all the same, and this one is told
            traceback.print_exc(file=sys.stderr)
            scene.wrong.append(f"{type(broke).__name__}: {str(broke).partition(chr(10))[0]}")
        if not house.alive:
            house.start()
        row.account.add(scene.account())
        row.deliveries += scene.proxy.deliveries
        row.deduplicated += scene.proxy.replayed
        row.struck += scene.struck
        row.wrong += tuple(scene.wrong)
        row.words += tuple(scene.words)
