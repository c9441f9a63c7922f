"""Follow-ups: what they change, what they ask for, and what is owed after them."""

from datetime import datetime, timedelta

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.care import Contact
from server.domain.people import Person
from server.domain.people.notices import Notice
from server.domain.records import consents
from server.domain.refusals import Invalid, WrongMove
from server.domain.showroom import FollowUp, GradeChange, Prospect, calendar, follow_ups, hands, outcomes
from server.domain.showroom.follow_ups import Talk
from tests.cast import Cast
from tests.domain.test_prospects import a_prospect


def talk(session: Session, prospect: Prospect, by: Person, **said: object) -> FollowUp:
    """A telephone call, with what the test is about."""
    usual: dict[str, object] = {"method": "phone", "content": "聊了配置", "expected_on": prospect.expected_on}
    return follow_ups.make(session, prospect, Talk(**(usual | said)), by=by)  # pyright: ignore[reportArgumentType]


def owed(session: Session, prospect: Prospect) -> list[Contact]:
    """What is owed to a prospect."""
    session.flush()
    query = select(Contact).where(Contact.prospect_id == prospect.id, Contact.state == "owed")
    return list(session.scalars(query))


def day(by: Person, days: int):
    return now().astimezone(by.zone).date() + timedelta(days=days)


def test_whoever_is_registered_is_owed_a_call_on_the_next_day(session: Session, cast: Cast) -> None:
    prospect = a_prospect(session, cast.lin)
    (call,) = owed(session, prospect)
    assert (call.kind, call.owed_by, call.due_at) == ("first_contact", cast.lin.id, prospect.next_contact_at)


def test_a_follow_up_settles_the_call_and_owes_the_next(session: Session, cast: Cast) -> None:
    prospect = a_prospect(session, cast.lin)
    (first,) = owed(session, prospect)
    talk(session, prospect, cast.lin)
    (following,) = owed(session, prospect)
    assert (first.state, first.outcome) == ("done", "reached")
    assert (following.kind, following.due_at) == ("follow_up", prospect.next_contact_at)


def test_the_grade_follows_from_the_day_that_they_name(session: Session, cast: Cast) -> None:
    prospect = a_prospect(session, cast.lin, days=60)
    made = talk(session, prospect, cast.lin, expected_on=day(cast.lin, 5))
    session.flush()
    changes = session.scalars(select(GradeChange).where(GradeChange.prospect_id == prospect.id)).all()
    assert (made.grade_before, made.grade_after, prospect.grade, prospect.first_grade) == ("C", "H", "H", "C")
    assert {(change.before, change.after, change.why) for change in changes} == {
        ("", "C", "typed"),
        ("C", "H", "follow_up"),
    }


WAITS = [(5, "H", 2), (12, "A", 4), (25, "B", 7), (80, "C", 15), (None, "N", 1)]


@pytest.mark.parametrize(("days", "grade", "wait"), WAITS)
def test_the_next_contact_is_as_the_grade_asks(
    session: Session, cast: Cast, days: int | None, grade: str, wait: int
) -> None:
    prospect = a_prospect(session, cast.lin, days=days)
    talk(session, prospect, cast.lin)
    assert prospect.grade == grade
    assert prospect.next_contact_at.astimezone(cast.lin.zone).date() == day(cast.lin, wait)


def test_nobody_waits_longer_than_their_grade(session: Session, cast: Cast) -> None:
    prospect = a_prospect(session, cast.lin, days=5)
    for wrong in (now() - timedelta(minutes=1), now() + timedelta(days=4)):
        with pytest.raises(Invalid) as refused:
            talk(session, prospect, cast.lin, next_at=wrong)
        assert set(refused.value.errors) == {"next_at"}
    talk(session, prospect, cast.lin, next_at=now() + timedelta(days=1))


def test_who_is_not_reached_is_tried_tomorrow_and_keeps_the_grade(session: Session, cast: Cast) -> None:
    prospect = a_prospect(session, cast.lin, days=60)
    talk(session, prospect, cast.lin, reached=False, content="", expected_on=None)
    assert prospect.grade == "C"
    assert prospect.next_contact_at.astimezone(cast.lin.zone).date() == day(cast.lin, 1)
    assert prospect.first_contact_at is None


