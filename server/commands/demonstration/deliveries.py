"""A week of handovers, done by the verbs that people do them with."""

from datetime import datetime

from sqlalchemy.orm import Session

from server.commands.demonstration import pictures
from server.database import Words
from server.domain.catalogue import CarModel
from server.domain.checklists import Question, Run, Tap, runs, taps
from server.domain.customers import Car, Customer
from server.domain.delivery import Delivery, deliveries, handover, pdi
from server.domain.people import Person, Staff

READINGS = {"bar": "2.4", "V": "12.7", "%": "86", "km": "12", "keys": "2"}
"""What is read where a number is asked, by its unit."""
NOISE = "C05-20"

People = dict[str, Person]


def plan(
    session: Session, people: People, customer: Customer, car: Car, planned_at: datetime, place: Words
) -> Delivery:
    """The consultant promises the car."""
    return deliveries.plan(
        session, by=people["lin"], customer=customer, car=car, model=session.get_one(CarModel, car.model_id),
        advisor=session.get_one(Staff, people["chen"].id), consultant=session.get_one(Staff, people["lin"].id),
        planned_at=planned_at, place=place,
    )  # fmt: skip


def inspect(session: Session, people: People, delivery: Delivery, *, fault: str | None = None) -> None:
    """The technician walks C05; with a fault the car goes to rework, else it is signed off."""
    by = people["zhou"]
    inspection = pdi.of(session, delivery)
    run = pdi.start(session, inspection, by=by)
    _walk(session, run, by=by)
    if fault is None:
        name = by.display
        pdi.sign_off(session, inspection, by=by, name=name, ink=pictures.signature(name))
        return
    noise = next(question for question in runs.sheet_of(session, run).questions() if question.code == NOISE)
    taps.answer(session, run, noise.id, Tap(verdict="fault", note=fault), by=by)
    session.flush()  # the inspection reads what was answered
    pdi.fail(session, inspection, by=by)


def hand_over(session: Session, people: People, delivery: Delivery) -> None:
    """C06 and C07 with the customer, every section signed, then the whole by both."""
    by, taker = people["lin"], delivery.taker
    handover.start(session, delivery, by=by)
    walk = handover.Walk(session, delivery)
    for run, progress in ((walk.training_run, walk.training), (walk.handover_run, walk.handover)):
        _walk(session, run, by=by)
        session.flush()  # a section is signed over what was answered
        for part in progress.sheet.parts:
            if part.customer_signs:
                ink = pictures.signature(taker)
                handover.sign_section(session, delivery, run, part.id, by=by, name=taker, ink=ink)
    for role, name in ((handover.CUSTOMER, taker), (handover.CONSULTANT, by.display)):
        handover.sign_whole(session, delivery, by=by, role=role, name=name, ink=pictures.signature(name))
    handover.complete(session, delivery, by=by)


def _walk(session: Session, run: Run, *, by: Person) -> None:
    """Everything in order, with the readings and photos that are asked for."""
    for number, question in enumerate(runs.sheet_of(session, run).questions()):
        if question.kind == "photo" or question.photo_needed:
            taps.add_photo(session, run, question.id, pictures.photo(number), by=by)
        if question.kind not in ("photo", "signature") and not question.answered_by:
            taps.answer(session, run, question.id, tap_of(question), by=by)


def tap_of(question: Question) -> Tap:
    """What is found where all is well."""
    return Tap(
        verdict="ok" if question.kind in ("rag", "tick") else "",
        number=READINGS[question.unit["en"]] if question.unit else "",
        choice=question.choices[0]["code"] if question.choices else "",
        text="无" if question.kind == "text" else "",
    )
