"""The list of repair orders: whose, in which state, found by number or car, page after page, with neighbours."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, raiseload

from server.domain.customers import Car, search
from server.domain.people import Person, Right
from server.domain.workshop.reach import visible_to
from server.domain.workshop.repair_orders import OPEN, STATE_NAMES, RepairOrder, State

PAGE = 20
HERE = "here"
Place = tuple[datetime, UUID]


class Wanted(msgspec.Struct, frozen=True):
    """What the list is narrowed by; empty is no wish. `here`: every state in which the car is still here."""

    show: str = "mine"
    state: str = HERE
    q: str = ""


class Listed(msgspec.Struct, frozen=True):
    """One page, the newest arrival first; the places are None at the ends."""

    orders: Sequence[RepairOrder]
    earlier: Place | None
    later: Place | None


STATES = STATE_NAMES
_here = tuple_(RepairOrder.arrived_at, RepairOrder.id)


def page(
    session: Session, person: Person, wanted: Wanted, after: Place | None = None, before: Place | None = None
) -> Listed:
    """The newest, or those after or before a place."""
    query = _narrowed(session, person, wanted)
    if before is not None:
        rows = session.scalars(_up(query.where(_here > before)).limit(PAGE + 1)).all()
        more, shown = len(rows) > PAGE, list(reversed(rows[:PAGE]))
        return Listed(shown, _place(shown, -1), _place(shown, 0) if more else None)
    query = query.where(_here < after) if after is not None else query
    rows = session.scalars(_down(query).limit(PAGE + 1)).all()
    more, shown = len(rows) > PAGE, rows[:PAGE]
    return Listed(shown, _place(shown, -1) if more else None, _place(shown, 0) if after else None)


def neighbours(
    session: Session, person: Person, wanted: Wanted, order: RepairOrder
) -> tuple[RepairOrder | None, RepairOrder | None]:
    """The newer and the older one in the same list."""
    place, query = (order.arrived_at, order.id), _narrowed(session, person, wanted).options(raiseload("*"))
    newer = session.scalars(_up(query.where(_here > place)).limit(1)).first()
    older = session.scalars(_down(query.where(_here < place)).limit(1)).first()
    return newer, older


def here(session: Session, person: Person, at: datetime) -> tuple[int, int]:
    """How many cars are here, and how many of them are past their promise and not ready: one's own, or the store's."""
    late = func.count().filter(RepairOrder.promised_at < at, RepairOrder.state.not_in((State.READY, State.SETTLED)))
    query = select(func.count(), late).where(RepairOrder.store_id == person.store_id, RepairOrder.state.in_(OPEN))
    if home(person) == "mine":
        query = query.where(RepairOrder.advisor_id == person.id)
    counted = session.execute(query).one()
    return counted[0], counted[1]


def home(person: Person) -> str:
    """Which list opens first: an advisor's own, everybody else's the store's."""
    return "all" if person.may(Right.APPROVE) or not person.may(Right.WRITE_ORDERS) else "mine"


def _narrowed(session: Session, person: Person, wanted: Wanted) -> Select[RepairOrder]:
    query = visible_to(session, person).query
    if wanted.q:
        return query.where(_found(session, person, wanted.q))
    if wanted.show == "mine":
        query = query.where(RepairOrder.advisor_id == person.id)
    if wanted.state == HERE:
        return query.where(RepairOrder.state.in_(OPEN))
    return query.where(RepairOrder.state == wanted.state) if wanted.state else query


def _found(session: Session, person: Person, typed: str) -> ColumnElement[bool]:
    """By number, plate or VIN, and for who sees customers by whatever finds a customer."""
    plain = typed.strip().upper()
    number = RepairOrder.number
    ways = [number.startswith(plain, autoescape=True), number.endswith(plain, autoescape=True)]
    by_car = or_(Car.plate.contains(plain, autoescape=True), Car.vin.endswith(plain, autoescape=True))
    ways.append(RepairOrder.car.has(by_car))
    if person.may(Right.SEE_CUSTOMERS) and (ids := search.customer_ids(session, person.store_id, typed)):
        ways.append(RepairOrder.customer_id.in_(ids))
    return or_(*ways)


def _up(query: Select[RepairOrder]) -> Select[RepairOrder]:
    return query.order_by(RepairOrder.arrived_at, RepairOrder.id)


def _down(query: Select[RepairOrder]) -> Select[RepairOrder]:
    return query.order_by(RepairOrder.arrived_at.desc(), RepairOrder.id.desc())


def _place(shown: Sequence[RepairOrder], which: int) -> Place | None:
    return (shown[which].arrived_at, shown[which].id) if shown else None
