"""Two devices that know nothing of each other, with clocks that are right and clocks that are a day wrong."""

from uuid import UUID

from server.commands.faults.device import Device
from server.commands.faults.modes import Mode
from server.commands.faults.scene import Scene
from server.commands.faults.stage import Job
from server.database import EVERY_STORE
from server.domain.checklists import runs

DAY = 86_400_000
WORST = {"ok": 1, "watch": 2, "fault": 3}
Answers = dict[str, str]


def two(scene: Scene, items: int = 20) -> None:
    """Both answer the same items without a network: equal ones are one, of others the later counts."""
    _both(scene, items, 0, 0)


def clocks(scene: Scene, items: int = 20) -> None:
    """The same, one clock a day ahead and the other a day behind: later is who was later, not whose clock says so."""
    _both(scene, items, DAY, -DAY)


def _both(scene: Scene, items: int, ahead: int, behind: int) -> None:
    job = scene.inspection()
    first, second = (scene.device("zhou", shift=shift) for shift in (ahead, behind))
    for device in (first, second):
        scene.visit(device, job)
        device.nudge()
    scene.proxy.become(Mode.REFUSE)
    asked = job.items[:items]
    half = len(asked) // 2
    # The first device is the later one for the second half: neither clock wins by always being last.
    early = {item: "watch" if nth % 4 == 0 else "ok" for nth, item in enumerate(asked)}
    late = {item: "watch" if nth % 3 == 0 else "ok" for nth, item in enumerate(asked)}
    _answer(scene, first, job, {item: early[item] for item in asked[:half]})
    _answer(scene, second, job, {item: early[item] for item in asked[half:]})
    _answer(scene, second, job, {item: late[item] for item in asked[:half]})
    _answer(scene, first, job, {item: late[item] for item in asked[half:]})
    scene.proxy.become(Mode.PASS)
    for device in (second, first):  # the one that finished later is not the one that is heard later
        device.drained()
    _judge(scene, job, early, late)
    scene.struck = sum(early[item] != late[item] for item in asked) if not (ahead or behind) else 2


def _answer(scene: Scene, device: Device, job: Job, answers: Answers) -> None:
    for section, items in job.sections:
        mine = [(item, answers[item]) for item in items if item in answers]
        if mine:
            device.go(job.address(section))
            scene.keep(job, device.tap(mine, scene.people["zhou"]))


def _judge(scene: Scene, job: Job, early: Answers, late: Answers) -> None:
    """What stands at each item, and whether the other answer is shown beside it."""
    with scene.house.database.session(writing=False, store=EVERY_STORE) as session:
        progress = runs.progress(session, session.get_one(runs.Run, job.run))
        for item, said in late.items():
            question = progress.sheet.question(UUID(item))
            stands = max(said, early[item], key=WORST.__getitem__) if question.safety else said
            found, others = progress.verdict(question), [str(one.verdict) for one in progress.others(question)]
            scene.expect(found == stands, f"{item}: {found} stands instead of {stands}")
            hidden = [] if said == early[item] else [early[item] if stands == said else said]
            scene.expect(others == hidden, f"{item}: beside it {others} instead of {hidden}")
