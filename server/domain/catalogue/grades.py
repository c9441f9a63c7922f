"""Grades of prospects: by when they mean to buy, and how soon they are spoken to again."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Versioned, Words
from server.domain.catalogue.validity import Dated, holding, today


class Grade(OfStore, Versioned, Dated, Base):
    """A prospect who means to buy within `window_days` is spoken to every `follow_up_days`."""

    __tablename__ = "grades"
    __table_args__ = (UniqueConstraint("store_id", "code", "valid_from"),)

    code: Mapped[str]
    name: Mapped[Words]
    window_days: Mapped[int]
    follow_up_days: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)


def grades(session: Session, store_id: UUID, day: date | None = None) -> Sequence[Grade]:
    """The grades in force on that day, hottest first."""
    query = select(Grade).where(Grade.store_id == store_id, holding(Grade, day or today(session, store_id)))
    return session.scalars(query.order_by(Grade.position, Grade.window_days)).all()
