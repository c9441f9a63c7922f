"""Figures of the workshop over the cars that left in a time: punctual, right at once, waits, work and money.

Punctual is who was ready by the promised time, as it was agreed on before it lapsed. Right at once (一次修复率) is one
less the visits that came back within the days of a comeback, of all visits.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, raiseload

from server.domain.workshop import promises, waits
from server.domain.workshop.clockings import Clocking
from server.domain.workshop.comebacks import Comeback, ComebackState
from server.domain.workshop.order_lines import JobState, OrderJob
from server.domain.workshop.promises import PromiseChange
from server.domain.workshop.repair_orders import RepairOrder, State
from server.domain.workshop.reworks import Rework
from server.domain.workshop.settlements import STANDING, Settlement
from server.domain.workshop.waits import Waits

HUNDREDTHS, SECONDS = 100, 3600


class Rate(msgspec.Struct, frozen=True):
    """So many of so many."""

    count: int
    of: int

    @property
    def percent(self) -> float | None:
        """In per cent; None of nothing."""
        return 100 * self.count / self.of if self.of else None


class Day(msgspec.Struct, frozen=True):
    """The cars that left on a day: how many were promised a time, and how many of them were ready by it."""

    on: date
    left: int
    punctual: Rate


class Worker(msgspec.Struct, frozen=True):
    """What one technician did: jobs, hours sold and hours clocked, and what came back."""

    staff_id: UUID
    jobs: int
    sold: int
    """Hundredths of an hour."""
    clocked: int
    """Hundredths of an hour."""
    reworks: int
    comebacks: int

    @property
    def efficiency(self) -> float | None:
        """Hours sold for each hour clocked, in per cent."""
        return 100 * self.sold / self.clocked if self.clocked else None


class Back(msgspec.Struct, frozen=True):
    """How often one thing came back."""

    name: Any
    rate: Rate


class Figures(msgspec.Struct, frozen=True):
    """A time of the workshop."""

    left: int
    punctual: Rate
    right_at_once: Rate
    days: Sequence[Day]
    workers: Sequence[Worker]
    by_job: Sequence[Back]
    by_model: Sequence[Back]
    money: Mapping[str, int]
    """Fen by payer, tax included; what was reversed is left out."""
    tax: int
    unpaid: int
    marks: Mapping[int, int]
    waits: Waits

    @property
    def mark(self) -> float | None:
        """The mean of the customers' marks, from one to five."""
        given = sum(self.marks.values())
        return sum(mark * count for mark, count in self.marks.items()) / given if given else None


def read(session: Session, store_id: UUID, since: datetime, until: datetime, zone: ZoneInfo) -> Figures:
    """Asks as little about many cars as about one."""
    orders = _left(session, store_id, since, until)
    ids = [order.id for order in orders]
    ready = _punctual(session, store_id, orders)
    jobs, came_back = _jobs(session, store_id, since, until), _comebacks(session, store_id, since, until)
    settled = _settlements(session, store_id, since, until)
    money: dict[str, int] = defaultdict(int)
    for one in settled:
        money[one.payer] += one.total
    return Figures(
        len(orders), _rate(ready[one] for one in ids if one in ready),
        Rate(len(orders) - len({one.earlier_id for one in came_back}), len(orders)),
        _days(orders, ready, zone), _workers(session, store_id, since, until, jobs, came_back),
        _by_job(jobs, came_back), _by_model(orders, came_back), dict(money), sum(one.tax for one in settled),
        sum(one.total for one in settled if one.state != "paid"),
        Counter(order.rating for order in orders if order.rating), waits.of_period(session, store_id, since, until),
    )  # fmt: skip


def _left(session: Session, store_id: UUID, since: datetime, until: datetime) -> Sequence[RepairOrder]:
    query = select(RepairOrder).where(RepairOrder.store_id == store_id, RepairOrder.state == State.CLOSED)
    query = query.where(RepairOrder.left_at >= since, RepairOrder.left_at < until)
    query = query.options(raiseload("*"), joinedload(RepairOrder.car).raiseload("*"))
    return session.scalars(query.order_by(RepairOrder.left_at)).all()


def _punctual(session: Session, store_id: UUID, orders: Sequence[RepairOrder]) -> dict[UUID, bool]:
    """By order, of those that were promised a time."""
    changed: dict[UUID, list[PromiseChange]] = defaultdict(list)
    query = select(PromiseChange).where(PromiseChange.store_id == store_id)
    query = query.where(PromiseChange.order_id.in_([order.id for order in orders]))
    for one in session.scalars(query.order_by(PromiseChange.at, PromiseChange.id)):
        changed[one.order_id].append(one)
    found: dict[UUID, bool] = {}
    for order in orders:
        due = promises.due_at(order, changed[order.id])
        if due is not None and order.ready_at is not None:
            found[order.id] = order.ready_at <= due
    return found


