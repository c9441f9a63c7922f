"""What was there before: earlier visits of the car, and what the customer declined and was not done since."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, raiseload, selectinload

from server.database import Words
from server.domain.workshop.order_lines import JobState, OrderJob, OrderPart, PartState
from server.domain.workshop.repair_orders import RepairOrder, State

MOST = 6


class Declined(msgspec.Struct, frozen=True):
    """Something that the customer did not want then."""

    name: Words
    amount: int
    why: str
    at: datetime
    number: str
    job_id: UUID | None = None


class History(msgspec.Struct, frozen=True):
    """The last visits, newest first, and what is still declined."""

    visits: Sequence[RepairOrder]
    declined: Sequence[Declined]


def of_car(session: Session, store_id: UUID, car_id: UUID, *, but: UUID | None = None) -> History:
    """The last visits of a car with their lines; asks as little about many as about one."""
    query = select(RepairOrder).where(RepairOrder.store_id == store_id, RepairOrder.car_id == car_id)
    query = query.where(RepairOrder.state != State.CANCELLED)
    query = query if but is None else query.where(RepairOrder.id != but)
    query = query.options(
        raiseload("*"), selectinload(RepairOrder.jobs).raiseload("*"), selectinload(RepairOrder.parts).raiseload("*")
    )
    visits = session.scalars(query.order_by(RepairOrder.arrived_at.desc()).limit(MOST)).unique().all()
    return History(visits, list(_declined(visits)))


def _declined(visits: Sequence[RepairOrder]) -> Any:
    """The newest word about each job or part counts: what was done later is not declined any more."""
    heard: set[str] = set()
    for visit in visits:
        lines: list[OrderJob | OrderPart] = [*visit.jobs, *visit.parts]
        for line in lines:
            if line.code in heard:
                continue
            if line.state in (JobState.DECLINED, PartState.DECLINED) and line.extra_id is not None:
                job_id = line.job_id if isinstance(line, OrderJob) else None
                yield Declined(line.name, line.amount, line.why_declined, visit.arrived_at, visit.number, job_id)
            heard.add(line.code)
