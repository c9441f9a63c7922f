"""Lists of quotations and orders: whose, in which state, one page after the other, and the neighbours of each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Select, tuple_
from sqlalchemy.orm import Session, noload

from server.domain.deals import orders, quotations, reach
from server.domain.deals.orders import Order
from server.domain.deals.quotations import Quotation
from server.domain.people import Person, Right

PAGE = 20
Deal = TypeVar("Deal", Quotation, Order)
Place = tuple[datetime, UUID]


class Wanted(msgspec.Struct, frozen=True):
    """What a list is narrowed by; empty is no wish."""

    show: str = "mine"
    state: str = ""


class Listed(msgspec.Struct, Generic[Deal], frozen=True):
    """One page, newest first; the places are None at the ends."""

    deals: Sequence[Deal]
    earlier: Place | None
    """After this place older ones follow."""
    later: Place | None
    """Before this place newer ones stand."""


class Lists(Generic[Deal]):
    """The deals of one kind that one person may see."""

    def __init__(self, query: Select[Deal], kind: Any, made_at: Any, person: Person) -> None:
        self.query = query
        self.kind = kind
        self.made_at = made_at
        self.person = person
        self.here = tuple_(made_at, kind.id)

    def page(
        self, session: Session, wanted: Wanted, after: Place | None = None, before: Place | None = None
    ) -> Listed[Deal]:
        """The newest, or those after or before a place."""
        query = self._narrowed(wanted)
        if before is not None:
            rows = session.scalars(self._up(query.where(self.here > before)).limit(PAGE + 1)).all()
            more, shown = len(rows) > PAGE, list(reversed(rows[:PAGE]))
            return Listed(shown, self._place(shown, -1), self._place(shown, 0) if more else None)
        query = query.where(self.here < after) if after is not None else query
        rows = session.scalars(self._down(query).limit(PAGE + 1)).all()
        more, shown = len(rows) > PAGE, rows[:PAGE]
        return Listed(shown, self._place(shown, -1) if more else None, self._place(shown, 0) if after else None)

    def neighbours(self, session: Session, wanted: Wanted, deal: Deal) -> tuple[str | None, str | None]:
        """The addresses of the newer and the older one in the same list."""
        place = (getattr(deal, self.made_at.key), deal.id)
        query = self._narrowed(wanted).options(noload("*"))
        newer = session.scalars(self._up(query.where(self.here > place)).limit(1)).first()
        older = session.scalars(self._down(query.where(self.here < place)).limit(1)).first()
        return newer.address if newer else None, older.address if older else None

    def _narrowed(self, wanted: Wanted) -> Select[Deal]:
        query = self.query
        if wanted.show == "mine":
            query = query.where(self.kind.consultant_id == self.person.id)
        return query.where(self.kind.state == wanted.state) if wanted.state else query

    def _up(self, query: Select[Deal]) -> Select[Deal]:
        return query.order_by(self.made_at, self.kind.id)

    def _down(self, query: Select[Deal]) -> Select[Deal]:
        return query.order_by(self.made_at.desc(), self.kind.id.desc())

    def _place(self, shown: Sequence[Deal], which: int) -> Place | None:
        return (getattr(shown[which], self.made_at.key), shown[which].id) if shown else None


def of_quotations(session: Session, person: Person) -> Lists[Quotation]:
    """Every version is an entry."""
    return Lists(reach.quotations(session, person).query, Quotation, Quotation.created_at, person)


def of_orders(session: Session, person: Person) -> Lists[Order]:
    """Orders by when they were placed."""
    return Lists(reach.orders(session, person).query, Order, Order.placed_at, person)


def home(person: Person) -> str:
    """Which list opens first: a manager sees all, a consultant their own."""
    return "all" if person.may(Right.SEE_ALL_PROSPECTS) else "mine"


STATES: dict[str, Any] = {"quotations": quotations.STATE_NAMES, "orders": orders.STATE_NAMES}
