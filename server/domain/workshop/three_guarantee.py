"""The three guarantees: whether a car is in or out of its periods by day and kilometres, with the rule that says so.

家用汽车产品修理更换退货责任规定 (order no. 43, in force since 2022-01-01); the numbers are the parameter
`three_guarantee`. The periods follow the car, whoever owns it.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Versioned, Words
from server.domain.catalogue import value_of
from server.domain.customers import Car
from server.domain.people import Person
from server.domain.records import record
from server.domain.refusals import Invalid, N_
from server.domain.workshop.order_lines import BILLED_JOBS, OrderJob
from server.domain.workshop.repair_orders import RepairOrder, State

RULES = "three_guarantee"
PAYER = "three_guarantee"
DAY = timedelta(days=1)
PERIODS: dict[str, tuple[Words, str]] = {
    "repair": ({"zh": "包修期", "en": "Free repair"}, N_("Art. 18: free repair, whichever is reached first.")),
    "whole": (
        {"zh": "三包有效期", "en": "Return and exchange"},
        N_("Art. 18 and 24: return or exchange for serious or repeated faults, whichever is reached first."),
    ),
    "main": (
        {"zh": "主要零件免费更换", "en": "Main parts exchanged"},
        N_("Art. 20: a main part of engine, gearbox, battery or motor at fault: the whole assembly new."),
    ),
}


class CarSale(OfStore, Versioned, Base):
    """When a car was sold, as far as its guarantees have to know."""

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


class Period(msgspec.Struct, frozen=True):
    """One period and where the car stands in it; its kilometres are None while nobody has read them."""

    code: str
    until: date
    most_km: int
    in_days: bool
    in_km: bool | None

    @property
    def name(self) -> Words:
        """What people call it."""
        return PERIODS[self.code][0]

    @property
    def rule(self) -> str:
        """The rule, as a message of the catalogue."""
        return PERIODS[self.code][1]

    @property
    def holds(self) -> bool | None:
        """In (true), out (false), or not known before the mileage is read."""
        return self.in_days and self.in_km


class Standing(msgspec.Struct, frozen=True):
    """What is known of the guarantees of one car."""

    sale: CarSale | None
    periods: tuple[Period, ...]
    days: int
    """Days in repair under the guarantee so far: every 24 hours one, a beginning one counts (art. 40)."""
    most_days: int
    faults: tuple[tuple[Words, int], ...]
    """Repairs under the guarantee by job, the most often first."""
    most_repairs: int
    loan_due: bool
    """Whether the repair of now has taken so long that a loan car or travel money is due (art. 21)."""

    @property
    def may_return(self) -> bool:
        """Whether days or repeated repairs are beyond what has to be borne (art. 24)."""
        return self.days > self.most_days or any(count > self.most_repairs for _, count in self.faults)


def standing(
    session: Session, car: Car, km: int | None, at: datetime, zone: Any, *, now_in: UUID | None = None
) -> Standing:
    """Where a car stands at a moment, with this mileage; `now_in` is the order it is here with."""
    rules: dict[str, Any] = value_of(session, car.store_id, RULES)
    sale = of_car(session, car)
    orders, jobs = _repairs(session, car)
    spent = {order.id: days_in_repair(order.arrived_at, order.ready_at or order.left_at or at) for order in orders}
    counted = Counter(job.code for job in jobs)
    names = {job.code: job.name for job in jobs}
    return Standing(
        sale, periods(sale, rules, km, at.astimezone(zone).date()), sum(spent.values()), rules["repair_days"],
        tuple((names[code], count) for code, count in counted.most_common(3)), rules["repairs"],
        now_in is not None and spent.get(now_in, 0) > rules["loan_after_days"],
    )  # fmt: skip


def periods(sale: CarSale | None, rules: dict[str, Any], km: int | None, day: date) -> tuple[Period, ...]:
    """The three periods of a privately bought car; none when nobody knows when it was sold."""
    if sale is None or sale.begins_on is None or not sale.private:
        return ()
    begins = sale.begins_on
    ends = {
        "repair": (after_months(begins, rules["repair_months"]), rules["repair_km"]),
        "whole": (after_months(begins, rules["months"]), rules["km"]),
        "main": (begins + timedelta(days=rules["main_days"]), rules["main_km"]),
    }
    return tuple(
        Period(code, until, most, day <= until, None if km is None else km <= most)
        for code, (until, most) in ends.items()
    )


def after_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))


def days_in_repair(since: datetime, until: datetime) -> int:
    """Every 24 hours are a day, and what is left over is one."""
    return max(0, -(-(until - since) // DAY))


def set_sale(
    session: Session, car: Car, *, by: Person, invoiced_on: date | None, delivered_on: date | None, private: bool = True
) -> CarSale:
    """When it was sold, as the papers say. Raises Invalid at `delivered_on` when it is before the invoice."""
    if invoiced_on and delivered_on and delivered_on < invoiced_on:
        raise Invalid.at("delivered_on", N_("This is before the invoice."))
    sale = of_car(session, car)
    if sale is None:
        sale = CarSale(store_id=by.store_id, car_id=car.id)
        session.add(sale)
    sale.invoiced_on, sale.delivered_on, sale.private = invoiced_on, delivered_on, private
    session.flush()  # the event points at it
    record(session, "car_sale.set", sale, by=by, car_id=car.id, invoiced_on=invoiced_on, delivered_on=delivered_on)
    return sale


def of_car(session: Session, car: Car) -> CarSale | None:
    """When this car was sold, if anybody knows."""
    return session.scalar(select(CarSale).where(CarSale.store_id == car.store_id, CarSale.car_id == car.id))


def _repairs(session: Session, car: Car) -> tuple[Sequence[Any], Sequence[Any]]:
    """The visits under the guarantee and their jobs, in one question."""
    query = (
        select(
            RepairOrder.id.label("order_id"), RepairOrder.arrived_at, RepairOrder.ready_at, RepairOrder.left_at,
            OrderJob.code, OrderJob.name,
        )
        .join(OrderJob, OrderJob.order_id == RepairOrder.id)
        .where(RepairOrder.store_id == car.store_id, RepairOrder.car_id == car.id)
        .where(RepairOrder.state != State.CANCELLED, OrderJob.payer == PAYER, OrderJob.state.in_(BILLED_JOBS))
    )  # fmt: skip
    rows = session.execute(query).all()
    visits = {row.order_id: Visit(row.order_id, row.arrived_at, row.ready_at, row.left_at) for row in rows}
    return list(visits.values()), rows


class Visit(msgspec.Struct, frozen=True):
    """One visit under the guarantee."""

    id: UUID
    arrived_at: datetime
    ready_at: datetime | None
    left_at: datetime | None
