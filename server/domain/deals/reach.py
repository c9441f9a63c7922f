"""Reach: a consultant sees the deals they made and those of the prospects they look after; a manager all."""

from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from server.domain.deals.orders import Order
from server.domain.deals.quotations import Quotation
from server.domain.deals.trade_ins import TradeIn
from server.domain.people import Person, Right
from server.domain.refusals import NotThere
from server.domain.showroom import Prospect

Deal = TypeVar("Deal", Quotation, Order, TradeIn)


class Reach(Generic[Deal]):
    """The deals of one kind that a person may see."""

    def __init__(self, session: Session, person: Person, kind: type[Deal], made_by: Any) -> None:
        self.session = session
        self.query: Select[Deal] = select(kind).where(kind.store_id == person.store_id)
        self.query = self.query.where(_within(person, kind, made_by))

    def of_id(self, identity: UUID, kind: type[Deal]) -> Deal:
        """By its identity. Raises NotThere."""
        return self.only(kind.id == identity)

    def only(self, which: ColumnElement[bool]) -> Deal:
        """The one that is meant. Raises NotThere."""
        found = self.session.scalar(self.query.where(which))
        if found is None:
            raise NotThere
        return found


def quotations(session: Session, person: Person) -> Reach[Quotation]:
    """With whom they are for and what they are about."""
    reach = Reach(session, person, Quotation, Quotation.consultant_id)
    reach.query = reach.query.options(
        joinedload(Quotation.customer), joinedload(Quotation.model), joinedload(Quotation.consultant),
        joinedload(Quotation.prospect),
    )  # fmt: skip
    return reach


def versions(session: Session, person: Person, number: str) -> list[Quotation]:
    """All versions of a quotation with their lines, in order. Raises NotThere."""
    query = quotations(session, person).query.where(Quotation.number == number)
    found = session.scalars(query.options(selectinload(Quotation.lines)).order_by(Quotation.revision)).all()
    if not found:
        raise NotThere
    return list(found)


def orders(session: Session, person: Person) -> Reach[Order]:
    """With whom they are for, what they are about and the car that is kept."""
    reach = Reach(session, person, Order, Order.consultant_id)
    reach.query = reach.query.options(
        joinedload(Order.customer), joinedload(Order.model), joinedload(Order.consultant), joinedload(Order.stock_car),
        joinedload(Order.prospect),
    )  # fmt: skip
    return reach


def trade_ins(session: Session, person: Person) -> Reach[TradeIn]:
    """Old cars."""
    reach = Reach(session, person, TradeIn, TradeIn.registered_by)
    reach.query = reach.query.options(joinedload(TradeIn.prospect).joinedload(Prospect.customer))
    return reach


def _within(person: Person, kind: type[Deal], made_by: Any) -> ColumnElement[bool]:
    if not person.may(Right.SELL):
        return kind.id.is_(None)
    if person.may(Right.SEE_ALL_PROSPECTS):
        return kind.id.is_not(None)
    looked_after = select(Prospect.id).where(Prospect.store_id == person.store_id, Prospect.consultant_id == person.id)
    return or_(made_by == person.id, kind.prospect_id.in_(looked_after))


def of_prospect(session: Session, person: Person, prospect: Prospect) -> dict[str, Any]:
    """What was offered to a prospect and what they ordered, newest first."""
    offered = quotations(session, person).query.where(Quotation.prospect_id == prospect.id)
    ordered = orders(session, person).query.where(Order.prospect_id == prospect.id)
    return {
        "quotations": session.scalars(offered.order_by(Quotation.created_at.desc(), Quotation.id.desc())).all(),
        "orders": session.scalars(ordered.order_by(Order.placed_at.desc())).all(),
    }