def _days(orders: Sequence[RepairOrder], ready: Mapping[UUID, bool], zone: ZoneInfo) -> list[Day]:
    by_day: dict[date, list[RepairOrder]] = defaultdict(list)
    for order in orders:
        assert order.left_at is not None  # it has left
        by_day[order.left_at.astimezone(zone).date()].append(order)
    return [
        Day(day, len(some), _rate(ready[order.id] for order in some if order.id in ready))
        for day, some in sorted(by_day.items())
    ]


def _jobs(session: Session, store_id: UUID, since: datetime, until: datetime) -> Sequence[OrderJob]:
    query = select(OrderJob).join(RepairOrder, RepairOrder.id == OrderJob.order_id).options(raiseload("*"))
    query = query.where(OrderJob.store_id == store_id, OrderJob.state == JobState.DONE)
    query = query.where(RepairOrder.state == State.CLOSED)
    return session.scalars(query.where(RepairOrder.left_at >= since, RepairOrder.left_at < until)).all()


def _comebacks(session: Session, store_id: UUID, since: datetime, until: datetime) -> Sequence[Comeback]:
    """The confirmed ones of cars that had left in this time."""
    query = select(Comeback).join(RepairOrder, RepairOrder.id == Comeback.earlier_id)
    query = query.where(Comeback.store_id == store_id, Comeback.state == ComebackState.CONFIRMED)
    return session.scalars(query.where(RepairOrder.left_at >= since, RepairOrder.left_at < until)).all()


def _settlements(session: Session, store_id: UUID, since: datetime, until: datetime) -> Sequence[Settlement]:
    query = select(Settlement).where(Settlement.store_id == store_id, Settlement.state.in_(STANDING))
    return session.scalars(query.where(Settlement.issued_at >= since, Settlement.issued_at < until)).all()


def _workers(
    session: Session, store_id: UUID, since: datetime, until: datetime, jobs: Sequence[OrderJob],
    came_back: Sequence[Comeback],
) -> list[Worker]:  # fmt: skip
    sold: Counter[UUID] = Counter()
    done: Counter[UUID] = Counter()
    for job in jobs:
        if job.technician_id:
            sold[job.technician_id] += job.hours
            done[job.technician_id] += 1
    clocked = _clocked(session, store_id, [job.id for job in jobs])
    again = _reworked(session, store_id, since, until)
    back = Counter(one.technician_id for one in came_back if one.technician_id)
    everybody = set(done) | set(again) | set(back)
    found = [Worker(one, done[one], sold[one], clocked[one], again[one], back[one]) for one in everybody]
    return sorted(found, key=lambda one: (-one.sold, str(one.staff_id)))


def _clocked(session: Session, store_id: UUID, job_ids: Sequence[UUID]) -> Counter[UUID]:
    query = select(Clocking.technician_id, Clocking.started_at, Clocking.ended_at)
    query = query.where(Clocking.store_id == store_id, Clocking.order_job_id.in_(job_ids))
    seconds: Counter[UUID] = Counter()
    for staff_id, began, ended in session.execute(query):
        if ended is not None:
            seconds[staff_id] += int((ended - began).total_seconds())
    return Counter({one: round(value * HUNDREDTHS / SECONDS) for one, value in seconds.items()})


def _reworked(session: Session, store_id: UUID, since: datetime, until: datetime) -> Counter[UUID]:
    query = select(Rework.technician_id).where(Rework.store_id == store_id)
    found = session.scalars(query.where(Rework.found_at >= since, Rework.found_at < until))
    return Counter(one for one in found if one is not None)


def _by_job(jobs: Sequence[OrderJob], came_back: Sequence[Comeback]) -> list[Back]:
    done, back = Counter(job.code for job in jobs), Counter(one.code for one in came_back)
    names = {job.code: job.name for job in jobs}
    found = [Back(names[code], Rate(back[code], done[code])) for code in done if back[code]]
    return sorted(found, key=lambda one: -(one.rate.percent or 0))


def _by_model(orders: Sequence[RepairOrder], came_back: Sequence[Comeback]) -> list[Back]:
    names: dict[str, Any] = {}
    done: Counter[str] = Counter()
    back: Counter[str] = Counter()
    again = {one.earlier_id for one in came_back}
    for order in orders:
        model = order.car.model
        if model:
            names[model["zh"]] = model
            done[model["zh"]] += 1
            back[model["zh"]] += order.id in again
    found = [Back(names[one], Rate(back[one], done[one])) for one in done if back[one]]
    return sorted(found, key=lambda one: -(one.rate.percent or 0))


def _rate(answers: Iterable[bool]) -> Rate:
    told = list(answers)
    return Rate(sum(told), len(told))
