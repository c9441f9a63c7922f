"""The stock as a salesperson asks about it: what is here, since when, and which order keeps it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from server.domain.catalogue import CarModel
from server.domain.catalogue.stock_cars import StockCar
from server.domain.deals.orders import Order
from server.domain.people import Person, Right

MOST = 200
"""Cars on one page; who looks for more narrows it down by the model."""
FREE, KEPT, COMING = "free", "kept", "coming"
SHOWN = (FREE, KEPT, COMING)
_KEEPS = and_(Order.store_id == StockCar.store_id, Order.stock_car_id == StockCar.id)


class InStock(msgspec.Struct, frozen=True):
    """One car that is still to be handed over."""

    car: StockCar
    order: Order | None
    """Which order keeps it."""

    def days(self, today: date) -> int | None:
        """For how many days it has stood here; None while it is on the way."""
        arrived = self.car.arrived_on
        return None if arrived is None or arrived > today else (today - arrived).days

    def is_open_to(self, person: Person) -> bool:
        """Whether this person may see the order."""
        return self.order is not None and (self.order.consultant_id == person.id or person.may(Right.SEE_ALL_PROSPECTS))


def listed(session: Session, store_id: UUID, show: str, model_id: UUID | None = None) -> Sequence[InStock]:
    """The cars of one kind, those that are here first, the oldest first; at most `MOST`."""
    query = _unsold(store_id).where(_shown(show)).options(joinedload(StockCar.model))
    query = query.options(joinedload(Order.consultant), joinedload(Order.customer))
    if model_id is not None:
        query = query.where(StockCar.model_id == model_id)
    query = query.order_by(StockCar.arrived_on.is_(None), StockCar.arrived_on, StockCar.vin)
    return [InStock(row[0], row[1]) for row in session.execute(query.limit(MOST))]


def counts(session: Session, store_id: UUID) -> dict[str, int]:
    """How many cars there are of each kind; those on the way are told once more among free or kept."""
    told = [func.count().filter(_shown(show)) for show in SHOWN]
    query = select(*told).select_from(StockCar).outerjoin(Order, _KEEPS)
    row = session.execute(query.where(StockCar.store_id == store_id, StockCar.sold_at.is_(None))).one()
    return dict(zip(SHOWN, row, strict=True))


def models(session: Session, store_id: UUID) -> Sequence[CarModel]:
    """The models of which there is a car."""
    there = select(StockCar.model_id).where(StockCar.store_id == store_id, StockCar.sold_at.is_(None))
    query = select(CarModel).where(CarModel.store_id == store_id, CarModel.id.in_(there))
    return sorted(session.scalars(query), key=lambda model: model.name["en"])


def _unsold(store_id: UUID) -> Select[StockCar, Order]:
    query = select(StockCar, Order).outerjoin(Order, _KEEPS)
    return query.where(StockCar.store_id == store_id, StockCar.sold_at.is_(None))


def _shown(show: str) -> ColumnElement[bool]:
    if show == COMING:
        return StockCar.arrived_on.is_(None)
    return Order.id.is_not(None) if show == KEPT else Order.id.is_(None)
