"""Handing data over: a customer from sales to service when the car is delivered, and all that a leaver holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words, now, uuid7
from server.domain.billing import next_number
from server.domain.care import handover_papers
from server.domain.catalogue import value_of
from server.domain.customers import Customer
from server.domain.delivery import Delivery
from server.domain.people import Person, Right, Role, Staff, Store, absences, notices
from server.domain.people.staff import able, with_role
from server.domain.records import record
from server.domain.records.events import Actor, Clock
from server.domain.refusals import N_, NotAllowed, NotThere, WrongMove

DELIVERY, LEAVING = "delivery", "leaving"


class State(StrEnum):
    """The life of a handover of data."""

    OFFERED = "offered"
    TAKEN = "taken"


MOVES: dict[State, set[State]] = {State.OFFERED: {State.TAKEN}, State.TAKEN: set()}
STATE_NAMES: dict[State, Words] = {
    State.OFFERED: {"zh": "待接收", "en": "To be taken over"},
    State.TAKEN: {"zh": "已接收", "en": "Taken over"},
}


class DataHandover(OfStore, Versioned, Base):
    """Who hands what is known of whom to whom; with a receipt once it is taken over."""

    __tablename__ = "data_handovers"
    __table_args__ = (
        UniqueConstraint("store_id", "number"),
        UniqueConstraint("delivery_id"),
        Index("ix_data_handovers_to", "store_id", "to_id", "state", "due_at"),
        Index("ix_data_handovers_made", "store_id", "made_at", "id"),
    )

    number: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.OFFERED)
    delivery_id: Mapped[UUID | None] = mapped_column(ForeignKey("deliveries.id"))
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"), index=True)
    from_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    to_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    """Nobody in particular: what somebody left behind is dealt out, the lines say to whom."""
    lines: Mapped[list[Any]]
    """What was left behind: `{"what", "count", "to": [{"name", "count", "numbers"}]}`."""
    note: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    climbed_at: Mapped[datetime | None]
    """When the managers were told that nobody has taken it over in time."""

    delivery: Mapped[Delivery | None] = relationship()
    customer: Mapped[Customer | None] = relationship()
    giver: Mapped[Staff] = relationship(foreign_keys=[from_id])
    taker: Mapped[Staff | None] = relationship(foreign_keys=[to_id])

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be taken over."""
        return self.state == State.OFFERED

    def is_late(self, at: datetime) -> bool:
        """Whether it should have been taken over by then."""
        return self.is_open and self.due_at < at


class Reach:
    """Who hands over or takes over sees it; who keeps the staff sees all of the store."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session = session
        query = select(DataHandover).where(DataHandover.store_id == person.store_id)
        if not person.may(Right.SEE_CUSTOMERS):
            query = query.where(DataHandover.id.is_(None))
        elif not person.may(Right.KEEP_STAFF):
            takers = [person.id, *absences.covered_by(session, person)]
            query = query.where(or_(DataHandover.from_id == person.id, DataHandover.to_id.in_(takers)))
        self.query = query.options(
            joinedload(DataHandover.customer), joinedload(DataHandover.giver), joinedload(DataHandover.taker),
            joinedload(DataHandover.delivery).options(joinedload(Delivery.model), joinedload(Delivery.car)),
        )  # fmt: skip

    def one(self, handover_id: UUID) -> DataHandover:
        """By its identity. Raises NotThere."""
        found = self.session.scalar(self.query.where(DataHandover.id == handover_id))
        if found is None:
            raise NotThere
        return found

    def open(self, most: int = 100) -> Sequence[DataHandover]:
        """What is still to be taken over, the longest waiting first."""
        query = self.query.where(DataHandover.state == State.OFFERED)
        return self.session.scalars(query.order_by(DataHandover.due_at, DataHandover.id).limit(most)).all()

    def done(self, most: int = 50) -> Sequence[DataHandover]:
        """What was taken over, newest first."""
        query = self.query.where(DataHandover.state == State.TAKEN)
        return self.session.scalars(query.order_by(DataHandover.made_at.desc(), DataHandover.id).limit(most)).all()


def visible_to(session: Session, person: Person) -> Reach:
    """What this person may see."""
    return Reach(session, person)


def offer(session: Session, delivery: Delivery, *, by: Person) -> DataHandover:
    """The car is delivered: its advisor is to take the customer over, within the store's hours."""
    hours: int = value_of(session, by.store_id, "data_handover")["hours"]
    handover = DataHandover(
        id=uuid7(), store_id=by.store_id, number=next_number(session, "YJ", by=by), kind=DELIVERY,
        state=State.OFFERED, delivery=delivery, customer=delivery.customer, from_id=delivery.consultant_id,
        to_id=delivery.advisor_id, lines=[], note="", made_at=now(), due_at=now() + timedelta(hours=hours),
    )  # fmt: skip
    session.add(handover)
    session.flush()  # the event points at it
    tell(session, "data_handover.offered", handover, by=by, who=delivery.advisor.title)
    return handover


