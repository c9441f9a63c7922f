"""The models that people ask for, as cards to be shown at an owner's: what they are, what they cost, what is here."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import CarModel
from server.domain.catalogue.price_list import guide_prices
from server.domain.catalogue.stock_cars import StockCar
from server.domain.deals import Order
from server.domain.deals import orders as placed
from server.domain.workshop.bodies import DRAWN_AS, SEDAN

LATELY = timedelta(days=90)
MOST = 6


class Card(msgspec.Struct, frozen=True):
    """One model, ready to be shown without a network."""

    model: CarModel
    body: str
    """Which of the three drawings shows it."""
    sold: int
    """Orders of the last three months."""
    here: int
    """Free or kept cars of it that stand in the store."""
    guide: int | None
    """The guide price in fen."""


def cards(session: Session, store_id: UUID) -> Sequence[Card]:
    """What sold best lately, then what most stands here; models without a price are not shown."""
    prices, sold, here = guide_prices(session, store_id), _sold(session, store_id), _here(session, store_id)
    query = select(CarModel).where(CarModel.store_id == store_id, CarModel.active, CarModel.id.in_(list(prices)))
    models = sorted(
        session.scalars(query), key=lambda one: (-sold.get(one.id, 0), -here.get(one.id, 0), one.name["zh"], one.id)
    )
    return [
        Card(
            model, DRAWN_AS.get(model.body or "", SEDAN), sold.get(model.id, 0), here.get(model.id, 0),
            prices.get(model.id),
        )
        for model in models[:MOST]
    ]  # fmt: skip


def _sold(session: Session, store_id: UUID) -> dict[UUID, int]:
    query = select(Order.model_id, func.count()).where(Order.store_id == store_id, Order.placed_at >= now() - LATELY)
    query = query.where(Order.state != placed.State.CANCELLED).group_by(Order.model_id)
    return dict(session.execute(query).all())


def _here(session: Session, store_id: UUID) -> dict[UUID, int]:
    query = select(StockCar.model_id, func.count()).where(StockCar.store_id == store_id, StockCar.sold_at.is_(None))
    query = query.where(StockCar.arrived_on.is_not(None)).group_by(StockCar.model_id)
    return dict(session.execute(query).all())
