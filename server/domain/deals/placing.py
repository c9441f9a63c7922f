"""Placing an order: the customer accepts one version of a quotation, and an old car is taken in payment."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.database import uuid7
from server.domain.billing import next_number
from server.domain.deals import papers, quotations, trade_ins
from server.domain.deals.orders import Order, State, may_sell, tell
from server.domain.deals.quotations import Quotation
from server.domain.deals.trade_ins import TradeIn
from server.domain.people import Person
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_

FURTHEST = timedelta(days=366)


def place(
    session: Session, quotation: Quotation, *, by: Person, promised_on: date | None = None, id: UUID | None = None
) -> Order:
    """The customer accepts this version, the store promises the car by a day.

    Raises WrongMove when the version no longer holds, Invalid at `promised_on`.
    """
    may_sell(by)
    _refuse_day(by, promised_on)
    take_turn(session, by.store_id)
    quotations.accept(session, quotation, by=by)
    order = Order(
        id=id or uuid7(), store_id=by.store_id, number=next_number(session, "DD", by=by), state=State.PLACED,
        quotation=quotation, prospect=quotation.prospect, customer_id=quotation.customer_id,
        consultant_id=quotation.consultant_id, model=quotation.model, colour=quotation.colour, total=quotation.total,
        promised_on=promised_on, placed_at=by.moment(),
    )  # fmt: skip
    session.add(order)
    session.flush()  # the event points at it
    _move_trade_in(session, order, trade_ins.State.TAKEN, by=by)
    tell(session, "order.placed", order, by=by, total=order.total)
    papers.issue_order(session, order, by=by)
    return order


def give_trade_in_back(session: Session, order: Order, *, by: Person) -> None:
    """The old car is the customer's again."""
    _move_trade_in(session, order, trade_ins.State.VALUED, by=by)


def _refuse_day(by: Person, promised_on: date | None) -> None:
    today = by.moment().astimezone(by.zone).date()
    if promised_on is not None and not today <= promised_on <= today + FURTHEST:
        raise Invalid.at("promised_on", N_("Give a day from today on, within a year."))


def _move_trade_in(session: Session, order: Order, to: trade_ins.State, *, by: Person) -> None:
    if order.quotation.trade_in_id is None:
        return
    trade_in = session.get_one(TradeIn, order.quotation.trade_in_id)
    trade_ins.move(session, trade_in, to, f"trade_in.{'taken' if to == 'taken' else 'given_back'}", by=by)
