"""The short form of the fault suite: what it counts in the database is what was done on the screen, on both."""

import re
import subprocess
import sys

from server.settings import ROOT


def test_whatever_fails_nothing_is_lost_and_nothing_doubled() -> None:
    suite = [sys.executable, "-m", "server.commands", "faults", "--short"]
    done = subprocess.run(suite, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    last = re.fullmatch(r"operations (\d+) lost 0 doubled 0", done.stdout.splitlines()[-1])
    assert last, done.stdout
    assert int(last.group(1)) >= 100
