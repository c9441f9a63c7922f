"""What a store needs to sell: marked prices, the rules of a deal, and cars in stock."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import uuid7
from server.domain.catalogue import CarModel, ListEntry, Parameter
from server.domain.catalogue.price_list import Price
from server.domain.catalogue.stock_cars import StockCar
from server.domain.people import Person

YUAN = 100


def furnish_deals(session: Session, deals: Any, by: Person, since: date) -> None:
    """From the lists in `deals.json`; the guide prices are in the order of the models."""
    models = session.scalars(select(CarModel).where(CarModel.store_id == by.store_id).order_by(CarModel.id)).all()
    session.add_all(_lists(deals, by, since))
    session.add_all(_parameters(deals, by, since))
    session.add_all(_guides(deals, by, since, models))
    session.add_all(_prices(deals, by, since))
    session.add_all(_stock(deals, by, models))


def _lists(deals: Any, by: Person, since: date) -> list[ListEntry]:
    return [
        ListEntry(
            store_id=by.store_id, list=name, code=code, name={"zh": zh, "en": en}, position=position, valid_from=since,
            valid_to=None,
        )
        for name, choices in deals["lists"].items()
        for position, (code, zh, en) in enumerate(choices, 1)
    ]  # fmt: skip


def _parameters(deals: Any, by: Person, since: date) -> list[Parameter]:
    return [
        Parameter(
            store_id=by.store_id, key=one["key"], value=one["value"],
            name=dict(zip(("zh", "en"), one["name"], strict=True)),
            valid_from=date.fromisoformat(one["valid_from"]) if "valid_from" in one else since,
        )
        for one in deals["parameters"]
    ]  # fmt: skip


def _guides(deals: Any, by: Person, since: date, models: Any) -> list[Price]:
    return [
        Price(
            id=uuid7(), store_id=by.store_id, kind="car", code=f"car_{place:02d}", name=model.name, model_id=model.id,
            amount=guide * YUAN, rate=0, position=place, valid_from=since, valid_to=None,
        )
        for place, (model, guide) in enumerate(zip(models, deals["guides"], strict=True), 1)
    ]  # fmt: skip


def _prices(deals: Any, by: Person, since: date) -> list[Price]:
    return [
        Price(
            store_id=by.store_id, kind=kind, code=code, name={"zh": zh, "en": en}, model_id=None, amount=yuan * YUAN,
            rate=rate, position=position, passed_on=code in deals["passed_on"], valid_from=since, valid_to=None,
        )
        for position, (kind, code, zh, en, yuan, rate) in enumerate(deals["prices"], 1)
    ]  # fmt: skip


def _stock(deals: Any, by: Person, models: Any) -> list[StockCar]:
    return [
        StockCar(
            store_id=by.store_id, vin=vin, model_id=models[place].id, colour=colour, engine_no="",
            arrived_on=date.fromisoformat(day) if day else None, sold_at=None,
        )
        for place, colour, vin, day in deals["stock"]
    ]  # fmt: skip
