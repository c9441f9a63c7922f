"""The cars that customers drive before they buy: what they are, and until when they may be on the road."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from server.database import Base, OfStore, Versioned
from server.domain.catalogue.car_models import CarModel
from server.domain.catalogue.parameters import value_of
from server.domain.people import Right, Store, notices
from server.domain.people.staff import with_right

RULES = "drive_rules"
"""The parameter with the store's own numbers: days of warning, days that a licence photo is kept, hours, minutes."""


class DemoCar(OfStore, Versioned, Base):
    """One demonstration car. It leaves the list by `active`, never by being deleted."""

    __tablename__ = "demo_cars"
    __table_args__ = (UniqueConstraint("store_id", "plate"),)

    plate: Mapped[str]
    vin: Mapped[str]
    model_id: Mapped[UUID] = mapped_column(ForeignKey("car_models.id"))
    automatic: Mapped[bool] = mapped_column(default=True)
    """Without a clutch: who may drive automatics alone may drive it."""
    insured_until: Mapped[date]
    inspected_until: Mapped[date]
    warned_on: Mapped[date | None]
    """When its keepers were last told that a paper ends."""
    active: Mapped[bool] = mapped_column(default=True)

    model: Mapped[CarModel] = relationship()

    @property
    def ends_on(self) -> date:
        """The last day on which it may be on the road."""
        return min(self.insured_until, self.inspected_until)

    def may_drive_on(self, day: date) -> bool:
        """Whether insurance and inspection hold on that day."""
        return self.active and day <= self.ends_on


def on_the_road(session: Session, store_id: UUID) -> Sequence[DemoCar]:
    """Every demonstration car in use, by plate."""
    query = select(DemoCar).where(DemoCar.store_id == store_id, DemoCar.active).options(joinedload(DemoCar.model))
    return session.scalars(query.order_by(DemoCar.plate)).all()


def warn(session: Session, store: Store, at: datetime) -> int:
    """Who keeps the catalogue is told before insurance or inspection ends, once a week; how many cars it were."""
    today = at.astimezone(store.zone).date()
    days: int = value_of(session, store.id, RULES, today)["warn_days"]
    until, lately = today + timedelta(days=days), today - timedelta(days=7)
    query = select(DemoCar).where(DemoCar.store_id == store.id, DemoCar.active)
    query = query.where(or_(DemoCar.insured_until <= until, DemoCar.inspected_until <= until))
    cars = session.scalars(query.where(or_(DemoCar.warned_on.is_(None), DemoCar.warned_on <= lately))).all()
    keepers = with_right(session, store.id, Right.KEEP_CATALOGUE) if cars else ()
    for car in cars:
        car.warned_on = today
        for keeper in keepers:
            notices.remind(
                session, store.id, keeper.id, "demo_car.ends", "/test-drives", at=at, plate=car.plate,
                day=f"{car.ends_on:%Y-%m-%d}",
            )  # fmt: skip
    return len(cars)
