"""What is delivered by ticket is done once, and every answer says which deed it is about and what came of it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from server.database import uuid7
from server.domain.care import Contact
from tests.routes.sending import Sending, said
from tests.routes.world import World

CALL = {"outcome": "reached", "note": "一切都好"}


def test_where_it_leads_and_what_is_said_come_in_words(world: World, outbox: Sending) -> None:
    sender, place = outbox("he"), f"/contacts/{world.examples()['contact_id']}/outcome"
    told = [sender.send(place, headers={"Outbox-Language": language}) for language in ("zh", "en")]
    assert [answer.status_code for answer in told] == [422, 422]
    zh, en = (said(answer) for answer in told)
    assert zh != en
    assert en.isascii()
    answer = sender.send(place, **CALL, headers={"Outbox-Language": "zh"})
    assert (answer.status_code, answer.headers["outbox-location"]) == (200, "/contacts")
    assert "location" not in answer.headers
    assert not answer.text
    assert answer.headers["outbox-said"].startswith("good%7C")
    assert answer.headers["outbox-said"].isascii()
    late = sender.send(place, **CALL)
    assert late.status_code == 409
    assert said(late)
    assert "outbox-location" not in late.headers


def test_a_tap_comes_back_as_its_item(world: World, tap: str, outbox: Sending) -> None:
    answer = outbox("zhou").send(tap, answer="watch", note="轻微", htmx=True)
    assert answer.status_code == 200
    assert f'id="item-{tap.split("/")[4]}"' in answer.text
    assert "<html" not in answer.text
    assert "outbox-location" not in answer.headers


LANGUAGES = ["", "tlh", "zh", "en", "../../etc", "zh" * 500]


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_language_is_one_of_ours(world: World, tap: str, outbox: Sending, language: str) -> None:
    assert outbox("zhou").send(tap, answer="ok", headers={"Outbox-Language": language}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/runs/seven/items/eight/answer", 404),
        ("/contacts/seven/outcome", 404),
        ("/nowhere/at/all", 404),
        ("/contacts/01a20328-8670-70cb-a725-40fe3f2bf7a4/outcome", 404),
        ("/customers/new", 405),
        ("/contacts/%00/outcome", 404),
    ],
)
def test_a_deed_that_leads_nowhere_is_answered_by_the_house_itself(
    world: World, outbox: Sending, path: str, status: int
) -> None:
    """Or it would wait for ever, and everything of its lane behind it."""
    key = uuid7()
    answer = outbox("jack").send(path, key=key, answer="ok")
    assert answer.status_code in {status, 403, 404, 405}
    assert answer.headers["outbox-ack"] == str(key)
    assert said(answer)


def test_too_much_at_once_is_answered_by_the_house_itself(world: World, tap: str, outbox: Any) -> None:
    key = uuid7()
    answer = outbox("zhou").send(tap, key=key, note="x" * 3_000_000)
    assert (answer.status_code, answer.headers["outbox-ack"]) == (413, str(key))
    assert said(answer)


def test_a_body_that_nobody_can_read_is_answered_by_the_house_itself(world: World, tap: str, outbox: Any) -> None:
    sender, key = outbox("zhou"), uuid7()
    headers = sender.headers() | {"Idempotency-Key": str(key), "Content-Type": "multipart/form-data; boundary=x"}
    answer = sender.http.post(tap, content=b"\x00not a form", headers=headers)
    assert (answer.status_code, answer.headers["outbox-ack"]) == (422, str(key))


def test_a_page_asked_by_nobody_s_key_acknowledges_nothing(world: World) -> None:
    assert "outbox-ack" not in world.visitor("lin").get("/").headers
    assert "outbox-ack" not in world.visitor(None).http.get("/", headers={"Idempotency-Key": "<script>"}).headers


# --- Once ------------------------------------------------------------------------------------------


def test_the_same_deed_twice_is_done_once_and_answered_alike(world: World, tap: str, outbox: Any) -> None:
    sender, key = outbox("zhou"), uuid7()
    first, between = sender.send(tap, key=key, answer="ok", htmx=True), world.counts()["checklist_answers"]
    second = sender.send(tap, key=key, answer="ok", htmx=True)
    assert (first.status_code, second.status_code, second.text) == (200, 200, first.text)
    assert ("idempotent-replayed" in first.headers, second.headers["idempotent-replayed"]) == (False, "true")
    assert first.headers["outbox-ack"] == second.headers["outbox-ack"] == str(key)
    assert world.counts()["checklist_answers"] == between
    other = sender.send(tap, key=key, answer="fault", htmx=True)
    assert (other.status_code, other.headers["outbox-ack"]) == (422, str(key))
    somebody = outbox("wu").send(tap, key=key, answer="ok", htmx=True)
    assert (somebody.status_code, somebody.headers["outbox-ack"]) == (422, str(key))
    assert world.counts()["checklist_answers"] == between


def test_it_is_the_same_deed_from_another_device_and_with_a_later_ticket(world: World, tap: str, outbox: Any) -> None:
    key = uuid7()
    assert outbox("zhou").send(tap, key=key, answer="ok").status_code == 200
    again = outbox("zhou").send(tap, key=key, answer="ok", headers={"Outbox-Device": str(uuid7()), "Outbox-Seq": "7"})
    assert again.headers["idempotent-replayed"] == "true"


def test_a_refusal_is_remembered_and_told_again(world: World, outbox: Sending) -> None:
    sender, key = outbox("he"), uuid7()
    place = f"/contacts/{world.examples()['contact_id']}/outcome"
    first, second = (sender.send(place, key=key, outcome="reached") for _ in range(2))
    assert (first.status_code, second.status_code) == (422, 422)
    assert (second.headers["idempotent-replayed"], said(second)) == ("true", said(first))


@pytest.mark.parametrize("by_ticket_first", [True, False])
def test_by_ticket_and_by_session_it_is_one_deed(world: World, outbox: Any, by_ticket_first: bool) -> None:
    key, sender, visitor = str(uuid7()), outbox("he"), world.visitor("he")
    contact = world.one(Contact, Contact.owed_by == world.cast.he.id, Contact.state == "owed")
    place, tries = f"/contacts/{contact.id}/outcome", contact.tries
    again: dict[str, str] = {"outcome": "not_reached"}
    ways: list[Callable[[], httpx.Response]] = [
        lambda: sender.send(place, key=key, **again),
        lambda: visitor.post(place, _key=key, **again),
    ]
    first, second = (way() for way in (ways if by_ticket_first else reversed(ways)))
    by_ticket, by_session = (first, second) if by_ticket_first else (second, first)
    assert second.headers["idempotent-replayed"] == "true"
    assert (by_ticket.status_code, by_session.status_code) == (200, 303)
    assert by_ticket.headers["outbox-location"] == by_session.headers["location"]
    assert by_ticket.headers["outbox-ack"] == key
    assert world.one(Contact, Contact.id == contact.id).tries == tries + 1
