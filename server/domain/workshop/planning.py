"""The day as it stands, as a schedule wants it: what is left to do, who is free when, and what is taken over of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from server.database import Words
from server.domain.catalogue import value_of
from server.domain.catalogue.bays import bays
from server.domain.people import Person, Right
from server.domain.people.staff import with_right
from server.domain.refusals import WrongMove
from server.domain.workshop.clockings import Clocking
from server.domain.workshop.dispatch import MOVABLE, assign, can_do, minutes_of, skills_of
from server.domain.workshop.order_lines import JobState, OrderJob
from server.domain.workshop.repair_orders import RepairOrder, State
from server.domain.workshop.scheduling import Day, Hand, Place, Task

WASH = "wash"


@dataclass(frozen=True)
class Agenda:
    """The open work, with what its keys stand for."""

    day: Day
    at: datetime
    jobs: Mapping[str, OrderJob]
    cars: Mapping[str, RepairOrder]
    hands: Mapping[str, Words]
    places: Mapping[str, Words]


@dataclass(frozen=True)
class Given:
    """A job with who does it, where and when, as a proposal says."""

    job_id: UUID
    technician_id: UUID
    bay_id: UUID
    starts: datetime
    ends: datetime


def agenda(session: Session, store_id: UUID, at: datetime) -> Agenda:
    """What is agreed to and not done yet on the cars that are here, as they came."""
    orders = _orders(session, store_id)
    busy = _busy(session, store_id, at)
    people, places = with_right(session, store_id, Right.WORK), bays(session, store_id)
    known = skills_of(session, store_id)
    skills = _with_washers({one.id: can_do(known, one.id) for one in people})
    wash = int(value_of(session, store_id, "promise_rules")["wash_minutes"])
    hands = [Hand(str(one.id), tuple(skills[one.id].items()), busy.get(one.id, 0)) for one in people]
    stands = [Place(str(one.id), frozenset(one.skills), busy.get(one.id, 0)) for one in places]
    tasks = [task for order in orders for task in _tasks(order, wash, busy, at)]
    return Agenda(
        day=Day(tuple(tasks), tuple(hands), tuple(stands)), at=at,
        jobs={str(job.id): job for order in orders for job in order.jobs},
        cars={str(order.id): order for order in orders}, hands={str(one.id): one.title for one in people},
        places={str(one.id): one.name for one in places},
    )  # fmt: skip


def take_over(session: Session, given: Sequence[Given], *, by: Person) -> int:
    """Give the jobs as proposed; what was begun, done or called off meanwhile stays as it is. How many were given."""
    query = select(OrderJob).where(OrderJob.store_id == by.store_id, OrderJob.id.in_([one.job_id for one in given]))
    jobs = {job.id: job for job in session.scalars(query.options(selectinload(OrderJob.order)))}
    count = 0
    for one in sorted(given, key=lambda one: str(jobs[one.job_id].order_id) if one.job_id in jobs else ""):
        job = jobs.get(one.job_id)
        if job is None or job.state not in MOVABLE:
            continue
        try:
            assign(session, job.order, job, one.technician_id, one.bay_id, by=by, starts=one.starts, ends=one.ends)
        except WrongMove:  # begun since it was read
            continue
        count += 1
    return count


def _orders(session: Session, store_id: UUID) -> Sequence[RepairOrder]:
    query = select(RepairOrder).where(RepairOrder.store_id == store_id)
    query = query.where(RepairOrder.state.in_((State.ORDERED, State.IN_WORK)))
    query = query.options(selectinload(RepairOrder.jobs)).order_by(RepairOrder.arrived_at, RepairOrder.id)
    return session.scalars(query.limit(200)).all()


def _with_washers(skills: Mapping[UUID, Mapping[str, int]]) -> Mapping[UUID, Mapping[str, int]]:
    """Where washing is nobody's trade, whoever is free washes."""
    if any(WASH in those for those in skills.values()):
        return skills
    return {who: {**those, WASH: 100} for who, those in skills.items()}


def _tasks(order: RepairOrder, wash: int, busy: Mapping[UUID, int], at: datetime) -> list[Task]:
    due = max(0, _minutes(order.promised_at - at)) if order.promised_at else None
    free = busy.get(order.id, 0)
    left = [job for job in order.jobs if job.state in MOVABLE]
    tasks = [Task(str(job.id), str(order.id), job.skill, minutes_of(job), due, free, _begun_by(job)) for job in left]
    running = any(job.state == JobState.WORKING for job in order.jobs)
    if order.wash and (left or running):
        tasks.append(Task(f"{WASH} {order.id}", str(order.id), WASH, wash, due, free))
    return tasks


def _begun_by(job: OrderJob) -> str | None:
    return str(job.technician_id) if job.state == JobState.PAUSED and job.technician_id else None


def _busy(session: Session, store_id: UUID, at: datetime) -> dict[UUID, int]:
    """For how many minutes more technicians, bays and cars are taken by what is worked on now."""
    query = select(OrderJob, Clocking).join(Clocking, Clocking.order_job_id == OrderJob.id)
    query = query.where(OrderJob.store_id == store_id, OrderJob.state == JobState.WORKING)
    worked: dict[OrderJob, timedelta] = {}
    for job, clocking in session.execute(query):
        worked[job] = worked.get(job, timedelta()) + ((clocking.ended_at or at) - clocking.started_at)
    found: dict[UUID, int] = {}
    for job, so_far in worked.items():
        left = max(1, minutes_of(job) - _minutes(so_far))
        for key in (job.technician_id, job.bay_id, job.order_id):
            if key is not None:
                found[key] = max(found.get(key, 0), left)
    return found


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
