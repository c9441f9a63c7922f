"""Jobs, parts and bays kept by hand, and what the workshop's tables are called."""

import json
from typing import Any

import pytest

from server.admin import naming, rules
from server.admin.tables import rooms
from server.database import uuid7
from server.domain.catalogue.bays import Bay
from server.domain.catalogue.jobs import Job
from server.domain.catalogue.parts import Part
from tests.routes.admin_house import WHITE, House, form, rows

OIL: dict[str, Any] = {
    "code": "OIL", "name": json.dumps(WHITE), "brand": "", "unit": json.dumps({"zh": "升", "en": "l"}),
    "part_class": "original", "instead_of": "", "price": "9800", "reorder_at": "400", "on_hand": "0", "reserved": "0",
    "for_models": "[]", "bin": "", "active": "true",
}  # fmt: skip
SERVICE: dict[str, Any] = {
    "code": "M-X", "name": json.dumps(WHITE), "kind": "maintenance", "skill": "mechanic", "hours": "80",
    "model_id": None, "guarantee": "minor", "parts": json.dumps([{"code": "OIL", "quantity": 400}]),
    "every_km": "7500", "every_months": None, "active": "true",
}  # fmt: skip
TABLES = {"parts": (Part, OIL), "jobs": (Job, SERVICE), "bays": (Bay, {
    "code": "B9", "name": json.dumps(WHITE), "skills": '["mechanic"]', "active": "true",
})}  # fmt: skip


def add(admin: Any, table: str, **typed: Any) -> Any:
    return admin.post(f"/admin/api/tables/{table}/", json=TABLES[table][1] | typed)


def test_a_job_a_part_and_a_bay_are_added_and_changed(house: House) -> None:
    with house.visitor("admin-a") as admin:
        for table, changed in (("parts", {"price": "8800"}), ("jobs", {"hours": "90"}), ("bays", {"active": "false"})):
            assert add(admin, table).status_code == 201, table
            (row,) = rows(admin, table)
            kept = admin.patch(f"/admin/api/tables/{table}/{row['id']}/", json=form(row, **changed))
            assert kept.status_code == 200, kept.text
            renamed = admin.patch(f"/admin/api/tables/{table}/{row['id']}/", json=form(row, code="OTHER"))
            assert renamed.status_code == 422, "orders and lists know it by its code"
    assert (house.one(Part).price, house.one(Job).hours, house.one(Bay).active) == (8800, 90, False)
    assert house.one(Job).parts == [{"code": "OIL", "quantity": 400}]
    assert [event.data["deed"] for event in house.events()] == ["added", "changed"] * 3


@pytest.mark.parametrize(
    ("table", "typed"),
    [
        ("parts", {"on_hand": "500"}), ("parts", {"reserved": "1"}), ("parts", {"price": "-1"}),
        ("parts", {"reorder_at": "-1"}), ("parts", {"part_class": "stolen"}), ("parts", {"instead_of": "NO-SUCH"}),
        ("parts", {"for_models": '["x"]'}), ("parts", {"for_models": json.dumps([str(uuid7())])}),
        ("parts", {"for_models": '{"a": 1}'}), ("jobs", {"hours": "-10"}), ("jobs", {"every_km": "0"}),
        ("jobs", {"kind": "magic"}), ("jobs", {"skill": "juggling"}), ("jobs", {"guarantee": "for ever"}),
        ("jobs", {"parts": '["OIL"]'}), ("jobs", {"parts": '[{"code": "OIL"}]'}),
        ("jobs", {"parts": '[{"code": "OIL", "quantity": 0}]'}),
        ("jobs", {"parts": '[{"code": "NO-SUCH", "quantity": 100}]'}), ("jobs", {"model_id": str(uuid7())}),
        ("bays", {"skills": '["juggling"]'}), ("bays", {"skills": '"mechanic"'}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_when_added_and_when_changed(
    house: House, table: str, typed: dict[str, str]
) -> None:
    with house.visitor("admin-a") as admin:
        for needed in ("parts", table):
            add(admin, needed)
        (row,) = rows(admin, table)
        before = house.events()
        assert add(admin, table, code="ANOTHER", **typed).status_code == 422
        assert admin.patch(f"/admin/api/tables/{table}/{row['id']}/", json=form(row, **typed)).status_code == 422
        assert rows(admin, table) == [row]
    assert len(house.events()) == len(before)


def test_what_lies_in_the_store_stays_when_a_part_is_changed(house: House) -> None:
    with house.visitor("admin-a") as admin:
        add(admin, "parts")
        with house.database.work(house.stores["A"]) as session:
            part = session.get_one(Part, house.one(Part).id)
            part.on_hand, part.reserved = 500, 100
        (row,) = rows(admin, "parts")
        assert admin.patch(f"/admin/api/tables/parts/{row['id']}/", json=form(row, price="1")).status_code == 200
        assert admin.patch(f"/admin/api/tables/parts/{row['id']}/", json=form(row, on_hand="499")).status_code == 422
    assert (house.one(Part).on_hand, house.one(Part).reserved, house.one(Part).price) == (500, 100, 1)


def test_how_a_column_is_typed_is_said_beside_it(house: House) -> None:
    with house.visitor("admin-a") as admin:
        for table, column in rules.HELP:
            schema = admin.get(f"/admin/api/tables/{table}/schema/").json()
            assert schema["properties"][column]["extra"]["help_text"] == rules.HELP[table, column]


def test_every_table_and_column_that_is_shown_has_a_name() -> None:
    def words(name: str) -> str:
        return name.replace("_", " ").capitalize()

    columns = {words(one.name) for row in rooms().values() for one in row.__table__.columns if rules.visible(one)}
    assert not {words(name) for name in rooms()} - set(naming.TABLES)
    assert not columns - set(naming.COLUMNS)
