"""The promised time: proposed, given, and every change of it with whether the customer agreed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, OfStore


class PromiseChange(OfStore, Base):
    """One change of a promised time; only ever added."""

    __tablename__ = "promise_changes"
    __table_args__ = (Index("ix_promise_changes_order", "store_id", "order_id", "at"),)

    order_id: Mapped[UUID] = mapped_column(ForeignKey("repair_orders.id"))
    before: Mapped[datetime | None]
    after: Mapped[datetime]
    agreed: Mapped[bool]
    """Whether the customer agreed to it."""
    why: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
