"""Bring the catalogues of words up to date with what the code and the pages say."""

from server.commands import words


def run() -> int:
    """`messages`: afterwards translate what is empty; `check` says what that is."""
    words.update()
    for fault in words.faults():
        print(fault)
    return 0
