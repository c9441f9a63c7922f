"""Walking round a car: it begins with what was known, and keeps what is read in it and measured at its wheels."""

from datetime import datetime
from typing import TypedDict, Unpack

import msgspec
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from server.database import now, uuid7
from server.domain.catalogue import CarModel
from server.domain.checklists import runs
from server.domain.customers.cars import MOST_KM
from server.domain.people import Person
from server.domain.refusals import Invalid, N_, NotThere, Said, WrongMove
from server.domain.workshop import walk_list
from server.domain.workshop.bodies import BODIES, DRAWN_AS, SEDAN
from server.domain.workshop.intake import may_write, note_down
from server.domain.workshop.repair_orders import RepairOrder, State
from server.domain.workshop.walk_arounds import (
    LAMPS,
    WHEELS,
    Damage,
    WalkAround,
    tell,
)

LONGEST = 300
MOST_TREAD = 200
"""Tenths of a millimetre."""


class Facts(TypedDict, total=False):
    """What is read inside the car and measured at its wheels."""

    body: str
    km: int | None
    energy_level: int | None
    lamps: list[str]
    valuables: str
    settings: str
    tread: dict[str, int]


class Summary(msgspec.Struct, frozen=True):
    """A walk in a line: its state, how many damages stand, how many of them were known."""

    state: str
    damages: int
    known: int


def begin(session: Session, order: RepairOrder, *, by: Person) -> WalkAround:
    """The walk of an order begins with what its car showed on the last visit; there is one for each order."""
    known = session.scalar(_of(order))
    if known is not None:
        return known
    before = _last_of(session, order)
    at = now()
    walk = WalkAround(
        id=uuid7(), store_id=order.store_id, order_id=order.id, car_id=order.car_id, state="open",
        body=before.body if before else _body(session, order), lamps=[], valuables="", settings="", tread={},
        started_by=by.id, started_at=at,
    )  # fmt: skip
    session.add(walk)
    session.flush()  # the damages point at it
    session.add_all(_carried(damage, walk, by, at) for damage in (before.standing if before else ()))
    order.walk_run_id = runs.start(session, "C09", order, by=by, energy=order.car.energy or "ice").id
    session.flush()  # the page reads it back
    return walk


def of_order(session: Session, order: RepairOrder) -> WalkAround:
    """The walk of an order with its damages and their photos, read anew. Raises NotThere."""
    walk = find(session, order)
    if walk is None:
        raise NotThere
    return walk


def find(session: Session, order: RepairOrder) -> WalkAround | None:
    """The same, or None before it was begun."""
    query = _of(order).options(selectinload(WalkAround.damages).selectinload(Damage.photos))
    return session.scalar(query.execution_options(populate_existing=True))


def summary(session: Session, order: RepairOrder) -> Summary | None:
    """What the page of the order says of it, in one question."""
    standing = [Damage.struck_at.is_(None), Damage.gone_at.is_(None)]
    damages = select(func.count(Damage.id)).where(Damage.walk_id == WalkAround.id, *standing)
    known = damages.where(Damage.known_from_id.is_not(None))
    query = _of(order).with_only_columns(WalkAround.state, damages.scalar_subquery(), known.scalar_subquery())
    found = session.execute(query).one_or_none()
    return Summary(*found) if found else None


def read_with_the_order(session: Session, order: RepairOrder, *, by: Person) -> None:
    """What was read for the order need not be read again on the walk."""
    walk = session.scalar(_of(order))
    if walk is None or not walk.is_open or (walk.km, walk.energy_level) == (order.km, order.energy_level):
        return
    walk.km, walk.energy_level = order.km, order.energy_level
    walk.version += 1
    walk_list.fill(session, walk, by=by)


def note_facts(session: Session, walk: WalkAround, *, by: Person, **facts: Unpack[Facts]) -> None:
    """Keep what was read and measured; the order and the list know it too. Raises Invalid, WrongMove."""
    require_open(walk, by)
    errors = _wrong(facts)
    if errors:
        raise Invalid(errors)
    changed = sorted(name for name, value in facts.items() if getattr(walk, name) != value)
    for name in changed:
        setattr(walk, name, facts[name])
    if changed:
        walk.version += 1
        tell(session, "walk_around.noted", walk, by=by, fields=changed)
    if walk.order.state == State.INTAKE and {"km", "energy_level"} & set(changed):
        note_down(session, walk.order, by=by, km=walk.km, energy_level=walk.energy_level)
    walk_list.fill(session, walk, by=by)


def require_open(walk: WalkAround, by: Person) -> None:
    """Raises NotAllowed for who does not write orders, WrongMove once it is signed or the car has left."""
    may_write(by)
    if not walk.is_open:
        raise WrongMove(N_("The customer has signed; this stands as it is."))
    if not walk.order.is_open:
        raise WrongMove(N_("The car has left."))


def _of(order: RepairOrder) -> Select[WalkAround]:
    return select(WalkAround).where(WalkAround.store_id == order.store_id, WalkAround.order_id == order.id)


def _last_of(session: Session, order: RepairOrder) -> WalkAround | None:
    query = select(WalkAround).where(WalkAround.store_id == order.store_id, WalkAround.car_id == order.car_id)
    query = query.where(WalkAround.order_id != order.id).options(selectinload(WalkAround.damages))
    newest = query.order_by(WalkAround.started_at.desc(), WalkAround.id.desc()).limit(1)
    return session.scalar(newest.execution_options(populate_existing=True))


def _body(session: Session, order: RepairOrder) -> str:
    model = session.get(CarModel, order.car.model_id) if order.car.model_id else None
    return DRAWN_AS.get(model.body or "", SEDAN) if model else SEDAN


def _carried(damage: Damage, walk: WalkAround, by: Person, at: datetime) -> Damage:
    return Damage(
        id=uuid7(), store_id=walk.store_id, walk_id=walk.id, panel=damage.panel, kind=damage.kind, size=damage.size,
        side=damage.side, x=damage.x, y=damage.y, note=damage.note, known_from_id=damage.id, noted_by=by.id,
        noted_at=at, struck_at=None, gone_at=None,
    )  # fmt: skip


def _wrong(facts: Facts) -> dict[str, Said]:
    errors: dict[str, Said] = {}
    if facts.get("body", SEDAN) not in BODIES:
        errors["body"] = Said(N_("Choose one of the offered."))
    if not set(facts.get("lamps", ())) <= set(LAMPS):
        errors["lamps"] = Said(N_("Choose one of the offered."))
    limits = [("km", facts.get("km"), MOST_KM), ("energy_level", facts.get("energy_level"), 100)]
    for name, value, most in limits:
        if value is not None and not 0 <= value <= most:
            errors[name] = Said(N_("Between %(least)s and %(most)s."), least=0, most=most)
    for wheel, tenths in facts.get("tread", {}).items():
        if wheel not in WHEELS or not 0 <= tenths <= MOST_TREAD:
            errors[f"tread_{wheel}"] = Said(N_("Between %(least)s and %(most)s."), least=0, most=MOST_TREAD // 10)
    return errors
