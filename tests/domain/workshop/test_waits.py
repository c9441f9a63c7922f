"""Waits, measured by what was done: exact figures for a few cars."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.database import now
from server.domain.workshop import State, waits
from tests.cast import OTHER_VIN, Cast
from tests.domain.workshop.at_work import an_ordered_car


def test_the_ninth_of_ten_is_one_that_nine_tenths_do_not_exceed() -> None:
    found = waits.summed("bay", [*range(1, 11)])
    assert (found.count, found.mean, found.middle, found.most, found.longest) == (10, 5.5, 5.5, 9, 10)


def test_of_nothing_there_are_no_figures() -> None:
    assert waits.summed("bay", []) == waits.Wait("bay", 0, 0, 0, 0, 0)


def test_every_wait_is_read_from_the_moves(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast, state=State.SETTLED)
    assert order.ordered_at is not None
    steps = ("work_started_at", "inspected_at", "wash_started_at", "ready_at", "settled_at")
    for name, minutes in zip(steps, (25, 60, 68, 90, 101), strict=True):
        setattr(order, name, order.ordered_at + timedelta(minutes=minutes))
    another = an_ordered_car(session, cast, vin=OTHER_VIN)
    another.work_started_at = another.ordered_at
    session.flush()
    found = waits.of_period(session, cast.store, now() - timedelta(days=1), now())
    means = {kind.name: kind.mean for kind in found.kinds}
    assert means == pytest.approx({"arrival": 10, "reception": 20, "bay": 12.5, "wash": 8, "cashier": 11})
    assert (found.visits, found.desk.service) == (2, pytest.approx(3))


def test_who_was_sent_away_and_who_came_before_do_not_count(session: Session, cast: Cast) -> None:
    an_ordered_car(session, cast, state=State.CANCELLED)
    an_ordered_car(session, cast, vin=OTHER_VIN).arrived_at = now() - timedelta(days=8)
    session.flush()
    assert waits.of_period(session, cast.store, now() - timedelta(days=7), now()).visits == 0
