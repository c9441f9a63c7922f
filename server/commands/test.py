"""Run the tests on both databases."""

import subprocess
import sys

from server.settings import ROOT


def run(*words: str) -> int:
    """`test`, with pytest's own arguments."""
    return subprocess.run([sys.executable, "-m", "pytest", *words], cwd=ROOT, check=False).returncode
