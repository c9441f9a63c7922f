"""Cars, their numbers, and who is what to them."""

from types import SimpleNamespace

import pytest

from server.database import EVERY_STORE, reach, uuid7
from server.domain import customers
from server.domain.customers import cars, file, plates, relations, vins
from server.domain.refusals import Invalid, NotThere, Stale

VIN = "LSJA24U62JG269225"


@pytest.mark.parametrize("vin", [VIN, "LDC613P23A1305189", "HE9XR1C48PS083871", "1M8GDM9AXKP042788"])
def test_a_right_check_digit_says_nothing(vin):
    assert vins.vin_warning(vins.read(vin)) is None


def test_a_wrong_check_digit_only_warns():
    warning = vins.vin_warning(vins.read("LVVDB11B0RD000001"))
    assert warning.gaps == {"found": "0", "expected": "4"}


@pytest.mark.parametrize(
    "typed", ["LSJA24U62JG26922", VIN + "5", "LSJA24U62JG26922O", "LSJA24U62JG26922I", "LSJA24U62JG26922车"]
)
def test_a_vin_of_another_shape_is_refused(typed):
    with pytest.raises(Invalid) as refused:
        vins.read(typed)
    assert "vin" in refused.value.errors


def test_a_vin_is_read_as_people_type_it():
    assert vins.read(" lsja24u6 2jg-269225 ") == vins.read("ＬＳＪＡ24U62JG269225") == VIN
    assert vins.read("  ") is None


@pytest.mark.parametrize(
    ("typed", "plate"),
    [("皖B12345", "皖B12345"), ("沪AD12345", "沪AD12345"), ("粤B12345D", "粤B12345D"), ("皖b·12345", "皖B12345"),
     ("京A1234警", "京A1234警"), ("未上牌", None), ("", None)],
)  # fmt: skip
def test_a_plate_is_read(typed, plate):
    assert plates.read(typed) == plate


@pytest.mark.parametrize("typed", ["皖B1234I", "B12345", "皖B1234567890", "<b>", "皖I12345"])
def test_a_plate_of_another_shape_is_refused(typed):
    with pytest.raises(Invalid):
        plates.read(typed)


@pytest.fixture
def model():
    return SimpleNamespace(id=uuid7(), name={"zh": "瑞虎8", "en": "Tiggo 8"}, energy="ice")


@pytest.fixture
def car(session, cast, model):
    return cars.register(session, by=cast.lin, vin=VIN, model=model, colour={"zh": "白", "en": "White"})


@pytest.fixture
def wang(session, cast):
    return customers.register(session, by=cast.lin, name="王建国", phone="13800138000")


def test_a_car_knows_its_model(car, model):
    assert (car.model_id, car.model["zh"], car.energy, car.label) == (model.id, "瑞虎8", "ice", "…JG269225")


@pytest.mark.parametrize(
    ("details", "field"),
    [({}, "vin"), ({"vin": VIN}, "vin"), ({"plate": "x"}, "plate"),
     ({"plate": "皖B12345", "odometer_km": -1}, "odometer_km"),
     ({"plate": "皖B12345", "engine_no": "1" * 41}, "engine_no")],
)  # fmt: skip
def test_a_car_that_cannot_be_kept_is_told_at_its_field(session, cast, car, details, field):
    with pytest.raises(Invalid) as refused:
        cars.register(session, by=cast.lin, **details)
    assert field in refused.value.errors


def test_a_known_car_is_not_recorded_twice(session, cast, car):
    assert cars.on_file(session, by=cast.chen, vin=VIN.lower(), plate="皖B12345").id == car.id
    assert cars.on_file(session, by=cast.chen, plate="皖B12345").id != car.id


def test_a_car_gets_its_plate_and_is_found_by_it(session, cast, car):
    cars.change(session, car, by=cast.lin, version=1, plate="皖B12345", odometer_km=12)
    assert (car.version, car.label) == (2, "皖B·12345")
    assert [found.id for found in customers.find(session, cast.lin, "皖B12345")] == [car.id]
    with pytest.raises(Stale) as refused:
        cars.change(session, car, by=cast.chen, version=1, odometer_km=15)
    assert (refused.value.mine, refused.value.theirs) == ({"odometer_km": "15"}, {"odometer_km": "12"})


def test_another_store_does_not_see_the_car(session, cast, car):
    reach(session, EVERY_STORE)
    for stranger in (cast.tang, cast.zhou):
        with pytest.raises(NotThere):
            cars.visible_to(session, stranger).one(car.id)


def test_owner_driver_and_sender_are_three_things(session, cast, car, wang):
    driver = customers.register(session, by=cast.lin, name="王小明")
    relations.add(session, car, wang, "owner", by=cast.lin)
    relations.add(session, car, driver, "driver", by=cast.lin)
    relations.add(session, car, driver, "sender", by=cast.lin)
    assert {(one.customer.name, one.relation.kind) for one in file.of_car(session, car).people} == {
        ("王建国", "owner"), ("王小明", "driver"), ("王小明", "sender"),
    }  # fmt: skip
    assert relations.owner_of(session, car).id == wang.id


def test_a_car_changes_its_owner_and_keeps_its_past(session, cast, car, wang):
    first = relations.add(session, car, wang, "owner", by=cast.lin)
    assert relations.add(session, car, wang, "owner", by=cast.lin).id == first.id
    buyer = customers.register(session, by=cast.lin, name="李四")
    relations.add(session, car, buyer, "owner", by=cast.lin)
    assert relations.owner_of(session, car).id == buyer.id
    assert [(one.customer.name, one.relation.stands) for one in file.of_car(session, car).people] == [
        ("李四", True), ("王建国", False),
    ]  # fmt: skip
    assert [moment.verb for moment in file.of_car(session, car).timeline.moments] == [
        "relation.added", "relation.ended", "relation.added", "car.registered",
    ]  # fmt: skip


def test_a_relation_of_no_known_kind_or_of_another_store_is_refused(session, cast, car, wang):
    with pytest.raises(Invalid):
        relations.add(session, car, wang, "friend", by=cast.lin)
    reach(session, EVERY_STORE)  # so that the verb itself keeps the stores apart
    stranger = customers.register(session, by=cast.tang, name="王建国")
    with pytest.raises(NotThere):
        relations.add(session, car, stranger, "owner", by=cast.lin)
