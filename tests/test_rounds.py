"""What the house does by itself: at its time, by one process, and again after a fault."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from server import rounds
from server.database import Database, now
from server.domain.records.rounds import Turn, end, take
from server.rounds import Round, Watch, turn

HOURLY = timedelta(hours=1)


class Made:
    """Counts its turns."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        self.at: list[datetime] = []
        self.then = then

    def __call__(self, database: Database, at: datetime) -> None:
        self.at.append(at)
        self.then()


def test_a_round_is_made_when_it_is_time_and_not_before(empty: Database) -> None:
    made, began = Made(), now()
    hourly = Round("hourly", HOURLY, made)
    for minutes, is_made in ((0, True), (1, False), (59, False), (60, True), (61, False), (600, True)):
        assert turn(empty, hourly, began + timedelta(minutes=minutes)) is is_made, minutes
    assert made.at == [began, began + HOURLY, began + 10 * HOURLY]


def test_a_round_without_work_takes_no_turn(empty: Database) -> None:
    made = Made()
    assert not turn(empty, Round("idle", HOURLY, made, has_work=lambda _session, _at: False), now())
    with empty.work() as session:
        assert session.scalars(select(Turn)).all() == []
    assert made.at == []


def test_of_several_processes_one_makes_the_turn(empty: Database) -> None:
    """The very first turn as well as a later one: everybody looks at the same moment."""
    together = threading.Barrier(5)
    made, began = Made(), now()
    hourly = Round("hourly", HOURLY, made)

    def look(at: datetime) -> bool:
        together.wait()
        return turn(empty, hourly, at)

    with ThreadPoolExecutor(5) as processes:
        for at in (began, began + HOURLY, began + 2 * HOURLY):
            assert sum(processes.map(look, [at] * 5)) == 1
    assert len(made.at) == 3


def test_a_turn_under_way_is_left_alone_until_its_process_must_be_dead(empty: Database) -> None:
    began, lasts = now(), timedelta(hours=3)
    with empty.work() as session:
        first = take(session, "hourly", began, HOURLY, lasts)
    assert first is not None
    made = Made()
    hourly = Round("hourly", HOURLY, made, lasts=lasts)
    assert not turn(empty, hourly, began + 2 * HOURLY)
    assert turn(empty, hourly, began + lasts + timedelta(seconds=1))
    with empty.work() as session:
        end(session, "hourly", first, now(), "the dead one speaks")
        assert session.get_one(Turn, "hourly").fault == ""


def test_a_turn_that_breaks_is_noted_and_made_again(empty: Database) -> None:
    def breaks() -> None:
        raise InterruptedError("the disk is full")

    made, began = Made(breaks), now()
    hourly = Round("hourly", HOURLY, made)
    assert turn(empty, hourly, began)
    with empty.work() as session:
        noted = session.get_one(Turn, "hourly")
        assert (noted.fault, noted.leased_until) == ("InterruptedError('the disk is full')", None)
    made.then = lambda: None
    assert turn(empty, hourly, began + HOURLY)
    with empty.work() as session:
        assert session.get_one(Turn, "hourly").fault == ""


def test_the_watch_makes_every_round_and_ends(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "TICK", 0.01)
    done = [threading.Event(), threading.Event()]
    several = [Round(str(place), HOURLY, Made(event.set)) for place, event in enumerate(done)]

    def breaks(_database: Database, _at: datetime) -> None:
        raise InterruptedError

    watch = Watch(empty, [Round("broken", HOURLY, breaks), *several])
    watch.begin()
    assert all(event.wait(20) for event in done)
    watch.end()
    assert not watch._thread.is_alive()


def test_the_rounds_of_the_house_have_names_of_their_own() -> None:
    assert len({one.name for one in rounds.ALL}) == len(rounds.ALL)
