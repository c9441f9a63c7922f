"""The pages of customers and cars, without JavaScript and with htmx."""

import re
import zlib
from itertools import count
from urllib.parse import parse_qs, urlparse

import pytest
from sqlalchemy import func, select

from server.domain.customers import Car, Customer
from server.domain.records import Event
from server.domain.records.receipts import Receipt
from tests.routes.world import World

RESIDENT_ID = "11010519491231002X"
_ends = count(10_000)


def a_phone():
    return f"139{next(_ends):08}"


@pytest.fixture
def lin(world: World):
    return world.visitor("lin")


@pytest.fixture
def gao(world: World):
    return world.visitor("gao")


def recorded(visitor, name="赵子龙", **fields):
    """The address of a new customer's file."""
    answer = visitor.post("/customers", **{"name": name, "phone": a_phone(), "kind": "person"} | fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def a_car_of(visitor, file, plate):
    """The address of the file of a new car."""
    assert visitor.post(f"{file}/cars", kind="owner", plate=plate).status_code == 303
    return re.search(r"/cars/[0-9a-f-]{36}", visitor.get(file).text)[0]


def test_a_customer_is_recorded_and_found(lin):
    file = recorded(lin, "諸葛孔明", phone="13911110001", note="喝茶")
    assert "諸葛孔明" in lin.get(file).text
    for typed in ("诸葛", "zhuge", "zgkm", "0001", "13911110001"):
        page = lin.get("/customers", q=typed)
        part = lin.get("/customers", htmx=True, q=typed)
        assert file in page.text
        assert file in part.text
        assert page.text.startswith("<!doctype html>")
        assert part.text.startswith('<section class="card" id="found"')


def test_the_newest_are_listed_while_nothing_is_looked_for(lin):
    assert recorded(lin) in lin.get("/customers").text


def test_a_search_in_vain_offers_to_record(lin):
    offered = re.search(r'href="(/customers/new\?[^"]+)"', lin.get("/customers", q="没有这人").text)[1]
    assert parse_qs(urlparse(offered).query) == {"name": ["没有这人"]}
    assert 'value="没有这人"' in lin.get(offered).text


def test_mistakes_stand_at_their_fields_and_nothing_typed_is_lost(world, lin):
    before = world.counts()
    answer = lin.post("/customers", name="<script>alert(1)</script>", phone="12", note="喝茶", personal_number="1")
    assert answer.status_code == 422
    assert 'id="phone-error"' in answer.text
    assert 'id="personal_number-error"' in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert "<script>alert" not in answer.text
    assert "喝茶" in answer.text
    assert world.counts() == before


def test_the_same_telephone_is_refused_and_led_to_the_file(lin):
    phone = a_phone()
    file = recorded(lin, "马超群", phone=phone)
    answer = lin.post("/customers", name="马超群", phone=phone, kind="person", even_so="1")
    assert answer.status_code == 409
    assert file in answer.text
    assert "even_so" not in answer.text


def test_a_likely_same_one_is_asked_about_and_recorded_even_so(lin):
    phone = a_phone()
    file = recorded(lin, "马超群", phone=phone)
    typed = {"name": "馬超群", "phone": f"137{phone[3:]}", "kind": "person"}
    answer = lin.post("/customers", **typed)
    assert answer.status_code == 409
    assert file in answer.text
    assert 'name="even_so"' in answer.text
    assert lin.post("/customers", **typed, even_so="1").status_code == 303


def test_likely_ones_are_told_while_the_form_is_filled_in(lin):
    phone = a_phone()
    file = recorded(lin, "黄忠汉", phone=phone)
    part = lin.get("/customers/likely", htmx=True, name="黄忠汉", phone=phone)
    assert file in part.text
    assert part.text.startswith('<div id="likely"')
    assert file not in lin.get("/customers/likely", htmx=True, name="不认识", phone="x").text


def test_a_correction_is_kept_and_a_stale_one_shows_both_versions(lin, gao):
    phone = a_phone()
    file = recorded(lin, phone=phone)
    typed = {"name": "赵子龙", "phone": phone, "kind": "person", "version": "1"}
    assert gao.post(f"{file}/edit", **typed, address="芜湖").status_code == 303
    stale = lin.post(f"{file}/edit", **typed, address="合肥")
    assert stale.status_code == 409
    assert "芜湖" in stale.text
    assert "合肥" in stale.text
    version = re.search(r'name="version" value="(\d+)"', stale.text)[1]
    assert lin.post(f"{file}/edit", **typed | {"version": version}, address="合肥").status_code == 303
    assert "合肥" in lin.get(file).text


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_correction_of_no_version_is_refused(lin, version):
    assert lin.post(f"{recorded(lin)}/edit", name="赵", kind="person", version=version).status_code in (409, 422)


def test_consent_is_given_and_taken_back_as_easily(lin):
    file = recorded(lin)
    for given in ("yes", "no"):
        answer = lin.post(f"{file}/consents", purpose="marketing", given=given, how="spoken")
        assert answer.status_code == 303
    assert lin.post(f"{file}/consents", purpose="everything", given="yes", how="spoken").status_code == 422


def test_a_car_gets_a_file_of_its_own_and_changes_hands(world, lin):
    seller, buyer = recorded(lin, "卖家"), recorded(lin, "买家")
    car = a_car_of(lin, seller, "皖B71001")
    assert lin.post(f"{buyer}/cars", kind="owner", plate="皖B·71001").status_code == 303
    page = lin.get(car).text
    assert page.index(buyer) < page.index(seller)
    ending = re.search(r"/relations/[0-9a-f-]{36}/ending", page)[0]
    assert lin.post(ending).status_code == 303
    assert ending not in lin.get(car).text
    assert world.one(Car, Car.plate == "皖B71001") is not None


def test_a_wrong_check_digit_warns_and_does_not_block(lin):
    file = recorded(lin)
    assert lin.post(f"{file}/cars", kind="owner", vin="LVVDB11B0RD000001").status_code == 303
    car = re.search(r"/cars/[0-9a-f-]{36}", lin.get(file).text)[0]
    assert 'class="notice warn"' in lin.get(car).text


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"vin": "x"},
        {"plate": "x"},
        *({"plate": "皖B71002", field: "x"} for field in ("odometer_km", "kind", "model")),
    ],
)
def test_a_car_that_cannot_be_kept_is_told_at_its_field(lin, typed):
    answer = lin.post(f"{recorded(lin)}/cars", **{"kind": "owner"} | typed)
    assert answer.status_code == 422
    assert 'class="error"' in answer.text


