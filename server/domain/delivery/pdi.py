"""Pre-delivery inspection (PDI): checked on the phone, failed by a blocking ✕, reworked, re-checked, passed."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from server.database import Base, OfStore, Words, uuid7
from server.domain.billing import next_number
from server.domain.checklists import Ink, Progress, Reading, Run, runs, taps
from server.domain.delivery import deliveries
from server.domain.delivery.deliveries import Delivery
from server.domain.people import Person, Staff, notices
from server.domain.records import record
from server.domain.refusals import Invalid, N_, Said, WrongMove


class State(StrEnum):
    """The life of an inspection."""

    WAITING = "waiting"
    CHECKING = "checking"
    FAILED = "failed"
    PASSED = "passed"


MOVES: dict[State, set[State]] = {
    State.WAITING: {State.CHECKING},
    State.CHECKING: {State.FAILED, State.PASSED},
    State.FAILED: {State.CHECKING},
    State.PASSED: set(),
}
STATE_NAMES: dict[State, Words] = {
    State.WAITING: {"zh": "待检查", "en": "Not begun"},
    State.CHECKING: {"zh": "检查中", "en": "Being checked"},
    State.FAILED: {"zh": "不合格，待返工", "en": "Failed, in rework"},
    State.PASSED: {"zh": "合格", "en": "Passed"},
}


class Inspection(OfStore, Base):
    """The PDI of one delivery; a re-check goes on in the same run, so what was found before stays readable."""

    __tablename__ = "pdi_inspections"
    __table_args__ = (
        UniqueConstraint("store_id", "delivery_id"),
        Index("ix_pdi_inspections_state", "store_id", "state"),
    )

    number: Mapped[str | None]
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("deliveries.id"))
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("checklist_runs.id"))
    state: Mapped[str] = mapped_column(default=State.WAITING)
    rounds: Mapped[int] = mapped_column(default=0)
    inspector_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    reworks: Mapped[list[Any]] = mapped_column(default=list)
    passed_at: Mapped[datetime | None]

    delivery: Mapped[Delivery] = relationship()
    inspector: Mapped[Staff | None] = relationship()

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]


def open_for(session: Session, delivery: Delivery) -> Inspection:
    """Every planned delivery owes one."""
    inspection = Inspection(
        id=uuid7(), store_id=delivery.store_id, delivery=delivery, state=State.WAITING, rounds=0, reworks=[]
    )
    session.add(inspection)
    return inspection


def of(session: Session, delivery: Delivery) -> Inspection:
    """The inspection of a delivery."""
    query = select(Inspection).where(Inspection.store_id == delivery.store_id, Inspection.delivery_id == delivery.id)
    return session.scalars(query.options(joinedload(Inspection.inspector))).one()


def of_many(session: Session, several: Sequence[Delivery]) -> dict[UUID, Inspection]:
    """The inspections of several deliveries, by delivery."""
    query = select(Inspection).where(Inspection.delivery_id.in_([delivery.id for delivery in several]))
    return {inspection.delivery_id: inspection for inspection in session.scalars(query)}


def queue(session: Session, store_id: UUID) -> Sequence[Inspection]:
    """What the technicians have before them: by the time the customer comes."""
    query = (
        select(Inspection)
        .join(Delivery)
        .where(Inspection.store_id == store_id, Inspection.state != State.PASSED)
        .where(Delivery.state == deliveries.State.PLANNED)
        .options(
            joinedload(Inspection.inspector), joinedload(Inspection.delivery).joinedload(Delivery.car),
            joinedload(Inspection.delivery).joinedload(Delivery.model),
        )
        .order_by(Delivery.planned_at)
        .limit(50)
    )  # fmt: skip
    return session.scalars(query).all()


def start(session: Session, inspection: Inspection, *, by: Person) -> Run:
    """Begin with C05."""
    if inspection.delivery.state != deliveries.State.PLANNED:
        raise WrongMove(N_("This delivery is over; there is nothing to inspect."))
    run = runs.start(session, "C05", inspection, by=by, energy=inspection.delivery.energy)
    inspection.run_id, inspection.inspector_id, inspection.rounds = run.id, by.id, 1
    _move(session, inspection, State.CHECKING, "pdi.started", by=by)
    return run


def run_of(session: Session, inspection: Inspection) -> Run:
    """Its run of C05. Raises WrongMove before it was begun."""
    if inspection.run_id is None:
        raise WrongMove(N_("The PDI has not begun."))
    return session.get_one(Run, inspection.run_id)


def progress(inspection: Inspection, reading: Reading) -> Progress | None:
    """Where it stands in a reading of its run; None before it was begun."""
    return reading.progress(reading.runs[inspection.run_id]) if inspection.run_id else None


def why_not(progress: Progress) -> list[Said]:
    """What keeps the inspection from passing, in words."""
    reasons: list[Said] = []
    if progress.untouched:
        reasons.append(Said(N_("%(count)s items are still open"), count=len(progress.untouched)))
    reasons += [Said(N_("At fault: %(item)s"), item=question.text) for question in progress.blocking_faults]
    return reasons


def fail(session: Session, inspection: Inspection, *, by: Person) -> None:
    """A blocking ✕ stands: the car goes to rework."""
    faults = runs.progress(session, run_of(session, inspection)).blocking_faults
    if not faults:
        raise WrongMove(N_("Nothing blocking is at fault; the PDI can be passed."))
    _move(session, inspection, State.FAILED, "pdi.failed", by=by, faults=[fault.text for fault in faults])
    notices.tell(
        session, inspection.delivery.consultant_id, "delivery.locked", f"/deliveries/{inspection.delivery.number}",
        by=by, number=inspection.delivery.number, model=inspection.delivery.model.name,
    )  # fmt: skip


def rework(session: Session, inspection: Inspection, what: str, *, by: Person) -> None:
    """What was put right; the items at fault are looked at again."""
    if not what:
        raise Invalid.at("what", N_("Please write what was put right."))
    inspection.reworks = [*inspection.reworks, {"what": what, "by": by.title, "at": by.moment().isoformat()}]
    inspection.rounds += 1
    _move(session, inspection, State.CHECKING, "pdi.rework", by=by, what=what)


def sign_off(
    session: Session, inspection: Inspection, *, by: Person, name: str, ink: Ink | None,
    seen_at: datetime | None = None,
) -> None:  # fmt: skip
    """Pass and sign: everything answered, nothing blocking at fault. The delivery is unlocked."""
    run = run_of(session, inspection)
    if inspection.state == State.CHECKING:
        reasons = why_not(runs.progress(session, run))
        if reasons:
            raise WrongMove(N_("The PDI cannot pass yet: %(why)s."), why=reasons[0])
    taps.sign(session, run, by=by, role="technician", name=name, ink=ink, seen_at=seen_at)
    inspection.passed_at, inspection.inspector_id = taps.acted_at(run, by=by), by.id
    inspection.number = next_number(session, "PDI", by=by)
    _move(session, inspection, State.PASSED, "pdi.passed", by=by, number=inspection.number, rounds=inspection.rounds)
    runs.close(run)
    delivery = inspection.delivery
    delivery.pdi_passed_at = inspection.passed_at
    deliveries.move(session, delivery, deliveries.State.READY, "delivery.unlocked", by=by)
    notices.tell(
        session, delivery.consultant_id, "delivery.unlocked", f"/deliveries/{delivery.number}", by=by,
        number=delivery.number, model=delivery.model.name,
    )  # fmt: skip


def _move(session: Session, inspection: Inspection, to: State, verb: str, *, by: Person, **data: object) -> None:
    before = State(inspection.state)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This PDI is “%(now)s”; it cannot become “%(then)s”."), now=STATE_NAMES[before], then=STATE_NAMES[to]
        )
    inspection.state = to
    delivery = inspection.delivery
    record(
        session, verb, inspection, by=by, customer_id=delivery.customer_id, car_id=delivery.car_id,
        **{"from": before, "to": to, "delivery": delivery.number, **data},
    )  # fmt: skip
