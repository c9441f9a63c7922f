"""How long a tap without a network takes until the screen says that it is kept, with nothing and with much waiting."""

from statistics import median

from server.commands.faults.modes import Mode
from server.commands.faults.scene import Scene

BUDGET = 100
"""Milliseconds, at the median."""
SAMPLE = 40
A_HAND = 150
"""Milliseconds that a quick hand takes to the next item."""


def taps(scene: Scene, waiting: int = 1000) -> None:
    """The thousandth queued tap is as quick as the first; then all of them are delivered."""
    job = scene.inspection()
    phone = scene.device("zhou")
    scene.visit(phone, job)
    scene.proxy.become(Mode.REFUSE)
    phone.pause = A_HAND
    scene.tap(phone, job, SAMPLE, "zhou")
    first = median(phone.times)
    phone.pause = 0
    scene.tap(phone, job, waiting - SAMPLE, "zhou", ("fault", "watch", "ok", "watch"))
    phone.times.clear()
    phone.pause = A_HAND
    scene.tap(phone, job, SAMPLE, "zhou", ("fault", "ok"))
    last = median(phone.times)
    scene.words.append(
        f"tap until kept: {first:.0f} ms with 0 waiting, {last:.0f} ms with {len(phone.waiting())} waiting"
    )
    scene.expect(max(first, last) < BUDGET, f"a tap takes {max(first, last):.0f} ms")
    scene.struck = len(phone.waiting())
    scene.proxy.become(Mode.PASS)
    phone.drained()
