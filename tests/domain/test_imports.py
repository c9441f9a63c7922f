"""Lists of prospects: what is new, what is here already, what is at fault; nobody is doubled and nobody is taken."""

import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from server.database import Database, now
from server.domain.care import Contact
from server.domain.catalogue import entries
from server.domain.customers import Customer, find
from server.domain.imports import Import, ImportRow, bringing, imports
from server.domain.imports import work as lists
from server.domain.imports.imports import AT_WORK, LEFT, MADE, MERGED, MOVES, NEW, SAME, WRONG, State, counts, move
from server.domain.imports.work import Desk
from server.domain.people import Person, Staff
from server.domain.people.notices import Notice
from server.domain.records import consents, events
from server.domain.records.files import File
from server.domain.refusals import Invalid, WrongMove
from server.domain.showroom import GradeChange, Prospect, hands
from server.settings import ROOT
from tests.cast import Cast, a_customer
from tests.domain.test_prospects import a_prospect
from tests.lists import HEAD, SOURCE, brought_in, checked, people, sent, sheet, somebody, state, text, work_off
from tests.routes.test_costs import counting


def counted(database: Database, import_id: UUID) -> dict[str, int]:
    """How many rows stand how, without those of which there are none."""
    with database.work() as session:
        found = counts(session, session.get_one(Import, import_id))
    return {name: count for name, count in found.items() if count}


def prospects(database: Database, cast: Cast) -> list[Prospect]:
    """Everybody, in the order of their numbers."""
    with database.work(cast.store) as session:
        rows = session.scalars(select(Prospect).order_by(Prospect.number)).all()
        _ = [(row.customer.name, row.model) for row in rows]
        return list(rows)


def faults(database: Database, import_id: UUID) -> dict[int, set[str]]:
    """The fields that are wrong, by row."""
    with database.work() as session:
        query = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.state == WRONG)
        return {row.number: {error["field"] for error in row.errors} for row in session.scalars(query)}


def in_days(days: int) -> date:
    """A day to come."""
    return date.today() + timedelta(days=days)  # noqa: DTZ011 -- far enough from midnight of any zone


def test_every_move_that_is_not_on_the_table_is_refused(database: Database, cast: Cast) -> None:
    import_id = sent(database, cast.gao, text(people(1)))
    for before in State:
        for to in State:
            with database.session(writing=True, store=cast.store) as session:
                imported = session.get_one(Import, import_id)
                imported.state = before
                if to in MOVES[before]:
                    move(session, imported, to, "import.tried", by=cast.gao)
                    assert imported.state == to
                else:
                    with pytest.raises(WrongMove):
                        move(session, imported, to, "import.tried", by=cast.gao)


def test_a_list_becomes_prospects_as_if_each_had_been_typed(database: Database, cast: Cast) -> None:
    soon, later = in_days(5), in_days(40)
    rows = [
        somebody(1, 姓名="欧阳建国", 预计购车日期=soon.strftime("%Y/%m/%d"), 销售顾问="林悦"),
        somebody(2, 手机号="+86 139-0000-0002", 预计购车日期=later.strftime("%Y年%m月%d日"), 销售顾问="fang"),
        somebody(3, 手机号="139 0000 0003", 级别="b"),
        somebody(4, 级别="N", 来源="online"),
        somebody(5, 预计购车日期=str((soon - date(1899, 12, 30)).days)),
    ]
    assert counted(database, brought_in(database, cast.gao, text(rows))) == {MADE: 5}
    first, second, third, fourth, fifth = prospects(database, cast)
    assert [one.customer.name for one in (first, second)] == ["欧阳建国", "客户2"]
    assert [one.customer.phone for one in (first, second, third)] == [f"+861390000000{n}" for n in (1, 2, 3)]
    assert [one.grade for one in (first, second, third, fourth, fifth)] == ["H", "C", "B", "N", "H"]
    assert (first.expected_on, second.expected_on, fifth.expected_on) == (soon, later, soon)
    assert fourth.expected_on is None
    assert [one.consultant_id for one in (first, second, third)] == [cast.lin.id, cast.fang.id, None]
    assert fourth.source == "online"
    with database.work(cast.store) as session:
        assert [found.name for found in find(session, cast.lin, "oyjg")] == ["欧阳建国"]
        owed = session.scalars(select(Contact).order_by(Contact.id)).all()
        assert {(one.kind, one.owed_by) for one in owed} == {
            ("first_contact", cast.lin.id), ("first_contact", cast.fang.id)
        }  # fmt: skip
        assert session.scalar(select(func.count()).select_from(GradeChange)) == 5
        assert events.first_break(session, cast.store) is None
        assert not events.chain_is_cut(session, cast.store)


