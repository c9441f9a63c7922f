"""What an administrator changes: checked, recorded, never twice, never what is not theirs."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from server.database import now, uuid7
from server.domain.catalogue import CarModel, ListEntry, Parameter
from server.domain.checklists import templates
from server.domain.customers.customers import Customer
from server.domain.people import Staff
from server.domain.people.staff import proves
from server.domain.records.events import Clock
from server.domain.records.receipts import Receipt
from tests.routes.admin_house import WHITE, House, form, rows


def test_a_list_entry_is_edited_and_the_event_says_from_and_to(house: House) -> None:
    with house.visitor("admin-a") as admin:
        white = rows(admin, "list_entries", code="white")[0]
        typed = form(white, name=json.dumps({"zh": "象牙白", "en": "Ivory"}), position="4")
        assert admin.patch(f"/admin/api/tables/list_entries/{white['id']}/", json=typed).status_code == 200
    kept = house.one(ListEntry)
    assert (kept.name, kept.position, kept.version, kept.valid_from) == (
        {"zh": "象牙白", "en": "Ivory"},
        4,
        2,
        date(2026, 1, 1),
    )
    (event,) = house.events()
    assert (event.subject, event.subject_id, event.actor) == ("list_entries", kept.id, "admin")
    assert event.data == {
        "deed": "changed", "was": {"name": WHITE, "position": 0},
        "to": {"name": {"zh": "象牙白", "en": "Ivory"}, "position": 4},
    }  # fmt: skip


def test_nothing_changed_is_nothing_recorded(house: House) -> None:
    with house.visitor("admin-a") as admin:
        white = rows(admin, "list_entries")[0]
        assert admin.patch(f"/admin/api/tables/list_entries/{white['id']}/", json=form(white)).status_code == 200
    assert house.events() == []
    assert house.one(ListEntry).version == 1


def test_a_stale_form_is_refused_but_not_ones_own_second_saving(house: House) -> None:
    with house.visitor("admin-a") as admin:
        white = rows(admin, "list_entries")[0]
        address = f"/admin/api/tables/list_entries/{white['id']}/"
        assert admin.patch(address, json=form(white, position="1")).status_code == 200
        assert admin.patch(address, json=form(white, position="2")).status_code == 200
        with house.database.work(house.stores["A"]) as session:
            entry = session.get_one(ListEntry, UUID(white["id"]))
            entry.position, entry.version = 50, entry.version + 1
        stale = admin.patch(address, json=form(white, position="3"))
        assert stale.status_code == 409
        assert "50" in stale.text
        assert admin.patch(address, json={"position": "6"}).status_code == 200  # one column on many rows
    assert house.one(ListEntry).position == 6


def test_the_same_new_row_sent_twice_is_one_row(house: House) -> None:
    typed = {"list": "colour", "code": "red", "name": '{"zh": "红", "en": "Red"}', "position": "2", "version": "1",
             "valid_from": "2026-02-01", "valid_to": None}  # fmt: skip
    with house.visitor("admin-a") as admin:
        first, second = (admin.post("/admin/api/tables/list_entries/", json=typed) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        other = admin.post("/admin/api/tables/list_entries/", json=typed | {"position": "3"})
        assert other.status_code == 409
    assert [event.data["deed"] for event in house.events()] == ["added"]


WRONG: tuple[tuple[str, dict[str, str], str], ...] = (
    ("list_entries", {"name": '{"zh": "白"}'}, "name"),
    ("list_entries", {"name": "not json"}, "name"),
    ("list_entries", {"name": '{"zh": "白", "en": " "}'}, "name"),
    ("list_entries", {"position": "many"}, "position"),
    ("list_entries", {"position": str(2**40)}, "position"),
    ("list_entries", {"valid_to": "2020-01-01"}, "valid_to"),
    ("list_entries", {"code": "other"}, "code"),
    ("staff", {"roles": '["king"]'}, "roles"),
    ("staff", {"roles": "[]"}, "roles"),
    ("staff", {"language": "fr"}, "language"),
    ("stores", {"timezone": "Mars/Base"}, "timezone"),
    ("stores", {"phone": "x" * 5000}, "phone"),
)


def test_what_cannot_be_kept_is_told_at_its_field(house: House) -> None:
    with house.visitor("admin-a") as admin:
        for table, typed, field in WRONG:
            row = next(row for row in rows(admin, table) if row.get("name") != "admin-a")
            answer = admin.patch(f"/admin/api/tables/{table}/{row['id']}/", json=form(row, **typed))
            assert answer.status_code == 422, (table, typed, answer.text)
            assert field.replace("_", " ").capitalize() in answer.text
    assert house.events() == []


def test_hostile_bodies_change_nothing(house: House) -> None:
    with house.visitor("admin-a") as admin:
        address = f"/admin/api/tables/list_entries/{house.one(ListEntry).id}/"
        assert admin.patch(address, content=b"{").status_code == 422
        assert admin.patch(address, content=b'["list"]').status_code == 422
        assert admin.patch(address, content=b'{"x": "' + b"y" * 2_000_000 + b'"}').status_code == 413
        assert admin.patch(address, json={"store_id": str(house.stores["B"]), "id": str(uuid7())}).status_code in {
            200,
            409,
        }
        assert admin.patch("/admin/api/tables/list_entries/1;drop/", json={}).status_code == 404
        assert admin.delete("/admin/api/tables/list_entries/").status_code == 405
    assert house.events() == []
    assert house.one(ListEntry).store_id == house.stores["A"]


def test_a_forged_request_is_refused(house: House) -> None:
    with house.visitor("admin-a") as admin:
        address = f"/admin/api/tables/list_entries/{house.one(ListEntry).id}/"
        for token in ("", "another"):
            assert admin.patch(address, json={"position": "9"}, headers={"X-CSRFToken": token}).status_code == 403
    assert house.one(ListEntry).position == 0


def test_an_administrator_cannot_lock_everybody_out(house: House) -> None:
    with house.visitor("admin-a") as admin:
        me = next(row for row in rows(admin, "staff") if row["name"] == "admin-a")
        for typed in ({"active": "false"}, {"roles": '["care"]'}):
            assert admin.patch(f"/admin/api/tables/staff/{me['id']}/", json=form(me, **typed)).status_code == 409


def test_a_checklist_is_drafted_edited_published_and_then_stands(house: House) -> None:
    seed = Path(templates.__file__).parent / "seed" / "C05.json"
    with house.database.work(house.stores["A"]) as session:
        template = templates.enter(session, house.stores["A"], json.loads(seed.read_text(encoding="utf-8")))
        templates.publish(session, template, by=Clock(house.stores["A"]))
        first = template.id
    with house.visitor("admin-a") as admin:
        assert admin.post("/admin/api/forms/draft/", json={"code": "C05"}).status_code == 200
        assert admin.post("/admin/api/forms/draft/", json={"code": "C05"}).status_code == 422
        draft = next(row for row in rows(admin, "checklist_templates") if row["state"] == "draft")
        item = rows(admin, "checklist_items", template_id=draft["id"], __page_size="1")[0]
        address = f"/admin/api/tables/checklist_items/{item['id']}/"
        assert admin.patch(address, json=form(item, text=json.dumps(WHITE))).status_code == 200
        published = rows(admin, "checklist_items", template_id=str(first), __page_size="1")[0]
        frozen = f"/admin/api/tables/checklist_items/{published['id']}/"
        assert admin.patch(frozen, json=form(published, text=json.dumps(WHITE))).status_code == 409
        assert admin.delete(frozen).status_code == 409
        assert admin.patch(address, json=form(item, section_id=published["section_id"])).status_code in {409, 422}
        assert admin.post("/admin/api/forms/publish/", json={"code": "C05"}).status_code == 200
        assert admin.patch(address, json={"position": "1"}).status_code in {200, 409}
        assert admin.delete(address).status_code == 409
    assert [event.data["deed"] for event in house.events()] == ["changed"]


def test_a_person_is_added_and_given_password_and_pin_by_form(house: House) -> None:
    sun = {
        "name": "Sun",
        "title_zh": "孙",
        "title_en": "Sun",
        "roles": "care, consultant",
        "language": "zh",
        "password": "long enough",
    }
    with house.visitor("admin-a") as admin:
        assert admin.post("/admin/api/forms/person/", json=sun | {"password": "short"}).status_code == 422
        assert admin.post("/admin/api/forms/person/", json=sun).status_code == 200
        assert admin.post("/admin/api/forms/person/", json=sun).status_code == 422
        assert admin.post("/admin/api/forms/pin/", json={"name": "sun", "pin": "111111"}).status_code == 422
        assert admin.post("/admin/api/forms/pin/", json={"name": "sun", "pin": "204060"}).status_code == 200
        assert (
            admin.post("/admin/api/forms/password/", json={"name": "admin-b", "password": "x" * 12}).status_code == 422
        )
        assert (
            admin.post("/admin/api/forms/password/", json={"name": "sun", "password": "another one"}).status_code == 200
        )
    kept = house.one(Staff, Staff.name == "sun")
    assert kept.roles == ["care", "consultant"]
    assert proves(kept.password_hash, "another one")
    assert proves(kept.pin_hash, "204060")


def test_every_kind_of_column_comes_back_as_it_was(house: House) -> None:
    a = house.stores["A"]
    at = datetime(2026, 11, 22, 6, 30, 15, 123456, tzinfo=UTC)
    template = house.keep(
        templates.Template(id=uuid7(), store_id=a, code="X", version=1, title=WHITE, published_at=None)
    )
    section = house.keep(
        templates.Section(id=uuid7(), store_id=a, template_id=template.id, position=1, code="s", title=WHITE)
    )
    item = templates.Item(
        id=uuid7(), store_id=a, template_id=template.id, section_id=section.id, position=1, code="i", kind="number",
        text=WHITE, help=None, unit={"zh": "伏", "en": "V"}, minimum=11.125, maximum=None, decimals=2,
        choices=["a", "b"],
        answered_by=None, blocking=True,
    )  # fmt: skip
    house.keep(item)
    customer = Customer(
        id=uuid7(), store_id=a, name="欧阳", phone="1", phone_last4="1", language=None, number_sealed="sealed",
        number_index="blind", household_id=None, merged_into=None, created_by=uuid7(), created_at=at,
    )  # fmt: skip
    house.keep(customer)
    house.keep(
        Parameter(
            id=uuid7(), store_id=a, key="k", value={"deep": [1, 2.5, None]}, name=WHITE, valid_from=date(2026, 3, 1)
        )
    )
    house.keep(CarModel(id=uuid7(), store_id=a, brand=WHITE, series=WHITE, trim=WHITE, energy="nev", year=2026))
    receipt = Receipt(
        key=uuid7(), person_id=None, store_id=a, method="POST", path="/", body_hash="h", status=200, headers={},
        answer=b"\x00\xff", created_at=at,
    )  # fmt: skip
    house.keep(receipt)
    with house.visitor("admin-a") as admin:
        shown = rows(admin, "checklist_items")[0]
        assert (shown["blocking"], float(shown["minimum"]), shown["maximum"], json.loads(shown["choices"])) == (
            True,
            11.125,
            None,
            ["a", "b"],
        )
        typed = form(shown, minimum="11.5", safety="true")
        assert admin.patch(f"/admin/api/tables/checklist_items/{shown['id']}/", json=typed).status_code == 200
        seen = rows(admin, "customers")[0]
        assert datetime.fromisoformat(seen["created_at"]) == at
        assert "phone" not in seen
        assert json.loads(rows(admin, "parameters")[0]["value"]) == {"deep": [1, 2.5, None]}
        parameter = rows(admin, "parameters")[0]
        changed = form(parameter, value='{"deep": "更深"}')
        assert admin.patch(f"/admin/api/tables/parameters/{parameter['id']}/", json=changed).status_code == 200
        model = rows(admin, "car_models")[0]
        assert (
            admin.patch(f"/admin/api/tables/car_models/{model['id']}/", json=form(model, active="false")).status_code
            == 200
        )
        assert "answer" not in rows(admin, "receipts")[0]
        since = rows(admin, "customers", created_at="2026-11-22T06:00:00Z", created_at__operator="gt")
        assert len(since) == 1
    kept = house.one(templates.Item)
    assert (kept.minimum, kept.safety, kept.blocking, kept.choices, kept.unit) == (
        11.5,
        True,
        True,
        ["a", "b"],
        {"zh": "伏", "en": "V"},
    )
    assert house.one(Parameter).value == {"deep": "更深"}
    assert house.one(CarModel).active is False
    assert house.one(Customer).created_at == at
    assert house.one(Receipt).answer == b"\x00\xff"
    assert now() > house.events()[-1].at
