"""Reworks: a check found a fault and the car went back, before the customer saw it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.database import Base, OfStore, Words
from server.domain.workshop.order_lines import OrderJob

SELF, TEAM, FINAL = "self", "team", "final"
LEVELS = (SELF, TEAM, FINAL)
"""The sections of the list C11, in the order in which they are walked."""
WASHED = "C11-17"
"""The wash comes after the last check, and is recorded by its own beginning and end."""
LEVEL_NAMES: dict[str, Words] = {
    SELF: {"zh": "自检", "en": "Own check"},
    TEAM: {"zh": "互检", "en": "Team check"},
    FINAL: {"zh": "总检", "en": "Final check"},
}


class Rework(OfStore, Base):
    """One internal comeback: found where, because of what, and whose job it was."""

    __tablename__ = "reworks"
    __table_args__ = (
        Index("ix_reworks_order", "store_id", "order_id", "found_at"),
        Index("ix_reworks_whose", "store_id", "technician_id", "found_at"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("repair_orders.id"))
    order_job_id: Mapped[UUID] = mapped_column(ForeignKey("order_jobs.id"))
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    level: Mapped[str]
    why: Mapped[str]
    found_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    found_at: Mapped[datetime]

    job: Mapped[OrderJob] = relationship(foreign_keys=[order_job_id], lazy="raise")

    @property
    def level_name(self) -> Words:
        """Which check found it."""
        return LEVEL_NAMES[self.level]
