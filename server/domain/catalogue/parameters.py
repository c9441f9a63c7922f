"""Parameters: the store's own numbers and limits, each from a day on."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Document, OfStore, Versioned, Words
from server.domain.catalogue.validity import today


class Parameter(OfStore, Versioned, Base):
    """A value that holds from `valid_from` until a later row of the same key."""

    __tablename__ = "parameters"
    __table_args__ = (UniqueConstraint("store_id", "key", "valid_from"),)

    key: Mapped[str]
    value: Mapped[Any] = mapped_column(Document)
    name: Mapped[Words]
    valid_from: Mapped[date]


def value_of(session: Session, store_id: UUID, key: str, day: date | None = None) -> Any:
    """The value in force on that day. Raises LookupError: a parameter that nobody set is a fault of the set-up."""
    query = select(Parameter).where(Parameter.store_id == store_id, Parameter.key == key)
    query = query.where(Parameter.valid_from <= (day or today(session, store_id)))
    in_force = session.scalar(query.order_by(Parameter.valid_from.desc()).limit(1))
    if in_force is None:
        raise LookupError(f"parameter {key!r} is not set")
    return in_force.value
