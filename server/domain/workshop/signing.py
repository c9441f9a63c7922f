"""The customer signs the order: what is missing first, what exactly is signed, and what it sets off."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from server.domain.checklists import Ink, Progress, Question, Run, runs, taps
from server.domain.customers import Car, cars
from server.domain.people import Person
from server.domain.refusals import Invalid, N_, Said, WrongMove
from server.domain.workshop import estimates, intake_list, papers
from server.domain.workshop.intake import lines_of, may_write, require_intake
from server.domain.workshop.order_lines import JobState, OrderJob, OrderPart, PartState, move_job, move_part
from server.domain.workshop.repair_orders import RepairOrder, State, move

CUSTOMER = "customer"


class Missing(msgspec.Struct, frozen=True):
    """Something that has to be done before the customer signs; `at` is the part of the page where."""

    said: Said
    at: str
    question: Question | None = None


def missing(order: RepairOrder, jobs: Sequence[OrderJob], progress: Progress) -> list[Missing]:
    """What keeps the order from being signed, in the order of the page."""
    first: list[Missing] = []
    if order.km is None:
        first.append(Missing(Said(N_("Read the mileage.")), "facts"))
    if not order.words and order.kind not in intake_list.FOR_ITSELF:
        first.append(Missing(Said(N_("Write down what the customer says.")), "words"))
    if not jobs:
        first.append(Missing(Said(N_("Write down what is to be done.")), "jobs"))
    if order.promised_at is None:
        first.append(Missing(Said(N_("Promise a time.")), "promise"))
    told = {"C10-04": "words", "C10-06": "jobs", "C10-09": "jobs", "C10-11": "jobs", "C10-10": "promise"}
    said = {one.at for one in first}
    asked = (q for q in progress.in_the_way if q.kind != "signature" and told.get(q.code) not in said)
    return first + [Missing(Said(N_("Open or at fault: %(item)s"), item=q.text), "list", q) for q in asked]


def covers(order: RepairOrder, jobs: Sequence[OrderJob], parts: Sequence[OrderPart]) -> str:
    """What exactly is signed: the lines with who pays what, and the promised time."""
    said = [
        str(order.promised_at and order.promised_at.timestamp()),
        *(f"{line.code} {line.payer} {line.amount}" for line in (*jobs, *parts)),
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def sign(
    session: Session, order: RepairOrder, *, by: Person, name: str, ink: Ink | None, seen: str,
    seen_at: datetime | None = None,
) -> None:  # fmt: skip
    """The customer signs what was on the screen (`seen`, from `covers`): lines are approved, the paper is issued.

    Raises WrongMove while something is missing, Invalid at `typed_name` when it is not what stands there now.
    """
    may_write(by)
    require_intake(order)
    intake_list.fill(session, order, by=by)
    session.flush()  # the answers that the order gave are read back
    assert order.intake_run_id is not None  # begun with the order
    run = session.get_one(Run, order.intake_run_id)
    jobs, parts = lines_of(session, order)
    reasons = missing(order, jobs, runs.progress(session, run))
    if reasons:
        raise WrongMove(N_("Before signing: %(item)s"), item=reasons[0].said)
    if seen != covers(order, jobs, parts):
        raise Invalid.at("typed_name", N_("The order was changed meanwhile. Show it to the customer once more."))
    taps.sign(session, run, by=by, role=CUSTOMER, name=name, ink=ink, seen_at=seen_at)
    _approve(session, order, jobs, parts, by=by)
    order.estimate = estimates.estimate(jobs, parts, estimates.tax_rate(session, order.store_id)).total
    order.ordered_at = max(order.arrived_at, taps.acted_at(run, by=by))
    order.first_promised_at = order.promised_at
    _read_clock(session, order, by=by)
    papers.issue_order(session, order, jobs, parts, by=by)
    move(session, order, State.ORDERED, "repair_order.ordered", by=by, estimate=order.estimate)


def _approve(
    session: Session, order: RepairOrder, jobs: Sequence[OrderJob], parts: Sequence[OrderPart], *, by: Person
) -> None:
    for job in jobs:
        move_job(session, order, job, JobState.APPROVED, "order_job.approved", by=by)
    for part in parts:
        move_part(session, order, part, PartState.APPROVED, "order_part.approved", by=by)


def _read_clock(session: Session, order: RepairOrder, *, by: Person) -> None:
    """The car's file knows the newest mileage; a smaller one is a clock that was changed, or a slip, and stays."""
    car = session.get_one(Car, order.car_id)
    if order.km is not None and order.km > (car.odometer_km or 0):
        cars.change(session, car, by=by, version=car.version, odometer_km=order.km)
