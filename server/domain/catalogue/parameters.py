"""Parameters: the store's own numbers and limits, each from a day on."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Document, OfStore, Versioned, Words, uuid7
from server.domain.catalogue.validity import today
from server.domain.people import Person
from server.domain.records import record


class Parameter(OfStore, Versioned, Base):
    """A value that holds from `valid_from` until a later row of the same key."""

    __tablename__ = "parameters"
    __table_args__ = (UniqueConstraint("store_id", "key", "valid_from"),)

    key: Mapped[str]
    value: Mapped[Any] = mapped_column(Document)
    name: Mapped[Words]
    valid_from: Mapped[date]


def values_beginning(session: Session, store_id: UUID, key: str, day: date) -> dict[str, Any]:
    """Of all keys that begin so, what is in force on that day."""
    query = select(Parameter.key, Parameter.value).where(Parameter.store_id == store_id, Parameter.valid_from <= day)
    rows = session.execute(query.where(Parameter.key.startswith(key, autoescape=True)).order_by(Parameter.valid_from))
    return {row.key: row.value for row in rows}


def set_from(session: Session, key: str, value: Any, name: Words, day: date, *, by: Person) -> Parameter:
    """From that day on it is this; what held before stays for the days before."""
    query = select(Parameter).where(Parameter.store_id == by.store_id, Parameter.key == key)
    row = session.scalar(query.where(Parameter.valid_from == day))
    if row is None:
        row = Parameter(id=uuid7(), store_id=by.store_id, key=key, name=name, value=value, valid_from=day)
        session.add(row)
    row.value, row.name = value, name
    session.flush()  # the event points at it
    record(session, "parameter.set", row, by=by, key=key, value=value, day=day)
    return row


def value_of(session: Session, store_id: UUID, key: str, day: date | None = None) -> Any:
    """The value in force on that day. Raises LookupError: a parameter that nobody set is a fault of the set-up."""
    query = select(Parameter).where(Parameter.store_id == store_id, Parameter.key == key)
    query = query.where(Parameter.valid_from <= (day or today(session, store_id)))
    in_force = session.scalar(query.order_by(Parameter.valid_from.desc()).limit(1))
    if in_force is None:
        raise LookupError(f"parameter {key!r} is not set")
    return in_force.value
