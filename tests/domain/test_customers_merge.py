"""Two files of one customer become one; nothing is lost."""

import pytest

from server.database import EVERY_STORE, reach
from server.domain import customers
from server.domain.customers import cars, file, households, relations
from server.domain.customers.merge import pointing_at_customers
from server.domain.records import consents
from server.domain.records.events import first_break
from server.domain.refusals import Invalid, NotAllowed, NotThere, WrongMove

VIN = "LSJA24U62JG269225"
RESIDENT_ID = "11010519491231002X"


@pytest.fixture
def keep(session, cast):
    return customers.register(session, by=cast.lin, name="王建国", phone="13800138000", note="喝茶")


@pytest.fixture
def gone(session, cast):
    return customers.register(
        session,
        by=cast.lin,
        name="王先生",
        phone="13911112222",
        address="芜湖",
        note="喝咖啡",
        personal_number=RESIDENT_ID,
    )


def test_everything_of_both_is_in_the_kept_file(session, cast, keep, gone):
    car = cars.register(session, by=cast.lin, vin=VIN)
    relations.add(session, car, gone, "owner", by=cast.lin)
    consents.answer(session, gone.id, "contact", True, by=cast.lin)
    wife = customers.register(session, by=cast.lin, name="李芳")
    households.join(session, gone, wife, by=cast.lin)
    customers.merge(session, keep, gone, by=cast.gao)
    whole = file.of_customer(session, keep)
    assert [one.car.id for one in whole.cars] == [car.id]
    assert whole.consents["contact"].given
    assert [one.id for one in whole.household] == [wife.id]
    assert (keep.phone, keep.address, keep.note) == ("+8613800138000", "芜湖", "喝茶\n喝咖啡")
    assert customers.unmask(session, keep, by=cast.gao, why="核对") == RESIDENT_ID
    verbs = [moment.verb for moment in whole.timeline.moments]
    assert verbs.count("customer.registered") == 2
    assert verbs[0] == "customer.merged"
    assert first_break(session, cast.lin.store_id) is None


def test_the_merged_file_leads_to_the_kept_one(session, cast, keep, gone):
    customers.merge(session, keep, gone, by=cast.he)
    assert customers.visible_to(session, cast.lin).one(gone.id).id == keep.id
    for typed in ("王先生", "wxs", "2222", "wjg"):
        assert [found.id for found in customers.find(session, cast.lin, typed)] == [keep.id]
    assert gone.id not in [one.id for one in customers.visible_to(session, cast.lin).recent()]


def test_former_names_survive_a_correction_and_a_second_merge(session, cast, keep, gone):
    customers.merge(session, keep, gone, by=cast.gao)
    customers.change(session, keep, by=cast.lin, version=keep.version, name="王建军")
    third = customers.register(session, by=cast.lin, name="王老板", phone="13700137000")
    customers.merge(session, third, keep, by=cast.gao)
    for typed in ("王先生", "2222", "王建军", "wlb"):
        assert [found.id for found in customers.find(session, cast.lin, typed)] == [third.id]
    assert customers.visible_to(session, cast.lin).one(gone.id).id == third.id
    assert len(file.of_customer(session, third).timeline.moments) == 6


def test_one_standing_relation_of_each_kind_is_left(session, cast, keep, gone):
    car = cars.register(session, by=cast.lin, vin=VIN)
    for one in (keep, gone):
        relations.add(session, car, one, "driver", by=cast.lin)
    customers.merge(session, keep, gone, by=cast.gao)
    rows = file.of_customer(session, keep).cars
    assert sorted(one.relation.stands for one in rows) == [False, True]


def test_only_the_same_customer_of_the_same_store_is_merged(session, cast, keep, gone):
    reach(session, EVERY_STORE)  # so that the verb itself keeps the stores apart
    stranger = customers.register(session, by=cast.tang, name="王先生")
    other = customers.register(session, by=cast.lin, name="李四", personal_number="440524188001010014")
    with pytest.raises(NotAllowed):
        customers.merge(session, keep, gone, by=cast.lin)
    with pytest.raises(NotThere):
        customers.merge(session, keep, stranger, by=cast.gao)
    with pytest.raises(Invalid):
        customers.merge(session, keep, keep, by=cast.gao)
    with pytest.raises(Invalid):
        customers.merge(session, gone, other, by=cast.gao)
    customers.merge(session, keep, gone, by=cast.gao)
    with pytest.raises(WrongMove):
        customers.merge(session, keep, gone, by=cast.gao)
    with pytest.raises(NotThere):
        customers.change(session, gone, by=cast.lin, version=gone.version, name="x")


def test_every_column_with_a_customer_is_moved():
    columns = {f"{table.name}.{column.name}" for table, column in pointing_at_customers()}
    assert {"consents.customer_id", "relations.customer_id", "customers.merged_into"} <= columns
    assert "events.customer_id" not in columns
