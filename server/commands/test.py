"""Run the tests on both databases."""

import subprocess
import sys

from server.settings import ROOT


def run(*words: str) -> int:
    """`test`, with pytest's own arguments; the whole suite in two processes."""
    asked = words or ("-n", "2", "--dist", "loadfile")
    return subprocess.run([sys.executable, "-m", "pytest", *asked], cwd=ROOT, check=False).returncode
