"""Repair orders at the counter: a car is received, its order written, signed and printed; who may see what."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event

from server.database import Database, now, uuid7
from server.domain.workshop import RepairOrder, State, intake, lines
from tests.cast import OTHER_VIN, VIN, Cast, a_car, a_customer
from tests.domain.deals.selling import pdf_text
from tests.domain.workshop.repairing import a_job, a_signed_order, a_written_order, an_order
from tests.routes.browsing import Browser, Forms
from tests.visitor import Visitor

Come = Callable[..., Visitor]
SOON = f"{now() + timedelta(days=1):%Y-%m-%dT17:00}"


@pytest.fixture
def written(database: Database, cast: Cast) -> UUID:
    """An order that wants the customer's signature."""
    with database.work(cast.store) as session:
        return a_written_order(session, cast, jobs=("M-B", "R-PADF1")).id


@pytest.fixture
def signed(database: Database, cast: Cast) -> UUID:
    """An order that was signed."""
    with database.work(cast.store) as session:
        return a_signed_order(session, cast).id


def test_a_known_car_is_received_with_one_tap(client: Come, database: Database, cast: Cast) -> None:
    """It is found by what one has of it, and its order is opened."""
    with database.work(cast.store) as session:
        owner = a_customer(session, cast.chen)
        car = a_car(session, cast.chen, owner)
    chen = client("chen")
    for typed in (VIN[-6:], "王建国", "1101"):
        assert f'name="car" value="{car.id}"' in chen.get("/repair-orders/new", q=typed).text
    desk = Browser(chen).go(f"/repair-orders/new?q={VIN[-6:]}")
    form = next(fields for action, fields in Forms(desk.text).found if fields.get("car"))
    answer = chen.post("/repair-orders", **form)
    assert re.fullmatch(r"/repair-orders/[0-9a-f-]{36}", answer.headers["location"])
    page = chen.get(answer.headers["location"]).text
    assert "王建国" in page
    assert re.search(r"WX-\d{8}-0001", page)
    assert chen.post("/repair-orders", **form).headers["location"] == answer.headers["location"]  # the same tap
    again = chen.post("/repair-orders", car=form["car"], customer=form["customer"])
    assert again.status_code == 409
    assert "已在店" in again.text


def test_somebody_new_brings_a_car_that_is_new(client: Come) -> None:
    """What is wrong is told at its field; then customer, car and order are there."""
    chen = client("chen")
    wrong = chen.post("/repair-orders", name="", phone="12", plate="皖B1", vin="")
    assert wrong.status_code == 422
    assert all(f'id="{field}-error"' in wrong.text for field in ("name", "phone", "plate"))
    born = str(uuid7())
    answer = chen.post(
        "/repair-orders", id=born, name="方敏", phone="13800003333", plate="皖B77K21", kind="maintenance"
    )
    assert answer.headers["location"] == f"/repair-orders/{born}"
    page = chen.get(answer.headers["location"]).text
    assert "方敏" in page
    assert "皖B" in page


def test_an_order_is_written_without_a_script(client: Come, database: Database, cast: Cast) -> None:
    """Facts, words, a job, another class of a part, the time: each is a form that leads back to the page."""
    with database.work(cast.store) as session:
        address = an_order(session, cast).address
        job = a_job(session, cast, "R-PADF1").id
    chen = Browser(client("chen")).go(address)
    chen.send(f"{address}/facts", km="23,456", energy_level="60", waits_here="yes", key_number="A12")
    chen.send(f"{address}/words", **{"what-0": "刹车有异响", "when-0": "早上"})
    chen.visitor.post(f"{address}/jobs", job=str(job))
    chen.go(address)
    line = re.search(rf'action="{address}/parts/([^"/]+)"', chen.text)
    assert line is not None
    equal = re.findall(r'name="part" value="([^"]+)"', chen.text)[1]
    chen.send(f"{address}/parts/{line[1]}", part=equal, quantity="1.5", payer="goodwill")
    assert "质量相当" in chen.text
    assert "¥492.00" in chen.text  # one and a half sets at 328.00
    chen.send(f"{address}/promise", promised_at=SOON)
    with database.work(cast.store) as session:
        order = session.get_one(RepairOrder, UUID(address.rpartition("/")[2]))
        assert (order.km, order.waits_here, order.key_number) == (23_456, True, "A12")
        assert order.words[0]["what"] == "刹车有异响"
        assert order.promised_at is not None
    assert chen.visitor.post(f"{address}/parts/{line[1]}/removal").status_code == 303
    assert f"/parts/{line[1]}" not in chen.visitor.get(address).text


