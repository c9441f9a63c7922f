"""Home visits for tests: cars that were handed over, teams, presents, and each step before a visit by the verbs."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.care import visit_before, visit_changing, visit_planning
from server.domain.care.visit_changing import Setting
from server.domain.care.visit_goods import Gift
from server.domain.care.visit_plans import VisitPlan
from server.domain.care.visit_teams import TeamMember, Vehicle, VisitTeam
from server.domain.care.visits import HomeVisit
from server.domain.customers import register
from server.domain.delivery import Delivery
from server.domain.people import Person, Staff
from server.domain.people.notices import Notice
from tests.cast import PLACE, Cast, a_car, a_model


def next_month(by: Person) -> date:
    """The first day of the next month: all of its days are still to come."""
    return (now().astimezone(by.zone).date().replace(day=1) + timedelta(days=32)).replace(day=1)


def an_owner(
    session: Session, cast: Cast, number: int = 1, *, address: str = "芜湖市镜湖区", at: datetime | None = None
) -> Delivery:  # fmt: skip
    """Somebody whose car was handed over, thirty-one days ago where nothing else is said."""
    customer = register(
        session, by=cast.lin, name=f"车主{number}", phone=f"139{number:08}", address=address, even_so=True
    )
    car = a_car(session, cast.lin, customer, vin=f"LVVDB11B1RD{number:06}")
    at = at or now() - timedelta(days=31)
    delivery = Delivery(
        id=uuid7(), store_id=cast.store, number=f"JC-T-{number:05}", state="completed", customer=customer, car=car,
        model=a_model(session, cast.lin), consultant=session.get_one(Staff, cast.lin.id),
        advisor=session.get_one(Staff, cast.chen.id), planned_at=at, place=PLACE, note="", completed_at=at,
        created_at=at,
    )  # fmt: skip
    session.add(delivery)
    session.flush()
    return delivery


def a_team(
    session: Session, cast: Cast, name: str = "一队", people: dict[str, str] | None = None, plate: str = "皖B20001"
) -> VisitTeam:
    """He leads, Lin and Zhou go with her, in a van with five seats."""
    van = Vehicle(
        id=uuid7(), store_id=cast.store, plate=plate, name={"zh": "服务车", "en": "Van"}, seats=5, active=True
    )
    people = people or {"he": "care_manager", "lin": "consultant", "zhou": "technician"}
    members = [
        TeamMember(id=uuid7(), store_id=cast.store, staff=session.get_one(Staff, getattr(cast, one).id), role=role)
        for one, role in people.items()
    ]
    team = VisitTeam(id=uuid7(), store_id=cast.store, name=name, vehicle=van, active=True, members=members)
    session.add(team)
    session.flush()
    return team


def a_plan(session: Session, cast: Cast, month: date | None = None) -> VisitPlan:
    """A draft for the next month."""
    return visit_planning.open_plan(session, month or next_month(cast.he), by=cast.he)


def a_gift(session: Session, cast: Cast, on_hand: int = 3) -> Gift:
    """A present of which so many lie in the cupboard."""
    found = session.scalar(select(Gift).where(Gift.store_id == cast.store, Gift.code == "model_logo"))
    gift = found or Gift(
        id=uuid7(),
        store_id=cast.store,
        code="model_logo",
        name={"zh": "车型 LOGO 摆件", "en": "Model logo"},
        active=True,
    )
    gift.on_hand = on_hand
    session.add(gift)
    session.flush()
    return gift


def tomorrow(by: Person, hour: int = 10) -> datetime:
    """On the store's clock."""
    day = now().astimezone(by.zone).date() + timedelta(days=1)
    return datetime.combine(day, time(hour), by.zone)


def a_visit(session: Session, cast: Cast, number: int = 1, team: VisitTeam | None = None, **owner: Any) -> HomeVisit:
    """Outside of a plan, for tomorrow; to be booked."""
    delivery = an_owner(session, cast, number, **owner)
    return visit_changing.add(
        session, delivery.customer, delivery.car, tomorrow(cast.he).date(), by=cast.he, team=team
    )  # fmt: skip


def a_booked_visit(
    session: Session, cast: Cast, number: int = 1, team: VisitTeam | None = None, hour: int = 10
) -> HomeVisit:
    """Agreed for tomorrow."""
    visit = a_visit(session, cast, number, team or a_team(session, cast))
    visit_before.book(session, visit, tomorrow(cast.he, hour), by=cast.he)
    return visit


def packed(session: Session, visit: HomeVisit, by: Person) -> HomeVisit:
    """Everything lies in the car."""
    for entry in visit_before.unpacked(session, visit):
        visit_before.pack(session, visit, entry.code, True, by=by)
    return visit


def as_is(visit: HomeVisit, **other: Any) -> Setting:
    """How it is arranged, but for this."""
    said: dict[str, Any] = {
        "day": visit.day, "starts_at": visit.starts_at, "minutes": visit.minutes, "address": visit.address,
        "longitude": visit.longitude, "latitude": visit.latitude, "team": visit.team,
        "crew": {one.staff_id: one.role for one in visit.members}, "vehicle": visit.vehicle,
        "demo_car": visit.demo_car, "note": visit.note,
    }  # fmt: skip
    return Setting(**said | other)


def told(session: Session, person: Person) -> list[tuple[str, dict[str, Any]]]:
    """What somebody was left to know, in order."""
    rows = session.scalars(select(Notice).where(Notice.staff_id == person.id).order_by(Notice.created_at, Notice.id))
    return [(row.kind, row.gaps) for row in rows]
