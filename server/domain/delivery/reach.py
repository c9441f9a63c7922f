"""Reach: who sees which delivery, and in what order."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from server.domain.delivery.deliveries import OPEN, Delivery, State
from server.domain.people import Person, Right
from server.domain.refusals import NotThere


class Reach:
    """The deliveries that a person may see: their store's; a technician only while the car is still here."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session = session
        self.store = {"store_id": person.store_id}
        self.query = WITH_EVERYTHING
        if not person.may(Right.SEE_DELIVERIES):
            self.query = self.query.where(Delivery.id.is_(None))
        elif not person.may(Right.SEE_CUSTOMERS):
            self.query = self.query.where(Delivery.state != State.CANCELLED)

    def one(self, number: str) -> Delivery:
        """By its number. Raises NotThere."""
        return self._one(Delivery.number == number)

    def of_id(self, delivery_id: UUID) -> Delivery:
        """By its identity. Raises NotThere."""
        return self._one(Delivery.id == delivery_id)

    def open(self, until: datetime | None = None, most: int = 100) -> Sequence[Delivery]:
        """What is still to be handed over (until then), by time."""
        query = self.query.where(Delivery.state.in_(OPEN)).order_by(Delivery.planned_at).limit(most)
        return self._all(query.where(Delivery.planned_at < until) if until else query)

    def done(self, before: datetime | None = None, most: int = 20) -> Sequence[Delivery]:
        """What was handed over or cancelled, newest first."""
        query = self.query.where(Delivery.state.not_in(OPEN))
        if before:
            query = query.where(Delivery.planned_at < before)
        return self._all(query.order_by(Delivery.planned_at.desc()).limit(most))

    def mine(self, person: Person, until: datetime) -> Sequence[Delivery]:
        """What this consultant or advisor has before them until then, by time."""
        query = self.query.where(
            Delivery.state.in_(OPEN), Delivery.planned_at < until,
            or_(Delivery.consultant_id == person.id, Delivery.advisor_id == person.id),
        )  # fmt: skip
        return self._all(query.order_by(Delivery.planned_at).limit(50))

    def _one(self, which: ColumnElement[bool]) -> Delivery:
        found = self.session.scalar(self.query.where(which), self.store)
        if found is None:
            raise NotThere
        return found

    def _all(self, query: Select[Delivery]) -> Sequence[Delivery]:
        return self.session.scalars(query, self.store).all()


# Composed once: five joins take longer to write down than to follow.
WITH_EVERYTHING = (
    select(Delivery)
    .where(Delivery.store_id == bindparam("store_id"))
    .options(
        joinedload(Delivery.customer), joinedload(Delivery.car), joinedload(Delivery.model),
        joinedload(Delivery.consultant), joinedload(Delivery.advisor),
    )
)  # fmt: skip


def visible_to(session: Session, person: Person) -> Reach:
    """What this person may see."""
    return Reach(session, person)
