"""The core of working without a network in a second engine, WebKitGTK, through its own driver."""

import subprocess
import sys

from server.settings import ROOT


def test_another_engine_loses_nothing_either() -> None:
    suite = [sys.executable, "-m", "server.commands", "faults", "--on", "sqlite", "second engine"]
    done = subprocess.run(suite, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "operations 31 lost 0 doubled 0", done.stdout
