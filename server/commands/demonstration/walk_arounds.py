"""Cars of the demonstration are walked round: damages on the drawing, the eight photos, the customer's signature."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock, pictures
from server.commands.demonstration.deliveries import People, tap_of
from server.database import now
from server.domain.checklists import Run, runs, taps
from server.domain.people import Person
from server.domain.workshop import RepairOrder, State, booking, damages, intake, walk_round, walk_signing
from server.domain.workshop.appointments import Appointment
from server.domain.workshop.walk_arounds import WHEELS, Damage, WalkAround

TREAD = 52
"""Tenths of a millimetre, of a tyre half worn."""
SCRATCH: dict[str, Any] = {
    "panel": "front_door_left", "kind": "scratch", "size": 2, "side": "left", "x": 470, "y": 560, "note": "",
}  # fmt: skip


LONG_AGO = timedelta(days=60)
TODAY: list[dict[str, Any]] = [
    {
        "panel": "rear_bumper",
        "kind": "scratch",
        "size": 2,
        "side": "rear",
        "x": 330,
        "y": 780,
        "note": "停车时蹭的",
    },
    {"panel": "front_wheel_right", "kind": "scratch", "size": 1, "side": "right", "x": 780, "y": 770, "note": ""},
]


def look_round(session: Session, people: People) -> None:
    """A car that was here before comes to its appointment: what it had is known, and there is more."""
    by = people["chen"]
    query = select(Appointment).where(Appointment.store_id == by.store_id, Appointment.state == "booked")
    appointment = session.scalars(query.order_by(Appointment.starts_at).limit(1)).one()
    with clock.at(now() - LONG_AGO):
        before = intake.open_order(session, by=by, customer=appointment.customer, car=appointment.car)
        first = of_order(session, before)
        scratch = damage(session, first, by=by, note="停车场刮的")
        damages.add_photo(session, first, scratch, pictures.photo(5), by=by)
        walk(session, first, by=by, km=18_320)
        sign(session, before, by=by)
        intake.cancel(session, before, by=by, why="客户临时有事，改天再修")
        session.flush()  # the next visit is told from it
    order = booking.arrive(session, appointment, by=by)
    again = of_order(session, order)
    for seen in TODAY:
        damage(session, again, by=by, **seen)
    walk_round.note_facts(session, again, by=by, km=21_764, energy_level=45, valuables="后排儿童座椅")
    for received in session.scalars(select(RepairOrder).where(RepairOrder.state == State.ORDERED).limit(1)).all():
        one = of_order(session, received)
        damage(session, one, by=by, panel="rear_door_right", kind="dent", size=1, side="right", x=400, y=500)
        walk(session, one, by=by, km=received.km or 20_000)
        sign(session, received, by=by)


def of_order(session: Session, order: RepairOrder) -> WalkAround:
    """The walk that began with the order."""
    session.flush()  # it is read back
    return walk_round.of_order(session, order)


def damage(session: Session, walk: WalkAround, *, by: Person, **seen: Any) -> Damage:
    """A scratch on the left front door, but for what is said."""
    noted = damages.note(session, walk, by=by, **(SCRATCH | seen))
    session.flush()  # the walk reads it back
    return noted


def walk(session: Session, walk: WalkAround, *, by: Person, km: int = 23_456, **facts: Any) -> None:
    """Everything read, measured, answered and photographed; the customer has not signed."""
    known: Any = {"km": km, "energy_level": 60, "tread": dict.fromkeys(WHEELS, TREAD)} | facts
    walk_round.note_facts(session, walk, by=by, **known)
    assert walk.order.walk_run_id is not None  # begun with the walk
    run = session.get_one(Run, walk.order.walk_run_id)
    session.flush()  # what was answered by itself is read back
    standing = runs.progress(session, run)
    for place, question in enumerate(standing.sheet.questions()):
        if question.kind == "signature":
            continue
        if not standing.verdict(question):
            taps.answer(session, run, question.id, tap_of(question), by=by)
        if question.photo_needed:
            taps.add_photo(session, run, question.id, pictures.photo(place), by=by)
    session.flush()  # it is signed over what was answered


def sign(session: Session, order: RepairOrder, *, by: Person) -> WalkAround:
    """The customer signs for the condition of the car; the walk as it stands then."""
    signed = of_order(session, order)
    name = order.sender.name
    walk_signing.sign(session, signed, by=by, name=name, ink=pictures.signature(name))
    session.flush()  # the sheet is read back
    return signed
