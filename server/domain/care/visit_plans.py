"""A month's plan of home visits: how many are owed for the cars sold; a draft until it is released."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Versioned, Words
from server.domain.people import Person
from server.domain.records import record
from server.domain.refusals import N_, WrongMove


class State(StrEnum):
    """The life of a plan. What changes after its release changes visit by visit."""

    DRAFT = "draft"
    RELEASED = "released"


MOVES: dict[State, set[State]] = {State.DRAFT: {State.RELEASED}, State.RELEASED: set()}
STATE_NAMES: dict[State, Words] = {
    State.DRAFT: {"zh": "草稿", "en": "Draft"},
    State.RELEASED: {"zh": "已发布", "en": "Released"},
}


class VisitPlan(OfStore, Versioned, Base):
    """The visits of one month."""

    __tablename__ = "visit_plans"
    __table_args__ = (UniqueConstraint("store_id", "month"),)

    month: Mapped[date]
    """Its first day."""
    state: Mapped[str] = mapped_column(default=State.DRAFT)
    share: Mapped[int]
    """Per cent of the cars sold in the month that are visited."""
    sold: Mapped[int]
    """Cars handed over in the month, as last counted; after the month it stands."""
    target: Mapped[int]
    """Visits owed: the share of the cars sold, rounded up."""
    created_at: Mapped[datetime]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    released_at: Mapped[datetime | None]
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def is_released(self) -> bool:
        """Whether those who go know of it."""
        return self.state == State.RELEASED

    @property
    def code(self) -> str:
        """`2026-11`."""
        return f"{self.month:%Y-%m}"


def move(session: Session, plan: VisitPlan, to: State, verb: str, *, by: Person, **data: Any) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = State(plan.state)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This plan is “%(now)s”; it cannot become “%(then)s”."), now=STATE_NAMES[before], then=STATE_NAMES[to]
        )
    plan.state = to
    plan.version += 1
    record(session, verb, plan, by=by, month=plan.code, **data)
