"""Who is expected at the workshop of the demonstration: today, tomorrow, and a day that is nearly full."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.commands.demonstration.deliveries import People
from server.database import now
from server.domain.catalogue.jobs import Job
from server.domain.customers import Car, Customer, relations
from server.domain.workshop import booking, diary
from server.domain.workshop.slots import Wish

WANTED: list[dict[str, Any]] = [
    {"in": 0, "at": "15:30", "kind": "maintenance", "jobs": ["M-B"], "stay": "waits", "said": "顺便看一下雨刮"},
    {"in": 1, "at": "09:00", "kind": "maintenance", "jobs": ["M-C"], "stay": "leaves", "said": ""},
    {"in": 1, "at": "09:30", "kind": "repair", "jobs": ["R-DIAGE"], "stay": "waits", "said": "仪表偶尔报胎压"},
    {"in": 1, "at": "10:30", "kind": "body", "jobs": ["P-BMP", "B-FEN"], "stay": "leaves", "said": "后杠蹭了"},
    {"in": 2, "at": "08:30", "kind": "repair", "jobs": ["R-DIAGE", "R-BAT"], "stay": "leaves", "said": "早上打不着火"},
    {"in": 2, "at": "09:30", "kind": "maintenance", "jobs": ["M-B", "R-PADF1"], "stay": "waits", "said": ""},
    {"in": 2, "at": "11:00", "kind": "maintenance", "jobs": ["M-C"], "stay": "waits", "said": ""},
    {"in": 2, "at": "14:00", "kind": "maintenance", "jobs": ["M-C", "R-PADF1"], "stay": "leaves", "said": ""},
    {"in": 2, "at": "15:00", "kind": "recall", "jobs": [], "stay": "fetched", "said": "召回通知来的"},
]  # fmt: skip
"""In so many working days, at that time."""
BOOKED_BEFORE = timedelta(days=4)
FEW = 2
"""So many are there on a Sunday."""


def expect(session: Session, people: People) -> None:
    """Booked some days ago at the desk, for cars of customers on file."""
    by = people["chen"]
    owned = _owned(session, people)
    for described, (customer, car) in zip(WANTED, owned, strict=False):
        rows = select(Job).where(Job.store_id == by.store_id, Job.code.in_(described["jobs"]))
        starts_at = _starts(session, people, described)
        wish = Wish(
            kind=described["kind"], starts_at=starts_at, jobs=session.scalars(rows).all(), stay=described["stay"],
            said=described["said"], advisor_id=by.id, over=True,
        )  # fmt: skip
        with clock.at(min(now(), starts_at) - BOOKED_BEFORE):
            booking.book(session, wish, by=people["gao"], customer=customer, car=car)


def _starts(session: Session, people: People, described: dict[str, Any]) -> datetime:
    """On the n-th day from today on which the whole workshop works."""
    by, ahead, at = people["chen"], int(described["in"]), str(described["at"])
    day = now().astimezone(by.zone).date()
    if ahead:
        soon = diary.days(session, by.store_id, by.zone, day + timedelta(days=1), 14)
        day = [one.day for one in soon if len(one.workers) > FEW][ahead - 1]
    return datetime.combine(day, time.fromisoformat(at), by.zone)


def _owned(session: Session, people: People) -> list[tuple[Customer, Car]]:
    """Cars on file with their owners, as many as are wanted."""
    query = select(Car).where(Car.store_id == people["chen"].store_id, Car.plate.is_not(None)).order_by(Car.id)
    found = ((relations.owner_of(session, car), car) for car in session.scalars(query.limit(3 * len(WANTED))))
    return [(owner, car) for owner, car in found if owner is not None]
