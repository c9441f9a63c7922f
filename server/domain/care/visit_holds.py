"""People and cars are held for a visit from when its time is agreed: the database refuses them to every other visit
and to test drives of that time.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.database import Words, uuid7
from server.domain.care.visits import HomeVisit
from server.domain.catalogue import value_of
from server.domain.refusals import N_, WrongMove
from server.domain.showroom.bookings import CAR, CONSULTANT, Hold

VEHICLE = "vehicle"


class Taken(WrongMove):
    """Somebody, or a car, is elsewhere at that time."""

    def __init__(self, what: Collection[str | Words]) -> None:
        names = [one if isinstance(one, str) else one["zh"] for one in what]
        super().__init__(N_("At that time not free: %(what)s."), what="、".join(names))


def hold(session: Session, visit: HomeVisit) -> None:
    """From some minutes before it begins until it ends; what it held before is let go. Raises Taken, and holds on."""
    assert visit.starts_at is not None
    assert visit.ends_at is not None
    rules: dict[str, int] = value_of(session, visit.store_id, "visit_rules")
    since = visit.starts_at - timedelta(minutes=rules["spare"])
    wanted = _wanted(visit)
    held = [
        Hold(
            id=uuid7(), store_id=visit.store_id, drive_id=None, visit_id=visit.id, kind=kind, resource=resource,
            starts_at=since, ends_at=visit.ends_at,
        )
        for resource, (kind, _) in wanted.items()
    ]  # fmt: skip
    try:
        with session.begin_nested():
            release(session, visit)
            session.add_all(held)
    except IntegrityError as clash:
        others = _overlapping(session, visit, since, visit.ends_at)
        raise Taken([name for resource, (_, name) in wanted.items() if resource in others]) from clash


def release(session: Session, visit: HomeVisit) -> None:
    """Its people and cars are free for others."""
    session.flush()  # what is held is counted in the database
    session.execute(delete(Hold).where(Hold.store_id == visit.store_id, Hold.visit_id == visit.id))


def held(session: Session, visit: HomeVisit) -> Sequence[Hold]:
    """What it holds now."""
    query = select(Hold).where(Hold.store_id == visit.store_id, Hold.visit_id == visit.id)
    return session.scalars(query.order_by(Hold.resource)).all()


def _wanted(visit: HomeVisit) -> dict[str, tuple[str, str | Words]]:
    """By what is held: of which kind it is, and what people call it."""
    wanted: dict[str, tuple[str, str | Words]] = {
        f"consultant:{member.staff_id}": (CONSULTANT, member.staff.title) for member in visit.members
    }
    if visit.vehicle is not None:
        wanted[f"vehicle:{visit.vehicle.id}"] = (VEHICLE, visit.vehicle.plate)
    if visit.demo_car is not None:
        wanted[f"car:{visit.demo_car.id}"] = (CAR, visit.demo_car.plate)
    return wanted


def _overlapping(session: Session, visit: HomeVisit, since: datetime, until: datetime) -> set[str]:
    query = select(Hold.resource).where(Hold.store_id == visit.store_id, Hold.resource.in_(list(_wanted(visit))))
    query = query.where(Hold.starts_at < until, Hold.ends_at > since)
    return set(session.scalars(query.where((Hold.visit_id != visit.id) | Hold.visit_id.is_(None))))
