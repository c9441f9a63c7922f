"""What the house can be asked for: one list, which `./huanche` shows too, before there is any Python."""

import sys
from pathlib import Path
from typing import TextIO

LIST = Path(__file__).with_name("help.txt").read_text("utf-8")
COMMANDS = [line.split()[1] for line in LIST.splitlines()]


def show(to: TextIO | None = None) -> int:
    """One line per command, Chinese and English."""
    print(LIST, end="", file=to or sys.stdout)
    return 0