def test_what_is_wrong_comes_back_at_its_field(client: Come, written: UUID) -> None:
    """With what was typed."""
    chen, address = client("chen"), f"/repair-orders/{written}"
    for path, fields, at in (
        ("facts", {"km": "abc"}, "km"),
        ("promise", {"promised_at": "soon"}, "promised_at"),
        ("sale", {}, "invoiced_on"),
        ("cancellation", {"why": ""}, "why"),
    ):
        answer = chen.post(f"{address}/{path}", **fields)
        assert answer.status_code == 422, path
        assert f'id="{at}-error"' in answer.text, path


def test_the_catalogue_is_searched_by_code_and_by_words(client: Come, written: UUID) -> None:
    chen, address = client("chen"), f"/repair-orders/{written}/catalogue"
    assert "更换蓄电池" in chen.get(address, q="R-BAT").text
    assert "更换蓄电池" in chen.get(address, q="蓄电").text
    assert "机油滤清器" in chen.get(address, q="滤清").text
    assert "目录里没有" in chen.get(address, q="%").text


def test_the_customer_signs_and_the_paper_is_there(client: Come, written: UUID) -> None:
    chen = Browser(client("chen")).go(address := f"/repair-orders/{written}")
    chen.send(f"{address}/signature", typed_name="王建国")
    number = re.findall(r"/papers/(WX-[\d-]+)\.pdf", chen.text)[0]
    printed = pdf_text(chen.visitor.get(f"/papers/{number}.pdf").content)
    for words in ("维修委托书", "王建国", "刹车有异响", "更换前制动片", "458.00", "质量保证期"):
        assert words in printed, words
    assert client("zhou").get(f"/papers/{number}.pdf").status_code == 404


def test_nobody_signs_what_was_changed_meanwhile(client: Come, database: Database, cast: Cast, written: UUID) -> None:
    chen = client("chen")
    form = dict(Forms(chen.get(address := f"/repair-orders/{written}").text).found)[f"{address}/signature"]
    with database.work(cast.store) as session:
        order = session.get_one(RepairOrder, written)
        lines.add_job(session, order, a_job(session, cast, "R-BAT"), by=cast.xu)
    answer = chen.post(f"{address}/signature", **form | {"typed_name": "王建国"})
    assert answer.status_code == 422
    assert "typed_name" in answer.text


def test_the_workshop_reads_the_dispatch_sheet_but_not_the_customer(client: Come, signed: UUID) -> None:
    """Whose car it is stays with those who see customers."""
    address = f"/repair-orders/{signed}"
    assert client("wu").post(f"{address}/dispatch-sheet").status_code == 303
    zhou = client("zhou")
    page = zhou.get(address).text
    assert "王建国" not in page
    number = re.findall(r"/papers/(WX-[\d-]+-PG)\.pdf", page)[0]
    printed = pdf_text(zhou.get(f"/papers/{number}.pdf").content)
    assert "派工单" in printed
    assert "王建国" not in printed
    assert "常规保养" in printed


def test_a_promise_is_changed_with_a_reason(client: Come, signed: UUID) -> None:
    chen = Browser(client("chen")).go(address := f"/repair-orders/{signed}")
    assert chen.visitor.post(f"{address}/promise", promised_at=SOON, why="").status_code == 422
    chen.send(f"{address}/promise", promised_at=SOON, why="等配件", agreed="1")
    assert "等配件" in chen.text


