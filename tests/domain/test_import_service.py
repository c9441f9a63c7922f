"""Jobs and parts out of a list: new ones, changed ones, and what is wrong with the others."""

from sqlalchemy import select

from server.database import Database
from server.domain.catalogue.jobs import Job
from server.domain.catalogue.parts import Part
from server.domain.imports import Import, ImportRow
from server.domain.imports.imports import LEFT, MADE, MERGED, SAME, WRONG, counts
from tests.cast import Cast
from tests.domain.test_imports import counted
from tests.lists import brought_in, checked, sheet, text

JOBS = ("项目编号", "项目名称", "标准工时", "作业类别", "工种", "质保类别", "间隔里程", "间隔月数")
PARTS = ("零件号", "名称", "含税价", "配件类别", "品牌", "单位", "安全库存", "货位", "对应原厂")


def a_job(database: Database, cast: Cast, code: str) -> Job:
    with database.work(cast.store) as session:
        return session.scalars(select(Job).where(Job.store_id == cast.store, Job.code == code)).one()


def a_part(database: Database, cast: Cast, code: str) -> Part:
    with database.work(cast.store) as session:
        return session.scalars(select(Part).where(Part.store_id == cast.store, Part.code == code)).one()


def test_jobs_come_out_of_a_sheet(database: Database, cast: Cast) -> None:
    rows = [
        ["X-1", "更换水泵", "2.25", "小修", "机修", "小修", "", ""],
        ["X-2", "更换驱动电机总成", "6", "三包", "电工", "总成", "", ""],
        ["X-3", "大保养", "2.5", "保养", "机修", "二级维护", "40000", "24"],
        ["X-4", "", "1", "", "", "", "", ""],
        ["X-5", "没有工时", "", "", "", "", "", ""],
        ["X-6", "工时不对", "1.234", "焊接", "", "", "", ""],
    ]
    import_id = brought_in(database, cast.gao, sheet(rows, JOBS), "jobs")
    assert counted(database, import_id) == {MADE: 3, WRONG: 3}
    motor, service = a_job(database, cast, "X-2"), a_job(database, cast, "X-3")
    assert (motor.hours, motor.kind, motor.skill, motor.guarantee) == (600, "warranty", "electric", "major")
    assert (service.hours, service.every_km, service.every_months, service.parts) == (250, 40_000, 24, [])
    assert a_job(database, cast, "X-1").hours == 225
    with database.work(cast.store) as session:
        wrong = session.scalars(select(ImportRow).where(ImportRow.state == WRONG).order_by(ImportRow.number)).all()
        assert [sorted(error["field"] for error in row.errors) for row in wrong] == [
            ["name"], ["hours"], ["hours", "kind"],
        ]  # fmt: skip


def test_parts_come_out_of_a_list_and_a_newer_one_changes_prices(database: Database, cast: Cast) -> None:
    rows = [
        ["PX-1", "前雨刮电机", "¥385.50", "原厂", "奇瑞原厂", "个", "2", "C-07", ""],
        ["PX-1-E", "前雨刮电机", "260", "质量相当", "博世", "个", "", "", "PX-1"],
        ["PX-2", "价格不对", "很贵", "", "", "", "", "", ""],
    ]
    import_id = brought_in(database, cast.gao, text(rows, PARTS), "parts")
    assert counted(database, import_id) == {MADE: 2, WRONG: 1}
    part, other = a_part(database, cast, "PX-1"), a_part(database, cast, "PX-1-E")
    assert (part.price, part.reorder_at, part.bin, part.on_hand) == (38_550, 200, "C-07", 0)
    assert (other.part_class, other.instead_of) == ("equal", "PX-1")
    dearer = text([["px-1", "前雨刮电机", "399", "", "", "", "", "", ""]], PARTS)
    assert counted(database, brought_in(database, cast.gao, dearer, "parts")) == {LEFT: 1}
    assert a_part(database, cast, "PX-1").price == 38_550
    assert counted(database, brought_in(database, cast.gao, dearer, "parts", duplicates="merge")) == {MERGED: 1}
    part = a_part(database, cast, "PX-1")
    assert (part.price, part.bin, part.part_class) == (39_900, "C-07", "original")


def test_what_is_here_is_told_before_anything_is_kept(database: Database, cast: Cast) -> None:
    rows = [["FLT-OIL", "机油滤清器", "52", "", "", "", "", "", ""], ["NEW-1", "新配件", "1", "", "", "", "", "", ""]]
    import_id = checked(database, cast.gao, text(rows, PARTS), "parts")
    with database.work(cast.store) as session:
        assert counts(session, session.get_one(Import, import_id))[SAME] == 1
        same = session.scalars(select(ImportRow).where(ImportRow.state == SAME)).one()
        assert same.found["name"] == {"zh": "机油滤清器", "en": "Oil filter"}
    merged = brought_in(database, cast.gao, text(rows, PARTS), "parts", duplicates="merge")
    assert counted(database, merged) == {MERGED: 1, MADE: 1}
    assert a_part(database, cast, "FLT-OIL").name["en"] == "Oil filter"  # a list without English takes none away


def test_a_keeper_of_parts_brings_parts_in(database: Database, cast: Cast) -> None:
    rows = [["PK-1", "测试件", "12", "", "", "", "", "", ""]]
    assert counted(database, brought_in(database, cast.pei, text(rows, PARTS), "parts")) == {MADE: 1}
