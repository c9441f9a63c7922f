"""Comebacks: a car is back within some days with the same job or the same fault. The advisor says whether it is one."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words
from server.domain.people import Staff
from server.domain.records import record
from server.domain.records.events import Actor
from server.domain.refusals import N_, WrongMove
from server.domain.workshop.repair_orders import RepairOrder


class ComebackState(StrEnum):
    """What was said about a car that came back."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


COMEBACK_MOVES: dict[ComebackState, set[ComebackState]] = {
    ComebackState.PROPOSED: {ComebackState.CONFIRMED, ComebackState.DISMISSED},
    ComebackState.CONFIRMED: {ComebackState.DISMISSED},
    ComebackState.DISMISSED: {ComebackState.CONFIRMED},
}
COMEBACK_STATE_NAMES: dict[ComebackState, Words] = {
    ComebackState.PROPOSED: {"zh": "疑似返修", "en": "Perhaps a comeback"},
    ComebackState.CONFIRMED: {"zh": "返修", "en": "Comeback"},
    ComebackState.DISMISSED: {"zh": "非返修", "en": "No comeback"},
}


class Comeback(OfStore, Versioned, Base):
    """One order that may be the return of one job of an earlier order."""

    __tablename__ = "comebacks"
    __table_args__ = (
        UniqueConstraint("store_id", "order_id", "earlier_job_id"),
        Index("ix_comebacks_earlier", "store_id", "earlier_id"),
        Index("ix_comebacks_whose", "store_id", "technician_id", "found_at"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("repair_orders.id"))
    earlier_id: Mapped[UUID] = mapped_column(ForeignKey("repair_orders.id"))
    earlier_job_id: Mapped[UUID] = mapped_column(ForeignKey("order_jobs.id"))
    code: Mapped[str]
    """The job, as the catalogue calls it."""
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    """Who did it then."""
    same_job: Mapped[bool]
    """Whether the same job is ordered again; else the customer's words are alike."""
    in_guarantee: Mapped[bool]
    state: Mapped[str] = mapped_column(default=ComebackState.PROPOSED)
    why: Mapped[str] = mapped_column(default="")
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))

    order: Mapped[RepairOrder] = relationship(foreign_keys=[order_id], lazy="raise")
    earlier: Mapped[RepairOrder] = relationship(foreign_keys=[earlier_id], lazy="raise")
    technician: Mapped[Staff | None] = relationship(foreign_keys=[technician_id], lazy="raise")

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return COMEBACK_STATE_NAMES[ComebackState(self.state)]

    @property
    def is_open(self) -> bool:
        """Whether nobody has said what it is."""
        return self.state == ComebackState.PROPOSED


def move(session: Session, comeback: Comeback, to: ComebackState, verb: str, *, by: Actor, **data: Any) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = ComebackState(comeback.state)
    if to not in COMEBACK_MOVES[before]:
        raise WrongMove(
            N_("This is “%(now)s”; it cannot become “%(then)s”."),
            now=COMEBACK_STATE_NAMES[before],
            then=COMEBACK_STATE_NAMES[to],
        )
    comeback.state = to
    comeback.version += 1
    record(session, verb, comeback, by=by, order_id=comeback.order_id, code=comeback.code, **data)
