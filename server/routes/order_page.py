"""Everything that the page of a repair order shows; it asks as little about many lines as about one."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue.jobs import KINDS, SKILLS
from server.domain.catalogue.parts import CLASSES
from server.domain.customers import file
from server.domain.people import Person
from server.domain.people.staff import titles
from server.domain.records import papers
from server.domain.workshop import (
    RepairOrder,
    State,
    choosing,
    estimates,
    history,
    lines,
    promises,
    signing,
    three_guarantee,
    walk_round,
)
from server.domain.workshop.order_lines import PAYERS
from server.domain.workshop.repair_orders import OLD_PARTS
from server.routes import order_asking
from server.routes.order_walks import IntakeWalking
from server.routes.paper_reach import readable

Reading = Callable[[Session, Person, RepairOrder], dict[str, Any]]


def shown(session: Session, person: Person, order: RepairOrder) -> dict[str, Any]:
    """What the templates of the page read."""
    context: dict[str, Any] = {"order": order, "at": now(), "names": titles(session, order.store_id)} | WORDS
    for read in PARTS_OF_THE_PAGE:
        context |= read(session, person, order)
    return context


def _lines(session: Session, person: Person, order: RepairOrder) -> dict[str, Any]:
    rate = estimates.tax_rate(session, order.store_id)
    writing = order.state == State.INTAKE
    kept_jobs = [job for job in order.jobs if job.is_billed or writing]
    kept_parts = [part for part in order.parts if part.is_billed or writing]
    jobs = {job.id for job in order.jobs}
    return {
        "estimate": estimates.estimate(kept_jobs, kept_parts, rate),
        "parts_of": {one: [part for part in order.parts if part.order_job_id == one] for one in jobs},
        "loose": [part for part in order.parts if part.order_job_id not in jobs],
        "alternatives": lines.alternatives(session, order.store_id, order.parts) if writing else {},
        "usual": choosing.usual(session, order.store_id, order.kind, order.car.model_id) if writing else (),
        "covers": signing.covers(order, order.jobs, order.parts) if writing else "",
    }


def _intake(session: Session, person: Person, order: RepairOrder) -> dict[str, Any]:
    walking = IntakeWalking(session, person, order)
    writing = order.state == State.INTAKE
    return {
        "walking": walking, "people": file.of_car(session, order.car).people if writing else (),
        "missing": signing.missing(order, order.jobs, walking.progress) if writing else [],
        "proposed": promises.propose(session, order, order.jobs, now(), person.zone) if writing else None,
    }  # fmt: skip


def _before(session: Session, person: Person, order: RepairOrder) -> dict[str, Any]:
    store = order.store_id
    return {
        "history": history.of_car(session, store, order.car_id, but=order.id),
        "guarantee": three_guarantee.standing(session, order.car, order.km, now(), person.zone, now_in=order.id),
        "promise_changes": promises.changes(session, order),
        "papers": readable(person, papers.of_subject(session, store, order.id)),
    }  # fmt: skip


def _walk(session: Session, person: Person, order: RepairOrder) -> dict[str, Any]:
    return {"walked": walk_round.summary(session, order)}


PARTS_OF_THE_PAGE: list[Reading] = [
    _walk, _lines, _intake, _before, order_asking.asked, order_asking.checked, order_asking.came_back,
]  # fmt: skip
"""Each reads what one part of the page shows."""
WORDS: dict[str, Any] = {
    "kinds": KINDS, "skills": SKILLS, "classes": CLASSES, "payers": PAYERS, "old_parts_words": OLD_PARTS,
}  # fmt: skip
