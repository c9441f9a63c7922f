"""Overdue calls: their owner is told once, and again when a new time has passed as well."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.database import Database, now
from server.domain.care import contacts, making, overdue
from server.domain.care.contacts import Contact
from server.domain.people import Person, Staff, notices
from server.domain.people.notices import Notice
from server.rounds import OVERDUE_CALLS, turn
from tests.cast import Cast, a_completed_delivery


def owed(session: Session, cast: Cast) -> list[Contact]:
    a_completed_delivery(session, cast)
    return list(session.scalars(select(Contact).order_by(Contact.due_at)))


def of(session: Session, person: Person) -> list[tuple[str, str]]:
    query = select(Notice).where(Notice.staff_id == person.id, Notice.kind.startswith("contact"))
    return [(notice.kind, notice.address) for notice in session.scalars(query.order_by(Notice.created_at, Notice.id))]


def test_a_call_is_told_when_its_time_has_passed_and_only_once(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        first = owed(session, cast)[0]
        called = first.name
        owner = next(person for person in cast.of_wuhu.values() if person.id == first.owed_by)
    for minutes in (-6, 1, 10, 20):
        turn(database, OVERDUE_CALLS, first.due_at + timedelta(minutes=minutes))
        with database.work(cast.store) as session:
            assert of(session, owner) == ([] if minutes < 0 else [("contact.overdue", f"/contacts/{first.id}")])
    with database.work(cast.store) as session:
        (notice,) = [one for one in notices.unread(session, owner) if one.kind == "contact.overdue"]
        assert (notice.gaps["customer"], notice.gaps["what"]) == ("王建国", called)


def test_who_was_not_reached_is_overdue_again_at_the_next_time(session: Session, cast: Cast) -> None:
    first = owed(session, cast)[0]
    owner = next(person for person in cast.of_wuhu.values() if person.id == first.owed_by)
    overdue.remind(session, first.due_at + timedelta(minutes=1))
    making.make(session, first, by=owner, outcome=contacts.NOT_REACHED, note="")
    session.flush()
    assert overdue.remind(session, first.due_at - timedelta(minutes=1)) == 0
    assert overdue.remind(session, first.due_at + timedelta(minutes=1)) == 1
    assert len(of(session, owner)) == 2


def test_several_at_once_are_one_notice(session: Session, cast: Cast) -> None:
    calls = owed(session, cast)
    session.execute(update(Contact).values(owed_by=cast.he.id))
    assert overdue.remind(session, calls[-1].due_at + timedelta(minutes=1)) == len(calls) > 1
    assert of(session, cast.he) == [("contacts.overdue", "/contacts")]
    assert notices.unread(session, cast.he)[0].gaps == {"count": len(calls)}


def test_made_calls_and_those_of_who_has_left_are_nobody_s(session: Session, cast: Cast) -> None:
    calls = owed(session, cast)
    late: datetime = calls[-1].due_at + timedelta(days=1)
    session.execute(update(Contact).values(state=contacts.State.DONE, done_at=now()))
    assert overdue.remind(session, late) == 0
    session.execute(update(Contact).values(state=contacts.State.OWED, owed_by=cast.he.id))
    session.get_one(Staff, cast.he.id).active = False
    session.flush()
    assert overdue.remind(session, late) == 0
