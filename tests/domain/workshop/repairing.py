"""Repair orders for tests: opened by Chen for a car of the catalogue, written, and signed by the verbs."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration.deliveries import tap_of
from server.database import now
from server.domain.catalogue.jobs import Job
from server.domain.catalogue.parts import Part
from server.domain.checklists import Run, runs, taps
from server.domain.people import Person
from server.domain.workshop import RepairOrder, intake, lines, promises, signing
from server.domain.workshop.intake import Words
from tests.cast import VIN, Cast, a_car, a_customer


def an_order(
    session: Session, cast: Cast, vin: str = VIN, *, kind: str = "repair", by: Person | None = None,
    arrived_at: datetime | None = None,
) -> RepairOrder:  # fmt: skip
    """Just opened; nothing is written yet."""
    sender = a_customer(session, cast.chen, phone=f"1390000{vin[-4:]}")
    car = a_car(session, cast.chen, sender, vin)
    return intake.open_order(
        session, by=by or cast.chen, customer=sender, car=car, kind=kind, arrived_at=arrived_at
    )  # fmt: skip


def a_written_order(session: Session, cast: Cast, vin: str = VIN, *, jobs: tuple[str, ...] = ("M-B",)) -> RepairOrder:
    """Everything noted and promised, with these jobs; the list is walked, the customer has not signed."""
    order = an_order(session, cast, vin)
    write(session, cast, order, jobs=jobs)
    return order


def write(session: Session, cast: Cast, order: RepairOrder, *, jobs: tuple[str, ...] = ("M-B",)) -> None:
    """Whatever stands on an order before it is signed."""
    intake.note_down(session, order, by=cast.chen, km=23_456, energy_level=60, waits_here=True, key_number="A12")
    intake.write_words(session, order, [Words("刹车有异响", "早上起步", "小区坡道", "踩轻了才响")], by=cast.chen)
    for code in jobs:
        lines.add_job(session, order, a_job(session, cast, code), by=cast.chen)
    promises.promise(session, order, now() + timedelta(hours=3), by=cast.chen)
    session.flush()  # the list reads what was noted
    intake.intake_list.fill(session, order, by=cast.chen)
    walk(session, order, by=cast.chen)


def a_signed_order(session: Session, cast: Cast, vin: str = VIN, *, jobs: tuple[str, ...] = ("M-B",)) -> RepairOrder:
    """Signed by the customer: its lines are approved."""
    order = a_written_order(session, cast, vin, jobs=jobs)
    sign(session, cast, order)
    return order


def sign(session: Session, cast: Cast, order: RepairOrder) -> None:
    """The customer types their name under what stands there."""
    session.flush()  # what is signed is read back
    seen = signing.covers(order, *intake.lines_of(session, order))
    signing.sign(session, order, by=cast.chen, name=order.sender.name, ink=None, seen=seen)
    session.flush()  # the lines are read back


def walk(session: Session, order: RepairOrder, *, by: Person) -> None:
    """Answer whatever the list of the intake still asks."""
    assert order.intake_run_id is not None
    run = session.get_one(Run, order.intake_run_id)
    session.flush()  # what was answered by itself is read back
    standing = runs.progress(session, run)
    for question in standing.sheet.questions():
        if question.kind != "signature" and standing.is_open(question):
            taps.answer(session, run, question.id, tap_of(question), by=by)
    session.flush()  # it is signed over what was answered


def a_job(session: Session, cast: Cast, code: str) -> Job:
    """A job of the catalogue."""
    return session.scalars(select(Job).where(Job.store_id == cast.store, Job.code == code)).one()


def a_part(session: Session, cast: Cast, code: str) -> Part:
    """A part of the catalogue."""
    return session.scalars(select(Part).where(Part.store_id == cast.store, Part.code == code)).one()
