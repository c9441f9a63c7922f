"""When each round of the house was made last, and who is on it: one process at a time."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, uuid7


class Turn(Base):
    """The last turn of a round; it belongs to the house, not to a store."""

    __tablename__ = "rounds"

    name: Mapped[str] = mapped_column(primary_key=True)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    lease: Mapped[UUID]
    fault: Mapped[str]
    """Why the last turn was broken off; empty when it was not."""


def is_due(session: Session, name: str, at: datetime, every: timedelta) -> bool:
    """Whether it is time again and nobody is on it."""
    last = session.get(Turn, name)
    return last is None or (last.begun_at <= at - every and (last.leased_until is None or last.leased_until < at))


def take(session: Session, name: str, at: datetime, every: timedelta, lasts: timedelta) -> UUID | None:
    """Take this turn; None when it is not time yet, or another process was quicker. Who does not end it loses it."""
    lease = uuid7()
    free = or_(Turn.leased_until.is_(None), Turn.leased_until < at)
    again = update(Turn).where(Turn.name == name, Turn.begun_at <= at - every, free)
    held = again.values(begun_at=at, ended_at=None, leased_until=at + lasts, lease=lease).returning(Turn.name)
    if session.scalar(held) is not None:
        return lease
    known = session.scalar(select(Turn.name).where(Turn.name == name))
    return lease if known is None and _first(session, name, at, at + lasts, lease) else None


def end(session: Session, name: str, lease: UUID, at: datetime, fault: str = "") -> None:
    """The turn is over, unless it took so long that somebody else has begun the next."""
    mine = update(Turn).where(Turn.name == name, Turn.lease == lease)
    session.execute(mine.values(ended_at=at, leased_until=None, fault=fault))


def _first(session: Session, name: str, at: datetime, until: datetime, lease: UUID) -> bool:
    try:
        with session.begin_nested():
            session.add(Turn(name=name, begun_at=at, ended_at=None, leased_until=until, lease=lease, fault=""))
    except IntegrityError:  # two processes made the very first turn at once
        return False
    return True
