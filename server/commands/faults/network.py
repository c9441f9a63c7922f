"""What a network does to a delivery: answers cut off, coming and going, a portal that lies, a gateway in trouble."""

from server.commands.faults import stage
from server.commands.faults.device import Device
from server.commands.faults.modes import Mode
from server.commands.faults.scene import Scene
from server.commands.faults.stage import Job


def cut(scene: Scene, taps: int = 100, cuts: int = 40) -> None:
    """The house does it and says so, and the answer never arrives."""
    _, phone = _with_work(scene, taps)
    scene.proxy.become(Mode.CUT, times=cuts)
    phone.drained()
    scene.struck = scene.proxy.struck[Mode.CUT]


def flapping(scene: Scene, taps: int = 100, turns: int = 12, seed: int = 1) -> None:
    """The network comes and goes in four ways while it is delivered."""
    _, phone = _with_work(scene, taps)
    scene.proxy.slow = 0.02
    scene.proxy.become(Mode.PASS)
    over = scene.proxy.flap(seed, turns)
    while not over.done():
        phone.nudge()
        phone.page.wait_for_timeout(100)
    over.result()
    phone.drained()
    scene.struck = scene.proxy.struck.total()


def portal(scene: Scene, taps: int = 20) -> None:
    """Work goes on while the Wi-Fi of a hotel answers 200 to everything."""
    job = scene.inspection()
    phone = scene.device("zhou")
    scene.visit(phone, job)
    scene.proxy.become(Mode.PORTAL)
    scene.tap(phone, job, taps, "zhou")
    phone.nudge()
    phone.page.wait_for_timeout(1000)
    scene.expect(len(phone.waiting()) == taps, "the portal took something in")
    scene.struck = scene.proxy.struck[Mode.PORTAL]
    scene.proxy.become(Mode.PASS)
    phone.drained()


def hole(scene: Scene, taps: int = 20) -> None:
    """Everything is taken and nothing is ever answered; the person goes on."""
    job = scene.inspection()
    phone = scene.device("zhou")
    scene.visit(phone, job)
    scene.proxy.become(Mode.BLACKHOLE)
    scene.tap(phone, job, taps, "zhou")
    scene.struck = scene.proxy.struck[Mode.BLACKHOLE]
    scene.proxy.become(Mode.PASS)
    phone.drained()


def poison(scene: Scene, taps: int = 10) -> None:
    """One deed is answered 500 again and again: what follows it in its lane waits, the other lane does not."""
    sick, sound = scene.inspection(), scene.inspection()
    phone = scene.device("zhou")
    for job in (sick, sound):
        scene.visit(phone, job)
    scene.proxy.become(Mode.REFUSE)
    for job in (sick, sound):
        scene.tap(phone, job, taps, "zhou")
    first = f"/runs/{sick.run}/items/{scene.done[sick][0].place}/"
    scene.proxy.become(Mode.TROUBLE, only=lambda asked: asked.path.startswith(first))
    phone.drained(left=taps)
    scene.expect(all(str(sick.run) in op["path"] for op in phone.waiting()), "the sound lane waited too")
    for _ in range(3):
        phone.nudge()
        phone.page.wait_for_timeout(300)
    scene.struck = scene.proxy.struck[Mode.TROUBLE]
    scene.proxy.become(Mode.PASS)
    phone.drained()


def refused(scene: Scene) -> None:
    """The house refuses a photo that the disk has spoilt and takes the one after it: both are accounted for."""
    job = scene.inspection()
    phone = scene.device("zhou")
    scene.visit(phone, job)
    section, items = job.sections[0]
    phone.go(job.address(section))
    scene.proxy.become(Mode.REFUSE)
    phone.take_photo(items[0], stage.photo("spoilt"))
    phone.damage(phone.waiting()[0])
    scene.keep(job, [phone.take_photo(items[0], stage.photo("after it"), scene.people["zhou"])])
    scene.proxy.become(Mode.PASS)
    phone.drained(left=1)
    left = phone.waiting()
    scene.struck = sum(op["state"] == "attention" and op["status"] == 422 for op in left)
    scene.expect(len(left) == 1, f"what the house refused is not here any more: {left}")


def _with_work(scene: Scene, taps: int) -> tuple[Job, Device]:
    """A phone with so many answers waiting, before a network that refuses."""
    job = scene.inspection()
    phone = scene.device("zhou")
    scene.visit(phone, job)
    scene.proxy.become(Mode.REFUSE)
    scene.tap(phone, job, taps, "zhou")
    return job, phone
