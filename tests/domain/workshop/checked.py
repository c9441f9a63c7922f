"""Inspections for tests: a car that Zhou has finished, looked at by him, by Wu and by Qin."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from server.commands.demonstration.deliveries import tap_of
from server.domain.checklists import Question, Tap, taps
from server.domain.people import Person
from server.domain.workshop import RepairOrder, checking, tasks, working
from server.domain.workshop.checking import Checks
from server.domain.workshop.reworks import FINAL, SELF, TEAM
from tests.cast import VIN, Cast
from tests.domain.workshop.asked import a_car_in_work

WHO = {SELF: "zhou", TEAM: "wu", FINAL: "qin"}


def a_finished_car(session: Session, cast: Cast, vin: str = VIN, *, wash: bool = True) -> RepairOrder:
    """Its only job is done; the inspection waits for the technician."""
    order = a_car_in_work(session, cast, vin)
    order.wash = wash
    finish(session, order, by=cast.zhou)
    return order


def finish(session: Session, order: RepairOrder, *, by: Person) -> None:
    """Whatever is being worked on is done."""
    session.flush()
    for job in tasks.whole(session, order.id)[order.id].jobs:
        if job.state in ("working", "paused"):
            working.finish(session, job, by=by)
    session.flush()


def answer(session: Session, order: RepairOrder, level: str, by: Person, *, but: dict[str, str] | None = None) -> None:
    """Answer what a level asks; `but` gives other verdicts by code."""
    session.flush()
    checks = Checks(session, order)
    wrong = but or {}
    open_ones: Sequence[Question] = checks.part(level).questions
    for question in open_ones:
        if question.kind == "signature" or question.code == "C11-17":
            continue
        tap = Tap(verdict=wrong[question.code], note="不合格") if question.code in wrong else tap_of(question)
        taps.answer(session, checks.run, question.id, tap, by=by)
    session.flush()


def sign(session: Session, order: RepairOrder, level: str, by: Person) -> None:
    """Typed, not drawn."""
    checking.sign(session, order, level, by=by, name=by.display, ink=None)
    session.flush()


def check(session: Session, cast: Cast, order: RepairOrder, *levels: str) -> None:
    """These levels look, each by its own person, and find nothing."""
    for level in levels:
        by: Person = getattr(cast, WHO[level])
        answer(session, order, level, by)
        sign(session, order, level, by)
