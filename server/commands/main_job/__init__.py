"""Hand over a car in a real browser, from an empty house to both papers, and say whether anything is missing."""

import sys
from argparse import ArgumentParser

from server.commands.main_job.journey import Journey
from server.commands.trial.camera import Camera
from server.commands.trial.chromium import chromium
from server.commands.trial.house import newly_opened
from server.settings import ROOT

FOLDER = ROOT / "build" / "main-job"


def run(*words: str) -> int:
    """`main-job --vin VIN --customer NAME`: prints the delivery's number; 1 when anything is missing."""
    asked = ArgumentParser(prog="./huanche main-job", description=__doc__)
    asked.add_argument("--vin", required=True, help="17 letters and digits")
    asked.add_argument("--customer", required=True, help="the customer's name")
    given = asked.parse_args(words)
    with newly_opened() as address, chromium() as browser:
        journey = Journey(browser, address, Camera(FOLDER), given.vin.strip().upper(), given.customer.strip())
        missing = journey.make()
    for lack in missing:
        print(f"缺 / missing: {lack}", file=sys.stderr)
    print(f"{len(journey.camera.taken)} 张截图 / pictures, 2 PDF: {FOLDER.relative_to(ROOT)}", file=sys.stderr)
    print(journey.number)
    return 1 if missing else 0
