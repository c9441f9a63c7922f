"""What the calendar does to prospects: grades age, contacts fall overdue, and what lies too long goes to the pool."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from server.domain.catalogue import Grade, grades, value_of
from server.domain.people import Role, Staff, Store, notices
from server.domain.people.staff import titles, with_role
from server.domain.records.events import Clock, record_many
from server.domain.showroom import grading, hands, lost_deals
from server.domain.showroom.prospects import Prospect, State, calling_hour
from server.domain.showroom.reach import overdue

Happened = tuple[Prospect, UUID | None, dict[str, Any]]
EARLIEST = 6
"""The hour of the store's day from which the day's grades are set."""
MOST = 500
"""In one go; what is left follows in the next."""


def age(session: Session, store: Store, at: datetime) -> int:
    """Every open prospect has the grade that its day asks for today; how many moved.

    Their consultants are told, and not woken by it; who is nearer to buying is spoken to sooner.
    """
    here = at.astimezone(store.zone)
    if here.hour < EARLIEST:
        return 0
    day = here.date()
    table = {grade.code: grade for grade in grades(session, store.id, day)}
    moved = session.scalars(_aged(session, store.id, day)).all()
    scale, happened = grading.Scale(session, store.id, day), list[Happened]()
    for prospect in moved:
        before, to = prospect.grade, table[scale.grade_for(prospect.expected_on)]
        _age(session, prospect, to, here, store.zone)
        said = {"number": prospect.number, "from": before, "to": to.code}
        happened.append((prospect, prospect.customer_id, said))
    record_many(session, "prospect.aged", happened, by=Clock(store.id))
    _tell_of_grades(session, moved, at)
    return len(moved)


def count_overdue(session: Session, at: datetime) -> int:
    """Each contact that was missed counts once, however long it is overdue."""
    counted = or_(Prospect.overdue_counted_at.is_(None), Prospect.overdue_counted_at < Prospect.next_contact_at)
    missed = update(Prospect).where(overdue(at), counted)
    times = {"overdue_times": Prospect.overdue_times + 1, "overdue_counted_at": at}
    return len(session.scalars(missed.values(times).returning(Prospect.id)).all())


def climb(session: Session, store: Store, at: datetime) -> int:
    """What is overdue for days is told to the managers, once, one notice a consultant; how many it were."""
    days: int = value_of(session, store.id, "prospect_climb", at.astimezone(store.zone).date())["days"]
    told = or_(Prospect.climbed_at.is_(None), Prospect.climbed_at < Prospect.next_contact_at)
    late = session.scalars(_late(store, at - timedelta(days=days)).where(told)).all()
    called = titles(session, store.id)
    managers = with_role(session, store.id, Role.MANAGER)
    for consultant_id, theirs in _by_consultant(late).items():
        place = f"/prospects?show=overdue&consultant={consultant_id}"
        for manager in managers:
            notices.remind(
                session, store.id, manager.id, "prospects.overdue", place, at=at, count=len(theirs),
                who=called[consultant_id], days=days,
            )  # fmt: skip
    session.execute(update(Prospect).where(Prospect.id.in_([one.id for one in late])).values(climbed_at=at))
    return len(late)


def fall_back(session: Session, store: Store, at: datetime) -> int:
    """What nobody has spoken to for longer than the store waits goes to the pool; how many it were.

    What a manager has still to decide on stays where it is.
    """
    days: int = value_of(session, store.id, "prospect_pool", at.astimezone(store.zone).date())["overdue_days"]
    query = _late(store, at - timedelta(days=days)).where(~lost_deals.is_waiting())
    late = session.scalars(query.options(joinedload(Prospect.customer))).all()
    for prospect in late:
        hands.fall_back(session, prospect, clock=Clock(store.id), at=at)
    return len(late)


def _aged(session: Session, store_id: UUID, day: date) -> Select[Prospect]:
    """Those whose grade is not what their day asks for."""
    asked = [Prospect.expected_on < day, Prospect.grade != grading.rules_of(session, store_id, day)["passed"]]
    wrong = [and_(*asked)]
    begins = day
    for grade in grading.windows(session, store_id, day):
        until = day + timedelta(days=grade.window_days)
        wrong.append(and_(Prospect.expected_on.between(begins, until), Prospect.grade != grade.code))
        begins = until + timedelta(days=1)
    query = select(Prospect).where(Prospect.store_id == store_id, Prospect.state == State.OPEN, or_(*wrong))
    return query.options(joinedload(Prospect.customer)).order_by(Prospect.id).limit(MOST)


def _age(session: Session, prospect: Prospect, to: Grade, here: datetime, zone: ZoneInfo) -> None:
    before, prospect.grade = prospect.grade, to.code
    sooner = calling_hour(here.date() + timedelta(days=to.follow_up_days), zone)
    if prospect.is_due and prospect.next_contact_at > sooner:
        prospect.next_contact_at = sooner
    prospect.version += 1
    grading.keep(session, prospect, before, grading.AGED, at=here, by=Clock(prospect.store_id))


def _tell_of_grades(session: Session, moved: Sequence[Prospect], at: datetime) -> None:
    for consultant_id, theirs in _by_consultant(moved).items():
        one = theirs[0]
        if len(theirs) == 1:
            notices.remind(
                session, one.store_id, consultant_id, "prospect.aged", f"/prospects/{one.number}", at=at,
                customer=one.customer.name, grade=one.grade,
            )  # fmt: skip
        else:
            notices.remind(
                session, one.store_id, consultant_id, "prospects.aged", "/prospects?show=mine", at=at,
                count=len(theirs),
            )  # fmt: skip


def _late(store: Store, since: datetime) -> Select[Prospect]:
    query = select(Prospect).join(Staff, Staff.id == Prospect.consultant_id)
    return query.where(Prospect.store_id == store.id, overdue(since)).order_by(Prospect.next_contact_at).limit(MOST)


def _by_consultant(prospects: Sequence[Prospect]) -> dict[UUID, list[Prospect]]:
    found: dict[UUID, list[Prospect]] = defaultdict(list)
    for prospect in prospects:
        if prospect.consultant_id is not None:
            found[prospect.consultant_id].append(prospect)
    return found
