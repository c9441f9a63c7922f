"""A live board: what is done at one server shows on the screens of another, and only what has changed."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from server.commands.trial.house import begin, free_port, wait_for
from server.database import Database, now
from server.domain.catalogue.bays import Bay
from server.domain.people import Person
from server.domain.people.sign_in import SignIn
from server.domain.workshop import RepairOrder, State
from server.domain.workshop.repair_orders import tell
from tests.cast import OTHER_VIN, Cast
from tests.domain.workshop.at_work import an_ordered_car
from tests.visitor import Visitor

PATIENCE = 60
"""Seconds until a word that does not come is given up."""


@contextmanager
def a_server(database: Database, folder: Path) -> Iterator[str]:
    """A process of its own on this database."""
    folder.mkdir()
    url = database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    port = free_port()
    own = {"HUANCHE_DATABASE_URL": url, "HUANCHE_SECRET": os.environ["HUANCHE_SECRET"]}
    server = begin(folder, port, "server.commands", "serve", own=own)
    try:
        wait_for(server, port, folder / "server.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def two(database: Database, cast: Cast, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Two servers, one database."""
    with ExitStack() as both:
        yield (
            both.enter_context(a_server(database, tmp_path / "a")),
            both.enter_context(a_server(database, tmp_path / "b")),
        )


@contextmanager
def visiting(address: str, cookies: Any = None) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=PATIENCE, cookies=cookies) as http:
        yield http


@contextmanager
def watching(http: httpx.Client, seen: str = "") -> Iterator[Iterator[tuple[str, Any]]]:
    """The events of a stream as they come."""
    with http.stream("GET", "/board/stream", params={"seen": seen}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield events(answer.iter_lines())


def events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    kind = ""
    for line in lines:
        name, _, said = line.partition(": ")
        if name == "event":
            kind = said
        elif name == "data":
            yield kind, json.loads(said)


def seen_on(page: str) -> str:
    return page.partition("/board/stream?seen=")[2].partition('"')[0]


def test_what_is_done_at_one_server_is_shown_by_the_other(two: tuple[str, str], database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        order, other = an_ordered_car(session, cast), an_ordered_car(session, cast, vin=OTHER_VIN)
        bay = session.scalars(select(Bay).where(Bay.store_id == cast.store).order_by(Bay.code)).first()
    assert bay is not None
    with visiting(two[0]) as here:
        wu = Visitor(here).sign_in("wu")
        with visiting(two[1], here.cookies) as there, watching(there, seen_on(there.get("/board").text)) as screen:
            wu.post(f"/board/cars/{order.id}/place", by="bay", to=str(bay.id))
            kind, word = next(screen)
            assert kind == "cards"
            # One card; all of them when a minute began between the page and its stream, which makes cars older.
            moved = {card["id"]: card for card in word["cards"]}
            assert set(moved) == ({str(order.id)} if word["gone"] == [] else {str(order.id), str(other.id)})
            assert moved[str(order.id)]["bay"] == str(bay.id)
            assert f'id="car-{order.id}"' in moved[str(order.id)]["html"]
            _leaves(database, other, by=cast.gao)
            kind, word = next(screen)
            assert (kind, word["cards"], word["gone"]) == ("cards", [], [str(other.id)])


def _leaves(database: Database, order: RepairOrder, *, by: Person) -> None:
    """As at the end of its visit."""
    with database.work(order.store_id) as session:
        car = session.get_one(RepairOrder, order.id)
        car.state, car.left_at = State.CLOSED, now()
        tell(session, "repair_order.closed", car, by=by)


def test_a_screen_that_shows_something_else_gets_everything(
    two: tuple[str, str], database: Database, cast: Cast
) -> None:
    with database.work(cast.store) as session:
        order = an_ordered_car(session, cast)
    with visiting(two[0]) as http:
        Visitor(http).sign_in("zhou")
        http.cookies.set("huanche_language", "en")
        with watching(http, "another version") as screen:
            kind, word = next(screen)
        assert (kind, word["gone"], [card["id"] for card in word["cards"]]) == ("cards", None, [str(order.id)])
        assert 'aria-label="Move ' in word["cards"][0]["html"]


def test_whoever_signs_out_is_told_nothing_more(
    address: str, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.routes.board_stream.BEAT", 0.2)
    with visiting(address) as http:
        Visitor(http).sign_in("zhou")
        with watching(http, seen_on(http.get("/board").text)) as screen:
            with database.work() as session:
                session.execute(update(SignIn).values(ended_at=now()))
            assert next(screen)[0] == "bye"


def test_fifty_screens_of_one_store_ask_as_often_as_one(address: str, database: Database, cast: Cast) -> None:
    """All of them are told the same, by one watcher."""
    with database.work(cast.store) as session:
        order = an_ordered_car(session, cast)
    with visiting(address) as http, ExitStack() as open_ones:
        Visitor(http).sign_in("wu")
        version = seen_on(http.get("/board").text)
        limits = httpx.Limits(max_connections=60)
        many = open_ones.enter_context(
            httpx.Client(base_url=address, timeout=PATIENCE, cookies=http.cookies, limits=limits)
        )
        screens = [open_ones.enter_context(watching(many, version)) for _ in range(50)]
        Visitor(http).post(f"/board/cars/{order.id}/place", by="technician", to=str(cast.zhou.id))
        told = [next(screen)[1] for screen in screens]
        assert all(word == told[0] for word in told)
        assert told[0]["cards"][0]["technician"] == str(cast.zhou.id)
