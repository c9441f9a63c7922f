"""What is typed about a visit: day and time, who goes as what, in which cars; read and offered."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.care import slow_cars
from server.domain.care.visit_changing import Setting
from server.domain.care.visit_teams import teams, vehicles
from server.domain.care.visits import HomeVisit
from server.domain.catalogue import entries
from server.domain.people import Person, Right
from server.domain.people.staff import with_right
from server.domain.refusals import N_
from server.forms import Form, uuid_or_none

ROLES = "visit_role"
WEST, EAST, SOUTH, NORTH = -180, 180, -90, 90


def offered(session: Session, person: Person, visit: HomeVisit) -> dict[str, Any]:
    """Everything that can be chosen for a visit."""
    store = person.store_id
    return {
        "teams": teams(session, store), "vehicles": vehicles(session, store),
        "slow": slow_cars.slowest(session, store, visit.day), "roles": entries(session, store, ROLES),
        "staff": with_right(session, store, Right.GO_ON_VISITS),
    }  # fmt: skip


def read(form: Form, session: Session, person: Person, visit: HomeVisit) -> Setting:
    """How it is to be. Raises Invalid with everything that cannot be read."""
    store = person.store_id
    team_by = {str(one.id): one for one in teams(session, store)}
    vehicle_by = {str(one.id): one for one in vehicles(session, store)}
    team, vehicle = form.choice("team", team_by, required=False), form.choice("vehicle", vehicle_by, required=False)
    day, clock = form.day("day", required=True), form.text("clock", most=5)
    if clock:
        form.values["starts_at"] = f"{form.values.get('day', '')}T{clock}"
    starts_at = form.moment("starts_at", person.zone, required=False) if clock else None
    cars = {str(one.car.id): one.car for one in slow_cars.slowest(session, store, day or visit.day)}
    if visit.demo_car is not None:
        cars.setdefault(str(visit.demo_car.id), visit.demo_car)
    car = form.choice("demo_car", cars, required=False)
    minutes = form.whole("minutes", least=10, most=240)
    address = form.text("address", most=200)
    longitude, latitude = degrees(form, "longitude", WEST, EAST), degrees(form, "latitude", SOUTH, NORTH)
    crew = crew_of(form, session, person)
    note = form.text("note", most=500)
    form.check()
    assert day is not None
    assert minutes is not None
    return Setting(
        day=day, starts_at=starts_at, minutes=minutes, address=address, longitude=longitude, latitude=latitude,
        team=team_by.get(team), crew=crew, vehicle=vehicle_by.get(vehicle), demo_car=cars.get(car), note=note,
    )  # fmt: skip


def degrees(form: Form, field: str, least: int, most: int) -> float | None:
    """A longitude or latitude, or nothing."""
    typed = form.text(field, most=20)
    if not typed:
        return None
    try:
        found = round(float(typed), 6)
    except ValueError:
        found = float("nan")
    if not least <= found <= most:
        form.wrong(field, N_("Between %(least)s and %(most)s."), least=least, most=most)
        return None
    return found


def crew_of(form: Form, session: Session, person: Person) -> dict[UUID, str]:
    """Who goes as what, from fields `role-<staff>`; an empty role stays at home. By the order of the roles."""
    roles = {entry.code: entry.position for entry in entries(session, person.store_id, ROLES)}
    chosen: dict[UUID, str] = {}
    for name, value in form.values.items():
        who = uuid_or_none(name.removeprefix("role-")) if name.startswith("role-") else None
        if who is not None and value:
            if value not in roles:
                form.wrong("crew", N_("Choose one of the offered."))
                continue
            chosen[who] = str(value)
    return dict(sorted(chosen.items(), key=lambda one: (roles[one[1]], str(one[0]))))