def take(session: Session, handover: DataHandover, *, by: Person, note: str = "") -> None:
    """The customer is looked after by service from now on; what they agreed to travels along, and a receipt says so."""
    if not may_take(session, handover, by):
        raise WrongMove(N_("Somebody else is to take this customer over."))
    handover.taken_at, handover.taken_by, handover.note = by.moment(), by.id, note
    if handover.customer is not None:
        handover.customer.advisor_id = handover.to_id
    move(session, handover, State.TAKEN, "data_handover.taken", by=by)
    handover_papers.issue_of_delivery(session, handover, by=by)
    notices.tell(
        session, handover.from_id, "data_handover.taken", f"/data-handovers/{handover.id}", by=by,
        customer=handover.customer.name if handover.customer else "",
    )  # fmt: skip


def may_take(session: Session, handover: DataHandover, person: Person) -> bool:
    """Whoever it is meant for, who stands in for them, and who keeps the staff."""
    if not handover.is_open:
        return True  # the life of it says no, with its reason
    if person.id == handover.to_id or person.may(Right.KEEP_STAFF):
        return True
    return handover.to_id in absences.covered_by(session, person)


def redirect(session: Session, handover: DataHandover, to: Staff, *, by: Person) -> None:
    """Another advisor is to take the customer over. Raises WrongMove, NotAllowed."""
    if not by.may(Right.KEEP_STAFF):
        raise NotAllowed
    if not handover.is_open or to.id == handover.to_id or not able([to], Right.WRITE_ORDERS):
        raise WrongMove(N_("Choose somebody else: this one has it."))
    handover.taker = to
    handover.version += 1
    tell(session, "data_handover.redirected", handover, by=by, who=to.title)
    assert handover.customer is not None  # what somebody left behind is taken at once
    notices.tell(
        session, to.id, "data_handover.offered", f"/data-handovers/{handover.id}", by=by,
        customer=handover.customer.name,
    )  # fmt: skip


def climb(session: Session, store: Store, at: datetime) -> int:
    """What nobody has taken over in time is told to the managers, once; how many it were."""
    query = select(DataHandover).where(DataHandover.store_id == store.id, DataHandover.state == State.OFFERED)
    query = query.where(DataHandover.due_at < at, DataHandover.climbed_at.is_(None))
    late = session.scalars(query.options(joinedload(DataHandover.taker)).limit(500)).all()
    for handover in late:
        for manager in with_role(session, store.id, Role.MANAGER):
            assert handover.customer is not None  # only those of a delivery wait
            assert handover.taker is not None
            notices.remind(
                session, store.id, manager.id, "data_handover.late", f"/data-handovers/{handover.id}", at=at,
                customer=handover.customer.name, who=handover.taker.title,
            )  # fmt: skip
    session.execute(update(DataHandover).where(DataHandover.id.in_([one.id for one in late])).values(climbed_at=at))
    return len(late)


def move(session: Session, handover: DataHandover, to: State, verb: str, *, by: Actor | Clock, **data: Any) -> None:
    """The one way from state to state. Raises WrongMove."""
    if to not in MOVES[State(handover.state)]:
        raise WrongMove(N_("This customer was taken over already."))
    handover.state = to
    handover.version += 1
    tell(session, verb, handover, by=by, **data)


def tell(session: Session, verb: str, handover: DataHandover, *, by: Actor | Clock, **data: Any) -> None:
    """Write down what happened to it."""
    car = handover.delivery.car_id if handover.delivery else None
    record(session, verb, handover, by=by, customer_id=handover.customer_id, car_id=car, number=handover.number, **data)
