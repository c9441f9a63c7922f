"""Lists of owed contacts: what is due by what matters, what comes later, what was made; narrowed and counted."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from server.domain.care.contacts import Contact, State
from server.domain.care.kinds import WAYS, ContactKind
from server.domain.care.reach import visible_to
from server.domain.care.weighing import Weight, Weights
from server.domain.people import Person
from server.paging import Ordering, Place

PAGE = 25
DEEPEST = 1_000
"""Nobody leafs further through what is due."""
DUE, LATER, DONE = "due", "later", "done"
SHOWN = (DUE, LATER, DONE)
OVERDUE, PROMISED, ESCALATED = "overdue", "promised", "escalated"
ONLY = (OVERDUE, PROMISED, ESCALATED)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is narrowed by; empty is no wish."""

    show: str = DUE
    way: str = ""
    only: str = ""
    owner: UUID | None = None


class Listed(msgspec.Struct, frozen=True):
    """One page: of what is due its number, of the others the places before and after."""

    contacts: Sequence[Contact]
    weights: dict[UUID, Weight] = {}
    leaf: int = 1
    is_last: bool = True
    earlier: Place[datetime] | None = None
    later: Place[datetime] | None = None


class Lists:
    """The lists of one person at one moment."""

    def __init__(self, session: Session, person: Person, at: datetime) -> None:
        self.session = session
        self.reach = visible_to(session, person)
        self.store_id = person.store_id
        self.at = at
        self.midnight = datetime.combine(at.astimezone(person.zone).date() + timedelta(days=1), time(), person.zone)

    def page(self, wanted: Wanted, leaf: int = 1, place: Place[datetime] | None = None) -> Listed:
        """The contacts that are wanted: what is due the weightiest first, the rest by time."""
        if wanted.show == DUE:
            return self._weighed(wanted, leaf)
        ordering, at = ORDERINGS[wanted.show]
        found = ordering.page(self.session.scalars, self.narrowed(wanted), PAGE, place)
        rows = found.rows
        return Listed(
            rows,
            earlier=Place(getattr(rows[0], at), rows[0].id, backwards=True) if found.before else None,
            later=Place(getattr(rows[-1], at), rows[-1].id) if found.after else None,
        )

    def neighbours(self, wanted: Wanted, contact: Contact) -> tuple[UUID | None, UUID | None]:
        """The one before and the one after in that list."""
        query = self.narrowed(wanted)
        if wanted.show == DUE:
            ids = self.session.scalars(self._in_order(_only_ids(query)).limit(DEEPEST)).all()
            if contact.id not in ids:
                return None, ids[0] if ids else None
            here = ids.index(contact.id)
            return ids[here - 1] if here else None, ids[here + 1] if here + 1 < len(ids) else None
        ordering, at = ORDERINGS[wanted.show]
        if getattr(contact, at) is None:
            return None, None
        return ordering.beside(self.session, _only_ids(query), getattr(contact, at), contact.id)

    def counts(self) -> dict[str, int]:
        """How many are due, overdue, and wait for a manager's word."""
        due = self.narrowed(Wanted())
        numbers = [
            func.count().label(DUE), _count(Contact.due_at < self.at).label(OVERDUE),
            _count(Contact.escalated_at.is_not(None)).label(ESCALATED),
        ]  # fmt: skip
        row = self.session.execute(_bare(due, numbers)).one()
        return {DUE: row[0], OVERDUE: row[1] or 0, ESCALATED: row[2] or 0}

    def ways(self, wanted: Wanted) -> dict[str, int]:
        """How many of each way, whatever way is chosen."""
        every = self.narrowed(msgspec.structs.replace(wanted, way=""))
        rows = self.session.execute(_bare(every, [ContactKind.way, func.count()]).group_by(ContactKind.way)).all()
        counted = {row[0]: row[1] for row in rows}
        return {way: counted[way] for way in WAYS if way in counted}

    def narrowed(self, wanted: Wanted) -> Select[Contact]:
        """The question without an order."""
        query = self.reach.query.where(*self._shown(wanted.show))
        if wanted.way:
            query = query.where(ContactKind.way == wanted.way)
        if wanted.owner:
            query = query.where(Contact.owed_by == wanted.owner)
        only: dict[str, ColumnElement[bool]] = {
            OVERDUE: Contact.due_at < self.at, PROMISED: ContactKind.way.in_(("promise", "answer")),
            ESCALATED: Contact.escalated_at.is_not(None),
        }  # fmt: skip
        return query.where(only[wanted.only]) if wanted.only in only else query

    def _shown(self, show: str) -> tuple[ColumnElement[bool], ...]:
        if show == DONE:
            return (Contact.state != State.OWED,)
        due = Contact.due_at < self.midnight
        return (Contact.state == State.OWED, due if show == DUE else ~due)

    def _weighed(self, wanted: Wanted, leaf: int) -> Listed:
        weights = Weights(self.session, self.store_id, self.at)
        query = self.narrowed(wanted).add_columns(*weights.columns())
        query = query.order_by(weights.total.desc(), Contact.due_at, Contact.id)
        rows = self.session.execute(query.offset((leaf - 1) * PAGE).limit(PAGE + 1)).all()
        shown = rows[:PAGE]
        return Listed(
            [row[0] for row in shown], {row[0].id: weights.read(row) for row in shown}, leaf, len(rows) <= PAGE
        )

    def _in_order(self, query: Select[Any]) -> Select[Any]:
        weights = Weights(self.session, self.store_id, self.at)
        return query.order_by(weights.total.desc(), Contact.due_at, Contact.id)


def _count(which: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.count(Contact.id).filter(which)


def _only_ids(query: Select[Contact]) -> Select[Any]:
    return select(Contact.id).join(Contact.what).where(_within(query))


def _bare(query: Select[Contact], columns: Sequence[Any]) -> Select[*tuple[Any, ...]]:
    """The same question, asked for other columns."""
    return select(*columns).select_from(Contact).join(Contact.what).where(_within(query))


def _within(query: Select[Contact]) -> ColumnElement[bool]:
    within = query.whereclause
    assert within is not None
    return within


ORDERINGS = {
    LATER: (Ordering(Contact.due_at, Contact.id), "due_at"),
    DONE: (Ordering(Contact.done_at, Contact.id, newest_first=True), "done_at"),
}
