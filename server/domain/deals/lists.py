"""Lists of quotations and orders: whose, in which state, one page after the other, and the neighbours of each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, raiseload

from server.domain.deals import orders, quotations, reach
from server.domain.deals.orders import Order
from server.domain.deals.quotations import Quotation
from server.domain.people import Person, Right
from server.paging import Ordering, Place

PAGE = 20
Deal = TypeVar("Deal", Quotation, Order)


class Wanted(msgspec.Struct, frozen=True):
    """What a list is narrowed by; empty is no wish."""

    show: str = "mine"
    state: str = ""


class Listed(msgspec.Struct, Generic[Deal], frozen=True):
    """One page, newest first; the places are None at the ends."""

    deals: Sequence[Deal]
    earlier: Place[datetime] | None
    """After this place older ones follow."""
    later: Place[datetime] | None
    """Before this place newer ones stand."""


class Lists(Generic[Deal]):
    """The deals of one kind that one person may see."""

    def __init__(self, query: Select[Deal], kind: Any, made_at: Any, person: Person) -> None:
        self.query = query
        self.kind = kind
        self.made_at = made_at
        self.person = person
        self.order = Ordering(made_at, kind.id, newest_first=True)

    def page(self, session: Session, wanted: Wanted, place: Place[datetime] | None = None) -> Listed[Deal]:
        """The newest, or those beyond a place."""
        leaf = self.order.page(session.scalars, self._narrowed(wanted), PAGE, place)
        rows = leaf.rows
        return Listed(
            rows,
            Place(getattr(rows[-1], self.made_at.key), rows[-1].id) if leaf.after else None,
            Place(getattr(rows[0], self.made_at.key), rows[0].id, backwards=True) if leaf.before else None,
        )

    def neighbours(self, session: Session, wanted: Wanted, deal: Deal) -> tuple[str | None, str | None]:
        """The addresses of the newer and the older one in the same list."""
        within = self._narrowed(wanted).with_only_columns(self.kind.id, maintain_column_froms=True)
        newer, older = self.order.beside(session, within, getattr(deal, self.made_at.key), deal.id)
        query = select(self.kind).where(self.kind.id.in_([newer, older])).options(raiseload("*"))
        found = {one.id: one.address for one in session.scalars(query)}
        return found.get(newer), found.get(older)

    def _narrowed(self, wanted: Wanted) -> Select[Deal]:
        query = self.query
        if wanted.show == "mine":
            query = query.where(self.kind.consultant_id == self.person.id)
        return query.where(self.kind.state == wanted.state) if wanted.state else query


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