def test_a_car_is_corrected_in_its_newest_version_only(lin):
    car = a_car_of(lin, recorded(lin), "皖B71003")
    typed = {"plate": "皖B71004", "odometer_km": "12", "version": "1"}
    assert lin.post(f"{car}/edit", **typed).status_code == 303
    assert lin.post(f"{car}/edit", **typed | {"plate": "皖B71005"}).status_code == 409
    assert lin.post(f"{car}/edit", **typed | {"plate": "x"}).status_code == 422
    assert "皖B·71004" in lin.get(car).text


def test_a_personal_number_is_masked_read_with_a_reason_and_kept_nowhere_unsealed(world, lin):
    file = recorded(lin, personal_number=RESIDENT_ID)
    assert RESIDENT_ID not in lin.get(file).text
    assert RESIDENT_ID not in lin.get(f"{file}/edit").text
    assert lin.post(f"{file}/personal-number-reading", why="").status_code == 422
    assert RESIDENT_ID in lin.post(f"{file}/personal-number-reading", why="办理保险").text
    assert "办理保险" in lin.get(file).text
    lin.post("/customers", name="", personal_number=RESIDENT_ID)
    with world.database.work() as session:
        kept = [zlib.decompress(answer) for answer in session.scalars(select(Receipt.answer)) if answer]
        events = [str(data) for data in session.scalars(select(Event.data))]
    assert not any(RESIDENT_ID.encode() in answer for answer in kept)
    assert not any(RESIDENT_ID in data for data in events)


def test_a_manager_merges_two_files_and_the_old_address_leads_on(lin, gao):
    keep, gone = recorded(lin, "周公瑾"), recorded(lin, "周瑜公", note="弹琴")
    car = a_car_of(lin, gone, "皖B71006")
    assert gone in gao.get(f"{keep}/merger", q="周瑜").text
    other = gone.rsplit("/", 1)[1]
    assert lin.post(f"{keep}/merger", other=other).status_code == 403
    assert gao.post(f"{keep}/merger", other=other).status_code == 303
    page = lin.get(keep).text
    assert car in page
    assert "弹琴" in page
    assert lin.get(gone).headers["location"] == keep
    assert gao.post(f"{keep}/merger", other="nobody").status_code == 422
    assert gao.post(f"{keep}/merger", other=keep.rsplit("/", 1)[1]).status_code == 422


def test_a_household_is_joined_and_left(lin):
    husband, wife = recorded(lin, "刘玄德"), recorded(lin, "孙尚香")
    assert wife in lin.get(f"{husband}/household", q="孙尚香").text
    assert lin.post(f"{husband}/household", other=wife.rsplit("/", 1)[1]).status_code == 303
    assert husband in lin.get(wife).text
    assert lin.post(f"{wife}/household", leave="1").status_code == 303
    assert husband not in lin.get(wife).text


def test_the_same_form_sent_twice_records_once(world, lin):
    typed = {"name": "关云长", "phone": a_phone(), "kind": "person", "_key": "0190f3c2-0000-7000-8000-00000000c001"}
    first, second = (lin.post("/customers", **typed) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    with world.database.work(world.cast.store) as session:
        assert session.scalar(select(func.count()).where(Customer.name == "关云长")) == 1


@pytest.mark.parametrize("rest", ["", "/edit", "/cars/new", "/household"])
def test_another_store_and_another_trade_do_not_see_the_file(world, lin, rest):
    file = recorded(lin)
    assert lin.get(file + rest).status_code == 200
    assert world.visitor("tang").get(file + rest).status_code == 404
    assert world.visitor("zhou").get(file + rest).status_code == 403
    assert world.visitor(None).get(file + rest).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("typed", ["\x00", "%", "<script>", "' OR 1=1 --", "🚗", "a" * 5000, "~", "\ud7ff"])
def test_whatever_is_looked_for_is_answered(lin, typed):
    assert lin.get("/customers", q=typed).status_code == (404 if "\0" in typed else 200)


def test_the_timeline_turns_its_pages(lin):
    file = recorded(lin)
    for turn in range(32):
        lin.post(f"{file}/consents", purpose="contact", given=("yes", "no")[turn % 2], how="spoken")
    older = re.search(rf'href="({file}\?before=\d+)#timeline"', lin.get(file).text)[1]
    assert lin.get(older).text.count("<time ") >= 3
    assert lin.get(f"{file}?before=x").status_code == 400
