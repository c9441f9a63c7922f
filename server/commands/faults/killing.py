"""Killing the browser that has a profile, and no other."""

import os
import signal
import time
from pathlib import Path


def kill(profile: Path) -> None:
    """At once and without a word, until nothing of it is left."""
    pids = _pids(profile)
    assert pids, "no browser to kill"
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    while any(_command(pid) for pid in pids):
        time.sleep(0.01)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _pids(profile: Path) -> list[int]:
    """Its first process; those that it has started go with it."""
    said = {int(one.name): _command(int(one.name)) for one in Path("/proc").iterdir() if one.name.isdecimal()}
    mine = f"--user-data-dir={profile} "
    return [pid for pid, words in said.items() if mine in f"{words} " and "--type=" not in words]
