"""Lists at the desk: sent by a form, matched, looked at and brought in without a script; what is wrong is told."""

import io
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from server.database import Database, now
from server.domain.imports import ColumnChoice, Import
from server.domain.imports.work import Desk
from server.domain.records import Event
from server.domain.showroom import Prospect
from tests.cast import Cast, a_customer
from tests.domain.test_prospect_lists import some
from tests.domain.test_prospects import a_prospect
from tests.lists import HEAD, checked, people, sheet, somebody, text
from tests.routes.browsing import Browser, Come
from tests.routes.refusing import refused
from tests.routes.test_costs import counting
from tests.routes.world import World
from tests.visitor import Visitor


@pytest.fixture
def work(database: Database) -> Callable[[], None]:
    """What the house does by itself meanwhile."""
    return lambda: Desk().work(database, now(), seconds=20)


def sending(content: bytes, name: str = "") -> dict[str, tuple[str, bytes, str]]:
    """As a browser sends a file."""
    usual = "名单.xlsx" if content.startswith(b"PK") else "名单.csv"
    return {"file": (name or usual, content, "application/octet-stream")}


def rows_of(content: bytes) -> list[list[object]]:
    """What stands in a file that was fetched."""
    page = load_workbook(io.BytesIO(content)).active
    assert page is not None
    return [[cell.value for cell in row] for row in page.iter_rows()]


def test_a_list_is_brought_in_without_a_script(
    client: Come, database: Database, cast: Cast, work: Callable[[], None]
) -> None:
    with database.work(cast.store) as session:
        a_prospect(session, cast.lin, a_customer(session, cast.lin, "周敏", "13900000001"))
    gao = Browser(client("gao")).go("/prospects")
    assert "/imports" in gao.links('[^"]*')
    content = sheet([somebody(1), somebody(2), somebody(3, 手机号="12"), somebody(4)])
    gao.go("/imports").send("/imports", files=sending(content), kind="prospects")
    here = gao.place
    gao.send(f"{here}/columns")
    assert '<progress class="meter' in gao.text
    assert 'hx-trigger="every 1s"' in gao.text
    work()
    assert "every 1s" not in gao.go(here).text
    assert '<span class="error">电话：' in gao.text
    gao.go(f"{here}?show=same")
    assert "林悦" in gao.text
    gao.send(f"{here}/choice", number="2", choice="merge")
    gao.go(here).send(f"{here}/start", duplicates="skip")
    work()
    gao.go(here)
    assert re.findall(r'<b class="num">(\d+)</b>', gao.text) == ["2", "0", "1", "1"]
    numbers = gao.go(f"{here}?show=made").links('/prospects/QK-[^"]+')
    assert len(numbers) == 2
    assert "客户2" in gao.go(numbers[0]).text
    assert "已导入完成" in client("gao").get("/").text or here in client("gao").get("/").text


def test_the_mistakes_come_back_as_a_file_that_can_be_sent_again(
    client: Come, database: Database, cast: Cast, work: Callable[[], None]
) -> None:
    import_id = checked(database, cast.gao, text([somebody(1), somebody(2, 手机号="=1+1", 姓名="@坏")]))
    gao = client("gao")
    head, row = rows_of(gao.get(f"/imports/{import_id}/faults").content)
    assert head == ["行号", "问题", *HEAD]
    assert row[:4] == [3, row[1], "@坏", "=1+1"]
    assert "电话：" in str(row[1])
    fixed = [row[0], "", *row[2:]]
    fixed[3] = "13900000002"
    answer = gao.post(
        "/imports", files=sending(sheet([[str(v or "") for v in fixed]], [str(h) for h in head])), kind="prospects"
    )
    here = answer.headers["location"]
    with database.work(cast.store) as session:
        again = session.scalars(select(Import).order_by(Import.created_at.desc()).limit(1)).one()
        assert again.columns["phone"] == 3, "the columns before are left out"
    Browser(gao).go(here).send(f"{here}/columns")
    work()
    assert re.findall(r'<b class="num">(\d+)</b>', gao.get(here).text) == ["1", "0", "0"]


