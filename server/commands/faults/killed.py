"""What dies at its work: the browser with all that waits in it, the house while it is being delivered to."""

import time
from random import Random

from server.commands.faults import stage
from server.commands.faults.device import Device
from server.commands.faults.modes import Mode
from server.commands.faults.scene import Scene
from server.commands.faults.stage import Job
from server.commands.faults.truth import ANSWER, SIGNATURE, Deed

PHOTOS = 5
AT_ONCE = 0.012
"""Seconds within which a deed is usually done: a house killed in that time has or has not committed."""


def browser(scene: Scene, taps: int = 100) -> None:
    """Taps, photos and a signature without a network; killed half way and at the end; the third life delivers."""
    job = scene.handing_over()
    tablet = scene.device("lin")
    scene.visit(tablet, job)
    scene.proxy.become(Mode.REFUSE)
    scene.tap(tablet, job, taps // 2, "lin")
    _killed(scene, tablet)
    scene.tap(tablet, job, taps - taps // 2, "lin", ("fault", "ok"))
    _photos(scene, tablet, job)
    _good(scene, tablet, job)
    _sign(scene, tablet, job)
    _killed(scene, tablet)
    scene.proxy.become(Mode.PASS)
    tablet.go("/outbox")
    tablet.drained()


def house(scene: Scene, taps: int = 100, kills: int = 20) -> None:
    """Killed again and again while it is delivered to: before it commits, after it, and with the answer on its way."""
    job = scene.inspection()
    phone = scene.device("zhou")
    scene.visit(phone, job)
    scene.proxy.become(Mode.REFUSE)
    scene.tap(phone, job, taps, "zhou")
    before, dice = scene.house.kills, Random(taps)  # noqa: S311 -- dice of a trial
    every = max(2, taps // kills)

    def strikes(number: int) -> bool:
        return number % every == 0 and scene.house.kills - before < kills and scene.house.alive

    def on_delivery(number: int) -> None:
        if strikes(number) and number // every % 2:
            time.sleep(dice.uniform(0, AT_ONCE))
            scene.house.kill()

    def on_answer(number: int) -> bool:
        if strikes(number):
            scene.house.kill()
            return False
        return True

    scene.proxy.on_delivery, scene.proxy.on_answer = on_delivery, on_answer
    scene.proxy.become(Mode.PASS)
    _drained_by_a_house_that_dies(scene, phone)
    scene.struck = scene.house.kills - before


def _drained_by_a_house_that_dies(scene: Scene, device: Device) -> None:
    until = time.monotonic() + 300
    while device.waiting():
        if time.monotonic() > until:
            raise TimeoutError(f"{len(device.waiting())} still wait")
        if not scene.house.alive:
            scene.house.start()
        device.nudge()
        device.page.wait_for_timeout(100)


def _killed(scene: Scene, device: Device) -> None:
    device.kill()
    scene.struck += 1
    device.open()


def _photos(scene: Scene, device: Device, job: Job) -> None:
    section, items = job.sections[-1]
    device.go(job.address(section))
    for number in range(PHOTOS):
        picture = stage.photo(f"{job.delivery} {number}")
        scene.keep(job, [device.take_photo(items[number % len(items)], picture, scene.people["lin"])])


def _good(scene: Scene, device: Device, job: Job) -> None:
    """Whatever stands otherwise in the last section is good in the end: only then does the customer sign it."""
    last = {deed.place: deed.value for deed in scene.done[job] if deed.kind == ANSWER}
    again = [(item, "ok") for item in job.sections[-1][1] if last.get(item) != "ok"]
    scene.keep(job, device.tap(again, scene.people["lin"]))


def _sign(scene: Scene, device: Device, job: Job) -> None:
    """The customer signs the section by hand; the screen says that it waits."""
    section, _ = job.sections[-1]
    if device.draw("#sign-section"):
        scene.keep(job, [Deed(SIGNATURE, str(section), "customer", scene.people["lin"], device.id)])
