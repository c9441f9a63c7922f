"""One customer, one file."""

import re
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import text

from server.database import EVERY_STORE, now, reach, uuid7
from server.domain import customers
from server.domain.customers import AlreadyHere, cars, file, households, phones, relations
from server.domain.customers.timeline import PAGE, SOMETHING, WORDS
from server.domain.records import consents, record
from server.domain.records.events import Clock, first_break
from server.domain.refusals import Invalid, NotAllowed, NotThere, Stale
from server.settings import ROOT

RESIDENT_ID = "11010519491231002X"
CREDIT_CODE = "91350100M000100Y43"


@pytest.fixture
def wang(session, cast):
    return customers.register(session, by=cast.lin, name=" 王建国 ", phone="138 0013 8000", personal_number=RESIDENT_ID)


def verbs(session, customer):
    return [moment.verb for moment in file.of_customer(session, customer).timeline.moments]


def test_a_recorded_customer_is_kept_tidy(session, cast, wang):
    assert (wang.name, wang.phone, wang.phone_last4) == ("王建国", "+8613800138000", "8000")
    assert wang.masked_phone == "138****8000"
    assert verbs(session, wang) == ["customer.registered"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("0553-5800066", "0553****0066"), ("010 6552 9988", "010****9988"), ("0755 2345 6789", "0755****6789"),
     ("138 0013 8000", "138****8000"), ("400 810 8888", "400****8888"), ("+49 30 901820", "493****1820")],
)  # fmt: skip
def test_a_masked_telephone_begins_as_it_is_dialled(typed: str, shown: str):
    assert phones.masked(phones.read(typed)) == shown


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", ""), ("name", "\x00 \u202e"), ("name", "王" * 81), ("phone", "123"), ("phone", "<script>"),
     ("phone", "1" * 5000), ("kind", "cat"), ("address", "a" * 201), ("note", "a" * 2001),
     ("personal_number", "110105194912310021"), ("personal_number", "王")],
)  # fmt: skip
def test_what_cannot_be_kept_is_told_at_its_field(session, cast, field, typed):
    with pytest.raises(Invalid) as refused:
        customers.register(session, by=cast.lin, **{"name": "王建国", field: typed})
    assert list(refused.value.errors) == [field]


def test_every_mistake_is_told_at_once(session, cast):
    with pytest.raises(Invalid) as refused:
        customers.register(session, by=cast.lin, name="", phone="1", personal_number="2")
    assert set(refused.value.errors) == {"name", "phone", "personal_number"}


@pytest.mark.parametrize(
    "name",
    [
        "王" * 80,
        "<script>alert(1)</script>",
        "'; DROP TABLE customers; --",
        "😀😀",
        "O'Neil",
        "عمر",
        "{{ 7*7 }}",
        "...",
    ],
)
def test_any_script_and_hostile_text_is_just_a_name(session, cast, name):
    one = customers.register(session, by=cast.lin, name=name, note=name)
    assert one.name == name


def test_a_company_has_a_credit_code(session, cast):
    one = customers.register(session, by=cast.lin, name="长江物流", kind="company", personal_number=CREDIT_CODE)
    assert one.masked_number == "913***********0Y43"


def test_a_personal_number_is_sealed_masked_and_read_aloud_only_with_a_reason(session, cast, wang):
    kept = session.execute(text("SELECT number_sealed, number_index FROM customers")).one()
    assert RESIDENT_ID not in "".join(kept)
    assert wang.masked_number == "110***********002X"
    with pytest.raises(Invalid):
        customers.unmask(session, wang, by=cast.lin, why=" ")
    with pytest.raises(NotAllowed):
        customers.unmask(session, wang, by=cast.zhou, why="保险")
    assert customers.unmask(session, wang, by=cast.lin, why="保险") == RESIDENT_ID
    (read, *_) = file.of_customer(session, wang).timeline.moments
    assert (read.verb, read.actor, read.detail["why"]) == ("customer.unmasked", cast.lin.display, "保险")


