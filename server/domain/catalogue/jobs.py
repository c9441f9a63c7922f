"""Jobs of the workshop: what is done to a car, how long it takes, and what goes into it."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, OfStore, Versioned, Words
from server.domain.refusals import N_

KINDS: dict[str, str] = {
    "maintenance": N_("Maintenance"),
    "repair": N_("Repair"),
    "body": N_("Bodywork"),
    "warranty": N_("Warranty"),
    "recall": N_("Recall"),
}
"""Why a car is in the workshop: of an appointment, an order and a job alike."""
SKILLS: dict[str, str] = {
    "mechanic": N_("Mechanic"),
    "electric": N_("Electrician"),
    "body": N_("Body worker"),
    "paint": N_("Painter"),
    "wash": N_("Washer"),
}
GUARANTEES: dict[str, str] = {
    "major": N_("Whole car or assembly"),
    "second": N_("Second-level maintenance"),
    "minor": N_("Maintenance and small repairs"),
}
"""How long the work is guaranteed; the numbers are the parameters `guarantee.*`: kilometres and days."""


class Job(OfStore, Versioned, Base):
    """One job. It leaves the list by `active`, never by being deleted."""

    __tablename__ = "jobs"
    __table_args__ = (UniqueConstraint("store_id", "code"), Index("ix_jobs_model", "store_id", "model_id"))

    code: Mapped[str]
    name: Mapped[Words]
    kind: Mapped[str]
    skill: Mapped[str]
    hours: Mapped[int]
    """Hundredths of a labour hour."""
    model_id: Mapped[UUID | None] = mapped_column(ForeignKey("car_models.id"))
    """None: for every model."""
    guarantee: Mapped[str] = mapped_column(default="minor")
    parts: Mapped[list[Any]] = mapped_column(default=list)
    """`{"code": ..., "quantity": hundredths of the unit}`, as usually needed."""
    every_km: Mapped[int | None]
    every_months: Mapped[int | None]
    """When it is due again, whichever comes first."""
    active: Mapped[bool] = mapped_column(default=True)
