"""Finding comebacks: the same job, or the same fault in the customer's words, within so many days of leaving."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, raiseload, selectinload

from server.database import uuid7
from server.domain.catalogue import value_of
from server.domain.catalogue.jobs import Job
from server.domain.people import Person
from server.domain.refusals import Invalid, N_, NotThere, WrongMove
from server.domain.workshop import guarantee
from server.domain.workshop.comebacks import Comeback, ComebackState, move
from server.domain.workshop.intake import lines_of, may_write
from server.domain.workshop.order_lines import SELF, JobState, OrderJob, OrderPart, tell
from server.domain.workshop.repair_orders import RepairOrder, State
from server.domain.workshop.settlements import COMEBACK, STANDING, Settlement
from server.domain.workshop.tasks import whole

RULES = "comeback_rules"
ALIKE = 0.5
"""From which likeness on two descriptions are of one fault: shared pairs of letters of all pairs, counted twice."""
MOST_EARLIER = 6


def look(session: Session, order: RepairOrder, *, by: Person) -> list[Comeback]:
    """Propose what this visit may be the return of; what was said about a proposal stays. The new ones."""
    if order.state in (State.CANCELLED, State.CLOSED):
        return []
    session.flush()  # what was just written is looked at too
    known = {one.earlier_job_id: one for one in of_order(session, order)}
    jobs, _ = lines_of(session, order)
    codes = {job.code for job in jobs if job.state not in (JobState.DECLINED, JobState.CANCELLED)}
    found: list[Comeback] = []
    for earlier in _earlier(session, order, by.zone):
        for job, same_job in _of(earlier, order, codes):
            if job.id not in known:
                found.append(_propose(session, order, earlier, job, same_job, by.zone, by))
            elif known[job.id].is_open:  # by the words first, and then the job itself was ordered
                known[job.id].same_job = same_job
    session.flush()  # whoever looks next finds them
    return found


def confirm(session: Session, comeback: Comeback, *, by: Person) -> None:
    """It is one: the visits are linked, and within the guarantee the work is free. Raises WrongMove."""
    may_write(by)
    order = whole(session, comeback.order_id)[comeback.order_id]
    _nothing_is_settled(session, order)
    move(session, comeback, ComebackState.CONFIRMED, "comeback.confirmed", by=by)
    comeback.decided_at, comeback.decided_by = by.moment(), by.id
    order.comeback_of_id = comeback.earlier_id
    order.version += 1
    if comeback.in_guarantee:
        _pay(session, order, comeback, SELF, COMEBACK, by=by)


def dismiss(session: Session, comeback: Comeback, *, by: Person, why: str) -> None:
    """It is another fault. Raises Invalid at `why_not`; WrongMove when the customer was told that it is free."""
    may_write(by)
    if not why:
        raise Invalid.at("why_not", N_("Please fill this in."))
    order = whole(session, comeback.order_id)[comeback.order_id]
    was_confirmed = comeback.state == ComebackState.CONFIRMED
    if was_confirmed and order.state != State.INTAKE:
        raise WrongMove(N_("The customer has signed that this is a comeback."))
    move(session, comeback, ComebackState.DISMISSED, "comeback.dismissed", by=by, why=why)
    comeback.why, comeback.decided_at, comeback.decided_by = why, by.moment(), by.id
    if was_confirmed:
        others = [one for one in of_order(session, order) if one.state == ComebackState.CONFIRMED]
        order.comeback_of_id = others[0].earlier_id if others else None
        _pay(session, order, comeback, COMEBACK, SELF, by=by)


def of_order(session: Session, order: RepairOrder) -> Sequence[Comeback]:
    """What was proposed for a visit, with the earlier visit and who worked then."""
    query = select(Comeback).where(Comeback.store_id == order.store_id, Comeback.order_id == order.id)
    query = query.options(joinedload(Comeback.earlier).raiseload("*"), joinedload(Comeback.technician))
    return session.scalars(query.order_by(Comeback.found_at, Comeback.id)).all()


def one(session: Session, order: RepairOrder, comeback_id: UUID) -> Comeback:
    """Of this order. Raises NotThere."""
    query = select(Comeback).where(Comeback.order_id == order.id, Comeback.id == comeback_id)
    found = session.scalar(query.where(Comeback.store_id == order.store_id))
    if found is None:
        raise NotThere
    return found


def likeness(one: str, other: str) -> float:
    """How alike two descriptions are, from 0 to 1: the pairs of neighbouring letters that they share."""
    first, second = _pairs(one), _pairs(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def _pairs(text: str) -> set[str]:
    letters = [letter for letter in text.lower() if letter.isalnum()]
    return {a + b for a, b in pairwise(letters)}


def _earlier(session: Session, order: RepairOrder, zone: ZoneInfo) -> Sequence[RepairOrder]:
    """The visits that ended at most so many days of the calendar ago."""
    days: int = value_of(session, order.store_id, RULES)["days"]
    query = select(RepairOrder).where(RepairOrder.store_id == order.store_id, RepairOrder.car_id == order.car_id)
    query = query.where(RepairOrder.id != order.id, RepairOrder.state == State.CLOSED)
    day = order.arrived_at.astimezone(zone).date() - timedelta(days=days)
    query = query.where(RepairOrder.left_at >= datetime.combine(day, time(), zone))
    query = query.where(RepairOrder.left_at <= order.arrived_at)
    query = query.options(raiseload("*"), selectinload(RepairOrder.jobs).raiseload("*"))
    return session.scalars(query.order_by(RepairOrder.left_at.desc()).limit(MOST_EARLIER)).unique().all()


def _of(earlier: RepairOrder, order: RepairOrder, codes: set[str]) -> Iterable[tuple[OrderJob, bool]]:
    """The jobs of an earlier visit that this one may be about, and whether because the same is ordered again."""
    done = [job for job in earlier.jobs if job.state == JobState.DONE]
    same = [job for job in done if job.code in codes]
    yield from ((job, True) for job in same)
    said = [(one["what"], other["what"]) for one in order.words for other in earlier.words]
    if not same and done and any(likeness(*two) >= ALIKE for two in said):
        yield max(done, key=lambda job: (job.hours, job.code)), False


def _propose(
    session: Session, order: RepairOrder, earlier: RepairOrder, job: OrderJob, same_job: bool, zone: ZoneInfo,
    by: Person,
) -> Comeback:  # fmt: skip
    assert earlier.left_at is not None  # it is closed
    rules = guarantee.rules(session, order.store_id, earlier.left_at.astimezone(zone).date())
    given = guarantee.given(job.guarantee, rules, earlier.left_at, earlier.km, zone)
    proposed = Comeback(
        id=uuid7(), store_id=order.store_id, version=1, order_id=order.id, earlier_id=earlier.id,
        earlier_job_id=job.id, code=job.code, technician_id=job.technician_id, same_job=same_job,
        in_guarantee=given.holds(order.arrived_at.astimezone(zone).date(), order.km), state=ComebackState.PROPOSED,
        why="", found_at=by.moment(),
    )  # fmt: skip
    session.add(proposed)
    return proposed


def _pay(session: Session, order: RepairOrder, comeback: Comeback, from_: str, to: str, *, by: Person) -> None:
    """The lines that are done again: the same job with its parts, or, by the words, whatever is no maintenance."""
    jobs, parts = lines_of(session, order)
    if comeback.same_job:
        chosen = [job for job in jobs if job.code == comeback.code]
    else:
        routine = _maintenance(session, jobs)
        chosen = [job for job in jobs if job.job_id not in routine]
    ids = {job.id for job in chosen}
    lines: list[OrderJob | OrderPart] = [*chosen, *(part for part in parts if part.order_job_id in ids)]
    for line in lines:
        if line.payer == from_:
            kind = "order_job" if isinstance(line, OrderJob) else "order_part"
            tell(session, f"{kind}.payer", order, line, by=by, from_=from_, to=to)
            line.payer = to
            line.version += 1


def _maintenance(session: Session, jobs: Sequence[OrderJob]) -> set[Any]:
    ids = [job.job_id for job in jobs if job.job_id]
    return set(session.scalars(select(Job.id).where(Job.id.in_(ids), Job.kind == "maintenance")))


def _nothing_is_settled(session: Session, order: RepairOrder) -> None:
    query = select(Settlement.id).where(Settlement.store_id == order.store_id, Settlement.order_id == order.id)
    if session.scalar(query.where(Settlement.state.in_(STANDING)).limit(1)) is not None:
        raise WrongMove(N_("This is settled; reverse it first."))
