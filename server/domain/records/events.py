"""The record of events: who did what, when, to what; only ever added to, chained by hash per store."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from server.database import Base, OfStore, add_many, now, uuid7

FIRST = "0" * 64
TURN = "huanche_turn"

Reaction = Callable[..., None]
"""`(session, subject, *, by)`: what a deed sets off in the same transaction."""
REACTIONS: dict[str, Reaction] = {}
"""By verb; filled from `domain/reactions.py`, where all of them stand on one page."""
REACTIONS_OF_MANY: dict[str, Reaction] = {}
"""The same for a whole batch: `(session, subjects, *, by)`, asking the database as often as for one."""


class Actor(Protocol):
    """Who does it: always named, because a replayed tap acts for someone who is not at the desk."""

    @property
    def id(self) -> UUID: ...
    @property
    def store_id(self) -> UUID: ...
    @property
    def display(self) -> str: ...
    @property
    def acted_at(self) -> datetime | None:
        """When it was done, where the deed waited on a device."""
        ...

    def moment(self) -> datetime:
        """When the deed was done: on the device, if it waited there, else now."""
        ...


@dataclass(frozen=True)
class Clock:
    """Nobody did it: its time had come."""

    store_id: UUID
    id: None = None
    display: str = "环车"
    acted_at: None = None

    def moment(self) -> datetime:
        """Now."""
        return now()


class Event(OfStore, Base):
    """One thing that happened. `data` holds from, to and why."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("store_id", "position"),
        Index("ix_events_subject", "store_id", "subject_id", "position"),
        Index("ix_events_customer", "store_id", "customer_id", "position"),
        Index("ix_events_car", "store_id", "car_id", "position"),
    )

    position: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    actor: Mapped[str]
    verb: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    customer_id: Mapped[UUID | None]
    car_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]]
    previous: Mapped[str]
    hash: Mapped[str]

    def digest(self) -> str:
        """SHA-256 over everything the event says and the hash before it."""
        said = (
            self.store_id, self.position, self.at, self.actor_id, self.actor, self.verb, self.subject,
            self.subject_id, self.customer_id, self.car_id, self.data, self.previous,
        )  # fmt: skip
        return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()


class EventHead(Base):
    """The end of a store's chain; locked by whoever adds to it."""

    __tablename__ = "event_heads"

    store_id: Mapped[UUID] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    position: Mapped[int]
    hash: Mapped[str]


def record(
    session: Session, verb: str, subject: Any, *, by: Actor | Clock, customer_id: UUID | None = None,
    car_id: UUID | None = None, **data: Any,
) -> Event:  # fmt: skip
    """Add to the store's chain, in the transaction of the deed itself. `subject` is the row it happened to.

    `at` is when the house heard of it, which orders the chain; `acted_at` in the data when it was done on a device.
    """
    event = _next(session, verb, subject, customer_id, car_id, data, by)
    session.add(event)
    if verb in REACTIONS:
        REACTIONS[verb](session, subject, by=by)
    return event


def record_many(
    session: Session, verb: str, happened: Sequence[tuple[Any, UUID | None, dict[str, Any]]], *, by: Actor | Clock
) -> None:
    """The same deed done to many: each its own event, with its subject, customer and data, and one reaction for all."""
    add_many(session, [_next(session, verb, subject, who, None, data, by) for subject, who, data in happened])
    if verb in REACTIONS_OF_MANY and happened:
        REACTIONS_OF_MANY[verb](session, [subject for subject, _, _ in happened], by=by)


def take_turn(session: Session, store_id: UUID) -> EventHead:
    """The end of the chain, locked from the first asking until the transaction ends: other writers wait here."""
    held: tuple[SessionTransaction | None, EventHead] | None = session.info.get(TURN)
    if held and held[0] is session.get_transaction() and held[1].store_id == store_id:
        return held[1]
    head = session.get(EventHead, store_id, with_for_update=True, populate_existing=True)
    if head is None:
        head = EventHead(store_id=store_id, position=0, hash=FIRST)
        session.add(head)
    session.info[TURN] = (session.get_transaction(), head)
    return head


def _next(
    session: Session, verb: str, subject: Any, customer_id: UUID | None, car_id: UUID | None, data: dict[str, Any],
    by: Actor | Clock,
) -> Event:  # fmt: skip
    if by.acted_at is not None:
        data = data | {"acted_at": by.acted_at}
    head = take_turn(session, by.store_id)
    event = Event(
        id=uuid7(), store_id=by.store_id, position=head.position + 1, at=now(), actor_id=by.id, actor=by.display,
        verb=verb, subject=subject.__tablename__, subject_id=subject.id, customer_id=customer_id, car_id=car_id,
        data=msgspec.to_builtins(data), previous=head.hash,
    )  # fmt: skip
    event.hash = event.digest()
    head.position, head.hash = event.position, event.hash
    return event


def first_break(session: Session, store_id: UUID) -> Event | None:
    """Walk a store's chain from its beginning; the first event that does not fit, or None."""
    expected = FIRST
    for position, event in enumerate(_chain(session, store_id), 1):
        if event.position != position or event.previous != expected or event.digest() != event.hash:
            return event
        expected = event.hash
    return None


def chain_is_cut(session: Session, store_id: UUID) -> bool:
    """Whether the newest events are missing: the head knows how long the chain was."""
    head = session.get(EventHead, store_id)
    last = session.scalar(select(Event).where(Event.store_id == store_id).order_by(Event.position.desc()).limit(1))
    return (head.hash if head else FIRST) != (last.hash if last else FIRST)


def _chain(session: Session, store_id: UUID) -> Iterator[Event]:
    query = select(Event).where(Event.store_id == store_id).order_by(Event.position)
    yield from session.scalars(query.execution_options(yield_per=500))
