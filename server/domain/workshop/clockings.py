"""Clockings: from when to when somebody worked on a job, and why they stopped."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.database import Base, OfStore
from server.domain.workshop.order_lines import OrderJob

_RUNNING = text("ended_at IS NULL")


class Clocking(OfStore, Base):
    """One stretch of work. Nobody has two running at a time."""

    __tablename__ = "clockings"
    __table_args__ = (
        Index(
            "ux_clockings_running", "store_id", "technician_id", unique=True, sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        Index("ix_clockings_job", "store_id", "order_job_id", "started_at"),
        Index("ix_clockings_whose", "store_id", "technician_id", "started_at"),
    )  # fmt: skip

    order_job_id: Mapped[UUID] = mapped_column(ForeignKey("order_jobs.id"))
    technician_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="")
    """Why it was paused; empty while it runs and when the job was finished."""

    job: Mapped[OrderJob] = relationship(foreign_keys=[order_job_id], lazy="raise")
