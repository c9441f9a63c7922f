"""Bays of the workshop: where a car stands while somebody works on it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Versioned, Words


class Bay(OfStore, Versioned, Base):
    """One bay."""

    __tablename__ = "bays"
    __table_args__ = (UniqueConstraint("store_id", "code"),)

    code: Mapped[str]
    name: Mapped[Words]
    skills: Mapped[list[Any]] = mapped_column(default=list)
    """What can be done there, as in `jobs.SKILLS`."""
    active: Mapped[bool] = mapped_column(default=True)


def bays(session: Session, store_id: UUID) -> Sequence[Bay]:
    """Every bay in use, in order."""
    return session.scalars(select(Bay).where(Bay.store_id == store_id, Bay.active).order_by(Bay.code)).all()
