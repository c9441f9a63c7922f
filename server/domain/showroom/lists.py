"""Lists of prospects: what people ask for, one page after the other, and the one before and after in the same list."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from server.domain.customers import search
from server.domain.people import Person
from server.domain.showroom.prospects import Prospect, State
from server.domain.showroom.reach import overdue, visible_to
from server.paging import Ordering, Place

PAGE = 25
AT_ONCE = 1_000
SHOWN = ("mine", "overdue", "today", "all", "pool", "ordered", "lost", "delivered")
"""Which list; each is one walk in one index."""
WITHIN = ("0", "3", "7")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is narrowed by; empty is no wish."""

    show: str = "mine"
    grade: str = ""
    source: str = ""
    model: UUID | None = None
    consultant: UUID | None = None
    q: str = ""
    within: str = ""
    """Only whose next contact is within so many days: `0` is today."""


class Listed(msgspec.Struct, frozen=True):
    """One page; the places are None at the ends."""

    prospects: Sequence[Prospect]
    earlier: Place[datetime] | None
    later: Place[datetime] | None


class Lists:
    """The lists of one person at one moment."""

    def __init__(self, session: Session, person: Person, at: datetime) -> None:
        self.session = session
        self.person = person
        self.at = at
        self.midnight = datetime.combine(at.astimezone(person.zone).date() + timedelta(days=1), time(), person.zone)

    def page(self, wanted: Wanted, place: Place[datetime] | None = None) -> Listed:
        """The prospects that are wanted, the next to be spoken to first."""
        leaf = BY_NEXT_CONTACT.page(self.session.scalars, self.narrowed(wanted), PAGE, place)
        rows = leaf.rows
        return Listed(
            rows,
            Place(rows[0].next_contact_at, rows[0].id, backwards=True) if leaf.before else None,
            Place(rows[-1].next_contact_at, rows[-1].id) if leaf.after else None,
        )

    def every(self, wanted: Wanted) -> Iterator[Prospect]:
        """All of the list, in its order, some at a time."""
        query = self.narrowed(wanted).order_by(*BY_NEXT_CONTACT.down)
        yield from self.session.scalars(query.execution_options(yield_per=AT_ONCE))

    def neighbours(self, wanted: Wanted, prospect: Prospect) -> tuple[str | None, str | None]:
        """The numbers of the one before and the one after in that list."""
        within = self.narrowed(wanted).whereclause
        assert within is not None
        query = select(Prospect.number).where(within)
        return BY_NEXT_CONTACT.beside(self.session, query, prospect.next_contact_at, prospect.id)

    def counts(self) -> dict[str, int]:
        """How many prospects somebody has themselves: open, overdue, and still due today."""
        own = and_(Prospect.store_id == self.person.store_id, self._shown("mine"))
        loud, late = Prospect.quiet.is_(False), Prospect.next_contact_at < self.at
        today = and_(loud, ~late, Prospect.next_contact_at < self.midnight)
        # Each by itself is a stretch of the index; together they would look at every row somebody has.
        count = select(func.count()).where(own)
        numbers = [count.where(*only).scalar_subquery() for only in ((), (loud, late), (today,))]
        return dict(zip(("mine", "overdue", "today"), self.session.execute(select(*numbers)).one(), strict=True))

    def narrowed(self, wanted: Wanted) -> Select[Prospect]:
        """The question without an order."""
        query = visible_to(self.session, self.person).query.where(self._shown(wanted.show))
        for column, value in (
            (Prospect.grade, wanted.grade), (Prospect.source, wanted.source), (Prospect.model_id, wanted.model),
            (Prospect.consultant_id, wanted.consultant),
        ):  # fmt: skip
            query = query.where(column == value) if value else query
        if wanted.within in WITHIN:
            query = query.where(Prospect.next_contact_at < self.midnight + timedelta(days=int(wanted.within)))
        if wanted.q.strip():
            known = search.customer_ids(self.session, self.person.store_id, wanted.q)
            query = query.where(Prospect.customer_id.in_(known))
        return query

    def _shown(self, show: str) -> ColumnElement[bool]:
        still_open = Prospect.state == State.OPEN
        due = and_(still_open, Prospect.quiet.is_(False), Prospect.consultant_id.is_not(None))
        lists: dict[str, ColumnElement[bool]] = {
            "mine": and_(still_open, Prospect.consultant_id == self.person.id),
            "overdue": overdue(self.at),
            "today": and_(due, Prospect.next_contact_at < self.midnight),
            "all": still_open,
            "pool": and_(still_open, Prospect.consultant_id.is_(None)),
        }
        return lists.get(show, Prospect.state == show)


BY_NEXT_CONTACT = Ordering(Prospect.next_contact_at, Prospect.id)
