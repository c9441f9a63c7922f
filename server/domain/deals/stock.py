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
from server.paging import Ordering, Place

PAGE = 25
FREE, KEPT, COMING = "free", "kept", "coming"
SHOWN = (FREE, KEPT, COMING)
FAR = date.max
"""As if it arrived then: what is on the way stands last."""
OLDEST_FIRST = Ordering(func.coalesce(StockCar.arrived_on, FAR), StockCar.id)
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


class Wanted(msgspec.Struct, frozen=True):
    """Which cars: of one kind, and of one model when it is said."""

    show: str = FREE
    model: UUID | None = None


class Listed(msgspec.Struct, frozen=True):
    """One page; the places are None at the ends."""

    cars: Sequence[InStock]
    earlier: Place[date] | None
    later: Place[date] | None


def page(session: Session, store_id: UUID, wanted: Wanted, place: Place[date] | None = None) -> Listed:
    """The cars that are wanted, those that are here first, the oldest first."""
    query = _narrowed(store_id, wanted).options(joinedload(StockCar.model))
    query = query.options(joinedload(Order.consultant), joinedload(Order.customer))

    def read(asked: Select[StockCar, Order]) -> list[InStock]:
        return [InStock(row[0], row[1]) for row in session.execute(asked)]

    leaf = OLDEST_FIRST.page(read, query, PAGE, place)
    cars = leaf.rows
    return Listed(
        cars,
        Place(*_place(cars[0].car), backwards=True) if leaf.before else None,
        Place(*_place(cars[-1].car)) if leaf.after else None,
    )


def neighbours(session: Session, person: Person, wanted: Wanted, car: StockCar) -> tuple[str | None, str | None]:
    """The numbers of the orders that keep the car before and the car after in the same list; only those one may see."""
    query = _narrowed(person.store_id, wanted).where(Order.id.is_not(None))
    if not person.may(Right.SEE_ALL_PROSPECTS):
        query = query.where(Order.consultant_id == person.id)
    numbers = query.with_only_columns(Order.number, maintain_column_froms=True)
    return OLDEST_FIRST.beside(session, numbers, *_place(car))


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


def _narrowed(store_id: UUID, wanted: Wanted) -> Select[StockCar, Order]:
    query = select(StockCar, Order).outerjoin(Order, _KEEPS)
    query = query.where(StockCar.store_id == store_id, StockCar.sold_at.is_(None), _shown(wanted.show))
    return query.where(StockCar.model_id == wanted.model) if wanted.model is not None else query


def _place(car: StockCar) -> tuple[date, UUID]:
    return car.arrived_on or FAR, car.id


def _shown(show: str) -> ColumnElement[bool]:
    if show == COMING:
        return StockCar.arrived_on.is_(None)
    return Order.id.is_not(None) if show == KEPT else Order.id.is_(None)
