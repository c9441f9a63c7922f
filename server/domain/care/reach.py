"""Reach: everybody sees what they owe themselves and what they stand in for; a manager the store's."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from server.domain.care.contacts import Contact, State
from server.domain.people import Person, Right, absences
from server.domain.refusals import NotThere
from server.domain.showroom import Prospect


class Reach:
    """The contacts of one person."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session = session
        self.person = person
        self.query: Select[Contact] = (
            select(Contact)
            .join(Contact.what)
            .where(Contact.store_id == person.store_id, self._within())
            .options(joinedload(Contact.what), joinedload(Contact.customer), joinedload(Contact.car))
            .options(joinedload(Contact.owner), joinedload(Contact.prospect).joinedload(Prospect.model))
        )

    def one(self, contact_id: UUID) -> Contact:
        """By its identity. Raises NotThere."""
        found = self.session.scalar(self.query.where(Contact.id == contact_id))
        if found is None:
            raise NotThere
        return found

    def owed(self, until: datetime, most: int = 50) -> Sequence[Contact]:
        """What is due until then, the latest first to be late."""
        query = self.query.where(Contact.state == State.OWED, Contact.due_at < until)
        return self.session.scalars(query.order_by(Contact.due_at, Contact.id).limit(most)).all()

    def of_customer(self, customer_id: UUID) -> Sequence[Contact]:
        """What is owed to one customer, whoever owes it, to who may see it."""
        query = self.query.where(Contact.state == State.OWED, Contact.customer_id == customer_id)
        return self.session.scalars(query.order_by(Contact.due_at, Contact.id).limit(20)).all()

    def _within(self) -> ColumnElement[bool]:
        if not self.person.may(Right.MAKE_CONTACTS):
            return Contact.id.is_(None)
        if self.person.may(Right.KEEP_STAFF):
            return Contact.id.is_not(None)
        mine = Contact.owed_by == self.person.id
        covered = absences.covered_by(self.session, self.person)
        return or_(mine, *(and_(Contact.owed_by == who, Contact.due_at < until) for who, until in covered.items()))


def visible_to(session: Session, person: Person) -> Reach:
    """What this person may see."""
    return Reach(session, person)