def test_the_record_of_events_holds_no_personal_data(session, cast, wang):
    customers.change(session, wang, by=cast.lin, version=1, name="王国建", phone="13900139000", note="喜欢喝茶")
    said = " ".join(str(moment.detail) for moment in file.of_customer(session, wang).timeline.moments)
    assert not any(private in said for private in ("王", "138", "139", "茶", RESIDENT_ID))


def test_couples_share_a_telephone(session, cast, wang):
    with pytest.raises(AlreadyHere) as refused:
        customers.register(session, by=cast.chen, name="李小红", phone="13800138000")
    assert not refused.value.sure
    wife = customers.register(session, by=cast.chen, name="李小红", phone="13800138000", even_so=True)
    assert wife.id != wang.id


def test_the_same_name_with_the_same_telephone_is_the_same_customer(session, cast, wang):
    for even_so in (False, True):
        with pytest.raises(AlreadyHere) as refused:
            customers.register(session, by=cast.chen, name=wang.name, phone="13800138000", even_so=even_so)
        assert refused.value.sure
        assert [one.customer.id for one in refused.value.likely] == [wang.id]


def test_the_same_personal_number_is_the_same_customer(session, cast, wang):
    with pytest.raises(AlreadyHere):
        customers.register(session, by=cast.chen, name="王先生", personal_number=RESIDENT_ID, even_so=True)


@pytest.mark.parametrize(("name", "phone"), [("王建國", "13911118000"), ("王健国", "13911118000"), ("王建国", "")])
def test_a_likely_same_customer_is_asked_about(session, cast, wang, name, phone):
    with pytest.raises(AlreadyHere) as refused:
        customers.register(session, by=cast.lin, name=name, phone=phone)
    assert not refused.value.sure
    assert customers.register(session, by=cast.lin, name=name, phone=phone, even_so=True).id != wang.id


def test_a_namesake_with_another_telephone_is_shown_but_not_refused(session, cast, wang):
    (hint,) = customers.likely(session, cast.lin.store_id, name="王建国", phone="+8613911112222")
    assert (hint.customer.id, hint.likely) == (wang.id, False)
    customers.register(session, by=cast.lin, name="王建国", phone="13911112222")


def test_who_comes_with_a_known_car_is_shown(session, cast, wang):
    car = cars.register(session, by=cast.lin, vin="LSJA24U62JG269225", plate="皖B12345")
    relations.add(session, car, wang, "owner", by=cast.lin)
    for number in ({"vin": car.vin}, {"plate": car.plate}):
        (one,) = customers.likely(session, cast.lin.store_id, name="李四", **number)
        assert one.customer.id == wang.id


def test_another_store_knows_nothing_of_the_customer(session, cast, wang):
    reach(session, EVERY_STORE)  # so that the verbs themselves keep the stores apart
    customers.register(session, by=cast.tang, name="王建国", phone="13800138000")
    with pytest.raises(NotThere):
        customers.visible_to(session, cast.tang).one(wang.id)
    with pytest.raises(NotThere):
        customers.visible_to(session, cast.lin).one(uuid7())
    with pytest.raises(NotThere):
        customers.visible_to(session, cast.zhou).one(wang.id)


def test_a_correction_names_its_fields_and_counts_the_version(session, cast, wang):
    customers.change(session, wang, by=cast.chen, version=1, name="王建国", phone="13800138000", address="芜湖")
    assert wang.version == 2
    (changed, *_) = file.of_customer(session, wang).timeline.moments
    assert (changed.verb, changed.detail["fields"]) == ("customer.changed", ["address"])
    customers.change(session, wang, by=cast.chen, version=2, address="芜湖")
    assert wang.version == 2


def test_a_stale_correction_is_refused_with_both_versions(session, cast, wang):
    customers.change(session, wang, by=cast.chen, version=1, name="王建国", address="芜湖")
    with pytest.raises(Stale) as refused:
        customers.change(session, wang, by=cast.lin, version=1, name="王建国", address="上海")
    assert (refused.value.mine, refused.value.theirs) == ({"address": "上海"}, {"address": "芜湖"})
    assert wang.address == "芜湖"


