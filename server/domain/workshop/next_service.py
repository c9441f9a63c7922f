"""When a car is due again: from what was done and how far it goes in a day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import value_of
from server.domain.catalogue.jobs import Job
from server.domain.workshop.order_lines import BILLED_JOBS, OrderJob
from server.domain.workshop.repair_orders import RepairOrder, State
from server.domain.workshop.three_guarantee import after_months

LEAST_DAYS = 14
"""Two readings closer than this say nothing about a day."""
MOST_A_DAY = 1000
RULES = "next_service"


class Due(msgspec.Struct, frozen=True):
    """The day and the mileage, whichever comes first, and what they were reckoned from."""

    on: date
    km: int | None
    every_km: int
    every_months: int
    km_a_day: int
    measured: bool
    """Whether the kilometres a day are the car's own."""


def propose(session: Session, order: RepairOrder, zone: ZoneInfo) -> Due:
    """From the shortest interval of what was done; without one, from the house's usual interval."""
    rules: dict[str, int] = value_of(session, order.store_id, RULES)
    intervals = _intervals(session, order)
    every_km = min((km for km, _ in intervals if km), default=rules["every_km"])
    every_months = min((months for _, months in intervals if months), default=rules["every_months"])
    today = now().astimezone(zone).date()
    pace = a_day(_readings(session, order))
    km_a_day = rules["km_a_day"] if pace is None else pace
    by_time = after_months(today, every_months)
    by_km = today + timedelta(days=max(1, every_km // max(1, km_a_day)))
    km = order.km + every_km if order.km is not None else None
    return Due(min(by_time, by_km) if km else by_time, km, every_km, every_months, km_a_day, pace is not None)


def a_day(readings: Sequence[tuple[datetime, int]]) -> int | None:
    """Kilometres a day between the first and the last reading; None when they say nothing."""
    if len(readings) < 2:
        return None
    (first, began), (last, ended) = readings[0], readings[-1]
    days = (last - first).days
    if days < LEAST_DAYS or ended <= began:
        return None
    return max(1, min(MOST_A_DAY, (ended - began) // days))


def _intervals(session: Session, order: RepairOrder) -> Iterable[tuple[int | None, int | None]]:
    query: Any = select(Job.every_km, Job.every_months).join(OrderJob, OrderJob.job_id == Job.id)
    query = query.where(OrderJob.store_id == order.store_id, OrderJob.order_id == order.id)
    return [tuple(row) for row in session.execute(query.where(OrderJob.state.in_(BILLED_JOBS)))]


def _readings(session: Session, order: RepairOrder) -> list[tuple[datetime, int]]:
    """What the clock said at each visit, oldest first."""
    query = select(RepairOrder.arrived_at, RepairOrder.km).where(RepairOrder.store_id == order.store_id)
    query = query.where(RepairOrder.car_id == order.car_id, RepairOrder.state != State.CANCELLED)
    rows = session.execute(query.order_by(RepairOrder.arrived_at))
    return [(at, km) for at, km in rows if km is not None]