def test_what_was_overdue_counts_as_overdue_at_once_and_once(session: Session, cast: Cast) -> None:
    prospect = a_prospect(session, cast.lin)
    late = msgspec.structs.replace(cast.lin, acted_at=now())
    prospect.next_contact_at = now() - timedelta(hours=2)
    calendar.count_overdue(session, now())
    session.refresh(prospect)
    assert talk(session, prospect, late, reached=False).was_overdue
    assert prospect.overdue_times == 1, "the calendar had counted it"
    prospect.overdue_counted_at, prospect.next_contact_at = now() - timedelta(hours=2), now() - timedelta(minutes=1)
    assert talk(session, prospect, cast.lin, reached=False).was_overdue
    assert prospect.overdue_times == 2, "and had not come round to this one"


def test_what_is_missing_is_told_at_its_field(session: Session, cast: Cast) -> None:
    prospect = a_prospect(session, cast.lin)
    with pytest.raises(Invalid) as wrong:
        talk(session, prospect, cast.lin, method="pigeon", content="")
    assert set(wrong.value.errors) == {"method", "next_method", "content"}


def test_one_that_waited_on_a_device_does_not_overtake_a_later_one(session: Session, cast: Cast) -> None:
    prospect = a_prospect(session, cast.lin, days=60)
    talk(session, prospect, cast.lin, expected_on=day(cast.lin, 5))
    late = msgspec.structs.replace(cast.lin, acted_at=now() - timedelta(hours=2))
    before = (prospect.grade, prospect.next_contact_at)
    made = talk(session, prospect, late, expected_on=day(cast.lin, 80))
    assert (prospect.grade, prospect.next_contact_at) == before
    assert made.made_at == late.acted_at


def test_the_same_one_is_not_kept_twice(session: Session, cast: Cast) -> None:
    prospect, born = a_prospect(session, cast.lin), uuid7()
    said = Talk(method="phone", content="x", expected_on=prospect.expected_on)
    follow_ups.make(session, prospect, said, by=cast.lin, id=born)
    with pytest.raises(WrongMove):
        follow_ups.make(session, prospect, said, by=cast.lin, id=born)


def test_who_does_not_want_to_be_contacted_is_owed_nothing(session: Session, cast: Cast) -> None:
    prospect = a_prospect(session, cast.lin)
    consents.answer(session, prospect.customer_id, "contact", False, by=cast.lin)
    assert (prospect.quiet, prospect.is_due, owed(session, prospect)) == (True, False, [])
    talk(session, prospect, cast.lin, method="visit")
    assert owed(session, prospect) == []
    consents.answer(session, prospect.customer_id, "contact", True, by=cast.lin)
    assert len(owed(session, prospect)) == 1


def test_a_manager_s_word_is_told_to_whoever_made_the_call(session: Session, cast: Cast) -> None:
    prospect = a_prospect(session, cast.lin)
    made = talk(session, prospect, cast.lin)
    follow_ups.comment(session, prospect, made, by=cast.gao, text="下次先报置换价")
    session.flush()
    told = session.scalars(select(Notice).where(Notice.kind == "follow_up.commented")).one()
    assert told.staff_id == cast.lin.id


def test_a_call_goes_with_the_prospect(session: Session, cast: Cast) -> None:
    """Given back, nobody owes it; taken, whoever took it; ordered, it is another kind; delivered, none."""
    prospect = a_prospect(session, cast.lin)
    hands.give_back(session, prospect, by=cast.lin, why="no_time")
    assert owed(session, prospect) == []
    hands.take(session, prospect, by=cast.fang)
    assert [call.owed_by for call in owed(session, prospect)] == [cast.fang.id]
    outcomes.ordered(session, prospect, by=cast.fang)
    assert [call.kind for call in owed(session, prospect)] == ["before_delivery"]
    outcomes.order_cancelled(session, prospect, by=cast.fang)
    assert (prospect.grade, [call.kind for call in owed(session, prospect)]) == ("H", ["first_contact"])
    outcomes.delivered(session, cast.store, prospect.customer_id, by=cast.fang)
    assert (prospect.state, owed(session, prospect)) == ("delivered", [])


def test_the_moment_is_when_it_was_said(session: Session, cast: Cast) -> None:
    said_at: datetime = now() - timedelta(hours=3)
    by = msgspec.structs.replace(cast.lin, acted_at=said_at)
    prospect = a_prospect(session, cast.lin)
    assert talk(session, prospect, by).made_at == said_at
    assert prospect.last_contact_at == said_at