def test_a_car_is_in_or_out_of_its_guarantees_by_the_day_of_its_sale(client: Come, written: UUID) -> None:
    chen = Browser(client("chen")).go(address := f"/repair-orders/{written}")
    year = now().year
    chen.send(f"{address}/sale", invoiced_on=f"{year - 1}-11-01")
    assert f"{year + 2}-11-01" in chen.text
    assert ">在期内<" in chen.text
    assert "第 18 条" in chen.text
    chen.send(f"{address}/sale", invoiced_on=f"{year - 9}-11-01")
    assert ">在期内<" not in chen.text
    assert ">已过期<" in chen.text


def test_an_order_is_cancelled_and_the_list_knows(client: Come, signed: UUID) -> None:
    chen = Browser(client("chen")).go(address := f"/repair-orders/{signed}")
    chen.send(f"{address}/cancellation", why="客户临时有事")
    assert "客户临时有事" in chen.text
    assert address not in chen.visitor.get("/repair-orders").text
    assert address in chen.visitor.get("/repair-orders", state="cancelled").text


def test_the_list_is_of_this_store_and_its_pages_turn(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        mine, other = an_order(session, cast), an_order(session, cast, OTHER_VIN, by=cast.xu)
    chen = client("chen")
    assert [one.address in chen.get("/repair-orders").text for one in (mine, other)] == [True, False]
    assert other.address in chen.get("/repair-orders", show="all").text
    assert mine.address in chen.get("/repair-orders", q=mine.number[-4:]).text
    for name in ("tang", "lin"):
        assert client(name).get(mine.address).status_code in (403, 404)


def test_the_page_asks_as_little_about_many_lines_as_about_one(client: Come, database: Database, cast: Cast) -> None:
    def address(vin: str, *codes: str) -> str:
        with database.work(cast.store) as session:
            return a_written_order(session, cast, vin, jobs=codes).address

    def asked(place: str) -> int:
        questions: list[str] = []
        note = lambda *said: questions.append(said[2])  # noqa: E731
        event.listen(database.engine, "before_cursor_execute", note)
        try:
            assert chen.get(place).status_code == 200
        finally:
            event.remove(database.engine, "before_cursor_execute", note)
        return len(questions)

    chen = client("chen")
    few = address(OTHER_VIN, "M-A")
    many = address(VIN, "M-A", "M-B", "M-C", "R-PADF1", "R-SHK1", "R-BAT", "P-PANEL")
    chen.get(few)  # what is read once for all
    assert asked(few) == asked(many)


def test_a_part_of_the_customers_own_is_written_down(client: Come, written: UUID) -> None:
    chen = Browser(client("chen")).go(address := f"/repair-orders/{written}")
    chen.send(f"{address}/parts", own="自带机油 4L")
    assert "自带机油 4L" in chen.text
    assert chen.visitor.post(f"{address}/parts", own="").status_code == 422


def test_an_order_begun_on_a_device_has_its_page_there(client: Come) -> None:
    page = client("chen").get(f"/repair-orders/{UUID(int=0)}")
    assert page.status_code == 200
    assert f"/repair-orders/{UUID(int=0)}/facts" in page.text
    assert client("zhou").get(f"/repair-orders/{UUID(int=0)}").status_code == 403


def test_the_list_of_the_intake_is_walked(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        order = an_order(session, cast)
    chen = Browser(client("chen")).go(f"{order.address}/intake")
    run = re.search(r"/runs/([0-9a-f-]{36})/items/([0-9a-f-]{36})/answer", chen.text)
    assert run is not None
    assert client("zhou").post(run[0], answer="ok").status_code == 403
    assert chen.visitor.post(run[0], answer="ok").status_code == 303
    with database.work(cast.store) as session:
        order = session.get_one(RepairOrder, order.id)
        intake.cancel(session, order, by=cast.chen, why="改天")
        assert order.state == State.CANCELLED
    assert chen.visitor.post(run[0], answer="ok").status_code == 409