def test_whatever_is_wrong_is_told_at_its_row_and_the_others_come_in(database: Database, cast: Cast) -> None:
    passed = in_days(-3).isoformat()
    rows = [
        somebody(1), somebody(2, 姓名=""), somebody(3, 手机号="12"), somebody(4, 级别="Z"),
        somebody(5, 预计购车日期="someday"), somebody(6, 来源="月球"), somebody(7, 销售顾问="谁"),
        somebody(8, 预计购车日期=passed), somebody(9, 勿扰="maybe"), somebody(10, 姓名="", 手机号="x"), somebody(11),
    ]  # fmt: skip
    import_id = brought_in(database, cast.gao, text(rows))
    assert faults(database, import_id) == {
        3: {"name"}, 4: {"phone"}, 5: {"grade"}, 6: {"expected_on"}, 7: {"source"}, 8: {"consultant"},
        9: {"expected_on"}, 10: {"leave_alone"}, 11: {"name", "phone"},
    }  # fmt: skip
    assert counted(database, import_id) == {MADE: 2, WRONG: 9}


def test_a_mistake_names_what_there_is(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        details = {one.code: one.name["zh"] for one in entries(session, cast.store, "sub_source")}
        online = next(name for code, name in details.items() if code.startswith("online."))
        sources = {one.code: one.name["zh"] for one in entries(session, cast.store, "source")}
    said = [("月球", ""), (sources["online"], online), (sources["walk_in"], online)]
    rows = [[*somebody(number, 来源=source), detail] for number, (source, detail) in enumerate(said)]
    content = text(rows, [*HEAD, "来源明细"])
    import_id = brought_in(database, cast.gao, content)
    assert faults(database, import_id) == {2: {"source"}, 4: {"sub_source"}}, "a detail is never dropped in silence"
    with database.session(writing=False, store=cast.store) as session:
        query = select(ImportRow.errors).where(ImportRow.import_id == import_id, ImportRow.state == WRONG)
        told = session.scalars(query.order_by(ImportRow.number)).first()
    assert told
    assert told[0]["gaps"]["choices"]["zh"].split("、") == list(sources.values())[:12]
    assert [(one.source, details[one.sub_source]) for one in prospects(database, cast)] == [("online", online)]


def test_the_same_list_again_doubles_nothing(database: Database, cast: Cast) -> None:
    content = text([*people(450), somebody(7, 姓名="同号")])
    assert counted(database, brought_in(database, cast.gao, content)) == {MADE: 450, LEFT: 1}
    for duplicates in ("skip", "merge"):
        again = brought_in(database, cast.gao, content, duplicates=duplicates)
        assert counted(database, again) == {LEFT: 451}
    assert len(prospects(database, cast)) == 450


def test_who_stands_in_the_list_twice_is_one(database: Database, cast: Cast) -> None:
    rows = [somebody(1), somebody(1, 手机号="+8613900000001"), *people(1)]
    import_id = checked(database, cast.gao, text(rows))
    assert counted(database, import_id) == {NEW: 2, SAME: 1}
    with database.work(cast.store) as session:
        row = session.scalars(select(ImportRow).where(ImportRow.state == SAME)).one()
        assert row.found == {"row": 2}


def test_nobody_is_taken_from_a_colleague(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        customer = a_customer(session, cast.lin, "周敏", "13900000001")
        number = a_prospect(session, cast.lin, customer).number
        pooled = a_prospect(session, cast.lin, a_customer(session, cast.lin, "吴磊", "13900000002"))
        hands.give_back(session, pooled, by=cast.lin, why="no_time")
    rows = [somebody(1, 销售顾问="fang"), somebody(2, 销售顾问="fang")]
    import_id = checked(database, cast.gao, text(rows))
    with database.work(cast.store) as session:
        found = session.scalars(select(ImportRow).order_by(ImportRow.number)).first()
        assert found is not None
        assert (found.state, found.found["number"], found.found["who"]["en"]) == (SAME, number, "Lin Yue")
        bringing.start(session, session.get_one(Import, import_id), "merge", by=cast.gao)
    work_off(database, import_id)
    assert [one.consultant_id for one in prospects(database, cast)] == [cast.lin.id, None]


def test_what_is_missing_is_added_and_what_is_known_stays(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        first = a_prospect(session, cast.lin, a_customer(session, cast.lin, "周敏", "13900000001"))
        first.wish, first.expected_on, first.grade = "要大空间", None, "N"
        a_customer(session, cast.lin, "只是客户", "13900000002")
    head, later = (*HEAD, "备注"), in_days(100)
    rows = [[*somebody(1, 预计购车日期=later.isoformat()), "别的话"], [*somebody(2), "第一次"]]
    assert counted(database, brought_in(database, cast.gao, text(rows, head), duplicates="merge")) == {MERGED: 2}
    known, customer = prospects(database, cast)
    assert (known.wish, known.expected_on, known.grade) == ("要大空间", later, "C")
    assert (known.customer.name, customer.customer.name) == ("周敏", "只是客户")
    assert customer.wish == "第一次"


def test_a_row_is_decided_by_itself(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        for number in (1, 2):
            a_customer(session, cast.lin, f"客户{number}", f"1390000000{number}")
    import_id = checked(database, cast.gao, text([somebody(1), somebody(2)]))
    with database.work(cast.store) as session:
        imported = session.get_one(Import, import_id)
        bringing.decide(session, imported, 3, "merge", by=cast.gao)
        with pytest.raises(Invalid):
            bringing.decide(session, imported, 3, "sell", by=cast.gao)
        bringing.start(session, imported, "skip", by=cast.gao)
        with pytest.raises(WrongMove):
            bringing.decide(session, imported, 3, "skip", by=cast.gao)
    work_off(database, import_id)
    assert counted(database, import_id) == {LEFT: 1, MERGED: 1}
    assert [one.customer.name for one in prospects(database, cast)] == ["客户2"]


def test_who_wants_no_contact_gets_none(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        refusing = a_customer(session, cast.lin, "说过不", "13900000001")
        consents.answer(session, refusing.id, "contact", False, by=cast.lin)
        loud = a_prospect(session, cast.lin, a_customer(session, cast.lin, "现在说不", "13900000002"))
    head = (*HEAD, "可否联系")
    rows = [
        [*somebody(1, 销售顾问="lin"), "是"], [*somebody(2, 勿扰="是"), ""], [*somebody(3, 销售顾问="lin"), "否"],
        [*somebody(4, 销售顾问="lin"), "是"],
    ]  # fmt: skip
    brought_in(database, cast.gao, text(rows, head), duplicates="merge")
    by_phone = {one.customer.phone: one for one in prospects(database, cast)}
    assert {phone[-1]: one.quiet for phone, one in by_phone.items() if phone} == {
        "1": True, "2": True, "3": True, "4": False,
    }  # fmt: skip
    with database.work(cast.store) as session:
        owed = session.scalars(select(Contact.prospect_id).where(Contact.state == "owed")).all()
        assert owed == [by_phone["+8613900000004"].id]
        said = consents.standing(session, cast.store, by_phone["+8613900000003"].customer_id)["contact"]
        assert (said.given, said.how) == (False, "list")
        assert not consents.standing(session, cast.store, loud.customer_id)["contact"].given


def test_no_counts_even_where_the_row_is_left_as_it_is(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        a_prospect(session, cast.lin, a_customer(session, cast.lin, "周敏", "13900000001"))
    assert counted(database, brought_in(database, cast.gao, text([somebody(1, 勿扰="是")]))) == {LEFT: 1}
    assert [one.quiet for one in prospects(database, cast)] == [True]


def test_columns_are_remembered(database: Database, cast: Cast) -> None:
    head = ("谁", "怎么找", "谁在跟", "无用")
    content = text([["王芳", "13900000001", "林悦", "x"]], head)
    import_id = sent(database, cast.gao, content)
    with database.work(cast.store) as session:
        imported = session.get_one(Import, import_id)
        assert imported.columns == {}
        with pytest.raises(Invalid):
            bringing.match(session, imported, {"name": 0}, SOURCE, by=cast.gao)
        bringing.match(session, imported, {"name": 0, "phone": 1, "consultant": 2}, SOURCE, by=cast.gao)
    again = sent(database, cast.gao, text([["李雷", "林悦", "13900000002"]], ("谁", "谁在跟", "怎么找")))
    elsewhere = sent(database, cast.tang, content)
    with database.work() as session:
        assert session.get_one(Import, again).columns == {"name": 0, "phone": 2, "consultant": 1}
        assert session.get_one(Import, elsewhere).columns == {}


def test_what_holds_for_all_is_said_once(database: Database, cast: Cast) -> None:
    content = text([["王芳", "13900000001"]], ("姓名", "电话"))
    assert counted(database, checked(database, cast.gao, content)) == {WRONG: 1}
    options = {"source": "event", "consultant": str(cast.fang.id)}
    brought_in(database, cast.gao, content, options=options)
    [made] = prospects(database, cast)
    assert (made.source, made.consultant_id) == ("event", cast.fang.id)


def test_the_columns_can_be_matched_again(database: Database, cast: Cast) -> None:
    import_id = checked(database, cast.gao, text(people(3)))
    with database.work(cast.store) as session:
        imported = session.get_one(Import, import_id)
        bringing.match_again(session, imported, by=cast.gao)
        assert session.scalar(select(func.count()).select_from(ImportRow)) == 0
        bringing.match(session, imported, {"name": 0, "phone": 1}, SOURCE, by=cast.gao)
    work_off(database, import_id)
    assert counted(database, import_id) == {NEW: 3}


def test_nothing_of_a_list_is_kept_longer_than_it_is_needed(database: Database, cast: Cast) -> None:
    import_id = brought_in(database, cast.gao, text([*people(2), somebody(5, 手机号="1")]))
    with database.work(cast.store) as session:
        rows = {row.state: row for row in session.scalars(select(ImportRow))}
        assert (rows[MADE].cells, rows[MADE].key) == ([], "")
        assert rows[WRONG].cells[1] == "1"
        imported = session.get_one(Import, import_id)
        assert (imported.sample, session.get_one(File, imported.file_id).erased_at is None) == ([], False)
        imports.forget(session, now() + timedelta(days=29))
        assert session.scalar(select(func.count()).select_from(ImportRow)) == 3
        imports.forget(session, now() + timedelta(days=31))
        assert session.scalar(select(func.count()).select_from(ImportRow)) == 0


def test_who_brought_it_in_is_told_when_it_is_done(database: Database, cast: Cast) -> None:
    import_id = brought_in(database, cast.gao, text(people(2)))
    with database.work(cast.store) as session:
        notice = session.scalars(select(Notice).where(Notice.kind == "import.done")).one()
        assert (notice.staff_id, notice.address) == (cast.gao.id, f"/imports/{import_id}")


@pytest.mark.parametrize("leaving", [{"active": False}, {"roles": ["consultant"]}], ids=["left", "another role"])
def test_a_list_of_somebody_who_may_not_any_more_stops(
    database: Database, cast: Cast, leaving: dict[str, object]
) -> None:
    import_id = checked(database, cast.gao, text(people(2)))
    with database.work(cast.store) as session:
        bringing.start(session, session.get_one(Import, import_id), "skip", by=cast.gao)
        for name, value in leaving.items():
            setattr(session.get_one(Staff, cast.gao.id), name, value)
    work_off(database, import_id)
    assert state(database, import_id) == State.STOPPED
    assert prospects(database, cast) == []


def test_one_row_that_breaks_takes_no_other_with_it(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = checked(database, cast.gao, text(people(5)))
    with database.work(cast.store) as session:
        bringing.start(session, session.get_one(Import, import_id), "skip", by=cast.gao)
        # A row that was tampered with: its key can be read, its cells are none.
        row = session.scalars(select(ImportRow).where(ImportRow.number == 4)).one()
        row.cells = [["not", "a text"]]
    work_off(database, import_id)
    assert counted(database, import_id) == {MADE: 4, WRONG: 1}
    assert faults(database, import_id) == {4: {""}}


def costs(database: Database, import_id: UUID, desk: Desk, store: UUID) -> int:
    with counting(database) as said:
        desk.batch(database, import_id, store)
    return len(said)


def test_a_batch_costs_the_same_with_five_rows_and_with_two_hundred(database: Database, cast: Cast) -> None:
    found: list[tuple[int, int]] = []
    for count, offset in ((5, 0), (lists.BATCH, 1000)):
        rows = [somebody(offset + n, 勿扰="是" if n % 2 else "否", 销售顾问="lin") for n in range(count)]
        import_id, desk = sent(database, cast.gao, text(rows)), Desk()
        with database.work(cast.store) as session:
            imported = session.get_one(Import, import_id)
            bringing.match(session, imported, imported.columns, {}, by=cast.gao)
        checking = costs(database, import_id, desk, cast.store)
        work_off(database, import_id, desk)
        with database.work(cast.store) as session:
            bringing.start(session, session.get_one(Import, import_id), "skip", by=cast.gao)
        found.append((checking, costs(database, import_id, desk, cast.store)))
        assert counted(database, import_id) == {MADE: count}
    few, many = found
    assert many[0] <= few[0]
    assert many[1] <= few[1] + 2  # SQLAlchemy parts a very long insert
    assert few[1] < 60


KILLED = """
import sys
from uuid import UUID
from server.database import Database, now
from server.domain import reactions
from server.domain.imports.work import Desk
reactions.connect()
database, desk = Database(sys.argv[1]), Desk()
print("at work", flush=True)
while True:
    desk.work(database, now(), seconds=60)
"""


def at_work(url: str) -> subprocess.Popen[bytes]:
    """Another process of the house, which works lists off."""
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED, url], cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE
    )
    assert worker.stdout is not None
    worker.stdout.readline()
    return worker


def reached(database: Database, import_id: UUID, states: tuple[str, ...], least: int) -> None:
    """Until so many rows are in one of these states."""
    until = time.monotonic() + 60
    while sum(counted(database, import_id).get(name, 0) for name in states) < least:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_killed_in_the_middle_nothing_is_lost_and_nothing_doubled(database: Database, cast: Cast) -> None:
    """SIGKILL while the rows are checked and twice while they are brought in; others go on where it ended."""
    url = database.engine.url.render_as_string(hide_password=False).replace("postgresql+psycopg", "postgresql")
    count = 4 * lists.BATCH + 37
    import_id = sent(database, cast.gao, sheet(people(count)), name="名单.xlsx")
    with database.work(cast.store) as session:
        imported = session.get_one(Import, import_id)
        bringing.match(session, imported, imported.columns, {}, by=cast.gao)
    for states, least in (((NEW,), 1), ((MADE,), 1), ((MADE,), lists.BATCH + 1)):
        worker = at_work(url)
        reached(database, import_id, states, least)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert worker.stdout is not None
        worker.stdout.close()
        if states == (NEW,):
            work_off(database, import_id)
            with database.work(cast.store) as session:
                imported = session.get_one(Import, import_id)
                assert imported.total == count
                bringing.start(session, imported, "skip", by=cast.gao)
    work_off(database, import_id)
    assert counted(database, import_id) == {MADE: count}
    with database.work(cast.store) as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == count
        assert session.scalar(select(func.count(Customer.phone.distinct()))) == count
        assert session.scalar(select(func.count()).select_from(Prospect)) == count
        last = max(session.scalars(select(Prospect.number)))
        assert int(last.rpartition("-")[2]) == count, "numbers have no gap"
        assert events.first_break(session, cast.store) is None


def test_two_at_one_list_do_it_once(database: Database, cast: Cast) -> None:
    """Two processes, as when a slow one lost its turn to another."""
    url = database.engine.url.render_as_string(hide_password=False).replace("postgresql+psycopg", "postgresql")
    import_id = checked(database, cast.gao, text(people(3 * lists.BATCH)))
    with database.work(cast.store) as session:
        bringing.start(session, session.get_one(Import, import_id), "skip", by=cast.gao)
    workers = [at_work(url) for _ in range(2)]
    until = time.monotonic() + 60
    while state(database, import_id) in AT_WORK and time.monotonic() < until:
        time.sleep(0.05)
    for worker in workers:
        worker.kill()
        worker.wait()
        assert worker.stdout is not None
        worker.stdout.close()
    assert counted(database, import_id) == {MADE: 3 * lists.BATCH}
    assert len(prospects(database, cast)) == 3 * lists.BATCH


def test_another_store_s_customers_are_not_found(database: Database, cast: Cast) -> None:
    def somebody_of(by: Person) -> None:
        with database.work(by.store_id) as session:
            a_customer(session, by, "唐家的", "13900000001")

    somebody_of(cast.tang)
    assert counted(database, brought_in(database, cast.gao, text([somebody(1)]))) == {MADE: 1}
