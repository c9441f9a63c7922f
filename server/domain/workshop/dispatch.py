"""Dispatch: who works on a car and in which bay, as the board shows it and the team leader moves it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue.bays import Bay
from server.domain.catalogue.jobs import SKILLS
from server.domain.people import Person, Staff, notices
from server.domain.refusals import N_, WrongMove
from server.domain.workshop.capacity import TechnicianSkill
from server.domain.workshop.order_lines import JobState, OrderJob, tell
from server.domain.workshop.repair_orders import RepairOrder
from server.domain.workshop.tasks import whole

MOVABLE = (JobState.APPROVED, JobState.PAUSED)
"""A job that somebody is at stays with them until they pause it."""


def give_to_bay(session: Session, order: RepairOrder, bay: Bay | None, *, by: Person) -> Sequence[OrderJob]:
    """The car goes to this bay with whatever can be done there; None: out of its bay. Raises WrongMove."""
    held = whole(session, order.id)[order.id]
    fit = [job for job in _movable(held) if bay is None or job.skill in bay.skills]
    if not fit:
        raise _refusal(held, N_("Nothing that is left to do on this car can be done there."))
    for job in fit:
        _assign(session, held, job, job.technician_id, bay.id if bay else None, by=by)
    return fit


def give_to_technician(
    session: Session, order: RepairOrder, technician: Staff | None, skills: Mapping[str, int], *, by: Person
) -> Sequence[OrderJob]:
    """Whatever this technician can do on the car is theirs; None: nobody's. Raises WrongMove."""
    held = whole(session, order.id)[order.id]
    fit = [job for job in _movable(held) if technician is None or job.skill in skills]
    if not fit:
        raise _refusal(held, N_("Nothing that is left to do on this car is their trade."))
    for job in fit:
        _assign(session, held, job, technician.id if technician else None, job.bay_id, by=by)
    if technician is not None:
        notices.tell(
            session, technician.id, "job.given", "/my-jobs", by=by, number=order.number, plate=order.car.label,
            what=fit[0].name,
        )  # fmt: skip
    return fit


def assign(
    session: Session, order: RepairOrder, job: OrderJob, technician_id: UUID | None, bay_id: UUID | None, *,
    by: Person, starts: datetime | None = None, ends: datetime | None = None,
) -> None:  # fmt: skip
    """One job alone: who, where and when. Raises WrongMove while somebody is at it."""
    held = whole(session, order.id)[order.id]
    if job.state not in MOVABLE:
        raise WrongMove(N_("This job is “%(now)s”; it stays where it is."), now=job.state_name)
    _assign(session, held, job, technician_id, bay_id, by=by, starts=starts, ends=ends)


def _assign(
    session: Session, order: RepairOrder, job: OrderJob, technician_id: UUID | None, bay_id: UUID | None, *,
    by: Person, starts: datetime | None = None, ends: datetime | None = None,
) -> None:  # fmt: skip
    was = (job.technician_id, job.bay_id, job.planned_start, job.planned_end)
    begins = starts or job.planned_start or now()
    over = ends or job.planned_end or begins + timedelta(minutes=minutes_of(job))
    if technician_id is None and bay_id is None:
        begins = over = None
    job.technician_id, job.bay_id, job.planned_start, job.planned_end = technician_id, bay_id, begins, over
    if was != (technician_id, bay_id, begins, over):
        job.version += 1
        tell(session, "job.assigned", order, job, by=by, technician_id=technician_id, bay_id=bay_id)


def skills_of(session: Session, store_id: UUID) -> Mapping[UUID, Mapping[str, int]]:
    """What everybody of the store can do, by person: skill and efficiency in per cent."""
    query = select(TechnicianSkill.staff_id, TechnicianSkill.skill, TechnicianSkill.efficiency)
    found: dict[UUID, dict[str, int]] = {}
    for row in session.execute(query.where(TechnicianSkill.store_id == store_id)):
        found.setdefault(row.staff_id, {})[row.skill] = row.efficiency
    return found


def can_do(known: Mapping[UUID, Mapping[str, int]], staff_id: UUID) -> Mapping[str, int]:
    """The skills of one of them; of whom nothing is noted, everybody thinks that they can do it."""
    return known.get(staff_id) or dict.fromkeys(SKILLS, 100)


def minutes_of(job: OrderJob) -> int:
    """The labour hours of a job, as minutes."""
    return -(-job.hours * 60 // 100)


def _movable(order: RepairOrder) -> Iterable[OrderJob]:
    return (job for job in order.jobs if job.state in MOVABLE)


def _refusal(order: RepairOrder, why: str) -> WrongMove:
    at_it = any(job.state == JobState.WORKING for job in order.jobs)
    return WrongMove(N_("Somebody is working on this car. They have to pause or finish first.") if at_it else why)
