"""Working on a job: clock on, pause with the reason, finish. One running job at a time for everybody.

The first clock-on begins the work on the car, and whoever finishes its last job ends it.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload

from server.database import now, uuid7
from server.domain.people import Person, Right, Staff
from server.domain.refusals import N_, WrongMove
from server.domain.workshop.clockings import Clocking
from server.domain.workshop.order_lines import JobState, OrderJob, move_job
from server.domain.workshop.repair_orders import RepairOrder, State, move
from server.domain.workshop.tasks import TO_DO, whole

OTHER_CAR, PARTS = "other_car", "parts"
"""Codes of the list `pause_reason` that the house itself knows."""


def clock_on(session: Session, job: OrderJob, *, by: Person) -> Clocking:
    """Begin, or go on. What they were on pauses: nobody works on two jobs. Raises WrongMove."""
    session.get(Staff, by.id, with_for_update={"key_share": True})  # on two devices they are still one
    running = running_of(session, by)
    held = whole(session, job.order_id, *([running.job.order_id] if running else []))
    running = running_of(session, by)  # the leader may have paused it before the cars were held
    order, at = held[job.order_id], _moment(session, by)
    _is_theirs(job, by)
    if State(order.state) not in (State.ORDERED, State.IN_WORK):
        raise WrongMove(N_("Nobody works on this car now: it is “%(now)s”."), now=order.state_name)
    if running is not None and running.order_job_id != job.id:
        _pause(session, held[running.job.order_id], running.job, running, at, OTHER_CAR, by=by)
    if order.state == State.ORDERED:
        order.work_started_at = order.work_started_at or at
        move(session, order, State.IN_WORK, "repair_order.work_started", by=by)
    job.technician_id = by.id
    move_job(session, order, job, JobState.WORKING, "job.clocked_on", by=by)
    clocking = Clocking(
        id=uuid7(), store_id=by.store_id, order_job_id=job.id, technician_id=by.id, started_at=at, ended_at=None
    )
    session.add(clocking)
    session.flush()  # the database itself refuses a second running one
    return clocking


def pause(session: Session, job: OrderJob, why: str, *, by: Person) -> None:
    """Stop for now; `why` is a code of `pause_reason`. The team leader may do it for others. Raises WrongMove."""
    order = whole(session, job.order_id)[job.order_id]
    if not by.may(Right.DISPATCH):
        _is_theirs(job, by)
    running = session.scalar(_running(Clocking.order_job_id == job.id))
    if running is None:
        raise WrongMove(N_("Nobody is clocked on to this job."))
    _pause(session, order, job, running, _moment(session, by), why, by=by)


def finish(session: Session, job: OrderJob, *, by: Person) -> None:
    """The job is done; the last one of a car sends it to inspection. Raises WrongMove."""
    order, at = whole(session, job.order_id)[job.order_id], _moment(session, by)
    _is_theirs(job, by)
    for running in session.scalars(_running(Clocking.order_job_id == job.id)):
        running.ended_at = max(at, running.started_at)
    move_job(session, order, job, JobState.DONE, "job.finished", by=by)
    if order.state == State.IN_WORK and not any(one.state in TO_DO for one in order.jobs):
        order.work_ended_at = at
        move(session, order, State.INSPECTION, "repair_order.work_ended", by=by)


def running_of(session: Session, person: Person) -> Clocking | None:
    """What somebody is clocked on to."""
    return session.scalar(_running(Clocking.technician_id == person.id).where(Clocking.store_id == person.store_id))


def worked(session: Session, job: OrderJob, at: datetime) -> timedelta:
    """How long a job was worked on until then, its pauses left out."""
    query = select(Clocking.started_at, Clocking.ended_at).where(Clocking.order_job_id == job.id)
    return sum(((row.ended_at or at) - row.started_at for row in session.execute(query)), timedelta())


def _is_theirs(job: OrderJob, by: Person) -> None:
    if job.technician_id not in (None, by.id):
        raise WrongMove(N_("A colleague works on this job. The team leader can give it to you."))


def _pause(
    session: Session, order: RepairOrder, job: OrderJob, running: Clocking, at: datetime, why: str, *, by: Person
) -> None:
    running.ended_at, running.why = max(at, running.started_at), why
    move_job(session, order, job, JobState.PAUSED, "job.paused", by=by, why=why)
    session.flush()  # before another one begins


def _running(which: ColumnElement[bool]) -> Select[Clocking]:
    return select(Clocking).where(Clocking.ended_at.is_(None), which).options(joinedload(Clocking.job))


def _moment(session: Session, by: Person) -> datetime:
    """When it was done by the device's clock: not ahead of ours, and not before what the same person did last."""
    query = select(Clocking.started_at, Clocking.ended_at).where(
        Clocking.store_id == by.store_id, Clocking.technician_id == by.id
    )
    last = session.execute(query.order_by(Clocking.started_at.desc()).limit(1)).first()
    at = min(by.moment(), now())
    return max(at, last.ended_at or last.started_at) if last else at
