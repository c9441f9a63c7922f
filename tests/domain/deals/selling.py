"""A deal as the tests make one: a prospect, what is offered, an order, a car of the stock."""

import io
from datetime import timedelta
from typing import Any

from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import CarModel
from server.domain.catalogue.stock_cars import StockCar
from server.domain.deals import Order, Quotation, placing
from server.domain.deals.offering import Choice, quote
from server.domain.people import Person
from server.domain.showroom import Prospect, register
from tests.cast import a_customer

GUIDE = 14_590_000
"""Fen: the first model of the demonstration's price list."""
OWN, STORE = GUIDE * 3 // 100, GUIDE // 10
"""What a consultant and what the store gives away at most."""


def a_prospect(session: Session, by: Person, phone: str = "13800007001") -> Prospect:
    """Somebody who means to buy in ten days."""
    day = now().astimezone(by.zone).date() + timedelta(days=10)
    customer = a_customer(session, by, "何雨晴", phone)
    return register(session, by=by, customer=customer, source="walk_in", expected_on=day, consultant_id=by.id)


def the_model(session: Session, by: Person, energy: str = "ice") -> CarModel:
    """The first model of the list with this kind of drive."""
    query = select(CarModel).where(CarModel.store_id == by.store_id, CarModel.energy == energy)
    return session.scalars(query.order_by(CarModel.id).limit(1)).one()


def a_choice(session: Session, by: Person, discount: int = 0, **more: Any) -> Choice:
    """The car with mats and compulsory insurance, this many fen below the guide price."""
    prices = {"car_01": GUIDE - discount, "mats": None, "compulsory_six": None}
    return Choice(**{"model": the_model(session, by), "colour": "white", "prices": prices} | more)


def a_quotation(session: Session, by: Person, discount: int = 0, **more: Any) -> Quotation:
    """Offered, or above the limit waiting for the manager."""
    return quote(session, a_prospect(session, by), a_choice(session, by, discount, **more), by=by)


def an_order(session: Session, by: Person) -> Order:
    """Placed; no car is kept for it yet."""
    return placing.place(session, a_quotation(session, by), by=by)


def stock(session: Session, by: Person) -> list[StockCar]:
    """The cars of that model, by VIN."""
    query = select(StockCar).where(StockCar.store_id == by.store_id, StockCar.model_id == the_model(session, by).id)
    return list(session.scalars(query.order_by(StockCar.vin)))


def pdf_text(content: bytes) -> str:
    """What a printed paper says."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
