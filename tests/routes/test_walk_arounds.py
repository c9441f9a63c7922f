"""Walk-arounds on the wire: with and without script, wrong input, outsiders, and what a device tells twice."""

import io
import re

import pytest
from PIL import Image
from sqlalchemy import select

from server.commands.demonstration import pictures, walk_arounds
from server.database import Database, uuid7
from server.domain.workshop import RepairOrder, walk_round
from server.domain.workshop.walk_arounds import Damage
from tests.cast import Cast
from tests.domain.workshop.repairing import an_order

SCRATCH = {"panel": "front_door_left", "kind": "scratch", "size": "2", "side": "left", "x": "470", "y": "560"}


@pytest.fixture
def place(database: Database, cast: Cast) -> str:
    """The walk of an order that Chen has opened."""
    with database.work(cast.store) as session:
        return f"{an_order(session, cast).address}/walk-around"


def damages(database: Database, cast: Cast) -> list[Damage]:
    with database.work(cast.store) as session:
        return list(session.scalars(select(Damage).order_by(Damage.noted_at)))


def test_every_side_is_drawn_and_every_panel_is_a_way_to_its_form(client, place: str) -> None:
    page = client("chen").get(place).text
    for side in ("left", "top", "right", "front", "rear"):
        assert f'data-side="{side}"' in page
    assert page.count('class="spot"') > 60
    without_script = client("chen").get(f"{place}?panel=roof&side=top").text
    assert '<dialog id="note" aria-labelledby="note-title" open>' in without_script
    assert '<option value="roof" selected>' in without_script


def test_a_damage_is_kept_where_it_was_tapped(client, place: str, database: Database, cast: Cast) -> None:
    chen = client("chen")
    assert chen.post(f"{place}/damages", **SCRATCH).status_code == 303
    (one,) = damages(database, cast)
    assert (one.panel, one.kind, one.size, one.side, one.x, one.y) == (
        "front_door_left",
        "scratch",
        2,
        "left",
        470,
        560,
    )
    assert f'id="damage-{one.id}"' in chen.get(place).text


def test_without_a_tap_it_stands_in_the_middle_of_the_panel(client, place: str, database: Database, cast: Cast) -> None:
    wanted = SCRATCH | {"panel": "roof", "side": "front", "x": "", "y": ""}
    client("chen").post(f"{place}/damages", **wanted)
    client("chen").post(f"{place}/damages", **(wanted | {"panel": "sunroof"}))
    roof, sunroof = damages(database, cast)
    assert (roof.side, sunroof.side) == ("front", "top")


@pytest.mark.parametrize("field", ["panel", "kind", "size"])
def test_what_is_missing_comes_back_with_the_page(
    client, place: str, database: Database, cast: Cast, field: str
) -> None:
    answer = client("chen").post(f"{place}/damages", **(SCRATCH | {field: ""}))
    assert answer.status_code == 422
    assert damages(database, cast) == []


def test_with_script_the_drawing_comes_back_with_its_mark(client, place: str) -> None:
    answer = client("chen").post(f"{place}/damages", **SCRATCH, views="left front", htmx=True)
    assert answer.status_code == 200
    assert answer.text.count('<svg class="drawn"') == 2
    assert 'class="dot new"' in answer.text
    assert "<html" not in answer.text


def test_a_damage_comes_with_its_photo_in_one_go(client, place: str, database: Database, cast: Cast) -> None:
    chen, born = client("chen"), str(uuid7())
    form = SCRATCH | {"id": born, "_csrf": chen.token, "_key": str(uuid7())}
    files = {"photo": ("damage.jpg", pictures.photo(3), "image/jpeg")}
    assert chen.http.post(f"{place}/damages", data=form, files=files, follow_redirects=False).status_code == 303
    assert chen.get(place).text.count(f'id="damage-{born}"') == 1
    assert chen.get(place).text.count('<a class="thumb"') == 1
    tiny = io.BytesIO()
    Image.new("RGB", (40, 30)).save(tiny, "PNG")
    more = {"photo": ("more.png", tiny.getvalue(), "image/png")}
    keys = {"_csrf": chen.token, "_key": str(uuid7())}
    chen.http.post(f"{place}/damages/{born}/photos", data=keys, files=more)
    assert chen.get(place).text.count('<a class="thumb"') == 2


def test_what_was_read_stands_on_the_order_too(client, place: str) -> None:
    chen = client("chen")
    assert (
        chen.post(f"{place}/facts", km="23,456", energy_level="60", lamps="engine", valuables="雨伞").status_code == 303
    )
    assert "23456" in chen.get(place.removesuffix("/walk-around")).text.replace(",", "")
    assert chen.post(f"{place}/facts", km="many").status_code == 422
    assert chen.post(f"{place}/tread", tread_front_left="5.2").status_code == 303
    assert chen.post(f"{place}/tread", tread_front_left="deep").status_code == 422


def test_the_guided_walk_draws_what_its_section_looks_at(client, place: str) -> None:
    chen = client("chen")
    first = chen.get(f"{place}/guided")
    assert first.status_code == 303
    page = chen.get(first.headers["location"]).text
    assert 'class="steps"' in page
    drawn = {place_: chen.get(place_).text.count('<svg class="drawn"') for place_ in _sections(page)}
    assert sorted(drawn.values()) == [0, 0, 0, 1, 1, 2, 2]


def _sections(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="(/repair-orders/[^"]*guided\?section=[0-9a-f-]{36})', page)))


def test_the_customer_signs_and_the_sheet_is_there(client, place: str, database: Database, cast: Cast) -> None:
    chen = client("chen")
    assert chen.post(f"{place}/signature", role="customer", typed_name="王建国").status_code in (409, 422)
    with database.work(cast.store) as session:
        order = session.scalars(select(RepairOrder)).one()
        walk_arounds.walk(session, walk_round.of_order(session, order), by=cast.chen)
    assert chen.post(f"{place}/signature", role="customer", typed_name="王建国").status_code == 303
    page = chen.get(place).text
    assert "-HC.pdf" in page
    number = re.findall(r"/papers/([^/]+-HC)[.]pdf", page)[0]
    assert client().get(f"/papers/{number}").status_code == 200  # whoever holds the sheet may ask what it is
    assert 'class="spot"' not in page
    assert chen.post(f"{place}/damages", **SCRATCH).status_code == 409


def test_an_outsider_finds_nothing_and_a_technician_only_looks(client, place: str) -> None:
    assert client("tang").get(place).status_code in (403, 404)
    assert client("lin").get(place).status_code == 403
    zhou = client("zhou")
    assert 'class="spot"' not in zhou.get(place).text
    assert zhou.post(f"{place}/damages", **SCRATCH).status_code == 403
