"""Photos of an old car that is given in payment."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore
from server.domain.deals.trade_ins import TradeIn, require_open
from server.domain.people import Person
from server.domain.records import files


class TradeInPhoto(OfStore, Base):
    """One picture of it; written once."""

    __tablename__ = "trade_in_photos"
    __table_args__ = (Index("ix_trade_in_photos_trade_in", "store_id", "trade_in_id"),)

    trade_in_id: Mapped[UUID] = mapped_column(ForeignKey("trade_ins.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    original_hash: Mapped[str | None]
    """SHA-256 of what the camera gave, before the device shrank it."""


def add(session: Session, trade_in: TradeIn, upload: bytes, *, by: Person, original: str | None = None) -> TradeInPhoto:
    """Keep a picture of it. Raises Invalid at `photo`, WrongMove when it is decided."""
    require_open(trade_in)
    file = files.keep_photo(session, upload, by=by)
    photo = TradeInPhoto(
        store_id=by.store_id, trade_in_id=trade_in.id, file_id=file.id, by_id=by.id, at=by.moment(),
        original_hash=original,
    )  # fmt: skip
    session.add(photo)
    session.flush()  # the page shows it
    return photo


def of(session: Session, trade_in: TradeIn) -> Sequence[TradeInPhoto]:
    """Its pictures, in the order in which they were taken."""
    query = select(TradeInPhoto).where(TradeInPhoto.store_id == trade_in.store_id)
    return session.scalars(query.where(TradeInPhoto.trade_in_id == trade_in.id).order_by(TradeInPhoto.at)).all()
