"""Home visits of the demonstration: two teams with their cars, presents, and the plan of the month."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.commands.demonstration.deliveries import People
from server.commands.demonstration.stores import read, words
from server.database import now, uuid7
from server.domain.care import visit_before, visit_changing, visit_manning, visit_planning, visit_ways
from server.domain.care.visit_candidates import ranked
from server.domain.care.visit_changing import Setting
from server.domain.care.visit_goods import Gift
from server.domain.care.visit_holds import Taken
from server.domain.care.visit_route import shortest
from server.domain.care.visit_teams import Vehicle
from server.domain.care.visits import HomeVisit
from server.domain.people import Person

TOWN = ("镜湖区", "弋江区", "鸠江区", "湾沚区")
"""Where the visits of tomorrow are."""
TOMORROW, AGREED, DRAFTED = 4, 2, 3
"""So many are visited tomorrow; so many of them have agreed; so many are a draft for the month after."""


def furnish_visits(session: Session, by: Person) -> None:
    """Cars that teams go in, and presents in the cupboard."""
    described: dict[str, Any] = read("home_visits.json")
    for plate, seats, *name in described["vehicles"]:
        session.add(Vehicle(id=uuid7(), store_id=by.store_id, plate=plate, name=words(name), seats=seats, active=True))
    for code, on_hand, *name in described["gifts"]:
        session.add(Gift(id=uuid7(), store_id=by.store_id, code=code, name=words(name), on_hand=on_hand, active=True))


def plan_homes(session: Session, people: People) -> None:
    """Teams, a released plan of this month with a day on the road tomorrow, and a draft for the next one."""
    he = people["he"]
    here = now().astimezone(he.zone)
    with clock.at(here - timedelta(days=2)):
        _teams(session, people)
    with clock.at(here - timedelta(hours=20)):
        released = _plan(session, he, (here + timedelta(days=1)).date())
        visit_planning.release(session, visit_planning.open_plan(session, released[0].day, by=he), by=he)
        _agree(session, people, released)
        _draft(session, he, (released[0].day.replace(day=1) + timedelta(days=32)).replace(day=1))


def _teams(session: Session, people: People) -> None:
    ours = select(Vehicle).where(Vehicle.store_id == people["he"].store_id)
    vehicles = {one.plate: one for one in session.scalars(ours)}
    for one in read("home_visits.json")["teams"]:
        crew = {people[name].id: role for name, role in one["crew"].items()}
        visit_manning.found(session, one["name"], vehicles.get(one["vehicle"]), crew, by=people["he"])
    session.flush()  # the plan asks for them


def _plan(session: Session, he: Person, tomorrow: date) -> list[HomeVisit]:
    """Four owners of the town, all of them tomorrow and with the first team."""
    plan = visit_planning.open_plan(session, tomorrow, by=he)
    found = {one.area["zh"]: one.customer.id for one in reversed(ranked(session, he)) if one.area["zh"] in TOWN}
    chosen = [found[area] for area in TOWN if area in found][:TOMORROW]
    visits = list(visit_planning.choose(session, plan, chosen, by=he))
    first = min((visit.team for visit in visits if visit.team is not None), key=lambda team: team.name)
    for visit in visits:
        to = Setting(
            tomorrow, None, visit.minutes, visit.address, None, None, first, first.roles, first.vehicle,
            visits[0].demo_car, "",
        )  # fmt: skip
        visit_changing.change(session, visit, to, by=he, version=visit.version)
    session.flush()  # the way is made of what stands
    return visits


def _agree(session: Session, people: People, visits: list[HomeVisit]) -> None:
    """Two were reached; the way is laid, and the first things are packed."""
    he, day = people["he"], visits[0].day
    for visit, hour in zip(visits[:AGREED], (9, 14), strict=False):
        _book(session, visit, datetime.combine(day, time(hour, 30), he.zone), he)
    [route] = [one for one in visit_ways.of_day(session, day, by=he, drafts=True) if one.task is not None]
    assert route.task is not None
    visit_ways.lay(session, route, shortest(route.task), by=he)
    for code in ("brochures", "cards", "computer", "toolbox"):
        visit_before.pack(session, visits[0], code, True, by=people["zhou"])


def _book(session: Session, visit: HomeVisit, at: datetime, he: Person) -> None:
    """At that time, or when everybody who goes is free after it."""
    while True:
        try:
            with session.begin_nested():
                visit_before.book(session, visit, at, by=he, note="在家等，车在楼下。")
        except Taken:
            at += timedelta(minutes=30)
        else:
            return


def _draft(session: Session, he: Person, month: date) -> None:
    """Three more, which only those see who plan."""
    plan = visit_planning.open_plan(session, month, by=he)
    in_town = [one.customer.id for one in ranked(session, he) if one.area["zh"] in TOWN]
    visit_planning.choose(session, plan, in_town[:DRAFTED], by=he)
