"""The one file: a customer with people, cars, consents and timeline; or a car with everybody it had."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from server.domain.customers import households, timeline
from server.domain.customers.cars import Car
from server.domain.customers.customers import Customer
from server.domain.customers.relations import Relation
from server.domain.customers.timeline import Timeline
from server.domain.records import consents
from server.domain.records.consents import Consent


class CarOfCustomer(msgspec.Struct):
    """A car with what the customer is or was to it, and who else has to do with it."""

    car: Car
    relation: Relation


class PersonOfCar(msgspec.Struct):
    """A customer with what they are or were to the car."""

    customer: Customer
    relation: Relation


class CustomerFile(msgspec.Struct):
    """Everything that the store knows of a customer, at one look."""

    customer: Customer
    cars: Sequence[CarOfCustomer]
    household: Sequence[Customer]
    consents: dict[str, Consent]
    timeline: Timeline


class CarFile(msgspec.Struct):
    """Everything that the store knows of a car: its rights and its past go with it, not with an owner."""

    car: Car
    people: Sequence[PersonOfCar]
    timeline: Timeline


def of_customer(session: Session, customer: Customer, before: int | None = None) -> CustomerFile:
    """The file of a customer; `before` turns the page of the timeline."""
    return CustomerFile(
        customer=customer,
        cars=_cars(session, customer),
        household=households.members(session, customer),
        consents=consents.standing(session, customer.store_id, customer.id),
        timeline=timeline.of_customer(session, customer, before),
    )


def of_car(session: Session, car: Car, before: int | None = None) -> CarFile:
    """The file of a car."""
    return CarFile(car=car, people=_people(session, car), timeline=timeline.of_car(session, car, before))


def _cars(session: Session, customer: Customer) -> list[CarOfCustomer]:
    rows = session.execute(CARS, {"store_id": customer.store_id, "customer_id": customer.id})
    return [CarOfCustomer(car, relation) for car, relation in rows]


def _people(session: Session, car: Car) -> list[PersonOfCar]:
    rows = session.execute(PEOPLE, {"store_id": car.store_id, "car_id": car.id})
    return [PersonOfCar(customer, relation) for customer, relation in rows]


# Composed once: to compose them takes longer than to ask them.
STANDING_FIRST = (Relation.until.desc().nulls_first(), Relation.since)
CARS = (
    select(Car, Relation)
    .join(Relation, Relation.car_id == Car.id)
    .where(Relation.store_id == bindparam("store_id"), Relation.customer_id == bindparam("customer_id"))
    .order_by(*STANDING_FIRST)
)
PEOPLE = (
    select(Customer, Relation)
    .join(Relation, Relation.customer_id == Customer.id)
    .where(Relation.store_id == bindparam("store_id"), Relation.car_id == bindparam("car_id"))
    .order_by(*STANDING_FIRST)
)
