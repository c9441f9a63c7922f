"""Which pages a device may keep: whole ones, that somebody signed in has asked for, in their name alone."""

from typing import Any

import pytest

from tests.routes.sending import Outbox
from tests.routes.test_reach import PEOPLE, WAYS, address, ways
from tests.routes.world import World

PAGES = [way for way in WAYS if way[0] == "GET"]


@pytest.mark.parametrize("way", PAGES, ids=lambda way: way[1])
def test_only_a_whole_page_is_kept_and_only_by_whom_it_was_made_for(world: World, way: Any) -> None:
    place = address(world, way[1])
    for name in PEOPLE:
        answer = world.visitor(name).get(place)
        kept = answer.headers.get("x-offline")
        kind = answer.headers.get("content-type", "")
        whole = "<!doctype html>" in answer.text[:40] if kind.startswith("text/html") else kind.startswith("image/")
        mine = f"u={getattr(world.cast, name).id}" if name and hasattr(world.cast, name) else None
        if way[2].get("guest"):
            assert kept is None, "whose device it is, is nobody's who follows a customer's link"
        elif kept is not None:
            assert (answer.status_code, whole, name is not None) == (200, True, True), (name, place)
            assert mine in (None, kept), (name, place)
            assert answer.headers.get("vary", "").find("Cookie") >= 0 or kind.startswith("image/"), place
        elif answer.status_code == 200 and whole and name:
            assert way[1] == "/offline", (name, place)
        assert "x-offline" not in world.visitor(name).get(place, htmx=True).headers


def test_a_page_is_put_by_only_for_whoever_is_still_here(world: World) -> None:
    chen = world.visitor("chen")
    for wanted, place, status in (("chen", "/", 200), ("lin", "/", 204), ("lin", "/receptions", 204)):
        reply = chen.http.get(place, headers={"Outbox-Stock": str(getattr(world.cast, wanted).id)})
        assert (reply.status_code, reply.headers.get("x-offline") is not None) == (status, status == 200), place
        assert status == 200 or not reply.text
    assert world.visitor(None).http.get("/", headers={"Outbox-Stock": str(world.cast.lin.id)}).status_code == 204


def test_what_is_sent_is_never_kept(world: World) -> None:
    visitor = world.visitor("jack")
    for method, path, opt in WAYS:
        if method == "POST" and path not in {"/sign-out", "/sign-in", "/switch"} and opt["needs"] is not None:
            assert "x-offline" not in visitor.post(address(world, path)).headers, path


def test_no_answer_clears_what_lies_on_a_device(world: World) -> None:
    """`Clear-Site-Data: "storage"` would take the queue with it."""
    assert ways
    for method, path, _ in WAYS:
        visitor = world.visitor("lin")
        place = address(world, path)
        answer = visitor.get(place) if method == "GET" else visitor.post(place)
        assert not {'"storage"', '"*"'} & set(answer.headers.get("clear-site-data", "").split(", ")), path
        if path == "/sign-out":
            world.everybody_leaves()


def test_a_delivery_leaves_no_page(world: World, tap: str) -> None:
    assert "x-offline" not in Outbox.of(world.visitor("zhou"), world.app).send(tap, answer="ok").headers
