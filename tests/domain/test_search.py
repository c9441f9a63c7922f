"""Finding customers and cars by whatever one has of them."""

import pytest
from sqlalchemy import event

from server.database import EVERY_STORE, reach
from server.domain import customers
from server.domain.customers import cars, relations
from server.domain.refusals import NotAllowed

VIN = "LSJA24U62JG269225"


def names(session, person, typed):
    return [found.name for found in customers.find(session, person, typed)]


@pytest.fixture
def wang(session, cast):
    return customers.register(session, by=cast.lin, name="王建国", phone="13800138000")


@pytest.mark.parametrize(
    "typed",
    ["王建国", "建国", "王", "王建國", "wang jianguo", "wangjianguo", "Wang Jian Guo", "jianguo", "Jianguo Wang", "wjg",
     "WJG", "8000", "138000", "13800138000", "+86 138 0013 8000", "138-0013-8000", "138"],
)  # fmt: skip
def test_a_customer_is_found_by(session, cast, wang, typed):
    assert names(session, cast.lin, typed) == ["王建国"]


@pytest.mark.parametrize("typed", ["", "   ", "李", "zhang", "9999", "…", "\x00", "%", "_", "' OR 1=1 --", "国王"])
def test_nothing_is_found_by(session, cast, wang, typed):
    assert names(session, cast.lin, typed) == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [("歐陽建國", "欧阳建国"), ("歐陽建國", "ouyang"), ("欧阳建国", "歐陽"), ("单雄信", "shanxiongxin"),
     ("单雄信", "danxiongxin"), ("曾丽", "zengli"), ("仇和", "qiuhe"), ("吕布", "lvbu"), ("吕布", "lubu"),
     ("吕布", "lyubu"), ("吕布", "lü bu"), ("尉迟恭", "yuchi"), ("José Álvarez", "jose alvarez"),
     ("John Smith", "smith john"), ("芜湖市长江物流有限公司", "长江物流"), ("<script>alert(1)</script>", "script"),
     ("김민수", "김민"), ("Иван", "иван")],
)  # fmt: skip
def test_spellings_meet(session, cast, name, typed):
    customers.register(session, by=cast.lin, name=name)
    assert names(session, cast.lin, typed) == [name]


@pytest.mark.parametrize(
    "typed", [VIN, VIN.lower(), "LSJA24", "269225", "9225", "皖B12345", "皖b·12345", "12345", "B12345"]
)
def test_a_car_is_found_by(session, cast, wang, typed):
    car = cars.register(session, by=cast.lin, vin=VIN, plate="皖B12345")
    relations.add(session, car, wang, "owner", by=cast.lin)
    (found,) = customers.find(session, cast.lin, typed)
    assert (found.of_car, found.id, found.links[0].name) == (True, car.id, "王建国")


def test_an_exact_name_comes_before_one_that_only_begins_so(session, cast):
    for name in ("王建国强", "王建国", "王建"):
        customers.register(session, by=cast.lin, name=name)
    assert names(session, cast.lin, "王建国")[0] == "王建国"
    assert names(session, cast.lin, "王建")[0] == "王建"


def test_a_customer_is_shown_with_their_cars(session, cast, wang):
    for plate in ("皖B12345", "皖B67890"):
        relations.add(session, cars.register(session, by=cast.lin, plate=plate), wang, "owner", by=cast.lin)
    (found,) = customers.find(session, cast.lin, "wjg")
    assert [link.name for link in found.links] == ["皖B·12345", "皖B·67890"]
    assert found.detail == "138****8000"


def test_another_store_finds_nothing(session, cast, wang):
    reach(session, EVERY_STORE)  # so that the search itself keeps the stores apart
    assert names(session, cast.tang, "wjg") == []


def test_who_may_not_see_customers_may_not_search(session, cast):
    with pytest.raises(NotAllowed):
        customers.find(session, cast.zhou, "wjg")


def test_a_corrected_name_is_found_and_the_old_one_is_not(session, cast, wang):
    customers.change(session, wang, by=cast.lin, version=1, name="王建军", phone="13900139000")
    assert names(session, cast.lin, "wjj") == ["王建军"]
    assert names(session, cast.lin, "wjg") == names(session, cast.lin, "8000") == []


def test_at_most_twenty_are_shown(session, cast):
    for end in range(30):
        customers.register(session, by=cast.lin, name="王芳", phone=f"138001380{end:02}")
    assert len(customers.find(session, cast.lin, "wangfang")) == 20


@pytest.mark.parametrize("rows", [1, 15])
def test_the_number_of_queries_does_not_grow(session, cast, rows):
    for end in range(rows):
        one = customers.register(session, by=cast.lin, name="王芳", phone=f"138001380{end:02}")
        relations.add(session, cars.register(session, by=cast.lin, plate=f"皖B000{end:02}"), one, "owner", by=cast.lin)
    session.flush()
    assert len(statements(session, lambda: customers.find(session, cast.lin, "wf"))) == 2
    assert len(statements(session, lambda: customers.find(session, cast.lin, "皖B000"))) == 2


def statements(session, look):
    """What the database is asked meanwhile."""
    seen = []

    def note(*said):
        seen.append(said[2])

    event.listen(session.get_bind(), "before_cursor_execute", note)
    look()
    event.remove(session.get_bind(), "before_cursor_execute", note)
    return seen
