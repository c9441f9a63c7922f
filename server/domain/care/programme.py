"""The hour at the owner's: which step comes when, whose it is, and what was done when. Two may work side by side."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Words, now, uuid7
from server.domain.care.visits import HomeVisit
from server.domain.catalogue import value_of
from server.domain.people import Person
from server.domain.refusals import NotThere

PARAMETER = "visit_programme"
WHERE = ("", "check", "talk", "effect")
"""The pages that a step may lead to."""


class Step(msgspec.Struct, frozen=True):
    """One step of the store's programme; minutes count from the signing in."""

    code: str
    begins: int
    ends: int
    roles: list[str]
    """Codes of the list `visit_role`."""
    name: Words
    page: str = ""
    """Where it is done: a part of the visit's own pages, or nowhere in particular."""

    @property
    def minutes(self) -> int:
        """How long it may take."""
        return self.ends - self.begins


class VisitStep(OfStore, Base):
    """A step that was done on a visit; the first who says so counts."""

    __tablename__ = "visit_steps"
    __table_args__ = (UniqueConstraint("visit_id", "step"),)

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits.id"))
    step: Mapped[str]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


def steps(session: Session, store_id: UUID) -> Sequence[Step]:
    """The programme as the store has it, in the order of the clock."""
    rows = msgspec.convert(value_of(session, store_id, PARAMETER), list[Step])
    return sorted(rows, key=lambda step: (step.begins, step.ends))


def minutes(programme: Sequence[Step]) -> int:
    """How long the whole takes."""
    return max((step.ends for step in programme), default=0)


def of_roles(programme: Sequence[Step], roles: Collection[str]) -> list[Step]:
    """Those that somebody with these roles does."""
    return [step for step in programme if set(step.roles) & set(roles)]


def due_at(programme: Sequence[Step], minute: int) -> list[Step]:
    """Those under way at that minute."""
    return [step for step in programme if step.begins <= minute < step.ends]


def done(session: Session, visit: HomeVisit) -> dict[str, VisitStep]:
    """What was done, by the code of the step."""
    query = select(VisitStep).where(VisitStep.store_id == visit.store_id, VisitStep.visit_id == visit.id)
    return {row.step: row for row in session.scalars(query.order_by(VisitStep.at))}


def tick(session: Session, visit: HomeVisit, code: str, *, by: Person) -> None:
    """It is done; said by a second device it is done once. Raises NotThere for a step that there is not."""
    if code not in {step.code for step in steps(session, visit.store_id)}:
        raise NotThere
    known = done(session, visit).get(code)
    at = min(by.moment(), now())
    if known is None:
        session.add(VisitStep(id=uuid7(), store_id=visit.store_id, visit_id=visit.id, step=code, by_id=by.id, at=at))
        session.flush()  # a second device's word finds it
    elif at < known.at:  # it was done there before it was done here
        known.at, known.by_id = at, by.id
