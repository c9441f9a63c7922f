"""Moves of the parts store: each a row for ever; the counters of a part are the sum of its rows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.database import Base, OfStore, Words
from server.domain.people import Staff

RECEIVE, RESERVE, RELEASE, ISSUE, RETURN, COUNT = "receive", "reserve", "release", "issue", "return", "count"
KIND_NAMES: dict[str, Words] = {
    RECEIVE: {"zh": "入库", "en": "Received"},
    RESERVE: {"zh": "预留", "en": "Reserved"},
    RELEASE: {"zh": "取消预留", "en": "Released"},
    ISSUE: {"zh": "领料", "en": "Issued"},
    RETURN: {"zh": "退料", "en": "Came back"},
    COUNT: {"zh": "盘点", "en": "Counted"},
}


class StockMove(OfStore, Base):
    """One move of one part. Quantities are hundredths of its unit."""

    __tablename__ = "stock_moves"
    __table_args__ = (
        Index("ix_stock_moves_part", "store_id", "part_id", "at"),
        Index("ix_stock_moves_line", "store_id", "order_part_id"),
    )

    part_id: Mapped[UUID] = mapped_column(ForeignKey("parts.id"))
    kind: Mapped[str]
    on_hand: Mapped[int]
    """By how much what lies there changed; below nothing when it went out."""
    reserved: Mapped[int]
    """By how much what is kept for orders changed."""
    order_part_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_parts.id"))
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))

    by: Mapped[Staff] = relationship(foreign_keys=[by_id])

    @property
    def kind_name(self) -> Words:
        """What people call it."""
        return KIND_NAMES[self.kind]
