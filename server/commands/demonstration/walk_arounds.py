"""Cars of the demonstration are walked round: damages on the drawing, the eight photos, the customer's signature."""

from typing import Any

from sqlalchemy.orm import Session

from server.commands.demonstration import pictures
from server.commands.demonstration.deliveries import tap_of
from server.domain.checklists import Run, runs, taps
from server.domain.people import Person
from server.domain.workshop import RepairOrder, walk_round, walk_signing
from server.domain.workshop.walk_arounds import WHEELS, Damage, WalkAround

TREAD = 52
"""Tenths of a millimetre, of a tyre half worn."""
SCRATCH: dict[str, Any] = {
    "panel": "front_door_left", "kind": "scratch", "size": 2, "side": "left", "x": 470, "y": 560, "note": "",
}  # fmt: skip


def of_order(session: Session, order: RepairOrder) -> WalkAround:
    """The walk that began with the order."""
    session.flush()  # it is read back
    return walk_round.of_order(session, order)


def damage(session: Session, walk: WalkAround, *, by: Person, **seen: Any) -> Damage:
    """A scratch on the left front door, but for what is said."""
    noted = walk_round.note_damage(session, walk, by=by, **(SCRATCH | seen))
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
