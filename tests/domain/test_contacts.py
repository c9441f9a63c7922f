"""Care calls: who owes which by when on the store's own clock, and what comes of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.database import now
from server.domain.care import Contact, making
from server.domain.care.contacts import MOVES, NOT_REACHED, NOT_WANTED, OUTCOMES, REACHED, State
from server.domain.care.delivery_calls import owe_care_calls
from server.domain.care.lists import Lists, Wanted
from server.domain.care.making import TRY_AGAIN
from server.domain.care.reach import visible_to
from server.domain.catalogue import value_of
from server.domain.people import Staff
from server.domain.records import Event
from server.domain.refusals import Invalid, NotThere, WrongMove
from tests.cast import Cast, a_car, a_completed_delivery, a_customer

LIFE = {(State.OWED, State.OWED), (State.OWED, State.DONE), (State.OWED, State.GIVEN_UP)}
BECOMES = {REACHED: State.DONE, NOT_REACHED: State.OWED, NOT_WANTED: State.GIVEN_UP}


@pytest.fixture
def owed(session: Session, cast: Cast) -> list[Contact]:
    """The four calls of a car handed over just now, by time."""
    a_completed_delivery(session, cast)
    return list(session.scalars(select(Contact).order_by(Contact.due_at)))


def test_the_table_of_moves_is_the_life_of_a_call() -> None:
    assert {(before, after) for before, all_after in MOVES.items() for after in all_after} == LIFE
    assert set(MOVES) == set(State)
    assert set(BECOMES) == set(OUTCOMES)


def test_every_pair_of_states(session: Session, cast: Cast, owed: list[Contact]) -> None:
    contact = owed[0]
    for before in State:
        for outcome, after in BECOMES.items():
            contact.state = before
            if (before, after) in LIFE:
                making.make(session, contact, by=cast.lin, outcome=outcome, note="好")
                assert contact.state == after
            else:
                with pytest.raises(WrongMove):
                    making.make(session, contact, by=cast.lin, outcome=outcome, note="好")
                assert contact.state == before


@pytest.mark.parametrize(
    ("handed_over", "due"),
    [
        # 15:00 in Wuhu: the store's day, at the store's hours
        ("2026-11-22T07:00", ["2026-11-22T10:00", "2026-11-25T02:00", "2026-11-29T02:00", "2026-12-22T02:00"]),
        # 00:30 in Wuhu is still the day before in UTC
        ("2026-11-22T16:30", ["2026-11-23T10:00", "2026-11-26T02:00", "2026-11-30T02:00", "2026-12-23T02:00"]),
        # 19:00: the evening's hour has passed, so an hour from now rather than overdue at birth
        ("2026-11-22T11:00", ["2026-11-22T12:00", "2026-11-25T02:00", "2026-11-29T02:00", "2026-12-22T02:00"]),
        # 20:10: what is owed the same day stays on that day while anybody may be called
        ("2026-11-22T12:10", ["2026-11-22T12:25", "2026-11-25T02:00", "2026-11-29T02:00", "2026-12-22T02:00"]),
        # 23:20: nobody is called any more, so first thing in the morning
        ("2026-11-22T15:20", ["2026-11-23T01:00", "2026-11-25T02:00", "2026-11-29T02:00", "2026-12-22T02:00"]),
    ],
)
def test_calls_are_due_on_the_store_s_own_clock(session: Session, cast: Cast, handed_over: str, due: list[str]) -> None:
    rules: list[dict[str, Any]] = value_of(session, cast.store, "care_calls")
    assert {rule["days"]: (rule["hour"], rule["by"]) for rule in rules} == {
        0: (18, "consultant"), 3: (10, "care"), 7: (10, "consultant"), 30: (10, "care"),
    }  # fmt: skip
    at = datetime.fromisoformat(handed_over).replace(tzinfo=UTC)
    customer = a_customer(session, cast.lin)
    car = a_car(session, cast.lin, customer)
    made = owe_care_calls(
        session, by=cast.lin, customer=customer, car=car, consultant=session.get_one(Staff, cast.lin.id), since=at
    )
    assert [one.due_at for one in made] == [datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in due]
    assert {one.kind: one.owed_by for one in made} == {
        "care_0": cast.lin.id, "care_3": cast.he.id, "care_7": cast.lin.id, "care_30": cast.he.id,
    }  # fmt: skip


def test_reached_wants_a_word_and_ends_it(session: Session, cast: Cast, owed: list[Contact]) -> None:
    with pytest.raises(Invalid) as wrong:
        making.make(session, owed[0], by=cast.lin, outcome=REACHED, note="")
    assert set(wrong.value.errors) == {"note"}
    with pytest.raises(Invalid) as wrong:
        making.make(session, owed[0], by=cast.lin, outcome="sleeping", note="好")
    assert (set(wrong.value.errors), owed[0].tries) == ({"outcome"}, 0)
    making.make(session, owed[0], by=cast.lin, outcome=REACHED, note="满意")
    assert (owed[0].state, owed[0].tries, owed[0].is_owed) == (State.DONE, 1, False)
    event = session.scalars(select(Event).where(Event.verb == "contact.done")).one()
    assert (event.actor_id, event.customer_id) == (cast.lin.id, owed[0].customer_id)


def test_not_reached_is_tried_again_some_hours_later(session: Session, cast: Cast, owed: list[Contact]) -> None:
    contact, due = owed[1], owed[1].due_at
    making.make(session, contact, by=cast.he, outcome=NOT_REACHED, note="")
    assert (contact.state, contact.tries, contact.due_at) == (State.OWED, 1, due + TRY_AGAIN)
    with clock.at(due + timedelta(days=2)):
        making.make(session, contact, by=cast.he, outcome=NOT_REACHED, note="")
        assert abs(contact.due_at - (now() + TRY_AGAIN)) < timedelta(minutes=1)
        assert not contact.is_overdue(now())


def test_overdue_is_counted_in_whole_days(owed: list[Contact]) -> None:
    contact = owed[0]
    late = [contact.days_late(contact.due_at + timedelta(hours=hours)) for hours in (-1, 0, 23, 24, 49)]
    assert late == [0, 0, 0, 1, 2]
    assert [contact.is_overdue(contact.due_at + timedelta(hours=hours)) for hours in (-1, 1)] == [False, True]


def test_a_call_is_its_owner_s_and_the_manager_s(session: Session, cast: Cast, owed: list[Contact]) -> None:
    on_the_day, of_he, after_a_week, after_a_month = owed
    for person, seen in (
        (cast.lin, [on_the_day, after_a_week]), (cast.he, [of_he, after_a_month]), (cast.gao, owed), (cast.chen, []),
    ):  # fmt: skip
        assert list(visible_to(session, person).owed(until=now() + timedelta(days=60))) == seen
    assert visible_to(session, cast.gao).one(of_he.id) is of_he
    for person in (cast.lin, cast.zhou, cast.wu, cast.admin, cast.tang):
        with pytest.raises(NotThere):
            visible_to(session, person).one(of_he.id)


def test_today_later_and_done(session: Session, cast: Cast, owed: list[Contact]) -> None:
    def shown(show: str) -> list[Contact]:
        return list(Lists(session, cast.gao, owed[0].due_at).page(Wanted(show=show)).contacts)

    assert (shown("due"), shown("later"), shown("done")) == ([owed[0]], owed[1:], [])
    making.make(session, owed[0], by=cast.lin, outcome=NOT_WANTED, note="")
    session.flush()
    assert (shown("due"), shown("later"), set(shown("done"))) == ([], [], set(owed)), "none is owed to who wants none"
