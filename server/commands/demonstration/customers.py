"""The customers of the demonstration, recorded as the desk would record them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration.stores import read
from server.database import Words
from server.domain.catalogue import CarModel, entries
from server.domain.customers import Car, Customer, cars, households, register, relations
from server.domain.people import Person
from server.domain.records import consents

Known = dict[str, tuple[Customer, list[Car]]]
"""Customers by name, each with their cars."""


def enter_customers(session: Session, by: Person) -> Known:
    """Everybody of the list; the first two are a couple who share a car."""
    models = {model.series["zh"]: model for model in session.scalars(_of_store(by))}
    colours = {entry.code: entry.name for entry in entries(session, by.store_id, "colour")}
    known: Known = {}
    for described in read("customers.json"):
        described_cars = described.pop("cars")
        customer = register(session, by=by, even_so=True, **described)
        theirs = [_enter_car(session, customer, one, models, colours, by=by) for one in described_cars]
        known[customer.name] = (customer, theirs)
        _ask_consent(session, customer, by=by)
    (husband, (car, *_)), (wife, _) = list(known.values())[:2]
    households.join(session, husband, wife, by=by)
    relations.add(session, car, wife, "sender", by=by)
    return known


def _of_store(by: Person) -> Any:
    return select(CarModel).where(CarModel.store_id == by.store_id)


def _enter_car(
    session: Session, owner: Customer, described: dict[str, Any], models: dict[str, CarModel],
    colours: dict[str, Words], *, by: Person,
) -> Car:  # fmt: skip
    car = cars.on_file(
        session, by=by, vin=described["vin"], plate=described["plate"], model=models[described["series"]],
        colour=colours[described["colour"]], odometer_km=described["odometer_km"],
    )  # fmt: skip
    relations.add(session, car, owner, "owner", by=by)
    return car


def _ask_consent(session: Session, customer: Customer, *, by: Person) -> None:
    """Every second one wants no advertising: both answers are on file."""
    consents.answer(session, customer.id, "file", True, by=by)
    consents.answer(session, customer.id, "contact", True, by=by)
    consents.answer(session, customer.id, "marketing", len(customer.name) == 2, by=by, how="written")
