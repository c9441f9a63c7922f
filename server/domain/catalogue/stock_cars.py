"""New cars in stock or on the way, each known by its VIN. Who has which reserved is said by the orders."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned
from server.domain.catalogue.car_models import CarModel


class StockCar(OfStore, Versioned, Base):
    """One new car of the store."""

    __tablename__ = "stock_cars"
    __table_args__ = (
        UniqueConstraint("store_id", "vin"),
        Index("ix_stock_cars_model", "store_id", "model_id", "sold_at"),
    )

    vin: Mapped[str]
    model_id: Mapped[UUID] = mapped_column(ForeignKey("car_models.id"))
    colour: Mapped[str]
    """The code of a colour."""
    engine_no: Mapped[str] = mapped_column(default="")
    arrived_on: Mapped[date | None]
    """None while it is on the way."""
    sold_at: Mapped[datetime | None]

    model: Mapped[CarModel] = relationship(foreign_keys=[model_id])


def unsold(session: Session, store_id: UUID, model_id: UUID, most: int = 60) -> Sequence[StockCar]:
    """The cars of that model which have not been handed over, those that are here first, the oldest first."""
    query = select(StockCar).where(StockCar.store_id == store_id, StockCar.model_id == model_id)
    query = query.where(StockCar.sold_at.is_(None)).order_by(StockCar.arrived_on.is_(None), StockCar.arrived_on)
    return session.scalars(query.order_by(StockCar.vin).limit(most)).all()


def with_vin(session: Session, store_id: UUID, vin: str) -> StockCar | None:
    """The car of that VIN."""
    return session.scalar(select(StockCar).where(StockCar.store_id == store_id, StockCar.vin == vin))
