"""What waits in the deals of a store, told on everybody's first page: decisions of a manager, cars without a day."""

import msgspec
from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from server.domain.deals import approvals, orders
from server.domain.deals.approvals import Approval
from server.domain.deals.orders import Order
from server.domain.people import Person, Right
from server.domain.showroom import lost_deals
from server.domain.showroom.lost_deals import LostDeal


class Waiting(msgspec.Struct, frozen=True):
    """How much waits for this person; nothing for who does not sell."""

    decisions: int = 0
    first: str | None = None
    """The page of the decision that has waited longest."""
    lost: int = 0
    """Lost deals to decide."""
    to_plan: int = 0
    """Orders that have a car, and no day on which it is handed over."""


def of(session: Session, by: Person) -> Waiting:
    """One question to the database."""
    if not by.may(Right.SELL):
        return Waiting()
    asked = [Approval.store_id == by.store_id, Approval.state == approvals.State.ASKED, Approval.asked_by != by.id]
    first = select(Approval.address).where(*asked).order_by(Approval.asked_at, Approval.id).limit(1)
    applied = [LostDeal.store_id == by.store_id, LostDeal.state == lost_deals.State.APPLIED]
    ready = [Order.store_id == by.store_id, Order.state == orders.State.CAR_ASSIGNED]
    if not by.may(Right.SEE_ALL_PROSPECTS):
        ready.append(Order.consultant_id == by.id)
    decides = by.may(Right.APPROVE)
    row = session.execute(
        select(
            select(func.count(Approval.id)).where(*asked).scalar_subquery() if decides else literal(0),
            first.scalar_subquery() if decides else literal(""),
            select(func.count(LostDeal.id)).where(*applied).scalar_subquery() if decides else literal(0),
            select(func.count(Order.id)).where(*ready).scalar_subquery(),
        )
    ).one()
    return Waiting(row[0], row[1], row[2], row[3])
