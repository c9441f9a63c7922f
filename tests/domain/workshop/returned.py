"""Cars that are ready, settled or gone for tests: worked on by Zhou, checked by three, settled by Chen."""

from datetime import timedelta

from sqlalchemy.orm import Session

from server.commands.demonstration.deliveries import tap_of
from server.database import now
from server.domain.checklists import Run, runs, taps
from server.domain.workshop import (
    PartState,
    RepairOrder,
    cashing,
    intake,
    parts_stock,
    returning,
    settling,
    tasks,
    working,
)
from tests.cast import VIN, Cast
from tests.domain.workshop.checked import check, finish
from tests.domain.workshop.repairing import a_signed_order

LEVELS = ("self", "team", "final")


def a_ready_car(
    session: Session, cast: Cast, vin: str = VIN, *, jobs: tuple[str, ...] = ("M-B",), issued: bool = True
) -> RepairOrder:
    """Done, checked by three and not to be washed; its parts are built in."""
    order = a_signed_order(session, cast, vin, jobs=jobs)
    order.wash = False
    make_ready(session, cast, order, issued=issued)
    return order


def make_ready(session: Session, cast: Cast, order: RepairOrder, *, issued: bool = True) -> None:
    """Every job done, every part issued, checked by three."""
    session.flush()
    if issued:
        issue_parts(session, cast, order)
    for job in tasks.whole(session, order.id)[order.id].jobs:
        if job.state in ("approved", "paused"):
            working.clock_on(session, job, by=cast.zhou)
            working.finish(session, job, by=cast.zhou)
    finish(session, order, by=cast.zhou)
    check(session, cast, order, *LEVELS)


def issue_parts(session: Session, cast: Cast, order: RepairOrder) -> None:
    """Whatever is reserved goes out."""
    for part in intake.lines_of(session, order)[1]:
        if part.state in (PartState.RESERVED, PartState.APPROVED) and part.part_id:
            parts_stock.issue(session, part, by=cast.pei)
    session.flush()


def issue_reserved(session: Session, cast: Cast, order: RepairOrder) -> None:
    """What is kept for it, and nothing else."""
    for part in intake.lines_of(session, order)[1]:
        if part.state == PartState.RESERVED:
            parts_stock.issue(session, part, by=cast.pei)
    session.flush()


def pay(session: Session, cast: Cast, order: RepairOrder) -> None:
    """Everything that the customer owes, in cash."""
    amount = cashing.owed(session, order)
    if amount > 0:
        cashing.take(session, order, by=cast.chen, method="cash", amount=amount)
    session.flush()


def sign_return(session: Session, cast: Cast, order: RepairOrder) -> None:
    """The list is walked and the customer signs."""
    if order.next_service_on is None:
        returning.set_next(session, order, (now() + timedelta(days=180)).date(), None, by=cast.chen)
    returning.fill(session, order, by=cast.chen)
    session.flush()
    run = session.get_one(Run, order.return_run_id)
    standing = runs.progress(session, run)
    for question in standing.sheet.questions():
        if question.kind != "signature" and standing.is_open(question):
            taps.answer(session, run, question.id, tap_of(question), by=cast.chen)
    session.flush()
    returning.sign(session, order, by=cast.chen, name=order.sender.name, ink=None)


def a_settled_car(session: Session, cast: Cast, vin: str = VIN, *, jobs: tuple[str, ...] = ("M-B",)) -> RepairOrder:
    """Issued and paid."""
    order = a_ready_car(session, cast, vin, jobs=jobs)
    settling.issue(session, order, by=cast.chen)
    pay(session, cast, order)
    return order


def a_car_that_left(session: Session, cast: Cast, vin: str = VIN, *, jobs: tuple[str, ...] = ("M-B",)) -> RepairOrder:
    """Through the gate."""
    order = a_settled_car(session, cast, vin, jobs=jobs)
    sign_return(session, cast, order)
    returning.leave(session, order, by=cast.chen)
    session.flush()
    return order
