"""Reading the board: always the same few questions, however many cars there are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.catalogue import value_of
from server.domain.catalogue.bays import Bay, bays
from server.domain.catalogue.validity import today
from server.domain.customers import Car
from server.domain.customers.cars import label
from server.domain.people import Right, Staff
from server.domain.people.staff import with_right
from server.domain.workshop.board import (
    APPROVAL,
    BY_STATE,
    LATE,
    OVER,
    PARTS,
    PAUSED,
    SOON,
    STUCK,
    WAITING,
    Board,
    Card,
    Column,
    Task,
)
from server.domain.workshop.clockings import Clocking
from server.domain.workshop.order_lines import JobState, OrderJob
from server.domain.workshop.repair_orders import RepairOrder, State
from server.domain.workshop.tasks import TO_DO

RULES = "board_rules"
"""Parameter: `paused_minutes` until a pause holds a car up, `soon_minutes` before a promised time."""
SHOWN = (State.INTAKE, State.ORDERED, State.IN_WORK, State.INSPECTION, State.WASHING, State.READY)
Line = Any
"""A row of some columns, without its types: SQLAlchemy's differ for every question."""


def read(session: Session, store_id: UUID, at: datetime) -> Board:
    """The board of a store as it stands at that moment."""
    places = bays(session, store_id)
    people = with_right(session, store_id, Right.WORK)
    rules = value_of(session, store_id, RULES)
    jobs = _jobs(session, store_id)
    clocked = _clocked(session, store_id)
    names = _Names(places, people, today(session, store_id, at))
    cards = [_card(row, jobs.get(row.id, ()), clocked, names, rules, at) for row in session.execute(_orders(store_id))]
    return Board(tuple(cards), _columns(_of_bay(one) for one in places), _columns(_of_person(one) for one in people))


class _Names:
    """What bays and people are called, and which day it is."""

    def __init__(self, places: Sequence[Bay], people: Sequence[Staff], day: date) -> None:
        self.today = day
        self.bays: Mapping[UUID, Words] = {one.id: one.name for one in places}
        self.people: Mapping[UUID, Words] = {one.id: one.title for one in people}


def _columns(own: Iterable[Column]) -> tuple[Column, ...]:
    before, after = (State.INTAKE,), (State.INSPECTION, State.WASHING, State.READY)
    ends = [[Column(str(state), None) for state in states] for states in (before, after)]
    return (*ends[0], Column(WAITING, None), *own, *ends[1])


def _of_bay(bay: Bay) -> Column:
    return Column(str(bay.id), bay.name, tuple(bay.skills))


def _of_person(staff: Staff) -> Column:
    return Column(str(staff.id), staff.title)


def _orders(store_id: UUID) -> Any:
    return (
        select(
            RepairOrder.id, RepairOrder.number, RepairOrder.kind, RepairOrder.state, RepairOrder.promised_at,
            RepairOrder.arrived_at, RepairOrder.key_number, RepairOrder.waits_here, Car.plate, Car.vin, Car.model,
        )
        .join(Car, Car.id == RepairOrder.car_id)
        .where(RepairOrder.store_id == store_id, RepairOrder.state.in_(SHOWN))
        .order_by(RepairOrder.id)
    )  # fmt: skip


def _jobs(session: Session, store_id: UUID) -> dict[UUID, list[Line]]:
    """What stands on the shown orders, by order, in its order."""
    query = (
        select(
            OrderJob.id, OrderJob.order_id, OrderJob.name, OrderJob.state, OrderJob.skill, OrderJob.technician_id,
            OrderJob.bay_id, OrderJob.planned_end,
        )
        .join(RepairOrder, RepairOrder.id == OrderJob.order_id)
        .where(OrderJob.store_id == store_id, RepairOrder.state.in_(SHOWN))
        .where(OrderJob.state.not_in((JobState.DECLINED, JobState.CANCELLED)))
        .order_by(OrderJob.order_id, OrderJob.position, OrderJob.id)
    )  # fmt: skip
    found: dict[UUID, list[Line]] = {}
    for row in session.execute(query):
        found.setdefault(row.order_id, []).append(row)
    return found


def _clocked(session: Session, store_id: UUID) -> dict[UUID, Line]:
    """The last clocking of every job that is worked on or paused."""
    query = (
        select(Clocking.order_job_id, Clocking.started_at, Clocking.ended_at, Clocking.why)
        .join(OrderJob, OrderJob.id == Clocking.order_job_id)
        .where(Clocking.store_id == store_id, OrderJob.state.in_((JobState.WORKING, JobState.PAUSED)))
        .order_by(Clocking.started_at, Clocking.id)
    )
    return {row.order_job_id: row for row in session.execute(query)}


def _card(
    row: Line, jobs: Sequence[Line], clocked: Mapping[UUID, Line], names: _Names, rules: Any, at: datetime
) -> Card:
    current = _current(jobs) if row.state in (State.ORDERED, State.IN_WORK) else None
    running = clocked.get(current.id) if current is not None and current.state == JobState.WORKING else None
    elsewhere = BY_STATE.get(State(row.state), WAITING)
    bay, technician = (getattr(current, name, None) for name in ("bay_id", "technician_id"))
    return Card(
        id=row.id, number=row.number, plate=label(row.plate, row.vin), model=row.model, kind=row.kind, state=row.state,
        promised_at=row.promised_at, arrived_at=row.arrived_at, key_number=row.key_number, waits_here=row.waits_here,
        bay=str(bay) if bay in names.bays else elsewhere,
        technician=str(technician) if technician in names.people else elsewhere,
        bay_name=names.bays.get(bay) if bay else None,
        technician_name=names.people.get(technician) if technician else None,
        task=Task(current.name, current.state, current.skill) if current is not None else None,
        done=sum(job.state == JobState.DONE for job in jobs),
        jobs=sum(job.state != JobState.PROPOSED for job in jobs), since=running.started_at if running else None,
        stuck=_stuck(row, jobs, clocked, rules, at), today=names.today,
    )  # fmt: skip


def _current(jobs: Sequence[Line]) -> Line | None:
    """What is worked on, else what was begun, else what comes next and was given to somebody."""
    left = [job for job in jobs if job.state in TO_DO]
    eager = {JobState.WORKING: 0, JobState.PAUSED: 1, JobState.APPROVED: 2}
    return min(left, key=lambda job: (eager[job.state], job.bay_id is None and job.technician_id is None), default=None)


def _stuck(row: Line, jobs: Sequence[Line], clocked: Mapping[UUID, Line], rules: Any, at: datetime) -> tuple[str, ...]:
    """What holds a car up, the worst first."""
    found: set[str] = set()
    if row.promised_at is not None and row.state != State.READY:
        soon = timedelta(minutes=rules["soon_minutes"])
        found |= {LATE} if row.promised_at < at else {SOON} if row.promised_at - soon < at else set[str]()
    if any(job.state == JobState.PROPOSED for job in jobs) and row.state != State.INTAKE:
        found.add(APPROVAL)
    for job in jobs:
        if job.state in TO_DO and job.planned_end is not None and job.planned_end < at:
            found.add(OVER)
        if job.state == JobState.PAUSED and job.id in clocked:
            found |= _held_up(clocked[job.id], timedelta(minutes=rules["paused_minutes"]), at)
    return tuple(why for why in STUCK if why in found)


def _held_up(last: Line, patience: timedelta, at: datetime) -> set[str]:
    if last.why in (PARTS, APPROVAL):
        return {last.why}
    return {PAUSED} if last.ended_at is not None and at - last.ended_at > patience else set()
