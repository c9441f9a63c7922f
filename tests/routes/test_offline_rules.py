"""What every route keeps to, so that work without a network is neither lost nor doubled nor seen by others.

The walk is made from the routes of the house, as in `test_reach`.
"""

import re
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from server.database import uuid7
from server.domain.people import devices, tickets
from server.domain.records.receipts import Receipt
from server.settings import ROOT
from tests.routes.test_reach import PEOPLE, WAYS, WRITES, address
from tests.routes.world import EVERYTHING, SPARE, World

Way = tuple[str, str, dict[str, Any]]
GREETINGS = {"/outbox/hello"}
"""Changes nothing but when a device was last heard of; sent again, it says the same again."""
FORGOTTEN = {
    "/sign-in", "/sign-out", "/switch", "/language", "/appearance", "/outbox/ticket",
    "/customers/{customer_id:uuid}/personal-number-reading",
}  # fmt: skip
"""Wants a key, but its answer carries a secret or a choice and is kept in no receipt."""
BY_TICKET = [way for way in WRITES if way[2].get("by_ticket") and way[1] not in GREETINGS]
NOT_BY_TICKET = [way for way in WAYS if not way[2].get("by_ticket")]
LEAVE = re.compile(r"u=[0-9a-f-]{36}")


def named(ways: list[Way]) -> Any:
    return pytest.mark.parametrize("way", ways, ids=[f"{way[0]} {way[1]}" for way in ways])


def delivered(world: World, path: str, key: str | None, name: str = EVERYTHING) -> httpx.Response:
    """As an outbox sends it: no cookie, no token of a form, a ticket."""
    person = world.visitor(name).http.cookies
    headers = {"outbox-ticket": ticket_of(world, name), "outbox-v": "1", "outbox-device": person["huanche_device"]}
    headers |= {"idempotency-key": key} if key is not None else {}
    return world.visitor(None).http.post(path, headers=headers, content=b"")


def ticket_of(world: World, name: str) -> str:
    """One for this person on the spare device."""
    with world.database.work(world.cast.store) as session:
        return tickets.issue(session, by=world.person(name), device=SPARE)


def test_only_a_greeting_goes_without_a_key() -> None:
    assert {way[1] for way in WRITES if "greeting" in way[2]} == GREETINGS
    assert {way[1] for way in WRITES if "unremembered" in way[2]} == FORGOTTEN


def test_a_greeting_of_nobody_changes_nothing_and_one_with_a_ticket_counts_what_waits(world: World) -> None:
    before = world.counts()
    stranger = world.visitor(None).http.post("/outbox/hello", headers={"outbox-nonce": "n", "outbox-waiting": "7"})
    assert (stranger.status_code, stranger.json()["echo"]) == (200, "n")
    assert waiting_on_the_spare(world) == 0
    headers = {"outbox-ticket": ticket_of(world, EVERYTHING), "outbox-waiting": "7"}
    assert world.visitor(None).http.post("/outbox/hello", headers=headers).headers["outbox-hello"] == "1"
    assert waiting_on_the_spare(world) == 7
    assert world.counts() == before | {name: count + 1 for name, count in before.items() if name in WITH_A_TICKET}


WITH_A_TICKET = {"outbox_tickets", "events"}


def waiting_on_the_spare(world: World) -> int:
    with world.database.work(world.cast.store) as session:
        return devices.one(session, SPARE, world.cast.admin).waiting


@named(BY_TICKET)
def test_what_an_outbox_delivers_wants_a_key_and_is_acknowledged_by_it(world: World, way: Way) -> None:
    place = address(world, way[1])
    for without in (None, "", "seven"):
        answer = delivered(world, place, without)
        assert answer.status_code == 422
        assert "outbox-ack" not in answer.headers
    key = str(uuid7())
    answer = delivered(world, place, key)
    assert answer.headers["outbox-ack"] == key
    assert answer.status_code not in {301, 302, 303, 307, 308}, "an outbox cannot follow"
    again = delivered(world, place, key)
    assert (again.status_code, again.headers["outbox-ack"]) == (answer.status_code, key)
    with world.database.work() as session:
        kept = session.scalar(select(func.count()).select_from(Receipt).where(Receipt.key == key)) or 0
    assert kept == ("idempotent-replayed" in again.headers)
    assert kept == (answer.status_code < 300 or answer.status_code in {400, 409, 422})


@named(NOT_BY_TICKET)
def test_a_ticket_opens_nothing_else(world: World, way: Way) -> None:
    method, path, _ = way
    headers = {"outbox-ticket": ticket_of(world, EVERYTHING), "idempotency-key": str(uuid7())}
    answer = world.visitor(None).http.request(method, address(world, path), headers=headers)
    assert answer.status_code == 403
    assert "x-offline" not in answer.headers


@named([way for way in WAYS if way[1] != "/sign-out"])
def test_no_answer_clears_what_waits_and_none_may_be_kept_by_another(world: World, way: Way) -> None:
    method, path, _ = way
    place = address(world, path)
    for name in PEOPLE:
        visitor = world.visitor(name)
        for htmx in (False, True):
            answer = visitor.get(place, htmx=htmx) if method == "GET" else visitor.post(place, htmx=htmx)
            assert "clear-site-data" not in answer.headers
            assert "public" not in answer.headers.get("cache-control", "")
            leave = answer.headers.get("x-offline")
            if leave is None:
                continue
            assert (method, htmx, answer.status_code) == ("GET", False, 200), "no form, no part, no redirect, no fault"
            assert name is not None
            assert leave == f"u={world.person(name).id}"
            assert LEAVE.fullmatch(leave)


def test_signing_out_clears_nothing_that_waits(world: World) -> None:
    answer = world.visitor("lin").post("/sign-out")
    world.everybody_leaves()
    assert answer.status_code == 303
    assert "clear-site-data" not in answer.headers


def test_no_script_clears_the_database_of_what_waits() -> None:
    scripts = [*(ROOT / "static" / "js").glob("*.js")]
    assert len(scripts) > 10
    for script in scripts:
        text = script.read_text("utf-8")
        assert "deleteDatabase" not in text, script.name
        assert "deleteObjectStore" not in text, script.name