def test_the_preview_says_what_stays_words_and_what_each_choice_writes(
    client: Come, database: Database, cast: Cast, work: Callable[[], None]
) -> None:
    with database.work(cast.store) as session:
        a_prospect(session, cast.lin, a_customer(session, cast.lin, "周敏", "13900000001"))
    rows = [[*somebody(number), model] for number, model in enumerate(("火星车 3000", "火星车 4000", ""), 1)]
    gao = Browser(client("gao")).go("/imports")
    gao.send("/imports", files=sending(sheet(rows, [*HEAD, "意向车型"])), kind="prospects")
    here = gao.place
    gao.send(f"{here}/columns")
    work()
    gao.go(f"{here}?show=new")
    assert "有 2 行的意向车型不在车型库中" in gao.text
    assert '火星车 4000 <span class="chip warn">按文字保留' in gao.text
    assert "按文字保留：火星车 3000" in gao.go(f"{here}?show=same").text
    assert ">导入 2 行</span>" in gao.text
    assert ">导入 2 行，补全 1 行</span>" in gao.text
    gao.go(here).send(f"{here}/start", duplicates="merge")
    work()
    assert re.findall(r'<b class="num">(\d+)</b>', gao.go(here).text) == ["2", "1", "0", "0"]
    with database.session(writing=False, store=cast.store) as session:
        assert set(session.scalars(select(Prospect.wish))) == {"火星车 3000", "火星车 4000", ""}


def test_a_file_that_is_called_a_workbook_and_is_none_cannot_be_read(client: Come) -> None:
    files = sending("姓名,电话\n周敏,13900000001\n".encode(), "名单.xlsx")
    answer = client("gao").post("/imports", files=files, kind="prospects")
    assert answer.status_code == 422
    assert "无法读取" in answer.text


