"""Which receptions somebody sees: who is here now, who came on a day, and the ones beside one of them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from server.domain.people import Person, Right
from server.domain.refusals import NotThere
from server.domain.showroom.prospects import Prospect
from server.domain.showroom.receptions import Reception, State
from server.paging import Ordering

IN_TURN = Ordering(Reception.arrived_at, Reception.id)
NEWEST_FIRST = Ordering(Reception.arrived_at, Reception.id, newest_first=True)


class Reach:
    """A consultant sees their own receptions, a manager and customer care the store's."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session = session
        self.person = person
        query = select(Reception).where(Reception.store_id == person.store_id).options(
            joinedload(Reception.customer), joinedload(Reception.consultant),
            joinedload(Reception.prospect).joinedload(Prospect.consultant),
        )  # fmt: skip
        if not person.may(Right.SEE_PROSPECTS):
            query = query.where(Reception.id.is_(None))
        elif not person.may(Right.SEE_ALL_PROSPECTS):
            query = query.where(Reception.consultant_id == person.id)
        self.query = query

    def one(self, reception_id: UUID) -> Reception:
        """By its identity. Raises NotThere."""
        found = self.session.scalar(self.query.where(Reception.id == reception_id))
        if found is None:
            raise NotThere
        return found

    def on(self, day: date, most: int = 200) -> Sequence[Reception]:
        """Who came on that day, the newest first, without what was started by mistake."""
        query = self.query.where(*self._of(day), Reception.state != State.ABANDONED)
        return self.session.scalars(query.order_by(*NEWEST_FIRST.down).limit(most)).all()

    def here(self) -> Sequence[Reception]:
        """Who is still being received, whenever they came."""
        query = self.query.where(Reception.state == State.RECEIVING)
        return self.session.scalars(query.order_by(*IN_TURN.down)).all()

    def neighbours(self, reception: Reception) -> tuple[UUID | None, UUID | None]:
        """The one before and the one after in its list: who is here, or who came and left on the same day."""
        within = [Reception.state == State.RECEIVING]
        if not reception.is_open:
            within = [
                Reception.state == State.LEFT,
                *self._of(reception.arrived_at.astimezone(self.person.zone).date()),
            ]
        query = self.query.where(*within).with_only_columns(Reception.id, maintain_column_froms=True)
        order = IN_TURN if reception.is_open else NEWEST_FIRST
        return order.beside(self.session, query, reception.arrived_at, reception.id)

    def _of(self, day: date) -> list[ColumnElement[bool]]:
        begins = datetime.combine(day, time(), self.person.zone)
        return [Reception.arrived_at >= begins, Reception.arrived_at < begins + timedelta(days=1)]


def visible_to(session: Session, person: Person) -> Reach:
    """What this person may see."""
    return Reach(session, person)
