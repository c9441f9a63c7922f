"""A visit is put in alone, moved to another day, time, team or car, or cancelled; who is concerned is told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.billing import next_number
from server.domain.care import visit_calls, visit_gifts, visit_holds
from server.domain.care.visit_places import Atlas
from server.domain.care.visit_planning import SERIES, announce, crew_of
from server.domain.care.visit_teams import Vehicle, VisitTeam
from server.domain.care.visits import UNFINISHED, HomeVisit, State, VisitMember, move, tell
from server.domain.catalogue import DemoCar, value_of
from server.domain.customers import Car, Customer
from server.domain.customers.relations import Relation
from server.domain.people import Person, Right, Staff, notices
from server.domain.people.staff import with_right
from server.domain.refusals import Invalid, N_, NotAllowed, Said, Stale, WrongMove

MOST_MINUTES = 240


class Setting(msgspec.Struct, frozen=True):
    """Everything about a visit that people arrange."""

    day: date
    starts_at: datetime | None
    minutes: int
    address: str
    longitude: float | None
    latitude: float | None
    team: VisitTeam | None
    crew: Mapping[UUID, str]
    """Who goes, and as what."""
    vehicle: Vehicle | None
    demo_car: DemoCar | None
    note: str


def add(
    session: Session, customer: Customer, car: Car, day: date, *, by: Person, team: VisitTeam | None = None,
    id: UUID | None = None,
) -> HomeVisit:  # fmt: skip
    """One visit outside the plan of a month. Raises NotAllowed, Invalid, WrongMove."""
    _may_plan(by)
    if id is not None and session.get(HomeVisit, id) is not None:
        raise WrongMove(N_("This visit is planned already."))
    query = select(HomeVisit.number).where(HomeVisit.store_id == by.store_id, HomeVisit.customer_id == customer.id)
    if known := session.scalar(query.where(HomeVisit.state.in_(UNFINISHED)).limit(1)):
        raise Invalid.at("customer", N_("Visit %(number)s to this customer is still to come."), number=known)
    _still_to_come(day, by)
    rules: dict[str, int] = value_of(session, by.store_id, "visit_rules")
    visit = HomeVisit(
        id=id or uuid7(), store_id=by.store_id, number=next_number(session, SERIES, by=by), state=State.PLANNED,
        customer=customer, customer_id=customer.id, car=car, car_id=car.id, delivery_id=None,
        leader_id=(team and team.leader_id) or by.id, team=team, vehicle=team and team.vehicle, day=day,
        starts_at=None, minutes=rules["minutes"], address=customer.address,
        area=Atlas(session, by.store_id).area_of(customer.address), longitude=None, latitude=None, position=0,
        reasons=[], note="", why="", created_at=now(), members=crew_of(team, by.store_id),
    )  # fmt: skip
    session.add(visit)
    session.flush()  # the event points at it
    tell(session, "visit.planned", visit, by=by, day=day)
    announce(session, visit, by=by)
    _tell(session, visit, "visit.planned", visit.crew | {visit.leader_id}, by=by)
    return visit


def change(session: Session, visit: HomeVisit, to: Setting, *, by: Person, version: int) -> None:
    """Arrange it anew. What was agreed with the customer and is changed is to be agreed on again.

    Raises NotAllowed, WrongMove, Invalid, Stale, Taken.
    """
    _may_plan(by)
    if not visit.is_movable:
        raise WrongMove(N_("This visit is “%(now)s”; it cannot be changed any more."), now=visit.state_name)
    if visit.version != version:
        raise Stale(_compared(to.day, to.address), _compared(visit.day, visit.address))
    _check(session, visit, to, by)
    concerned = visit.crew | {visit.leader_id}
    is_agreed_anew = visit.state != State.PLANNED and _agreed(visit) != (to.day, to.starts_at, to.address)
    _take_over(session, visit, to)
    session.flush()  # what it holds is read back
    if is_agreed_anew:
        unbook(session, visit, by=by)
    elif visit.state != State.PLANNED:
        visit_holds.hold(session, visit)
    visit.version += 1
    tell(session, "visit.moved", visit, by=by, day=visit.day)
    if not visit.is_draft:
        _tell(session, visit, "visit.moved", concerned | visit.crew | {visit.leader_id}, by=by)


def unbook(session: Session, visit: HomeVisit, *, by: Person) -> None:
    """What was agreed holds no more: its people and cars are free, and it is to be booked again."""
    move(session, visit, State.PLANNED, "visit.unbooked", by=by)
    visit.booked_at = visit.booked_by = visit.confirmed_at = visit.confirmed_by = None
    visit_holds.release(session, visit)
    visit_calls.withdraw(session, visit, by=by)
    visit_calls.owe_booking(session, visit, by=by)


def cancel(session: Session, visit: HomeVisit, *, by: Person, why: str) -> None:
    """It does not take place: people, cars and presents are free again. Raises Invalid, WrongMove, NotAllowed."""
    if not (by.may(Right.PLAN_VISITS) or by.id in visit.crew | {visit.leader_id}):
        raise NotAllowed
    if not why:
        raise Invalid.at("why", N_("Please fill this in."))
    was_draft, visit.why = visit.is_draft, why[:300]
    move(session, visit, State.CANCELLED, "visit.cancelled", by=by, why=visit.why)
    visit_holds.release(session, visit)
    visit_calls.withdraw(session, visit, by=by)
    visit_gifts.bring_all_back(session, visit, by=by)
    if not was_draft:
        _tell(session, visit, "visit.cancelled", visit.crew | {visit.leader_id}, by=by)


def _take_over(session: Session, visit: HomeVisit, to: Setting) -> None:
    if (visit.day, visit.team_id) != (to.day, to.team and to.team.id):
        visit.position = 0
    for name in ("day", "starts_at", "minutes", "address", "longitude", "latitude", "note", "vehicle", "demo_car"):
        setattr(visit, name, getattr(to, name))
    visit.team = to.team
    visit.area = Atlas(session, visit.store_id).area_of(to.address)
    _man(session, visit, to.crew)


def _man(session: Session, visit: HomeVisit, crew: Mapping[UUID, str]) -> None:
    """These go, as this; who goes already stays with their row. The first named leads where nobody of them does."""
    kept = {member.staff_id: member for member in visit.members if member.staff_id in crew}
    staff = {one.id: one for one in session.scalars(select(Staff).where(Staff.id.in_(crew.keys() - kept.keys())))}
    for staff_id, role in crew.items():
        if staff_id in kept:
            kept[staff_id].role = role
        else:
            one = staff[staff_id]
            kept[staff_id] = VisitMember(id=uuid7(), store_id=visit.store_id, staff_id=staff_id, staff=one, role=role)
    visit.members[:] = [kept[staff_id] for staff_id in crew]
    if crew and visit.leader_id not in crew:
        visit.leader_id = next(iter(crew))


def _check(session: Session, visit: HomeVisit, to: Setting, by: Person) -> None:
    errors: dict[str, Said] = {}
    if to.day != visit.day and to.day < now().astimezone(by.zone).date():
        errors["day"] = Said(N_("This day has passed. Choose a later one."))
    if to.starts_at is not None and to.starts_at.astimezone(by.zone).date() != to.day:
        errors["starts_at"] = Said(N_("The time is on another day."))
    if to.starts_at is None and visit.state != State.PLANNED:
        errors["starts_at"] = Said(N_("A booked visit has a time."))
    if not 10 <= to.minutes <= MOST_MINUTES:
        errors["minutes"] = Said(N_("Between %(least)s and %(most)s."), least=10, most=MOST_MINUTES)
    if (to.longitude is None) != (to.latitude is None):
        errors["latitude"] = Said(N_("Give both, longitude and latitude."))
    if to.demo_car is not None and not to.demo_car.may_drive_on(to.day):
        errors["demo_car"] = Said(N_("Its insurance or inspection has ended by then: choose another car."))
    if to.vehicle is not None and len(to.crew) > to.vehicle.seats:
        errors["vehicle"] = Said(N_("It has %(seats)s seats."), seats=to.vehicle.seats)
    if strangers(session, by, to.crew):
        errors["crew"] = Said(N_("Choose colleagues who go on visits."))
    if errors:
        raise Invalid(errors)


def cars_of(session: Session, customer: Customer) -> Sequence[Car]:
    """The cars that a customer owns now."""
    query = select(Car).join(Relation, Relation.car_id == Car.id)
    query = query.where(Relation.store_id == customer.store_id, Relation.customer_id == customer.id)
    return session.scalars(query.where(Relation.kind == "owner", Relation.until.is_(None)).order_by(Car.id)).all()


def strangers(session: Session, by: Person, crew: Collection[UUID]) -> set[UUID]:
    """Those among them who are not of this store, not here any more, or do not go on visits."""
    return set(crew) - {one.id for one in with_right(session, by.store_id, Right.GO_ON_VISITS)}


def _agreed(visit: HomeVisit) -> tuple[date, datetime | None, str]:
    return visit.day, visit.starts_at, visit.address


def _compared(day: date, address: str) -> dict[str, str]:
    return {"day": day.isoformat(), "address": address}


def _tell(session: Session, visit: HomeVisit, kind: str, whom: Collection[UUID], *, by: Person) -> None:
    notices.tell_all(
        session, list(whom), kind, f"/visits/{visit.id}", by=by, number=visit.number, customer=visit.customer.name,
        day=visit.day.isoformat(),
    )  # fmt: skip


def _still_to_come(day: date, by: Person) -> None:
    if day < now().astimezone(by.zone).date():
        raise Invalid.at("day", N_("This day has passed. Choose a later one."))


def _may_plan(by: Person) -> None:
    if not by.may(Right.PLAN_VISITS):
        raise NotAllowed
