"""Prospects: somebody who may buy a car, who looks after them, and when they are spoken to next."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words, now
from server.domain.catalogue import CarModel
from server.domain.customers import Customer
from server.domain.people import Person, Staff
from server.domain.records import record
from server.domain.records.events import Actor, Clock
from server.domain.refusals import N_, WrongMove


class State(StrEnum):
    """The life of a prospect."""

    OPEN = "open"
    ORDERED = "ordered"
    DELIVERED = "delivered"
    LOST = "lost"


MOVES: dict[State, set[State]] = {
    State.OPEN: {State.ORDERED, State.LOST},
    State.ORDERED: {State.DELIVERED, State.OPEN},
    State.DELIVERED: set(),
    State.LOST: {State.OPEN},
}
STATE_NAMES: dict[State, Words] = {
    State.OPEN: {"zh": "跟进中", "en": "Being followed up"},
    State.ORDERED: {"zh": "已下单", "en": "Has ordered"},
    State.DELIVERED: {"zh": "已交车", "en": "Has the car"},
    State.LOST: {"zh": "战败", "en": "Lost"},
}


class Prospect(OfStore, Versioned, Base):
    """One customer's wish for a car. Without a consultant it lies in the pool."""

    __tablename__ = "prospects"
    __table_args__ = (
        UniqueConstraint("store_id", "number"),
        Index("ix_prospects_whose", "store_id", "state", "consultant_id", "next_contact_at", "id"),
        Index("ix_prospects_next", "store_id", "state", "next_contact_at", "id"),
        Index("ix_prospects_grade", "store_id", "state", "grade", "next_contact_at", "id"),
        Index("ix_prospects_source", "store_id", "state", "source", "next_contact_at", "id"),
        Index("ix_prospects_model", "store_id", "state", "model_id", "next_contact_at", "id"),
        Index("ix_prospects_expected", "store_id", "state", "expected_on"),
        Index("ix_prospects_customer", "store_id", "customer_id"),
        Index("ix_prospects_created", "store_id", "created_at", "id"),
        Index("ix_prospects_ended", "store_id", "ended_at", "id"),
    )

    number: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.OPEN)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    consultant_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    consultant_since: Mapped[datetime]
    """Since when it is with this consultant, or in the pool."""
    grade: Mapped[str]
    first_grade: Mapped[str]
    expected_on: Mapped[date | None]
    """By when they mean to buy; decides the grade."""
    source: Mapped[str]
    sub_source: Mapped[str] = mapped_column(default="")
    model_id: Mapped[UUID | None] = mapped_column(ForeignKey("car_models.id"))
    competitors: Mapped[list[Any]]
    """What else they look at, in their own words."""
    wish: Mapped[str] = mapped_column(default="")
    referrer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    quiet: Mapped[bool] = mapped_column(default=False)
    """The customer does not want to be contacted: nothing falls due."""
    next_contact_at: Mapped[datetime]
    next_method: Mapped[str]
    first_contact_at: Mapped[datetime | None]
    last_contact_at: Mapped[datetime | None]
    overdue_times: Mapped[int] = mapped_column(default=0)
    overdue_counted_at: Mapped[datetime | None]
    """When it was last counted as overdue; a later contact can be missed anew."""
    climbed_at: Mapped[datetime | None]
    """When the manager was told of it."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was last ordered, delivered or lost."""

    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
    consultant: Mapped[Staff | None] = relationship(foreign_keys=[consultant_id])
    model: Mapped[CarModel | None] = relationship(foreign_keys=[model_id])
    referrer: Mapped[Customer | None] = relationship(foreign_keys=[referrer_id])

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be won."""
        return self.state == State.OPEN

    @property
    def in_pool(self) -> bool:
        """Whether nobody looks after it and anybody may take it."""
        return self.is_open and self.consultant_id is None

    @property
    def is_due(self) -> bool:
        """Whether somebody has to speak to them at all."""
        return self.is_open and not self.quiet and self.consultant_id is not None

    def is_overdue(self, at: datetime) -> bool:
        """Whether the time for that has passed."""
        return self.is_due and self.next_contact_at < at


def move(session: Session, prospect: Prospect, to: State, verb: str, *, by: Actor | Clock, **data: Any) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = State(prospect.state)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This prospect is “%(now)s”; it cannot become “%(then)s”."),
            now=STATE_NAMES[before],
            then=STATE_NAMES[to],
        )
    prospect.state = to
    prospect.ended_at = None if to is State.OPEN else now()
    prospect.version += 1
    tell(session, verb, prospect, by=by, from_=before, to=to, **data)


def tell(session: Session, verb: str, prospect: Prospect, *, by: Actor | Clock, **data: Any) -> None:
    """Write into the record of events what happened to a prospect."""
    said = {name.rstrip("_"): value for name, value in data.items()}
    customer_id = prospect.customer_id or prospect.customer.id
    record(session, verb, prospect, by=by, customer_id=customer_id, car_id=None, number=prospect.number, **said)


def next_day(moment: datetime, by: Person, days: int = 1) -> datetime:
    """Some days later, at the hour at which calls are made."""
    return calling_hour(moment.astimezone(by.zone).date() + timedelta(days=days), by.zone)


def calling_hour(day: date, zone: ZoneInfo) -> datetime:
    """The hour of a day at which calls are made."""
    return datetime.combine(day, time(10), zone)
