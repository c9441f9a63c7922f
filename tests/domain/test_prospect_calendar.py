"""What the calendar does to prospects: ageing, counting, climbing to the manager, falling back into the pool."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import Contact
from server.domain.catalogue import Grade
from server.domain.people import Store
from server.domain.people.notices import Notice
from server.domain.showroom import GradeChange, Prospect, calendar, lost_deals
from server.domain.showroom.lost_deals import Loss
from tests.cast import Cast, a_customer
from tests.domain.test_prospects import a_prospect


@pytest.fixture
def store(session: Session, cast: Cast) -> Store:
    """The store in Wuhu."""
    return session.get_one(Store, cast.store)


def noon(store: Store, days: int) -> datetime:
    """That many days from now, at noon on the store's clock."""
    return (now() + timedelta(days=days)).astimezone(store.zone).replace(hour=12, minute=0, second=0, microsecond=0)


def statements(session: Session, store: Store, at: datetime) -> int:
    """What a night costs the database."""
    said: list[str] = []
    connection = session.connection()

    def note(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    session.flush()
    session.expunge_all()
    event.listen(connection, "before_cursor_execute", note)
    calendar.age(session, session.merge(store, load=False), at)
    session.flush()
    event.remove(connection, "before_cursor_execute", note)
    return len(said)


def test_a_night_costs_the_same_however_many_it_moves(session: Session, cast: Cast, store: Store) -> None:
    costs: list[int] = []
    for night, many in enumerate((2, 40), 1):
        for number in range(many):
            customer = a_customer(session, cast.lin, "客户", f"13{night}{number:08d}")
            a_prospect(session, cast.lin, customer, days=40 + night)
        costs.append(statements(session, store, noon(store, 10 + night)))
    changes = session.scalars(select(GradeChange).where(GradeChange.why == "aged")).all()
    assert (len(changes), costs[0]) == (42, costs[1])


@pytest.mark.parametrize(
    ("passed", "grade"),
    [(0, "C"), (9, "C"), (10, "B"), (24, "B"), (25, "A"), (32, "A"), (33, "H"), (40, "H"), (41, "N")],
)
def test_a_grade_ages_as_its_day_comes_near(
    session: Session, cast: Cast, store: Store, passed: int, grade: str
) -> None:
    prospect = a_prospect(session, cast.lin, days=40)
    session.flush()
    moved = calendar.age(session, store, noon(store, passed))
    assert prospect.grade == grade
    assert moved == (grade != "C")
    assert calendar.age(session, store, noon(store, passed)) == 0


def test_who_ages_is_kept_told_and_spoken_to_sooner(session: Session, cast: Cast, store: Store) -> None:
    prospect = a_prospect(session, cast.lin, days=40)
    prospect.next_contact_at = noon(store, 50)
    session.flush()
    calendar.age(session, store, noon(store, 35))
    session.flush()
    change = session.scalars(select(GradeChange).where(GradeChange.why == "aged")).one()
    notice = session.scalars(select(Notice).where(Notice.kind == "prospect.aged")).one()
    assert (change.before, change.after, change.by_id) == ("C", "H", None)
    assert notice.staff_id == cast.lin.id
    assert prospect.next_contact_at == noon(store, 37).replace(hour=10)
    assert session.scalars(select(Contact.due_at).where(Contact.prospect_id == prospect.id)).one() == (
        prospect.next_contact_at
    )


def test_several_at_once_are_one_notice(session: Session, cast: Cast, store: Store) -> None:
    for number in range(3):
        a_prospect(session, cast.lin, a_customer(session, cast.lin, "王五", f"1380000881{number}"), days=40)
    session.flush()
    calendar.age(session, store, noon(store, 35))
    session.flush()
    notice = session.scalars(select(Notice).where(Notice.kind == "prospects.aged")).one()
    assert notice.gaps == {"count": 3}


def test_nobody_is_woken_by_a_grade(session: Session, cast: Cast, store: Store) -> None:
    a_prospect(session, cast.lin, days=40)
    session.flush()
    assert calendar.age(session, store, noon(store, 35).replace(hour=5, minute=59)) == 0
    assert calendar.age(session, store, noon(store, 35).replace(hour=6, minute=0)) == 1


def test_the_table_of_the_store_decides_from_its_day_on(session: Session, cast: Cast, store: Store) -> None:
    """A longer window of H holds from the day on which it was entered, not before."""
    from_then = noon(store, 20).date()
    row = session.scalars(select(Grade).where(Grade.store_id == store.id, Grade.code == "H")).one()
    row.valid_to = from_then - timedelta(days=1)
    session.add(
        Grade(
            store_id=store.id, code="H", name=row.name, window_days=10, follow_up_days=1, position=row.position,
            valid_from=from_then, valid_to=None,
        )
    )  # fmt: skip
    before, after = (
        a_prospect(session, cast.lin, a_customer(session, cast.lin, name, phone), days=days)
        for name, phone, days in (("赵一", "13800008820", 28), ("钱二", "13800008821", 30))
    )
    session.flush()
    calendar.age(session, store, noon(store, 19))
    assert before.grade == "A"
    calendar.age(session, store, noon(store, 20))
    assert (before.grade, after.grade) == ("H", "H")


def test_a_missed_contact_counts_once(session: Session, cast: Cast, store: Store) -> None:
    prospect = a_prospect(session, cast.lin)
    session.flush()
    for hours in (0, 1, 30):
        calendar.count_overdue(session, prospect.next_contact_at + timedelta(hours=hours, minutes=1))
    session.refresh(prospect)
    assert prospect.overdue_times == 1
    prospect.next_contact_at += timedelta(days=5)
    session.flush()
    calendar.count_overdue(session, prospect.next_contact_at + timedelta(minutes=1))
    session.refresh(prospect)
    assert prospect.overdue_times == 2


def test_what_is_overdue_for_days_climbs_to_the_manager_once(session: Session, cast: Cast, store: Store) -> None:
    prospect = a_prospect(session, cast.lin)
    session.flush()
    assert calendar.climb(session, store, prospect.next_contact_at + timedelta(days=1, hours=23)) == 0
    assert calendar.climb(session, store, prospect.next_contact_at + timedelta(days=2, hours=1)) == 1
    assert calendar.climb(session, store, prospect.next_contact_at + timedelta(days=3)) == 0
    session.flush()
    notice = session.scalars(select(Notice).where(Notice.kind == "prospects.overdue")).one()
    assert notice.staff_id == cast.gao.id
    assert notice.address.endswith(f"consultant={cast.lin.id}")


def test_what_lies_too_long_goes_to_the_pool_unless_the_manager_has_to_decide(
    session: Session, cast: Cast, store: Store
) -> None:
    left = a_prospect(session, cast.lin)
    asked = a_prospect(session, cast.lin, a_customer(session, cast.lin, "孙三", "13800008830"))
    lost_deals.apply(session, asked, Loss(reason="budget", story="x"), by=cast.lin)
    session.flush()
    after = left.next_contact_at + timedelta(days=15, hours=1)
    assert calendar.fall_back(session, store, after - timedelta(days=1)) == 0
    assert calendar.fall_back(session, store, after) == 1
    assert (left.in_pool, asked.in_pool) == (True, False)
    assert calendar.fall_back(session, store, after) == 0
    assert session.scalars(select(Prospect.id).where(Prospect.consultant_id.is_(None))).all() == [left.id]


def test_the_quiet_are_never_overdue(session: Session, cast: Cast, store: Store) -> None:
    prospect = a_prospect(session, cast.lin)
    prospect.quiet = True
    session.flush()
    late = prospect.next_contact_at + timedelta(days=90)
    assert calendar.count_overdue(session, late) == 0
    assert calendar.climb(session, store, late) == 0
    assert calendar.fall_back(session, store, late) == 0
