"""Tickets: who gets one, and how little it opens."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from server.database import Base, now, uuid7
from server.domain.checklists.runs import Answer
from server.domain.people import Staff
from server.domain.people.tickets import Ticket
from server.domain.records.receipts import Receipt
from tests.routes.sending import Outbox, Sending, keyed, said
from tests.routes.test_reach import PARAMETER, WAYS, address
from tests.routes.world import NAME, PHONE, World

FIELD = [path for method, path, opt in WAYS if opt.get("by_ticket") and method == "POST"]
HELLO = "/outbox/hello"


def test_a_ticket_is_told_once_and_only_its_hash_is_kept(world: World) -> None:
    visitor = world.visitor("lin")
    headers = keyed(visitor)
    answer = visitor.http.post("/outbox/ticket", headers=headers)
    given = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert given["person"] == str(world.cast.lin.id)
    kept = world.newest(Ticket)
    assert kept.token_hash == hashlib.sha256(given["ticket"].encode()).hexdigest()
    assert (kept.staff_id, str(kept.device_id), kept.revoked_at) == (world.cast.lin.id, given["device"], None)
    with world.database.work() as session:
        for table in Base.metadata.sorted_tables:
            assert given["ticket"] not in str(session.execute(table.select()).all()), table.name
        assert session.get(Receipt, UUID(headers["Idempotency-Key"])) is None


def test_a_device_has_one_ticket_of_each_person(world: World, tap: str) -> None:
    visitor = world.visitor("zhou")
    first = Outbox.of(visitor, world.app)
    with world.database.work() as session:
        session.execute(update(Ticket).values(created_at=now() - timedelta(minutes=2)))
    second = Outbox.of(visitor, world.app)
    assert first.device == second.device
    assert first.send(tap, answer="ok").status_code == 401
    assert second.send(tap, answer="ok").status_code == 200
    elsewhere = Outbox.of(world.visitor("lin"), world.app)
    assert elsewhere.send(HELLO).status_code in {200, 204}, "of others nothing is taken"


def test_of_two_pages_that_open_at_once_either_ticket_will_do(world: World, tap: str) -> None:
    visitor = world.visitor("zhou")
    for outbox in [Outbox.of(visitor, world.app), Outbox.of(visitor, world.app)]:
        assert outbox.send(tap, answer="ok").status_code == 200


def test_a_ticket_is_of_the_device_that_somebody_signed_in_on_even_when_it_forgot_its_name(world: World) -> None:
    world.everybody_leaves()
    visitor = world.visitor("lin")
    device = visitor.http.cookies["huanche_device"]
    visitor.http.cookies.delete("huanche_device")
    assert visitor.http.post("/outbox/ticket", headers=keyed(visitor)).json()["device"] == device
    world.everybody_leaves()


def test_a_ticket_is_given_only_to_who_is_signed_in_and_sends_a_form_of_the_house(
    world: World, outbox: Sending
) -> None:
    before = world.counts()["outbox_tickets"]
    stranger, lin = world.visitor(None), world.visitor("lin")
    assert stranger.http.post("/outbox/ticket", headers=keyed(stranger)).status_code == 401
    assert lin.http.post("/outbox/ticket", headers={"Idempotency-Key": str(uuid7())}).status_code == 403
    assert lin.http.post("/outbox/ticket", headers=keyed(world.visitor("he"))).status_code == 403
    assert world.counts()["outbox_tickets"] == before
    assert outbox("lin").send("/outbox/ticket").status_code == 403, "a ticket gives no other ticket"


def test_a_delivery_outlives_the_session(world: World, tap: str) -> None:
    visitor = world.visitor("zhou")
    outbox = Outbox.of(visitor, world.app)
    assert visitor.post("/sign-out").status_code == 303
    world.everybody_leaves()
    answer = outbox.send(tap, answer="ok")
    assert (answer.status_code, world.newest(Answer).by_id) == (200, world.cast.zhou.id)
    assert str(world.newest(Answer).device_id) == outbox.device
    assert "huanche_session" not in answer.cookies


@pytest.fixture
def refused_ticket(world: World, request: Any) -> Iterator[str]:
    """A ticket that is none, or is none any more."""
    outbox, kind = Outbox.of(world.visitor("wu"), world.app), request.param
    hashed = hashlib.sha256(outbox.ticket.encode()).hexdigest()
    with world.database.work() as session:
        if kind == "revoked":
            session.execute(update(Ticket).where(Ticket.token_hash == hashed).values(revoked_at=now()))
        if kind == "left":
            session.execute(update(Staff).where(Staff.name == "wu").values(active=False))
    yield {"hash": hashed, "empty": "", "wrong": "x" * 43, "odd": "é\u00ff"}.get(kind, outbox.ticket)
    with world.database.work() as session:
        session.execute(update(Staff).where(Staff.name == "wu").values(active=True))


@pytest.mark.parametrize("refused_ticket", ["revoked", "left", "wrong", "empty", "hash", "odd"], indirect=True)
def test_a_ticket_that_is_none_opens_nothing(world: World, tap: str, refused_ticket: str) -> None:
    before, key = world.counts(), uuid7()
    answer = Outbox(world.app, refused_ticket).send(
        tap,
        key=key,
        answer="ok",
        headers={"Outbox-Ticket": refused_ticket.encode("latin-1")},  # type: ignore[dict-item]
    )
    assert (answer.status_code, answer.headers["outbox-ack"]) == (401, str(key))
    assert world.counts() == before
    good = Outbox.of(world.visitor("zhou"), world.app)
    assert good.send(tap, key=key, answer="ok").status_code == 200, "a 401 is not remembered"


@pytest.mark.parametrize("way", [way for way in WAYS if not way[2].get("by_ticket")], ids=lambda way: " ".join(way[:2]))
def test_a_ticket_reads_no_page_and_opens_no_form_that_is_not_made_in_the_field(
    world: World, way: tuple[str, str, dict[str, Any]]
) -> None:
    method, path, _ = way
    outbox = Outbox.of(world.visitor("jack"), world.app)
    before, headers = world.counts(), outbox.headers() | {"Idempotency-Key": str(uuid7())}
    answer = outbox.http.request(method, address(world, path), headers=headers)
    assert answer.status_code == 403
    assert answer.headers["outbox-ack"] == headers["Idempotency-Key"]
    assert "x-offline" not in answer.headers
    assert not [secret for secret in (NAME, PHONE[:-1]) if secret in answer.text]
    assert world.counts() == before
    if method == "GET":
        visitor = world.visitor("jack")
        both = visitor.http.get(address(world, path), headers=outbox.headers())
        assert both.status_code == 403, "nor beside a session"


def test_what_takes_a_ticket_changes_something() -> None:
    assert {way[0] for way in WAYS if way[2].get("by_ticket")} == {"POST"}
    assert len(FIELD) > 8


@pytest.mark.parametrize("path", [path for path in FIELD if path != HELLO])
@pytest.mark.parametrize("key", ["", "seven"])
def test_a_delivery_without_a_key_is_none(world: World, path: str, key: str) -> None:
    before = world.counts()
    outbox = Outbox.of(world.visitor("jack"), world.app)
    answer = outbox.send(address(world, path), headers={"Idempotency-Key": key})
    assert (answer.status_code, "outbox-ack" in answer.headers) == (422, False)
    assert world.counts() | {"outbox_tickets": 0, "events": 0} == before | {"outbox_tickets": 0, "events": 0}


@pytest.mark.parametrize("path", [path for path in FIELD if PARAMETER.search(path)])
def test_a_ticket_of_another_store_finds_nothing_here(world: World, path: str) -> None:
    for name in ("tang", "stranger"):
        outbox, key = Outbox.of(world.visitor(name), world.app), uuid7()
        before = world.counts()
        answer = outbox.send(address(world, path), key=key, answer="ok", role="customer", typed_name=NAME)
        assert answer.status_code in {403, 404}, name
        assert answer.headers["outbox-ack"] == str(key)
        assert world.counts() == before


WITHDRAWN = [("wu", "leader", "care", "tap", 403), ("lin", "consultant", "advisor", "completion", 403)]


@pytest.mark.parametrize(("name", "role", "other", "deed", "status"), WITHDRAWN)
def test_a_right_that_was_withdrawn_meanwhile_delivers_nothing(
    world: World, tap: str, name: str, role: str, other: str, deed: str, status: int
) -> None:
    outbox, key = Outbox.of(world.visitor(name), world.app), uuid7()
    place = tap if deed == "tap" else f"/deliveries/{world.delivery('handing_over').number}/completion"
    told: list[httpx.Response] = []
    for now_is in (other, role):
        with world.database.work() as session:
            session.execute(update(Staff).where(Staff.name == name).values(roles=[now_is]))
        told.append(outbox.send(place, key=key, answer="ok"))
    assert [answer.headers["outbox-ack"] for answer in told] == [str(key)] * 2
    assert told[0].status_code == status
    assert told[1].status_code == (200 if deed == "tap" else 409), "given back, the same deed is heard"


@pytest.mark.parametrize("version", ["0", "2", "1.0", "zwei", ""])
def test_a_queue_written_in_another_way_is_refused_and_can_be_sent_again(world: World, tap: str, version: str) -> None:
    outbox, key, before = Outbox.of(world.visitor("zhou"), world.app), uuid7(), world.counts()["checklist_answers"]
    answer = outbox.send(tap, key=key, answer="ok", headers={"Outbox-V": version})
    assert (answer.status_code, answer.headers["outbox-ack"]) == (409, str(key))
    assert said(answer)
    assert world.counts()["checklist_answers"] == before
    again = outbox.send(tap, key=key, answer="ok")
    assert (again.status_code, "idempotent-replayed" in again.headers) == (200, False)
