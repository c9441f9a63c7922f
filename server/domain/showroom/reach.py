"""Reach: who sees which prospect. A consultant sees their own, those they stand in for and the pool, a manager all."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from server.domain.people import Person, Right, absences
from server.domain.refusals import NotThere
from server.domain.showroom.prospects import Prospect, State


class Reach:
    """The prospects that a person may see."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session = session
        self.person = person
        self.query: Select[Prospect] = (
            select(Prospect)
            .where(Prospect.store_id == person.store_id, self._within())
            .options(joinedload(Prospect.customer), joinedload(Prospect.model), joinedload(Prospect.consultant))
        )

    def one(self, number: str) -> Prospect:
        """By its number. Raises NotThere."""
        return self._only(Prospect.number == number)

    def of_id(self, prospect_id: UUID) -> Prospect:
        """By its identity. Raises NotThere."""
        return self._only(Prospect.id == prospect_id)

    def of_customer(self, customer_id: UUID) -> Prospect | None:
        """The customer's newest prospect within reach, an open one first."""
        query = self.query.where(Prospect.customer_id == customer_id)
        rows = self.session.scalars(query).all()
        return max(rows, key=lambda row: (row.is_open, row.created_at), default=None)

    def _only(self, which: ColumnElement[bool]) -> Prospect:
        found = self.session.scalar(self.query.where(which))
        if found is None:
            raise NotThere
        return found

    def _within(self) -> ColumnElement[bool]:
        if not self.person.may(Right.SEE_PROSPECTS):
            return Prospect.id.is_(None)
        if self.person.may(Right.SEE_ALL_PROSPECTS):
            return Prospect.id.is_not(None)
        pool = and_(Prospect.consultant_id.is_(None), Prospect.state == State.OPEN)
        covered = absences.covered_by(self.session, self.person)
        return or_(Prospect.consultant_id == self.person.id, pool, Prospect.consultant_id.in_(list(covered)))


def mine(person: Person) -> ColumnElement[bool]:
    """What this consultant has still to win."""
    return and_(Prospect.state == State.OPEN, Prospect.consultant_id == person.id)


def overdue(at: datetime) -> ColumnElement[bool]:
    """Whose next contact has passed."""
    return and_(
        Prospect.state == State.OPEN, Prospect.consultant_id.is_not(None), Prospect.quiet.is_(False),
        Prospect.next_contact_at < at,
    )  # fmt: skip


def visible_to(session: Session, person: Person) -> Reach:
    """What this person may see."""
    return Reach(session, person)
