"""The promised time: proposed, given, and every change of it with whether the customer agreed."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, now
from server.domain.catalogue import value_of
from server.domain.people import Person, Right
from server.domain.people.staff import with_right
from server.domain.refusals import Invalid, N_, WrongMove
from server.domain.workshop.order_lines import JobState, OrderJob
from server.domain.workshop.repair_orders import OPEN, RepairOrder, State, tell

RULES = "promise_rules"
UNDONE = (JobState.APPROVED, JobState.WORKING, JobState.PAUSED)
MINUTES_OF_AN_HOUR, HUNDREDTHS = 60, 100


class PromiseChange(OfStore, Base):
    """One change of a promised time; only ever added."""

    __tablename__ = "promise_changes"
    __table_args__ = (Index("ix_promise_changes_order", "store_id", "order_id", "at"),)

    order_id: Mapped[UUID] = mapped_column(ForeignKey("repair_orders.id"))
    before: Mapped[datetime | None]
    after: Mapped[datetime]
    agreed: Mapped[bool]
    """Whether the customer agreed to it."""
    why: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))


def propose(session: Session, order: RepairOrder, jobs: Iterable[OrderJob], at: datetime, zone: ZoneInfo) -> datetime:
    """When the car may be ready: what stands before it shared among who works, its own hours, inspection and wash."""
    rules: dict[str, Any] = value_of(session, order.store_id, RULES)
    ahead = _minutes(_hours_ahead(session, order)) // max(1, len(with_right(session, order.store_id, Right.WORK)))
    own = _minutes(sum(job.hours for job in jobs))
    minutes = ahead + own + rules["inspect_minutes"] + (rules["wash_minutes"] if order.wash else 0)
    return _laid(at.astimezone(zone), minutes, rules)


def promise(session: Session, order: RepairOrder, at: datetime, *, by: Person) -> None:
    """Tell the customer a time, before they sign. Raises Invalid at `promised_at`, WrongMove."""
    if order.state != State.INTAKE:
        raise WrongMove(N_("A time was promised; change it with the customer."))
    if at <= order.arrived_at:
        raise Invalid.at("promised_at", N_("This is before the car came."))
    if order.promised_at != at:
        order.promised_at = at
        order.version += 1
        tell(session, "repair_order.promised", order, by=by, at=at)


def change(session: Session, order: RepairOrder, after: datetime, *, by: Person, agreed: bool, why: str) -> None:
    """Another time than promised. It counts when the customer agreed; both stay on record.

    Raises Invalid at `promised_at` or `why`, WrongMove.
    """
    if order.state == State.INTAKE or not order.is_open:
        raise WrongMove(N_("There is no promise to change now."))
    if not why:
        raise Invalid.at("why", N_("Please fill this in."))
    if after <= order.arrived_at or after == order.promised_at:
        raise Invalid.at("promised_at", N_("Give another time."))
    session.add(
        PromiseChange(
            store_id=order.store_id, order_id=order.id, before=order.promised_at, after=after, agreed=agreed, why=why,
            at=by.moment(), by_id=by.id,
        )
    )  # fmt: skip
    before = order.promised_at
    if agreed:
        order.promised_at = after
    order.version += 1
    tell(session, "repair_order.promise_changed", order, by=by, before=before, after=after, agreed=agreed, why=why)


def changes(session: Session, order: RepairOrder) -> Sequence[PromiseChange]:
    """All changes, in order."""
    query = select(PromiseChange).where(PromiseChange.store_id == order.store_id, PromiseChange.order_id == order.id)
    return session.scalars(query.order_by(PromiseChange.at, PromiseChange.id)).all()


def due_at(order: RepairOrder, changed: Iterable[PromiseChange]) -> datetime | None:
    """The time by which punctuality counts: a change counts when it was agreed before the time it replaced had come."""
    due = order.first_promised_at or order.promised_at
    for one in changed:
        if due is not None and one.agreed and one.at <= due:
            due = one.after
    return due


def is_late(order: RepairOrder, at: datetime | None = None) -> bool:
    """Whether the car is past its promise and still not ready."""
    ready = order.ready_at if order.state in (State.READY, State.SETTLED, State.CLOSED) else None
    return order.promised_at is not None and (ready or at or now()) > order.promised_at


def _hours_ahead(session: Session, order: RepairOrder) -> int:
    query = select(func.sum(OrderJob.hours)).join(RepairOrder, RepairOrder.id == OrderJob.order_id)
    query = query.where(RepairOrder.store_id == order.store_id, RepairOrder.state.in_(OPEN), RepairOrder.id != order.id)
    return session.scalar(query.where(OrderJob.state.in_(UNDONE))) or 0


def _minutes(hours: int) -> int:
    return -(-hours * MINUTES_OF_AN_HOUR // HUNDREDTHS)


def _laid(at: datetime, minutes: int, rules: dict[str, Any]) -> datetime:
    """So many minutes of opening hours later, rounded up."""
    opens, closes, step = (timedelta(minutes=rules[name]) for name in ("opens", "closes", "round_minutes"))
    left = timedelta(minutes=minutes)
    while True:
        midnight = datetime.combine(at.date(), time(), at.tzinfo)
        begins = max(at, midnight + opens)
        if begins + left <= midnight + closes:
            since = begins + left - midnight
            return midnight + -(-since // step) * step
        left -= max(timedelta(0), midnight + closes - begins)
        at = midnight + timedelta(days=1)
