"""A device whose disk is full: what it cannot keep it refuses aloud, what it has kept it delivers."""

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from server.commands.faults import stage
from server.commands.faults.modes import Mode
from server.commands.faults.scene import Scene, Skipped

SIZE = 128
"""Megabytes of the disk; what is free of it once the work has begun is taken by something else, but for ROOM."""
ROOM = 12
MOST = 40


def disk(scene: Scene) -> None:
    """Photos until there is no more room, then an answer; needs root for a small disk."""
    if os.geteuid() != 0:
        raise Skipped("a small disk is mounted by root only")
    with _small_disk(scene.folder / "small") as profile:
        job = scene.inspection()
        phone = scene.device("zhou", profile=profile)
        scene.visit(phone, job)
        scene.proxy.become(Mode.REFUSE)
        section, items = job.sections[0]
        phone.go(job.address(section))
        _fill(profile)
        for number in range(MOST):
            kept = phone.take_photo(items[0], stage.photo(f"disk {number}", grainy=True), scene.people["zhou"])
            scene.keep(job, [kept])
            if kept is None:
                scene.struck += 1
                break
        scene.proxy.become(Mode.PASS)
        phone.drained()
        phone.close()


def _fill(place: Path) -> None:
    """Films, music, other people's photos."""
    free = shutil.disk_usage(place).free - ROOM * 2**20
    (place / "films").write_bytes(bytes(max(0, free)))


@contextmanager
def _small_disk(place: Path) -> Generator[Path]:
    place.mkdir()
    subprocess.run(["/usr/bin/mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["/usr/bin/umount", "--lazy", place], check=True)
