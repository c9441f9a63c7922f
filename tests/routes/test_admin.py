"""The admin: who comes in, and what is there to be read."""

from typing import Any

import pytest

from server import i18n
from server.admin.rules import EDITABLE, visible
from server.admin.tables import rooms
from server.database import uuid7
from server.domain.catalogue import ListEntry
from server.domain.people import sign_in
from tests.aside import aside
from tests.routes.admin_house import PASSWORD, SEALED, House, form, rows


def test_nobody_comes_in_without_a_session(house: House) -> None:
    with house.visitor() as street:
        page = street.get("/admin/", follow_redirects=False)
        assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=/admin/")
        assert street.get("/admin/api/tables/").status_code == 401
        assert street.get("/admin/public/translations/").status_code == 401
        assert street.post("/admin/api/tables/list_entries/", json={}).status_code == 401


def test_who_does_not_administer_stays_outside(house: House) -> None:
    with house.visitor() as client:
        with house.database.work() as session:
            _, token = sign_in.by_password(session, "consultant-a", PASSWORD, device=uuid7(), address="test", hours=1)
        client.cookies.set("huanche_session", token)
        for address in ("/admin/api/tables/", "/admin/api/tables/staff/", "/admin/api/user/"):
            assert client.get(address).status_code == 403
        assert client.patch("/admin/api/tables/staff/x/", json={}).status_code == 403


def test_the_page_and_its_files_come_with_strict_headers(house: House) -> None:
    with house.visitor("admin-a") as admin:
        assert admin.get("/admin", follow_redirects=False).headers["location"] == "/admin/"
        assert admin.get("/administration").status_code == 404
        page = admin.get("/admin/")
        policy = page.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        script = page.text.split('src="./')[1].split('"')[0]
        assert admin.get(f"/admin/{script}").headers["cache-control"].endswith("immutable")


def test_every_table_of_the_store_can_be_read(house: House) -> None:
    with house.visitor("admin-a") as admin:
        names = admin.get("/admin/api/tables/").json()
        assert {"list_entries", "staff", "stores", "events", "customers", "checklist_items"} <= set(names)
        for name in names:
            for part in ("", "schema/", "count/", "new/", "ids/", "references/"):
                answer = admin.get(
                    f"/admin/api/tables/{name}/{part}?__readable=true"
                    if not part
                    else f"/admin/api/tables/{name}/{part}"
                )
                assert answer.status_code == 200, (name, part, answer.text)


def test_tables_and_columns_have_names_in_both_languages(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"List entries": "列表 选项", "Valid from": "生效日期", "Checklist items": "检查项目"}
    tell = i18n.tell
    monkeypatch.setattr(
        i18n, "tell", lambda said, language: words.get(getattr(said, "message", "")) or tell(said, language)
    )
    with house.visitor("admin-a") as admin:
        admin.cookies.set("huanche_language", "zh")
        assert "列表_选项" in admin.get("/admin/api/tables/").json()
        assert any("列表_选项" in names for names in admin.get("/admin/api/tables/grouped/").json()["grouped"].values())
        schema = admin.get("/admin/api/tables/列表_选项/schema/").json()
        assert schema["properties"]["valid_from"]["title"] == "生效日期"
        (white,) = rows(admin, "列表_选项")
        assert (
            admin.patch(f"/admin/api/tables/列表_选项/{white['id']}/", json=form(white, position="5")).status_code
            == 200
        )
        assert admin.get("/admin/public/translations/").json()["default_language_code"] == "zh-CN"
    assert house.one(ListEntry).position == 5


def test_secrets_are_not_there_at_all(house: House) -> None:
    hidden = {
        f"{table}.{column.name}"
        for table, row in rooms().items()
        for column in row.__table__.columns
        if not visible(column)
    }
    assert {
        "staff.password_hash", "staff.pin_hash", "sign_ins.token_hash", "customers.number_sealed",
        "customers.number_index",
        "customers.phone", "receipts.answer", "papers.content",
    } <= hidden  # fmt: skip
    with house.visitor("admin-a") as admin:
        assert SEALED not in admin.get("/admin/api/tables/staff/").text
        assert admin.get("/admin/api/tables/staff/?__visible_fields=password_hash").status_code == 400
        assert "sign_in_attempts" not in admin.get("/admin/api/tables/").json()


def test_only_the_own_store_is_seen_and_changed(house: House) -> None:
    theirs = house.one(ListEntry, store="B")
    with house.visitor("admin-a") as admin:
        assert [row["code"] for row in rows(admin, "stores")] == ["A"]
        assert {row["name"] for row in rows(admin, "staff")} == {"admin-a", "consultant-a"}
        assert admin.get("/admin/api/tables/staff/count/").json()["count"] == 2
        assert len(admin.get("/admin/api/tables/staff/ids/").json()) == 2
        assert len(admin.get("/admin/api/tables/staff/ids/?search=admin&limit=9").json()) == 1
        address = f"/admin/api/tables/list_entries/{theirs.id}/"
        assert admin.get(address).status_code == 404
        assert admin.patch(address, json={"position": "9"}).status_code == 404
        assert admin.patch(f"/admin/api/tables/stores/{house.stores['B']}/", json={"phone": "1"}).status_code == 404
    assert house.one(ListEntry, store="B").position == 0


def test_what_has_verbs_or_is_a_record_is_only_read(house: House) -> None:
    with house.visitor("admin-a") as admin:
        for table in set(rooms()) - set(EDITABLE):
            row = f"/admin/api/tables/{table}/{uuid7()}/"
            assert admin.post(f"/admin/api/tables/{table}/", json={}).status_code == 405
            for deed in ("PATCH", "PUT", "DELETE"):
                assert admin.request(deed, row, json={}).status_code == 405


def test_leaving_ends_the_session_of_the_house(house: House) -> None:
    with house.visitor("admin-a") as admin:
        assert admin.post("/admin/public/logout/").status_code == 200
        assert admin.get("/admin/api/tables/").status_code == 401


def test_there_is_no_second_password(house: House) -> None:
    with house.visitor("admin-a") as admin:
        assert admin.post("/admin/public/login/", json={"username": "admin-a", "password": PASSWORD}).status_code == 405
        assert admin.post("/admin/api/change-password/", json={}).status_code == 405


def test_piccolo_itself_cannot_write(house: House) -> None:
    from server.admin.engines import acting_store, reading_engine
    from server.admin.tables import tables

    config = next(
        one
        for one in tables(reading_engine(house.database.engine), "zh")
        if one.table_class._meta.tablename == "list_entries"
    )
    table: Any = config.table_class
    before = acting_store.set(house.stores["A"])
    try:
        with pytest.raises(Exception, match=r"readonly|read-only"):
            aside(table.update({table.position: 99}, force=True).run())
    finally:
        acting_store.reset(before)
    assert house.one(ListEntry).position == 0
