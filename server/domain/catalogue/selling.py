"""What this store sells: its own models apart from all the others on file, and what each costs on the road."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from server.domain.catalogue.car_models import CarModel
from server.domain.catalogue.demo_cars import DemoCar
from server.domain.catalogue.parameters import value_of
from server.domain.catalogue.price_list import Price, for_seats, guide_prices
from server.domain.catalogue.purchase_tax import purchase_tax, tax_rule
from server.domain.catalogue.stock_cars import StockCar
from server.domain.catalogue.validity import holding, today


def sold_here(session: Session, store_id: UUID) -> Sequence[CarModel]:
    """The models that were ever priced, stand in stock or are demonstrated here; other makers' are only compared with.

    By brand, series, trim and year.
    """
    query = select(CarModel).where(CarModel.store_id == store_id, CarModel.active)
    tables = (Price, StockCar, DemoCar)
    ours = (exists().where(table.store_id == store_id, table.model_id == CarModel.id) for table in tables)
    return sorted(session.scalars(query.where(or_(*ours))), key=lambda model: (model.name["zh"], model.year))


def on_the_road(
    session: Session, store_id: UUID, models: Sequence[CarModel], day: date | None = None
) -> dict[UUID, int]:
    """What each model that has a guide price comes to in fen: the tax, the insurances and the fees that are passed on.

    An estimate at marked prices, for a budget that means the whole of it; a quotation says it exactly.
    """
    on = day or today(session, store_id)
    rule = tax_rule(value_of(session, store_id, "purchase_tax", on))
    guides = guide_prices(session, store_id, on)
    query = select(Price).where(Price.store_id == store_id, Price.model_id.is_(None), holding(Price, on))
    extras = [price for price in session.scalars(query) if price.is_passed_on]
    return {
        model.id: guides[model.id]
        + purchase_tax(guides[model.id], rule, charged=model.is_charged)
        + sum(price.marked(guides[model.id]) for price in for_seats(extras, model.seats or 0))
        for model in models
        if model.id in guides
    }
