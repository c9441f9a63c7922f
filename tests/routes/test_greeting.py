"""What a device asks before it sends anything, and what it keeps to open without a network."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import static
from server.database import now, uuid7
from server.domain.people.devices import Device
from tests.routes.refusing import SEVERAL
from tests.routes.sending import Outbox, Sending
from tests.routes.world import World

NONCE = "1b671a64-40d5-491e-99b0-da01ff1f3341"


def hello(outbox: Outbox, **headers: Any) -> httpx.Response:
    """The greeting, without a session."""
    outbox.http.cookies.clear()
    said = {"Outbox-Nonce": NONCE, "Outbox-Ticket": outbox.ticket, "Outbox-Waiting": "3"} | headers
    return outbox.http.post("/outbox/hello", headers={name.replace("_", "-"): value for name, value in said.items()})


def device_of(world: World, outbox: Outbox) -> Device:
    """How the administrator sees it."""
    return world.one(Device, Device.id == outbox.device)


def test_it_is_this_house_that_answers_and_it_tells_the_time(world: World) -> None:
    """Nobody is signed in, no form of ours, no key: a gateway that answers for the house cannot know the question."""
    before, at = world.counts(), now()
    answer = hello(Outbox(world.app, ""))
    assert (answer.status_code, answer.headers["outbox-hello"], answer.headers["cache-control"]) == (
        200,
        "1",
        "no-cache",
    )
    told = answer.json()
    assert (told["echo"], told["build"]) == (NONCE, static.version())
    assert abs(datetime.fromtimestamp(told["now"] / 1000, tz=at.tzinfo) - at).total_seconds() < 10
    assert "outbox-ack" not in answer.headers
    assert world.counts() == before


def test_the_house_hears_from_the_device(world: World, outbox: Sending) -> None:
    sender = outbox("lin")
    hello(sender, User_Agent="Mozilla/5.0 (iPad; CPU OS 17_0)")
    heard = device_of(world, sender)
    assert (heard.waiting, heard.last_person_id, heard.agent[:17]) == (3, world.cast.lin.id, "Mozilla/5.0 (iPad")
    assert heard.last_contact_at is not None
    hello(sender, Outbox_Waiting="0")
    assert device_of(world, sender).waiting == 0


@pytest.mark.parametrize("waiting", ["", "-4", "many", "1e9", "9999999", "²", "3; DROP TABLE devices"])
def test_a_number_that_is_none_changes_nothing(world: World, outbox: Sending, waiting: str) -> None:
    sender = outbox("lin")
    hello(sender)
    assert hello(sender, Outbox_Waiting=waiting.encode("latin-1")).status_code == 200
    assert device_of(world, sender).waiting == 3


def test_a_ticket_that_is_none_is_greeted_as_anybody(world: World) -> None:
    assert hello(Outbox(world.app, "x" * 43)).json()["echo"] == NONCE


def test_a_device_of_another_store_is_not_spoken_for(world: World, outbox: Sending) -> None:
    ours, theirs = outbox("lin"), outbox("tang")
    hello(ours)
    hello(theirs, Outbox_Device=ours.device, Outbox_Waiting="77")
    assert (device_of(world, ours).waiting, device_of(world, ours).last_person_id) == (3, world.cast.lin.id)


ANYTHING = st.text(st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), max_size=80)
HEADERS = ["Nonce", "Ticket", "Waiting", "Device", "At", "V", "Language", "Seq"]


@SEVERAL
@given(said=st.dictionaries(st.sampled_from(HEADERS), ANYTHING), agent=ANYTHING)
def test_whatever_a_greeting_says_nothing_breaks(world: World, said: dict[str, str], agent: str) -> None:
    known = Outbox.of(world.visitor("lin"), world.app)
    for ticket in (known.ticket, said.get("Ticket", "")):
        headers = {f"Outbox-{name}": value for name, value in said.items()} | {"Outbox-Ticket": ticket}
        raw = {name: value.encode("latin-1") for name, value in (headers | {"User-Agent": agent}).items()}
        known.http.cookies.clear()
        answer = known.http.post("/outbox/hello", headers=raw)
        assert answer.status_code in {200, 409}, answer.text
        if answer.status_code == 200 and said.get("Nonce", "").isascii():
            assert answer.json()["echo"] == said.get("Nonce", "")[:60]


def test_a_greeting_in_another_way_of_writing_is_told_so(world: World) -> None:
    assert hello(Outbox(world.app, ""), Outbox_V="77").status_code == 409


# --- The worker and its page --------------------------------------------------------------------------


@pytest.fixture
def fresh_static(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """`change()`: one file of ours is another one."""
    kept = (static.version, static.shell)

    def change() -> None:
        (tmp_path / "js").mkdir()
        (tmp_path / "js" / "new.js").write_text("export {};")
        monkeypatch.setattr(static, "FOLDER", tmp_path)
        for known in kept:
            known.cache_clear()

    yield change
    monkeypatch.undo()
    for known in kept:
        known.cache_clear()


def test_the_worker_is_fresh_and_another_one_as_soon_as_anything_changes(
    world: World, fresh_static: Callable[[], None]
) -> None:
    first, again = (world.visitor(None).get("/sw.js") for _ in range(2))
    assert first.headers["content-type"].startswith("text/javascript")
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-cache")
    assert first.text == again.text == world.visitor("lin").get("/sw.js").text
    assert static.version() in first.text
    fresh_static()
    assert world.visitor(None).get("/sw.js").text != first.text


def test_everything_that_the_worker_lays_in_is_there(world: World) -> None:
    listed = re.findall(r'"(/[^"]+)"', world.visitor(None).get("/sw.js").text)
    assert len(listed) > 20
    for place in listed:
        answer = world.visitor(None).get(place)
        assert answer.status_code == 200, place
    pages = [place for place in listed if place.startswith("/offline")]
    assert {world.visitor(None).get(place).text.split('lang="')[1][:2] for place in pages} == {"zh", "en"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_for_what_is_not_here_is_nobody_s(world: World, language: str) -> None:
    """It lies in the worker's shell for whoever comes next."""
    visitor = world.visitor("lin")
    visitor.http.cookies.set("huanche_flash", "good%7CABCDEF", domain="testserver.local", path="/")
    answer = visitor.get("/offline", language=language)
    assert answer.status_code == 200
    for secret in (str(world.cast.lin.id), world.cast.lin.title[language], "ABCDEF"):
        assert secret not in answer.text
    assert "x-offline" not in answer.headers
    assert "huanche_flash" not in answer.headers.get("set-cookie", ""), "the word is for the page opened next"
    assert "ABCDEF" in visitor.get("/").text


def test_whoever_asks_for_their_queue_has_signed_in(world: World) -> None:
    for place in ("/outbox", "/aboard"):
        assert world.visitor(None).get(place).status_code == 303
        for name in ("lin", "zhou", "he", "admin"):
            assert world.visitor(name).get(place).status_code == 200


def test_a_key_of_a_greeting_is_acknowledged_and_kept_nowhere(world: World) -> None:
    key = str(uuid7())
    answers = [hello(Outbox(world.app, ""), Idempotency_Key=key) for _ in range(2)]
    assert [answer.headers["outbox-ack"] for answer in answers] == [key, key]
    assert "idempotent-replayed" not in answers[1].headers
