"""The parts desk, the settlement, the return and the figures as pages, without a script."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from server.database import Database
from server.domain.catalogue.parts import Part
from server.domain.workshop import OrderPart, PartState, RepairOrder, State, cashing, intake, lines, settling
from tests.cast import OTHER_VIN, Cast
from tests.domain.deals.selling import pdf_text
from tests.domain.workshop.repairing import a_job, a_signed_order, an_order
from tests.domain.workshop.returned import a_car_that_left, a_ready_car, a_settled_car
from tests.routes.browsing import Browser
from tests.visitor import Visitor

Come = Callable[..., Visitor]


@pytest.fixture
def ready(database: Database, cast: Cast) -> UUID:
    """A car that is ready and not settled."""
    with database.work(cast.store) as session:
        return a_ready_car(session, cast).id


def order_of(session: Session, order_id: UUID) -> RepairOrder:
    return session.get_one(RepairOrder, order_id)


def test_a_car_is_settled_paid_signed_and_let_out(client: Come, database: Database, cast: Cast, ready: UUID) -> None:
    base = f"/repair-orders/{ready}/settlement"
    desk = Browser(client("chen")).go(f"/repair-orders/{ready}").go(base)
    desk.send(f"{base}/payments", amount="50.00", method="wechat")
    desk.send(f"{base}/shares/self", discount="5", discount_why="老客户")
    desk.send(base)
    with database.work(cast.store) as session:
        owed = cashing.owed(session, order_of(session, ready))
    assert f"{owed / 100:,.2f}" in desk.text
    desk.send(f"{base}/payments", method="cash")
    assert "客户还没付清" not in desk.text
    desk.send(f"{base}/next-service")
    for section in desk.go(f"/repair-orders/{ready}/return").sections():
        desk.go(section)
        for action in re.findall(r'action="(/runs/[^"]+/all-good)"', desk.text):
            desk.send(action)
        for action in re.findall(r'action="(/runs/[^"]+/items/[^"]+/answer)"', desk.text):
            desk.visitor.post(action, answer="ok", text="三天后上午")
    desk.go(base).send(f"{base}/signature", typed_name="王建国")
    desk.send(f"{base}/rating", rating="5")
    desk.send(f"/repair-orders/{ready}/exit")
    with database.work(cast.store) as session:
        order = order_of(session, ready)
        assert (order.state, order.rating) == (State.CLOSED, 5)
        number = settling.standing(session, order)[0].number
        total = settling.standing(session, order)[0].total
    paper = client("chen").get(f"/papers/{number}.pdf")
    told = pdf_text(paper.content)
    assert "维修结算清单" in told
    assert f"{total / 100:,.2f}" in told
    assert "2,000 km" in told
    assert client("zhou").get(f"/papers/{number}.pdf").status_code == 404
    assert "出门证" in pdf_text(client("zhou").get(f"/papers/{order.number}-CM.pdf").content)


def test_what_is_wrong_is_told_and_nothing_is_taken(client: Come, database: Database, cast: Cast, ready: UUID) -> None:
    base = f"/repair-orders/{ready}/settlement"
    chen = client("chen")
    for action, fields in (
        (f"{base}/payments", {"amount": "", "method": "cash"}),
        (f"{base}/payments", {"amount": "-5", "method": "cash"}),
        (f"{base}/payments", {"amount": "10", "method": "shells"}),
        (f"{base}/refunds", {"amount": "10", "method": "cash"}),
        (f"{base}/shares/self", {"discount": "10"}),
        (f"{base}/shares/self", {"discount": "100000", "discount_why": "老客户"}),
        (f"{base}/shares/self", {"other": "10"}),
        (f"{base}/next-service", {"next_service_on": "2020-01-01"}),
        (f"{base}/rating", {"rating": "9"}),
    ):
        answer = chen.post(action, **dict[str, Any](fields))
        assert answer.status_code == 422, (action, fields, answer.status_code)
    for action in (f"{base}/signature", f"/repair-orders/{ready}/exit"):
        assert chen.post(action, typed_name="王建国").status_code == 409
    for name in ("zhou", "qin", "pei"):
        assert client(name).get(base).status_code == 403
        assert client(name).post(base).status_code == 403
    assert client("tang").get(base).status_code == 403
    with database.work(cast.store) as session:
        assert cashing.paid(session, order_of(session, ready)) == 0


def test_a_settlement_is_reversed_and_money_given_back(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        order = a_settled_car(session, cast)
        (one,) = settling.standing(session, order)
        base, settlement, total = f"{order.address}/settlement", one.id, one.total
    desk = Browser(client("chen")).go(base)
    assert desk.visitor.post(f"/settlements/{settlement}/reversal", why="").status_code == 422
    desk.send(f"/settlements/{settlement}/reversal", why="开错项目")
    assert "冲销" in desk.text
    desk.send(f"{base}/refunds", amount=f"{total / 100:.2f}", method="cash")
    with database.work(cast.store) as session:
        again = session.get_one(RepairOrder, order.id)
        assert (again.state, cashing.paid(session, again)) == (State.READY, 0)


def test_a_customer_reads_the_settlement_at_their_link_and_taps_a_mark(
    client: Come, database: Database, cast: Cast
) -> None:
    with database.work(cast.store) as session:
        order = a_settled_car(session, cast)
        base = f"{order.address}/settlement"
    desk = Browser(client("chen")).go(base).send(f"{base}/link")
    link = re.search(r'value="https?://[^/"]+(/c/[^"]+)"', desk.text)
    assert link is not None
    guest = Browser(client()).go(link[1])
    assert "王建国" not in guest.text
    assert "13900000231" not in guest.text
    guest.send(f"{link[1]}/rating", rating="4")
    with database.work(cast.store) as session:
        assert session.get_one(RepairOrder, order.id).rating == 4
    assert guest.visitor.post(f"{link[1]}/rating", rating="9").status_code == 422
    desk.go(base).send(f"{base}/link/revocation")
    assert guest.visitor.get(link[1]).status_code == 404


def test_parts_are_issued_and_come_back_at_the_desk(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        order = a_signed_order(session, cast)
        parts = [line for line in intake.lines_of(session, order)[1] if line.part_id]
        ids = [line.id for line in parts]
        part_id, number = parts[0].part_id, order.number
    desk = Browser(client("pei")).go("/parts")
    assert number in desk.text
    assert "王建国" not in desk.text
    desk.send(f"/part-lines/{ids[0]}/issue")
    desk.go("/parts?show=out").send(f"/part-lines/{ids[0]}/return")
    desk.go("/parts").send(f"/part-lines/{ids[1]}/release").send(f"/part-lines/{ids[1]}/reservation")
    desk.send(f"/repair-orders/{order.id}/parts-issue") if len(ids) > 2 else desk.send(f"/part-lines/{ids[1]}/issue")
    with database.work(cast.store) as session:
        states = [session.get_one(OrderPart, one).state for one in ids]
    assert states[0] == PartState.RETURNED
    assert set(states[1:]) == {PartState.ISSUED}
    desk.go(f"/parts/{part_id}").send(f"/parts/{part_id}/receipt", quantity="2.5", note="SF-1")
    desk.send(f"/parts/{part_id}/count", found="7", why="盘点")
    with database.work(cast.store) as session:
        assert session.get_one(Part, part_id).on_hand == 700
    for action, fields in (("receipt", {"quantity": "x"}), ("receipt", {"quantity": "0"}), ("count", {"found": "3"})):
        assert desk.visitor.post(f"/parts/{part_id}/{action}", **dict[str, Any](fields)).status_code == 422
    for query in ({"q": "机油"}, {"show": "reorder"}, {"show": "short"}, {"q": "%"}, {"after": "X"}):
        assert desk.visitor.get("/parts/stock", **dict[str, Any](query)).status_code == 200
    assert client("zhou").get("/parts").status_code == 200
    assert client("zhou").post(f"/part-lines/{ids[1]}/return").status_code == 403
    assert client("lin").get("/parts").status_code == 403


def test_a_comeback_is_said_on_the_page_and_a_diagnosis_written(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        earlier = a_car_that_left(session, cast, jobs=("R-PADF1",))
        order = intake.open_order(session, by=cast.chen, customer=earlier.sender, car=earlier.car)
        lines.add_job(session, order, a_job(session, cast, "R-PADF1"), by=cast.chen)
        address, first = order.address, earlier.number
    desk = Browser(client("chen")).go(address)
    assert first in desk.text
    (action,) = set(re.findall(rf'action="({address}/comebacks/[^"]+)"', desk.text))
    assert desk.visitor.post(action, comeback="no").status_code == 422
    desk.send(action, comeback="yes")
    with database.work(cast.store) as session:
        assert session.get_one(RepairOrder, order.id).comeback_of_id == earlier.id
    phone = Browser(client("zhou")).go(f"{address}/diagnosis")
    assert "王建国" not in phone.text
    phone.send(f"{address}/diagnosis")
    for _ in range(5):
        (write,) = re.findall(r'open><summary>[^<]+</summary><form[^>]+action="([^"]+/steps/[^"]+)"', phone.text)
        phone.send(write, said="制动片未磨合\n制动盘变形")
    (judge, *_) = re.findall(r'action="([^"]+/causes)"', phone.text)
    phone.send(judge, cause="1", verdict="confirmed")
    phone.send(judge.replace("/causes", "/completion"))
    assert "已完成" in phone.text
    assert client("lin").get(f"{address}/diagnosis").status_code == 403


def test_the_figures_show_what_left(client: Come, database: Database, cast: Cast) -> None:
    for days in (7, 30, 90):
        assert client("gao").get("/workshop/figures", days=days).status_code == 200
    with database.work(cast.store) as session:
        a_car_that_left(session, cast)
    page = client("gao").get("/workshop/figures")
    assert "100.0 %" in page.text
    assert client("wu").get("/workshop/figures").status_code == 200
    assert client("zhou").get("/workshop/figures").status_code == 403


def test_the_pages_ask_as_little_about_many_as_about_one(client: Come, database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        first = a_ready_car(session, cast).address
        an_order(session, cast, "LVVDB11B5RD110233")
    chen, pei, gao = client("chen"), client("pei"), client("gao")
    few = [asked(database, chen, f"{first}/settlement"), asked(database, pei, "/parts?show=out"),
           asked(database, gao, "/workshop/figures")]  # fmt: skip
    with database.work(cast.store) as session:
        second = a_ready_car(session, cast, OTHER_VIN, jobs=("M-B", "R-PADF1", "R-PADF3", "M-WIPER")).address
        a_car_that_left(session, cast, "LVVDB11B7RD110234")
    many = [asked(database, chen, f"{second}/settlement"), asked(database, pei, "/parts?show=out"),
            asked(database, gao, "/workshop/figures")]  # fmt: skip
    assert many[:2] == few[:2]
    assert many[2] <= few[2] + 2


def asked(database: Database, visitor: Visitor, place: str) -> int:
    """How many questions a page asks the database, the second time it is looked at."""
    visitor.get(place)
    heard: list[str] = []

    def hear(*said: object) -> None:
        heard.append(str(said[2]))

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        assert visitor.get(place).status_code == 200
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)
    return len(heard)
