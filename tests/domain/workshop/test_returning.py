"""Giving back: shown, settled, signed and out of the gate; the next service, the mark, punctuality and the call."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import Contact
from server.domain.checklists import Run, runs
from server.domain.records import papers
from server.domain.refusals import Invalid, WrongMove
from server.domain.workshop import State, cashing, guarantee, next_service, promises, returning, settling
from tests.cast import OTHER_VIN, Cast
from tests.domain.workshop.returned import (
    a_car_that_left,
    a_ready_car,
    a_settled_car,
    pay,
    sign_return,
)


def test_a_car_leaves_when_everything_is_closed_and_a_call_is_owed(session: Session, cast: Cast) -> None:
    order = a_ready_car(session, cast)
    assert order.return_run_id is not None
    told: list[str] = []
    while reasons := returning.missing(session, order):
        told.append(reasons[0].message)
        with pytest.raises(WrongMove):
            returning.leave(session, order, by=cast.chen)
        match reasons[0].message:
            case "Issue the settlement first.":
                settling.issue(session, order, by=cast.chen)
            case "The customer has not paid.":
                pay(session, cast, order)
            case "Say when the next service is due.":
                due = next_service.propose(session, order, cast.chen.zone)
                returning.set_next(session, order, due.on, due.km, by=cast.chen)
            case _:
                sign_return(session, cast, order)
    assert len(told) == len(set(told)) == 4
    returning.leave(session, order, by=cast.chen)
    assert order.state == State.CLOSED
    assert order.left_at is not None
    assert session.get_one(Run, order.return_run_id).state == "closed"
    call = session.scalars(select(Contact).where(Contact.kind == "after_service")).one()
    left = order.left_at.astimezone(cast.he.zone).date()
    assert (call.owed_by, call.due_at.astimezone(cast.he.zone).date() - left) == (cast.he.id, timedelta(days=3))
    assert "gate_pass" in [paper.kind for paper in papers.of_subject(session, cast.store, order.id)]
    with pytest.raises(WrongMove):
        returning.leave(session, order, by=cast.chen)


def test_what_the_house_knows_is_not_asked_again(session: Session, cast: Cast) -> None:
    order = a_settled_car(session, cast)
    returning.set_next(session, order, now().date() + timedelta(days=90), 30_000, by=cast.chen)
    session.flush()
    standing = runs.progress(session, session.get_one(Run, order.return_run_id))
    answered = {q.code for q in standing.sheet.questions() if standing.touched(q)}
    assert answered == {"C12-01", "C12-11", "C12-14", "C12-15"}


def test_what_was_signed_is_signed_anew_when_the_sums_change(session: Session, cast: Cast) -> None:
    order = a_settled_car(session, cast)
    sign_return(session, cast, order)
    assert returning.signed(session, order)
    (one,) = settling.standing(session, order)
    settling.reverse(session, one, by=cast.chen, why="工时开错")
    assert returning.signed(session, order) is None
    settling.issue(session, order, by=cast.chen)
    assert returning.signed(session, order) is None
    with pytest.raises(WrongMove):
        returning.leave(session, order, by=cast.chen)


def test_who_paid_too_much_gets_it_back_before_the_car_leaves(session: Session, cast: Cast) -> None:
    order = a_ready_car(session, cast)
    cashing.take(session, order, by=cast.chen, method="cash", amount=9_000_000)
    settling.issue(session, order, by=cast.chen)
    sign_return(session, cast, order)
    with pytest.raises(WrongMove):
        returning.leave(session, order, by=cast.chen)
    cashing.refund(session, order, by=cast.chen, method="cash", amount=-cashing.owed(session, order))
    returning.leave(session, order, by=cast.chen)
    assert order.state == State.CLOSED


def test_the_guarantee_runs_from_leaving_by_days_of_the_calendar_and_kilometres(session: Session, cast: Cast) -> None:
    rules = guarantee.rules(session, cast.store, date(2026, 1, 1))
    left = datetime(2026, 1, 30, 16, 30, tzinfo=UTC)  # the 31st in Wuhu
    given = guarantee.given("minor", rules, left, 23_456, cast.chen.zone)
    assert (given.until, given.until_km) == (date(2026, 2, 10), 25_456)
    assert given.holds(date(2026, 2, 10), 25_456)
    assert not given.holds(date(2026, 2, 11), 23_500)
    assert not given.holds(date(2026, 2, 1), 25_457)
    major = guarantee.given("major", rules, left, None, cast.chen.zone)
    assert (major.until, major.until_km) == (date(2026, 5, 11), None)
    assert not guarantee.given("second", rules, None, 1, cast.chen.zone).holds(date(2026, 1, 1), 1)


@pytest.mark.parametrize(
    ("readings", "pace"),
    [
        ([], None),
        ([(0, 1000)], None),
        ([(0, 1000), (13, 9000)], None),
        ([(0, 1000), (20, 2000)], 50),
        ([(0, 1000), (5, 1100), (100, 4000)], 30),
        ([(0, 4000), (100, 1000)], None),
        ([(0, 1000), (20, 9_000_000)], 1000),
    ],
)
def test_how_far_a_car_goes_in_a_day(readings: list[tuple[int, int]], pace: int | None) -> None:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    assert next_service.a_day([(began + timedelta(days=day), km) for day, km in readings]) == pace


def test_the_next_service_is_by_day_or_kilometres_whichever_is_first(session: Session, cast: Cast) -> None:
    order = a_ready_car(session, cast)
    due = next_service.propose(session, order, cast.chen.zone)
    today = now().astimezone(cast.chen.zone).date()
    assert due.km == (order.km or 0) + due.every_km
    assert due.on == min(today + timedelta(days=due.every_km // 40), due.on)
    assert today < due.on <= today + timedelta(days=31 * due.every_months)
    for on, km in ((today, None), (None, None), (today + timedelta(days=1), order.km)):
        with pytest.raises(Invalid):
            returning.set_next(session, order, on, km, by=cast.chen)


def test_a_promise_that_was_changed_in_time_counts_and_one_that_had_lapsed_does_not(
    session: Session, cast: Cast
) -> None:
    order, other = a_ready_car(session, cast), a_ready_car(session, cast, OTHER_VIN)
    assert returning.is_punctual(session, order) is True
    for one in (order, other):
        one.first_promised_at = one.promised_at = now() - timedelta(minutes=30)
    assert returning.is_punctual(session, order) is False
    promises.change(session, order, now() + timedelta(hours=1), by=cast.chen, agreed=True, why="等件")
    session.flush()
    assert returning.is_punctual(session, order) is False, "the time had come before it was changed"
    other.first_promised_at = other.promised_at = now() + timedelta(minutes=5)
    promises.change(session, other, now() + timedelta(hours=1), by=cast.chen, agreed=True, why="等件")
    other.ready_at = now() + timedelta(minutes=30)
    session.flush()
    assert returning.is_punctual(session, other) is True
    other.ready_at = now() + timedelta(minutes=90)
    assert returning.is_punctual(session, other) is False


def test_the_customer_gives_one_mark(session: Session, cast: Cast) -> None:
    order = a_car_that_left(session, cast)
    for wrong in (0, 6, -1):
        with pytest.raises(Invalid):
            returning.rate(session, order, wrong, by=cast.chen)
    returning.rate(session, order, 4, by=cast.chen)
    returning.rate(session, order, 5, by=cast.chen)
    assert order.rating == 5
