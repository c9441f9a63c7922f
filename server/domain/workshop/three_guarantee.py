"""The three guarantees: whether a car is in or out of its periods by day and kilometres, with the rule that says so."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, OfStore, Versioned


class CarSale(OfStore, Versioned, Base):
    """When a car was sold, as far as its guarantees have to know. They follow the car, whoever owns it."""

    __tablename__ = "car_sales"
    __table_args__ = (UniqueConstraint("store_id", "car_id"),)

    car_id: Mapped[UUID] = mapped_column(ForeignKey("cars.id"))
    invoiced_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    """The periods begin here when it is not the day of the invoice."""
    private: Mapped[bool] = mapped_column(default=True)
    """Bought by a household for itself: only then the three guarantees hold."""

    @property
    def begins_on(self) -> date | None:
        """From when the periods count."""
        return self.delivered_on or self.invoiced_on
