"""The marked price list: what is charged for a car and what goes with it. Nothing is charged above it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Versioned, Words
from server.domain.catalogue.car_models import CarModel
from server.domain.catalogue.validity import Dated, holding, today
from server.domain.refusals import N_

KINDS = {
    "car": N_("Car"),
    "accessory": N_("Accessories"),
    "insurance": N_("Insurance"),
    "registration": N_("Registration"),
    "service_pack": N_("Service packs"),
}
"""What can stand on the list, in the order of a quotation."""
PASSED_ON = frozenset({"insurance"})
"""Kinds of which the store sets no price: the insurer does, and a rebate on a premium is against the law."""
OF_THE_WHOLE = 10_000
UP_TO_FIVE, FROM_SIX, SIX = "compulsory", "compulsory_six", 6
"""Codes of the compulsory insurance: its tariff for a family car is one up to five seats and another from six on."""


class Price(OfStore, Versioned, Dated, Base):
    """One marked price, from a day to a day. Without a model it holds for every car."""

    __tablename__ = "price_list"
    __table_args__ = (
        UniqueConstraint("store_id", "code", "valid_from"),
        Index("ix_price_list_model", "store_id", "model_id"),
    )

    kind: Mapped[str]
    code: Mapped[str]
    name: Mapped[Words]
    model_id: Mapped[UUID | None] = mapped_column(ForeignKey("car_models.id"))
    amount: Mapped[int]
    """Fen."""
    rate: Mapped[int] = mapped_column(default=0)
    """Besides the amount, this many ten-thousandths of the car's guide price: a premium grows with the car."""
    position: Mapped[int] = mapped_column(default=0)
    passed_on: Mapped[bool] = mapped_column(default=False)
    """A fee that the store collects for somebody else, such as that of a plate; insurance always is one."""

    @property
    def is_passed_on(self) -> bool:
        """Whether it is charged exactly as marked, because the money is not the store's."""
        return self.kind in PASSED_ON or self.passed_on

    def marked(self, guide: int) -> int:
        """The price in fen beside a car of this guide price, rounded half up."""
        return self.amount + (guide * self.rate * 2 + OF_THE_WHOLE) // (2 * OF_THE_WHOLE)


def prices(session: Session, store_id: UUID, model_id: UUID, day: date | None = None) -> Sequence[Price]:
    """What is on the list for this model on that day, kind by kind."""
    query = select(Price).where(Price.store_id == store_id, holding(Price, day or today(session, store_id)))
    query = query.where(or_(Price.model_id == model_id, Price.model_id.is_(None)))
    order = {kind: place for place, kind in enumerate(KINDS)}
    rows = [row for row in session.scalars(query) if row.kind != "car" or row.model_id == model_id]
    seats = session.scalar(select(CarModel.seats).where(CarModel.id == model_id)) or 0
    return sorted(for_seats(rows, seats), key=lambda row: (order[row.kind], row.position, row.code))


def for_seats(rows: Sequence[Price], seats: int) -> Sequence[Price]:
    """Without the compulsory insurance of the other number of seats, where the list has both."""
    if not {UP_TO_FIVE, FROM_SIX} <= {row.code for row in rows}:
        return rows
    return [row for row in rows if row.code != (UP_TO_FIVE if seats >= SIX else FROM_SIX)]


def guide_prices(session: Session, store_id: UUID, day: date | None = None) -> dict[UUID, int]:
    """The guide price in fen of every model that has one on that day."""
    query = select(Price.model_id, Price.amount).where(Price.store_id == store_id, Price.kind == "car")
    query = query.where(Price.model_id.is_not(None), holding(Price, day or today(session, store_id)))
    return {row.model_id: row.amount for row in session.execute(query) if row.model_id is not None}