def test_a_correction_that_would_make_two_of_one_is_refused(session, cast, wang):
    other = customers.register(session, by=cast.lin, name="李四", phone="13911112222")
    with pytest.raises(AlreadyHere):
        customers.change(session, other, by=cast.lin, version=1, name=wang.name, phone="13800138000")
    assert other.phone == "+8613911112222"


def test_the_file_is_one_look(session, cast, wang):
    wife = customers.register(session, by=cast.lin, name="李芳", phone="13911112222")
    car = cars.register(session, by=cast.lin, vin="LSJA24U62JG269225")
    relations.add(session, car, wang, "owner", by=cast.lin)
    households.join(session, wang, wife, by=cast.lin)
    consents.answer(session, wang.id, "contact", True, by=cast.lin)
    whole = file.of_customer(session, wang)
    assert [one.car.id for one in whole.cars] == [car.id]
    assert [one.id for one in whole.household] == [wife.id]
    assert whole.consents["contact"].given
    assert [moment.verb for moment in whole.timeline.moments] == [
        "consent.given", "household.joined", "relation.added", "customer.registered",
    ]  # fmt: skip
    assert first_break(session, cast.lin.store_id) is None


def test_the_timeline_turns_its_pages(session, cast, wang):
    for _ in range(PAGE + 5):
        record(session, "something.new", wang, by=cast.lin, customer_id=wang.id)
    first = file.of_customer(session, wang).timeline
    second = file.of_customer(session, wang, first.older).timeline
    assert (len(first.moments), len(second.moments), second.older) == (PAGE, 6, None)
    assert first.moments[0].words == SOMETHING
    assert second.moments[-1].words == WORDS["customer.registered"]


def test_the_timeline_names_people_in_both_languages_and_is_in_the_order_of_the_deeds(session, cast, wang):
    record(session, "contact.done", wang, by=Clock(cast.store), customer_id=wang.id)
    earlier = msgspec.structs.replace(cast.lin, acted_at=now() - timedelta(hours=1))
    record(session, "something.new", wang, by=earlier, customer_id=wang.id)
    moments = file.of_customer(session, wang).timeline.moments
    assert [moment.verb for moment in moments] == ["contact.done", "customer.registered", "something.new"]
    assert [moment.title for moment in moments] == [None, cast.lin.title, cast.lin.title]
    assert moments[0].nobody == "Huanche"


def test_households_grow_together_and_are_left_alone(session, cast):
    people = [customers.register(session, by=cast.lin, name=name) for name in ("赵一", "钱二", "孙三", "李四")]
    households.join(session, people[0], people[1], by=cast.lin)
    households.join(session, people[2], people[3], by=cast.lin)
    households.join(session, people[1], people[2], by=cast.lin)
    assert len(households.members(session, people[3])) == 3
    households.leave(session, people[0], by=cast.lin)
    assert households.members(session, people[0]) == []
    assert len(households.members(session, people[3])) == 2


def test_recent_files_come_newest_first(session, cast):
    for hour, name in enumerate(("赵一", "钱二")):
        one = customers.register(session, by=cast.lin, name=name)
        one.created_at += timedelta(hours=hour)
    assert [one.name for one in customers.visible_to(session, cast.lin).recent()] == ["钱二", "赵一"]
    assert customers.visible_to(session, cast.zhou).recent() == []


def test_whatever_is_recorded_of_a_customer_says_what_it_was() -> None:
    """Every verb that the showroom and the deals write has its words: a line that says nothing helps nobody."""
    written = re.compile(
        r'(?<!notices\.)(?:record|tell|move|_record|_move|tell_of_prospect)\(\s*session,[^"]{0,80}?"([a-z_]+\.[a-z_]+)"'
    )
    rooms = (ROOT / "server" / "domain" / room for room in ("showroom", "deals", "billing"))
    verbs = {verb for room in rooms for file in room.glob("*.py") for verb in written.findall(file.read_text())}
    assert len(verbs) > 40
    assert verbs - set(WORDS) == set()
