"""The three-level inspection (C11): the technician, the team leader, the inspector, three different people.

A fault sends the car back to work and counts as an internal comeback; after it all three look again.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.checklists import Ink, Progress, Question, Run, runs, taps
from server.domain.checklists.findings import FAULT
from server.domain.checklists.runs import CLOSED, Signature
from server.domain.checklists.sheets import Part
from server.domain.people import Person, Right, notices
from server.domain.people.staff import with_right
from server.domain.refusals import Invalid, N_, NotAllowed, Refusal, WrongMove
from server.domain.workshop import asking, check_papers
from server.domain.workshop.clockings import Clocking
from server.domain.workshop.order_lines import JobState, OrderJob, move_job
from server.domain.workshop.repair_orders import RepairOrder, State, move, tell
from server.domain.workshop.reworks import FINAL, LEVEL_NAMES, LEVELS, SELF, TEAM, WASHED, Rework
from server.domain.workshop.tasks import TO_DO, whole

CODE = "C11"
ROLE = {SELF: "technician", TEAM: "leader", FINAL: "inspector"}
RIGHT = {SELF: Right.WORK, TEAM: Right.INSPECT_WORK, FINAL: Right.FINAL_INSPECT}
REWORK = "rework"
"""Why a job pauses that was sent back."""


class Checks:
    """Where the inspection of an order stands: who signed what since the car last went back, and whose turn it is."""

    def __init__(self, session: Session, order: RepairOrder, progress: Progress | None = None) -> None:
        """Raises WrongMove before it was begun."""
        if order.inspection_run_id is None:
            raise WrongMove(N_("The inspection has not begun."))
        self.order = order
        self.run = session.get_one(Run, order.inspection_run_id)
        self.progress = progress or runs.progress(session, self.run)
        self.reworks = reworks_of(session, order)
        self.workers = workers(session, order)

    @property
    def since(self) -> datetime:
        """What was signed before then counts no more."""
        return max([self.run.started_at, *(one.found_at for one in self.reworks)])

    def part(self, level: str) -> Part:
        """The section of a level."""
        return next(part for part in self.progress.sheet.parts if part.code == level)

    def level_of(self, section_id: UUID) -> str:
        """The level of a section."""
        return next(part.code for part in self.progress.sheet.parts if part.id == section_id)

    def signed(self, level: str) -> Signature | None:
        """The signature of a level, if what it covers stands and the car has not gone back since."""
        found = self.progress.signature(self.part(level).id, ROLE[level])
        assert found is None or isinstance(found, Signature)
        return found if found and found.at >= self.since else None

    @property
    def turn(self) -> str | None:
        """The level that is looked at now; None when all three have signed."""
        return next((level for level in LEVELS if self.signed(level) is None), None)

    @property
    def has_passed(self) -> bool:
        """Whether nothing but the wash is left."""
        return self.order.inspected_at is not None

    def missing(self, level: str) -> list[Question]:
        """What of a level is still open or at fault."""
        asked = (question for question in self.part(level).questions if question.code != WASHED)
        return [one for one in asked if self.progress.is_open(one) or self.progress.verdict(one) == FAULT]

    def faults(self) -> list[Question]:
        """What is at fault at any level."""
        return [one for one in self.progress.sheet.questions() if self.progress.verdict(one) == FAULT]

    def why_not(self, level: str, person: Person) -> Refusal | None:
        """Why somebody does not look at this level now; None when they may."""
        if not person.may(RIGHT[level]):
            return NotAllowed()
        if self.order.state != State.INSPECTION or self.has_passed:
            return WrongMove(N_("Nothing is checked now: the order is “%(now)s”."), now=self.order.state_name)
        if self.turn != level:
            return WrongMove(N_("Another check comes first, or this one is signed."))
        return self._why_not_them(level, person)

    def _why_not_them(self, level: str, person: Person) -> Refusal | None:
        if level == SELF and person.id not in self.workers:
            return WrongMove(N_("Who worked on the car checks their own work first."))
        if level != SELF and person.id in self.workers:
            return WrongMove(N_("Nobody checks their own work."))
        signers = {one.by_id for other in LEVELS if other != level and (one := self.signed(other))}
        if person.id in signers:
            return WrongMove(N_("Three different people check a car. You have signed already."))
        return None


def begin(session: Session, order: RepairOrder, *, by: Person) -> Run:
    """Begin, when the work has ended; a car that went back goes on in the same list. Raises WrongMove."""
    if order.state != State.INSPECTION:
        raise WrongMove(N_("Nothing is checked now: the order is “%(now)s”."), now=order.state_name)
    if order.inspection_run_id is not None:
        run = session.get_one(Run, order.inspection_run_id)
        if run.state != CLOSED:
            return run
    run = runs.start(session, CODE, order, by=by, energy=order.car.energy or "ice")
    order.inspection_run_id = run.id
    tell(session, "check.begun", order, by=by)
    return run


def sign(
    session: Session, order: RepairOrder, level: str, *, by: Person, name: str, ink: Ink | None,
    seen_at: datetime | None = None,
) -> None:  # fmt: skip
    """One level is good; after the last one the car has passed. Raises NotAllowed, WrongMove, Invalid."""
    order = whole(session, order.id)[order.id]
    checks = Checks(session, order)
    if refusal := checks.why_not(level, by):
        raise refusal
    if missing := checks.missing(level):
        raise WrongMove(N_("Open or at fault: %(item)s"), item=missing[0].text)
    if level == FINAL:
        _nothing_is_left(session, order)
    signed = taps.sign(
        session, checks.run, by=by, role=ROLE[level], name=name, ink=ink, section_id=checks.part(level).id,
        seen_at=seen_at,
    )  # fmt: skip
    tell(session, "check.signed", order, by=by, level=level)
    if level == FINAL:
        _pass(session, order, checks, signed.device_at or signed.at, by=by)
        return
    onward = LEVELS[LEVELS.index(level) + 1]
    next_ones = [staff.id for staff in with_right(session, by.store_id, RIGHT[onward]) if staff.id != by.id]
    notices.tell_all(
        session, next_ones, "check.owed", f"{order.address}/inspection", by=by, number=order.number,
        level=LEVEL_NAMES[onward],
    )  # fmt: skip


def fail(
    session: Session, order: RepairOrder, level: str, jobs: Sequence[UUID], why: str, *, by: Person
) -> list[Rework]:  # fmt: skip
    """Back to work with these jobs and the reason; who did them is told. Raises Invalid at `jobs` or `why`, WrongMove.

    From the inspection by whose turn it is; from a car that is ready by who inspects last.
    """
    order = whole(session, order.id)[order.id]
    _may_fail(session, order, level, by)
    done = {job.id: job for job in order.jobs if job.state == JobState.DONE}
    if not jobs or not set(jobs) <= set(done):
        raise Invalid.at("jobs", N_("Choose which job has to be done again."))
    if not why:
        raise Invalid.at("why", N_("Write what is wrong."))
    made = [_send_back(session, order, done[job_id], level, why, by=by) for job_id in jobs]
    order.inspected_at = order.ready_at = order.wash_started_at = order.washed_at = None
    move(session, order, State.IN_WORK, "check.failed", by=by, why=why, level=level)
    whose = {job.technician_id for job in made if job.technician_id}
    notices.tell_all(session, whose, "check.failed", "/my-jobs", by=by, number=order.number, why=why)
    notices.settle(session, "check.owed", f"{order.address}/inspection", by=by)
    return made


def start_wash(session: Session, order: RepairOrder, *, by: Person) -> None:
    """Somebody takes the car to the wash. Raises WrongMove before it has passed."""
    _require_passed(order)
    if not order.wash:
        raise WrongMove(N_("The customer wants no wash."))
    move(session, order, State.WASHING, "repair_order.wash_started", by=by)
    order.wash_started_at = _not_before(order.inspected_at, by)


def end_wash(session: Session, order: RepairOrder, *, by: Person) -> None:
    """Washed: the car is ready."""
    if order.state != State.WASHING:
        raise WrongMove(N_("This car is not being washed."))
    at = order.washed_at = _not_before(order.wash_started_at, by)
    _make_ready(session, order, at, by=by)


def skip_wash(session: Session, order: RepairOrder, *, by: Person) -> None:
    """The customer is in a hurry: ready without a wash. Raises WrongMove before it has passed."""
    _require_passed(order)
    order.wash = False
    _make_ready(session, order, _not_before(order.inspected_at, by), by=by)


def workers(session: Session, order: RepairOrder) -> set[UUID]:
    """Who worked on the car."""
    clocked = select(Clocking.technician_id).join(OrderJob, OrderJob.id == Clocking.order_job_id)
    given = select(OrderJob.technician_id).where(
        OrderJob.store_id == order.store_id, OrderJob.order_id == order.id, OrderJob.state == JobState.DONE
    )
    ids = set(session.scalars(clocked.where(Clocking.store_id == order.store_id, OrderJob.order_id == order.id)))
    return ids | {one for one in session.scalars(given) if one is not None}


def reworks_of(session: Session, order: RepairOrder) -> Sequence[Rework]:
    """How often, why and by whom the car went back, in order."""
    query = select(Rework).where(Rework.store_id == order.store_id, Rework.order_id == order.id)
    return session.scalars(query.order_by(Rework.found_at, Rework.id)).all()


def _nothing_is_left(session: Session, order: RepairOrder) -> None:
    if any(job.state in TO_DO for job in order.jobs):
        raise WrongMove(N_("A job of this car is not done."))
    waiting = [extra for extra in asking.unanswered(session, order) if extra.is_waiting]
    if waiting:
        raise WrongMove(N_("The customer has not answered extra work %(number)s."), number=waiting[0].number)


def _pass(session: Session, order: RepairOrder, checks: Checks, at: datetime, *, by: Person) -> None:
    runs.close(checks.run)
    passed = order.inspected_at = max(at, order.work_ended_at or at)
    notices.settle(session, "check.owed", f"{order.address}/inspection", by=by)
    tell(session, "repair_order.passed", order, by=by)
    check_papers.issue(session, order, checks.run, checks.reworks, by=by)
    if not order.wash:
        _make_ready(session, order, passed, by=by)


def _may_fail(session: Session, order: RepairOrder, level: str, by: Person) -> None:
    if level not in LEVELS:
        raise Invalid.at("level", N_("Choose one of the offered."))
    if order.state == State.READY and level == FINAL:
        if not by.may(Right.FINAL_INSPECT):
            raise NotAllowed
        return
    if refusal := Checks(session, order).why_not(level, by):
        raise refusal


def _send_back(session: Session, order: RepairOrder, job: OrderJob, level: str, why: str, *, by: Person) -> Rework:
    """Its technician clocks on to it again: until then it pauses."""
    rework = Rework(
        id=uuid7(), store_id=order.store_id, order_id=order.id, order_job_id=job.id, technician_id=job.technician_id,
        level=level, why=why, found_by=by.id, found_at=now(),
    )  # fmt: skip
    session.add(rework)
    move_job(session, order, job, JobState.WORKING, "job.sent_back", by=by, why=why, level=level)
    move_job(session, order, job, JobState.PAUSED, "job.paused", by=by, why=REWORK)
    return rework


def _make_ready(session: Session, order: RepairOrder, at: datetime, *, by: Person) -> None:
    order.ready_at = at
    move(session, order, State.READY, "repair_order.ready", by=by)
    notices.tell(session, order.advisor_id, "repair_order.ready", order.address, by=by, number=order.number)


def _require_passed(order: RepairOrder) -> None:
    if order.state != State.INSPECTION or order.inspected_at is None:
        raise WrongMove(N_("This car has not passed its inspection."))


def _not_before(earlier: datetime | None, by: Person) -> datetime:
    return max(min(by.moment(), now()), earlier or by.moment())
