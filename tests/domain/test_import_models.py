"""A catalogue out of a list: brands, series and trims as people complain about them, thousands of times the same."""

from random import Random

import pytest
from sqlalchemy import select

from server.database import Database
from server.domain.catalogue import CarModel
from server.domain.imports import Import, ImportRow
from server.domain.imports.imports import LEFT, MADE, MERGED, SAME, WRONG, counts
from server.domain.imports.model_list import energy_of
from tests.cast import Cast
from tests.domain.test_imports import counted
from tests.lists import brought_in, checked, text

COMPLAINTS = ("id", "brand", "car_model", "type", "desc", "problem", "datetime", "status")
BRANDS = {"北河汽车": ("远山", "远山 PLUS", "小岛"), "东岭大众": ("浪潮", "新浪潮"), "SOUTHERN": ("S5", "S7")}
TRIMS = ("1.5T 自动 豪华型", "2.0L CVT 四驱 尊贵版", "双擎 2.5L 精英版", "DM-i 120km 旗舰型", "纯电 550km 长续航版")


def complaints(count: int) -> list[list[str]]:
    """Rows like those of a complaints register: the model's year stands before its trim."""
    dice = Random(11)
    rows: list[list[str]] = []
    for number in range(count):
        brand = dice.choice(list(BRANDS))
        trim = f"{dice.choice((2018, 2020, 2021))}款 {dice.choice(TRIMS)}"
        desc = f"{brand}异响，4S店“无法解决”"
        rows.append([str(number), brand, dice.choice(BRANDS[brand]), trim, desc, "A1,", "2021-02-22", "信息审核"])
    return rows


def models(database: Database, cast: Cast, brand: str = "") -> list[CarModel]:
    """Those that were not there from the beginning."""
    with database.work(cast.store) as session:
        rows = session.scalars(select(CarModel).where(CarModel.store_id == cast.store)).all()
        return [row for row in rows if row.brand["zh"] in (BRANDS if not brand else {brand})]


def test_a_register_of_complaints_becomes_a_catalogue(database: Database, cast: Cast) -> None:
    rows = complaints(600)
    expected = {(row[1], row[2], row[3]) for row in rows}
    broken = [
        *rows,
        ["x", "北河汽车", "小岛", "燃气牵引车", "", "", "", ""],
        ["y", "", "S5", "2020款 x", "", "", "", ""],
    ]
    import_id = brought_in(database, cast.gao, text(broken, COMPLAINTS), "models")
    assert counted(database, import_id) == {MADE: len(expected), LEFT: 600 - len(expected), WRONG: 2}
    made = models(database, cast)
    assert {(one.brand["zh"], one.series["zh"], f"{one.year}款 {one.trim['zh']}") for one in made} == expected
    assert all(one.active for one in made)
    assert {one.energy for one in made} == {"ice", "hev", "phev", "nev"}
    with database.work(cast.store) as session:
        wrong = session.scalars(select(ImportRow).where(ImportRow.state == WRONG).order_by(ImportRow.number)).all()
        assert [[error["field"] for error in row.errors] for row in wrong] == [["year"], ["brand"]]
    again = brought_in(database, cast.gao, text(broken, COMPLAINTS), "models", duplicates="merge")
    assert counted(database, again) == {LEFT: 600, WRONG: 2}
    assert len(models(database, cast)) == len(made)


def test_what_was_not_known_of_a_model_is_added(database: Database, cast: Cast) -> None:
    head = ("品牌", "车系", "款型", "年款", "能源类型", "车身", "座位数", "品牌（英文）")
    brought_in(database, cast.gao, text([["北河汽车", "远山", "豪华型", "2026", "纯电", "", "", ""]], head), "models")
    row = ["北河汽车", "远 山", "豪华型", "2026款", "汽油", "SUV", "7座", "Beihe"]
    import_id = checked(database, cast.gao, text([row], head), "models")
    with database.work(cast.store) as session:
        assert counts(session, session.get_one(Import, import_id))[SAME] == 1
    assert counted(database, brought_in(database, cast.gao, text([row], head), "models")) == {LEFT: 1}
    merged = brought_in(database, cast.gao, text([row], head), "models", duplicates="merge")
    assert counted(database, merged) == {MERGED: 1}
    [model] = models(database, cast)
    assert (model.energy, model.body, model.seats, model.brand["en"]) == ("nev", "suv", 7, "Beihe")


@pytest.mark.parametrize(
    ("words", "energy"),
    [
        ("RAV4荣放 双擎 2.5L CVT", "hev"), ("秦PLUS DM-i 55KM", "phev"), ("比亚迪汉 EV 超长续航版", "nev"),
        ("帕萨特 GTE", "phev"), ("理想ONE 增程 6座", "phev"), ("宋Pro EV500", "nev"), ("缤越 260T DCT", "ice"),
    ],
)  # fmt: skip
def test_the_kind_of_drive_is_heard_out_of_the_words(words: str, energy: str) -> None:
    assert energy_of(words) == energy
