"""Which demonstration car goes along: of the models that stand in stock for longest, one whose papers hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.catalogue import DemoCar
from server.domain.catalogue.demo_cars import on_the_road
from server.domain.catalogue.stock_cars import StockCar


@dataclass(frozen=True)
class Slow:
    """A demonstration car, and for how many days its model has stood in stock; 0 for one that is not in stock."""

    car: DemoCar
    days: int


def slowest(session: Session, store_id: UUID, day: date) -> Sequence[Slow]:
    """Those that may be on the road on that day, the model whose oldest unsold car has stood for longest first."""
    query = select(StockCar.model_id, func.min(StockCar.arrived_on).label("since"))
    query = query.where(StockCar.store_id == store_id, StockCar.sold_at.is_(None), StockCar.arrived_on.is_not(None))
    since = {row.model_id: row.since for row in session.execute(query.group_by(StockCar.model_id))}
    cars = [car for car in on_the_road(session, store_id) if car.may_drive_on(day)]
    found = [Slow(car, max(0, (day - since[car.model_id]).days) if car.model_id in since else 0) for car in cars]
    return sorted(found, key=lambda one: (-one.days, one.car.plate))
