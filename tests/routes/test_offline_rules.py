"""What every route that changes something keeps to, so that work is neither lost nor doubled on its way.

The walk is made from the routes of the house, as in `test_reach`.
"""

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from server.database import uuid7
from server.domain.people import tickets
from server.domain.records.receipts import Receipt
from server.settings import ROOT
from tests.routes.test_reach import WRITES, address
from tests.routes.world import EVERYTHING, SPARE, World

Way = tuple[str, str, dict[str, Any]]
GREETINGS = {"/outbox/hello"}
"""Changes nothing but when a device was last heard of; sent again, it says the same again."""
FORGOTTEN = {
    "/sign-in",
    "/sign-out",
    "/switch",
    "/language",
    "/appearance",
    "/outbox/ticket",
    "/customers/{customer_id:uuid}/personal-number-reading",
} | {
    f"/c/{{token:str}}/{deed}"
    for deed in ("answer", "booking", "call", "cancellation", "confirmation", "rating", "time")
}
"""Wants a key, but its answer carries a secret or a choice and is kept in no receipt; a customer's link is nobody's
account, and what is decided by it stands at the thing itself: said again, it changes nothing."""
BY_TICKET = [way for way in WRITES if way[2].get("by_ticket") and way[1] not in GREETINGS]


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


def test_no_script_clears_the_database_of_what_waits() -> None:
    scripts = [*(ROOT / "static" / "js").glob("*.js")]
    assert len(scripts) > 10
    for script in scripts:
        text = script.read_text("utf-8")
        assert "deleteDatabase" not in text, script.name
        assert "deleteObjectStore" not in text, script.name
