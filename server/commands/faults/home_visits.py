"""A whole home visit by three devices at once: kills, a network that comes and goes, one joined record in the end."""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from playwright.sync_api import Error
from sqlalchemy import select

from server.commands.faults import stage
from server.commands.faults.device import Device
from server.commands.faults.modes import Mode
from server.commands.faults.scene import Scene
from server.commands.faults.truth import Account
from server.database import EVERY_STORE
from server.domain.care import pieces, presences, programme, visit_findings
from server.domain.care.pieces import Effect, Talk, TopUp
from server.domain.care.presences import Presence
from server.domain.care.programme import VisitStep
from server.domain.care.referrals import Referral
from server.domain.care.visit_findings import Explanation, VisitFinding
from server.domain.care.visits import HomeVisit
from server.domain.checklists import runs

TEAM = ("he", "lin", "zhou")
Did = tuple[str, str, str]
"""What, in which words, by whom."""


@dataclass
class Home:
    """One visit, and what its team saw acknowledged."""

    scene: Scene
    visit: UUID
    done: list[Did] = field(default_factory=list[Did])

    @property
    def base(self) -> str:
        """Its pages."""
        return f"/visits/{self.visit}"

    def fill(self, device: Device, page: str, form: str, said: dict[str, str], kind: str, words: str, who: str) -> None:
        """Fill a form in and send it off; remembered once the device says that it is written down."""
        device.go(f"{self.base}/{page}")
        place = device.page.locator(f'form[action="{self.base}/{form}"]').first
        place.wait_for(state="attached")
        for name, value in said.items():
            _put(device, f'form[action="{self.base}/{form}"]', name, value)
        before = {op["key"] for op in device.waiting()}
        place.locator("button.primary, button").last.click()
        if _written(device, before):
            self.done.append((kind, words, self.scene.people[who]))
        else:
            device.unseen.append(f"{who} {form}")


def whole(scene: Scene, talks: int = 4, kills: int = 3, turns: int = 10, seed: int = 1) -> None:
    """Three devices without a network, each killed once; home again on a network that flaps, the house killed too."""
    home = Home(scene, stage.home_visit(scene.house))
    devices = {who: scene.device(who) for who in TEAM}
    for device in devices.values():
        _along(home, device)
    scene.proxy.become(Mode.REFUSE)
    for who, device in devices.items():
        _hour(home, device, who, talks)
        if scene.struck < kills:
            device.kill()
            device.open()
            scene.struck += 1
        _leave(home, device, who)
    scene.expect(all(device.waiting() for device in devices.values()), "a device has nothing left to bring")
    _home_again(scene, list(devices.values()), turns, seed)
    scene.struck += scene.proxy.struck.total() - scene.proxy.struck[Mode.REFUSE]
    scene.others.append(lambda: _account(home))
    _joined(home)


def _along(home: Home, device: Device) -> None:
    """Every page of the visit, opened while there is a network."""
    for page in ("programme", "check", "talk", "effect"):
        device.go(f"{home.base}/{page}")
        device.page.wait_for_load_state("networkidle")


def _hour(home: Home, device: Device, who: str, talks: int) -> None:
    home.fill(device, "programme", "arrival", {"place_ok": "no"}, "signed in", "", who)
    home.fill(device, "programme", f"steps/{STEP[who]}", {}, "step", STEP[who], who)
    for nth in range(talks):
        words = f"{who} 记下第 {nth + 1} 句"
        home.fill(device, "talk", "talks", {"kind": "use", "words": words}, "talk", words, who)
    if who == "zhou":
        for nth, verdict in enumerate(("watch", "fault", "ok")):
            name = f"P030{nth}"
            home.fill(device, "check", "findings", {"severity": verdict, "note": name}, "finding", name, who)
        home.fill(device, "check", "top-ups", {"fluid": "oil", "amount": "500"}, "top-up", "500", who)
    else:
        name = f"{who} 的朋友"
        home.fill(device, "talk", "referrals", {"name": name}, "referral", name, who)