FILES = {
    "none": None, "pdf": b"%PDF-1.4" + bytes(300), "old excel": b"\xd0\xcf\x11\xe0" + bytes(300),
    "torn": b"PK\x03\x04xx",
    "empty": b"", "one line": text([]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_told_at_its_field_in_both_languages(world: World, name: str) -> None:
    content = FILES[name]
    files = sending(content) if content is not None else None
    for answer in refused(world, "gao", "/imports", 422, files=files, kind="prospects"):
        assert 'id="file-error"' in answer.text


def test_a_kind_that_is_none_is_refused(world: World) -> None:
    refused(world, "gao", "/imports", 422, files=sending(text(people(1))), kind="horoscopes")


def test_columns_that_cannot_be_are_told(world: World) -> None:
    gao = world.visitor("gao")
    here = gao.post("/imports", files=sending(text(people(1))), kind="prospects").headers["location"]
    refused(world, "gao", f"{here}/columns", 422, **{"column-0": "name"})
    zh, _ = refused(world, "gao", f"{here}/columns", 422, **{"column-0": "name", "column-1": "name"})
    assert 'id="column-1-error"' in zh.text
    refused(world, "gao", f"{here}/columns", 422, **{"column-0": "soul", "column-1": "phone"})
    refused(world, "gao", f"{here}/start", 409, duplicates="skip")


def test_who_may_not_bring_lists_in_is_not_let_in(client: Come, database: Database, cast: Cast) -> None:
    import_id = checked(database, cast.gao, text([somebody(1), somebody(2, 手机号="1")]))
    for name in ("lin", "he", "admin", "zhou"):
        visitor = client(name)
        assert visitor.get("/imports").status_code == 403
        assert visitor.post("/imports", files=sending(text(people(1))), kind="prospects").status_code == 403
        for place in ("", "/faults"):
            assert visitor.get(f"/imports/{import_id}{place}").status_code == 403
        assert "/imports" not in visitor.get("/prospects").text


def test_another_store_s_list_is_not_there(world: World) -> None:
    gao, stranger = world.visitor("gao"), world.visitor("stranger")
    here = gao.post("/imports", files=sending(text(people(1), letters="gb18030")), kind="prospects").headers["location"]
    assert here not in stranger.get("/imports").text
    for place in (here, f"{here}/faults", f"/imports/{uuid4()}"):
        assert stranger.get(place).status_code == 404
    for deed in ("columns", "columns-again", "choice", "start", "stop"):
        assert stranger.post(f"{here}/{deed}", number="2", choice="skip", duplicates="skip").status_code == 404


def test_a_list_that_is_sent_twice_at_once_is_one(client: Come, database: Database, cast: Cast) -> None:
    gao, key = client("gao"), str(uuid4())
    for _ in range(2):
        gao.post("/imports", files=sending(text(people(2))), kind="prospects", _key=key)
    with database.work(cast.store) as session:
        assert len(session.scalars(select(Import)).all()) == 1


def test_the_same_file_later_is_told(client: Come, database: Database, cast: Cast, work: Callable[[], None]) -> None:
    gao = Browser(client("gao"))
    for turn in range(2):
        gao.go("/imports").send("/imports", files=sending(text(people(2))), kind="prospects")
        here = gao.place
        assert ("此前" in gao.text or "导入过" in gao.text) is (turn == 1)
        gao.send(f"{here}/columns")
        work()
        gao.go(here).send(f"{here}/start")
        work()
    with database.work(cast.store) as session:
        assert len(session.scalars(select(Prospect)).all()) == 2
        assert len(session.scalars(select(ColumnChoice)).all()) == len(HEAD)


def test_a_list_can_be_stopped(client: Come, database: Database, cast: Cast) -> None:
    import_id = checked(database, cast.gao, text(people(3)))
    gao = Browser(client("gao")).go(f"/imports/{import_id}")
    gao.send(f"/imports/{import_id}/stop")
    assert "已停止" in gao.text
    assert client("gao").post(f"/imports/{import_id}/start", duplicates="skip").status_code == 409


def test_an_empty_list_has_the_headings_that_are_understood(client: Come) -> None:
    gao = client("gao")
    for kind in ("prospects", "models"):
        [head] = rows_of(gao.get("/imports/blank", kind=kind).content)
        assert len(head) == len(set(head)) > 5
    content = gao.get("/imports/blank", kind="prospects").content
    filled = sheet([["王芳", "13900000001"]], [str(name) for name in rows_of(content)[0]])
    page = gao.get(gao.post("/imports", files=sending(filled), kind="prospects").headers["location"]).text
    assert page.count(" selected>") >= 14


@pytest.mark.parametrize("show", ["wrong", "same", "new"])
def test_the_page_of_a_list_costs_the_same_with_three_rows_and_with_three_hundred(
    client: Come, database: Database, cast: Cast, show: str
) -> None:
    gao, found = client("gao"), list[int]()
    for count in (3, 300):
        rows = [somebody(n % (count // 3 or 1), 手机号="1" if n % 3 == 0 else f"139{n // 2:08d}") for n in range(count)]
        import_id = checked(database, cast.gao, text(rows))
        gao.get(f"/imports/{import_id}")
        with counting(database) as said:
            assert gao.get(f"/imports/{import_id}", show=show).status_code == 200
        found.append(len(said))
    assert found[1] <= found[0] <= 8


# --- Out as Excel ----------------------------------------------------------------------------


def fetched(visitor: Visitor, query: str = "") -> list[list[object]]:
    """By the button of the list."""
    answer = visitor.post(f"/prospects/excel{query}")
    assert answer.status_code == 303
    return rows_of(visitor.get(answer.headers["location"]).content)


def test_what_is_filtered_is_what_goes_out(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        made = some(session, cast.lin, 60)
        for one in made[:30]:
            one.grade = "H"
        a_prospect(session, cast.fang, a_customer(session, cast.fang, "方远的", "13700000000"))
    lin = client("lin")
    head, *rows = fetched(lin, "?grade=H")
    assert head[1:4] == ["客户姓名", "电话", "级别"]
    assert [row[0] for row in rows] == [one.number for one in made[:30]], "all of the list, not only its first page"
    assert {row[3] for row in rows} == {"H"}
    assert len(fetched(lin)) == 61
    assert "方远的" not in str(fetched(lin, "?show=all"))
    assert len(fetched(client("gao"), "?show=all")) == 62


def test_what_goes_out_is_written_down_and_never_a_mere_address(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        a_prospect(session, cast.lin)
    lin = client("lin")
    assert lin.get("/prospects/excel", grade="H").headers["location"] == "/prospects?grade=H"
    fetched(lin, "?grade=H")
    with database.work(cast.store) as session:
        event = session.scalars(select(Event).where(Event.verb == "prospects.taken_out")).one()
        assert (event.actor_id, event.data["asked"]["grade"]) == (cast.lin.id, "H")
    assert client("zhou").post("/prospects/excel").status_code == 403


def test_a_formula_in_a_name_stays_a_text(client: Come, database: Database, cast: Cast) -> None:
    evil = '=HYPERLINK("http://x","y")'
    with database.work(cast.store) as session:
        a_prospect(session, cast.lin, a_customer(session, cast.lin, evil, "13900000009"))
    lin = client("lin")
    lin.post("/prospects/excel")
    page = load_workbook(io.BytesIO(lin.get("/prospects/excel").content)).active
    assert page is not None
    cell = page["B2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", evil, True)


def test_what_goes_out_comes_in_again_and_doubles_nothing(
    client: Come, database: Database, cast: Cast, work: Callable[[], None]
) -> None:
    with database.work(cast.store) as session:
        some(session, cast.lin, 5)
    gao = client("gao")
    for language in ("zh", "en"):
        gao.http.cookies.set("huanche_language", language, domain="testserver.local", path="/")
        gao.post("/prospects/excel")
        content = gao.get("/prospects/excel").content
        here = gao.post("/imports", files=sending(content), kind="prospects").headers["location"]
        browser = Browser(gao).go(here)
        browser.send(f"{here}/columns")
        work()
        assert re.findall(r'<b class="num">(\d+)</b>', gao.get(here).text) == ["0", "5", "0"], gao.get(here).text
