"""The car of an order: one of the stock is kept for it, then a delivery is planned with it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from server.database import now
from server.domain.catalogue import stock_cars
from server.domain.catalogue.stock_cars import StockCar
from server.domain.deals import orders
from server.domain.deals.orders import Order, State
from server.domain.people import Person
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, WrongMove


def free(session: Session, order: Order) -> Sequence[StockCar]:
    """The cars that could be kept for it, those of its colour first."""
    cars = stock_cars.unsold(session, order.store_id, order.model_id)
    query = select(Order.stock_car_id).where(Order.store_id == order.store_id, Order.stock_car_id.is_not(None))
    kept = set(session.scalars(query.where(Order.stock_car_id.in_([car.id for car in cars]))))
    return sorted((car for car in cars if car.id not in kept), key=lambda car: car.colour != order.colour)


def assign(session: Session, order: Order, car: StockCar, *, by: Person) -> None:
    """Keep this car for this order. Raises Invalid at `car` when another order was quicker, or it is another model."""
    orders.may_sell(by)
    take_turn(session, by.store_id)  # of two at once the second sees what the first has kept
    if car.model_id != order.model_id or car.sold_at is not None:
        raise Invalid.at("car", N_("This car cannot be kept for this order."))
    taken = Invalid.at("car", N_("This car is kept for another order. Choose another one."))
    query = select(Order.id).where(Order.store_id == order.store_id, Order.stock_car_id == car.id)
    if session.scalar(query) is not None:
        raise taken
    try:
        with session.begin_nested():  # the database has the last word
            order.stock_car_id = car.id
    except IntegrityError as fault:
        raise taken from fault
    session.expire(order, ["stock_car"])
    orders.move(session, order, State.CAR_ASSIGNED, "order.car_assigned", by=by, vin=car.vin)


def release(session: Session, order: Order, *, by: Person) -> None:
    """The car is free again; the order waits for another."""
    orders.may_sell(by)
    if order.state != State.CAR_ASSIGNED:
        raise WrongMove(N_("Cancel the delivery first: the car is promised."))
    let_go(order)
    orders.move(session, order, State.PLACED, "order.car_released", by=by)


def let_go(order: Order) -> None:
    """No car is kept for it."""
    order.stock_car = None
    order.stock_car_id = None


def delivery_planned(
    session: Session, delivery_id: UUID, vin: str | None, customer_id: UUID, *, by: Person
) -> Order | None:
    """The order whose car is to be handed over. Raises Invalid at `vin` when the car is kept for somebody else."""
    order = _kept_for(session, by.store_id, vin)
    if order is None:
        return None
    if order.customer_id != customer_id:
        raise Invalid.at("vin", N_("This car is kept for the order %(number)s."), number=order.number)
    order.delivery_id = delivery_id
    orders.move(session, order, State.DELIVERY_PLANNED, "order.delivery_planned", by=by)
    return order


def delivery_cancelled(session: Session, delivery_id: UUID, *, by: Person) -> None:
    """The order keeps its car and waits for another plan."""
    order = orders.of_delivery(session, by.store_id, delivery_id)
    if order is not None:
        order.delivery_id = None
        orders.move(session, order, State.CAR_ASSIGNED, "order.delivery_cancelled", by=by)


def delivered(session: Session, delivery_id: UUID, *, by: Person) -> None:
    """The order is fulfilled and the car is no longer in stock."""
    order = orders.of_delivery(session, by.store_id, delivery_id)
    if order is None:
        return
    orders.move(session, order, State.DELIVERED, "order.delivered", by=by)
    if order.stock_car is not None:
        order.stock_car.sold_at = now()


def _kept_for(session: Session, store_id: UUID, vin: str | None) -> Order | None:
    if not vin:
        return None
    query = select(Order).join(Order.stock_car).where(Order.store_id == store_id, StockCar.vin == vin)
    return session.scalar(query.where(Order.state == State.CAR_ASSIGNED).options(joinedload(Order.stock_car)))