def _leave(home: Home, device: Device, who: str) -> None:
    if who == "zhou":
        device.go(f"{home.base}/check")
        if device.draw("#sign-owner"):
            home.done.append(("explained", "", home.scene.people[who]))
    home.fill(device, "effect", "effect", {"score": "4", "words": who}, "effect", who, who)
    home.fill(device, "effect", "leaving", {}, "signed out", "", who)


def _written(device: Device, before: set[str], seconds: float = 15) -> bool:
    """Whether the device has written one more deed down."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(Error):  # the page goes on while we ask
            if any(op["key"] not in before for op in device.waiting()):
                return True
        time.sleep(0.05)
    return False


def _put(device: Device, form: str, name: str, value: str) -> None:
    if name.startswith("_"):
        return
    place = device.page.locator(f'{form} [name="{name}"]')
    kind = place.first.get_attribute("type")
    if kind == "radio":
        device.page.locator(f'{form} [name="{name}"][value="{value}"]').check(force=True)
    else:
        place.first.fill(value)


def _home_again(scene: Scene, devices: list[Device], turns: int, seed: int) -> None:
    """The network flaps, and half way the house dies."""
    scene.proxy.slow = 0.02
    scene.proxy.become(Mode.PASS)
    over = scene.proxy.flap(seed, turns)
    while not over.done():
        for device in devices:
            _nudged(device)
    over.result()
    scene.house.kill()
    scene.house.start()
    scene.struck += 1
    for device in devices:
        device.drained()


def _nudged(device: Device) -> None:
    with suppress(Error):  # the page goes on by itself while it is asked
        device.nudge()
        device.page.wait_for_timeout(100)


def _account(home: Home) -> Account:
    """Deeds against rows: each is there once."""
    wanted, found = Counter(home.done), Counter(_rows(home))
    lost, doubled = wanted - found, found - wanted
    return Account(
        operations=len(home.done), lost=lost.total(), doubled=doubled.total(),
        words=[f"lost {one}" for one in lost] + [f"too many {one}" for one in doubled],
    )  # fmt: skip


def _rows(home: Home) -> list[Did]:
    tables: list[tuple[Any, Callable[[Any], Did]]] = [
        (VisitStep, lambda one: ("step", one.step, str(one.by_id))),
        (Talk, lambda one: ("talk", one.words, str(one.by_id))),
        (VisitFinding, lambda one: ("finding", one.name, str(one.by_id))),
        (TopUp, lambda one: ("top-up", str(one.amount), str(one.by_id))),
        (Referral, lambda one: ("referral", one.name, str(one.by_id))),
        (Effect, lambda one: ("effect", one.words, str(one.staff_id))),
        (Explanation, lambda one: ("explained", "", str(one.by_id))),
        (Presence, lambda one: ("signed in", "", str(one.staff_id))),
    ]
    rows: list[Did] = []
    with home.scene.house.database.session(writing=False, store=EVERY_STORE) as session:
        for table, told in tables:
            rows += map(told, session.scalars(select(table).where(table.visit_id == home.visit)))
        out = select(Presence).where(Presence.visit_id == home.visit, Presence.out_at.is_not(None))
        rows += [("signed out", "", str(one.staff_id)) for one in session.scalars(out)]
    return rows


def _joined(home: Home) -> None:
    """One visit, done once everybody is home, with everything of all three in it."""
    with home.scene.house.database.session(writing=False, store=EVERY_STORE) as session:
        visit = session.get_one(HomeVisit, home.visit)
        home.scene.expect(visit.state == "done", f"the visit is {visit.state}")
        home.scene.expect(len(presences.of_visit(session, visit)) == len(TEAM), "somebody was not there")
        spoke = {one.by_id for one in pieces.talks(session, visit)}
        home.scene.expect(len(spoke) == len(TEAM), "somebody said nothing")
        home.scene.expect(len(programme.done(session, visit)) == len(TEAM), "a step is missing")
        explained = visit_findings.explanation(session, visit)
        home.scene.expect(bool(explained and len(explained[0].finding_ids) == 3), "the owner signed for something else")
        run = visit_findings.run_of(session, visit)
        home.scene.expect(runs.progress(session, run).done >= 1, "the list was lost")


STEP = {"he": "greet", "lin": "models", "zhou": "check"}
