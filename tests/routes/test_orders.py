"""Orders at the counter: from the accepted quotation over the deposit and the car to the delivery, or back again."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from server.database import Database, now, uuid7
from server.domain.deals.lists import PAGE
from server.domain.deals.offering import quote
from server.domain.deals.placing import place
from tests.cast import Cast
from tests.domain.deals.selling import a_choice, a_prospect, a_quotation, an_order, pdf_text, stock
from tests.routes.browsing import Forms
from tests.routes.test_quotations import asked
from tests.visitor import Visitor

Come = Callable[..., Visitor]


@pytest.fixture
def number(database: Database, cast: Cast) -> str:
    """An order that has just been placed."""
    with database.work(cast.store) as session:
        return an_order(session, cast.lin).number


def pay(who: Visitor, number: str, amount: str, **more: Any) -> Any:
    """The form for money."""
    return who.post(f"/orders/{number}/payments", **{"amount": amount, "method": "wechat", "id": str(uuid7())} | more)


def test_an_accepted_quotation_is_an_order(client: Come, database: Database, cast: Cast) -> None:
    """Twice tapped it is one order, and the second tap is told."""
    with database.work(cast.store) as session:
        quotation = a_quotation(session, cast.lin)
    lin, address = client("lin"), f"/quotations/{quotation.number}/acceptance"
    soon = now().astimezone(cast.lin.zone).date() + timedelta(days=20)
    asked = lin.post(address, revision="1", promised_on="")
    assert (asked.status_code, 'id="promised_on-error"' in asked.text) == (422, True)
    assert lin.post(address, revision="1", promised_on="2020-01-01").status_code == 422
    first = lin.post(address, revision="1", promised_on=soon.isoformat())
    assert first.headers["location"].startswith("/orders/DD-")
    assert lin.post(address, revision="1", promised_on=soon.isoformat()).status_code == 409
    assert f"{soon.month}月{soon.day}日" in lin.get(first.headers["location"]).text
    printed = pdf_text(lin.get(f"/papers/{first.headers['location'].split('/')[-1]}.pdf").content)
    assert all(word in printed for word in ("购车订单", "珠光白", "待配车", soon.isoformat())), printed


def test_a_deposit_is_taken_once_and_printed(client: Come, number: str) -> None:
    """The same form sent twice is one payment; the receipt says what is still owed."""
    lin, born = client("lin"), str(uuid7())
    assert [pay(lin, number, "5,000", id=born).status_code for _ in range(2)] == [303, 303]
    page = lin.get(f"/orders/{number}").text
    receipts = set(re.findall(r"/papers/(DJ-[\d-]+)\.pdf", page))
    assert len(receipts) == 1
    printed = pdf_text(lin.get(f"/papers/{receipts.pop()}.pdf").content)
    assert "收款收据" in printed
    assert "5,000.00" in printed
    assert "伍仟元整" in printed
    assert number in printed


@pytest.mark.parametrize("amount", ["", "0", "-5", "1000000", "abc", "0.001"])
def test_what_cannot_be_taken_is_told_at_the_field(client: Come, number: str, amount: str) -> None:
    """Nothing is written."""
    lin = client("lin")
    answer = pay(lin, number, amount)
    assert answer.status_code == 422
    assert 'id="amount-error"' in answer.text
    assert "DJ-" not in lin.get(f"/orders/{number}").text


def test_the_whole_way_to_the_delivery(client: Come, number: str) -> None:
    """A car is kept, the plan is filled in from the order, and both pages lead to each other."""
    lin = client("lin")
    car = re.findall(r'name="car" value="([^"]+)"', lin.get(f"/orders/{number}").text)[0]
    assert lin.post(f"/orders/{number}/car", car=car).status_code == 303
    assert f"/deliveries/new?order={number}" in lin.get(f"/orders/{number}").text
    form = lin.get("/deliveries/new", order=number)
    plan = dict(Forms(form.text).found)["/deliveries"] | {"planned_at": f"{now() + timedelta(days=2):%Y-%m-%dT14:30}"}
    assert (plan["vin"], plan["colour"]) == ("LVVDB11B0RD300101", "white")
    answer = lin.post("/deliveries", **{"place": "a1"} | plan)
    assert answer.status_code == 303, answer.text
    delivery = lin.get(answer.headers["location"]).text
    assert f'href="/orders/{number}"' in delivery
    assert answer.headers["location"] in lin.get(f"/orders/{number}").text
    cancelled = lin.post(f"/orders/{number}/cancellation", reason="changed_mind", sure="1")
    assert cancelled.status_code == 409


def test_a_car_that_another_order_has_is_not_offered(client: Come, database: Database, cast: Cast, number: str) -> None:
    """And refused when it was taken meanwhile."""
    with database.work(cast.store) as session:
        prospect = a_prospect(session, cast.lin, "13800007010")
        other = place(session, quote(session, prospect, a_choice(session, cast.lin), by=cast.lin), by=cast.lin).number
        car = str(stock(session, cast.lin)[0].id)
    lin = client("lin")
    assert lin.post(f"/orders/{number}/car", car=car).status_code == 303
    late = lin.post(f"/orders/{other}/car", car=car)
    assert (late.status_code, 'id="car-error"' in late.text) == (422, True)
    assert f'value="{car}"' not in lin.get(f"/orders/{other}").text
    assert lin.post(f"/orders/{number}/car/release").status_code == 303
    assert lin.post(f"/orders/{other}/car", car=car).status_code == 303


def test_cancelled_for_a_good_reason_everything_is_given_back(client: Come, number: str) -> None:
    """With its own paper; not a fen more."""
    lin = client("lin")
    pay(lin, number, "5000")
    assert lin.post(f"/orders/{number}/cancellation", reason="finance_refused", sure="1").status_code == 303
    back = f"/orders/{number}/refunds"
    assert lin.post(back, amount="5000.01", method="wechat", id=str(uuid7())).status_code == 422
    assert lin.post(back, amount="5000", method="wechat", id=str(uuid7())).status_code == 303
    assert lin.post(back, amount="0.01", method="wechat", id=str(uuid7())).status_code == 422
    slip = re.findall(r"/papers/(TK-[\d-]+)\.pdf", lin.get(f"/orders/{number}").text)[0]
    assert "退款凭证" in pdf_text(lin.get(f"/papers/{slip}.pdf").content)


def test_for_another_reason_the_manager_is_asked(client: Come, number: str) -> None:
    """On their phone; what they agree to may be given back."""
    lin, gao = client("lin"), client("gao")
    pay(lin, number, "5000")
    assert lin.post(f"/orders/{number}/cancellation", reason="").status_code == 422
    lin.post(f"/orders/{number}/cancellation", reason="changed_mind", note="家里有事", sure="1")
    assert lin.post(f"/orders/{number}/refunds", amount="1", method="cash", id=str(uuid7())).status_code == 422
    assert lin.post(f"/orders/{number}/refund-request", amount="3000", why="老客户").status_code == 303
    assert lin.post(f"/orders/{number}/decision", decision="agree").status_code == 403
    assert number in gao.get("/").text
    assert gao.post(f"/orders/{number}/decision", decision="agree", word="退三千").status_code == 303
    assert lin.post(f"/orders/{number}/refunds", amount="3000", method="cash", id=str(uuid7())).status_code == 303


def test_outsiders_find_nothing(client: Come, number: str) -> None:
    """Another store, and those who do not sell."""
    assert client("tang").get(f"/orders/{number}").status_code == 404
    assert pay(client("tang"), number, "1").status_code == 404
    for name in ("chen", "zhou", "he"):
        assert client(name).get(f"/orders/{number}").status_code == 403


def test_the_list_is_read_in_few_questions(client: Come, database: Database, cast: Cast, number: str) -> None:
    """As many for a full page as for one row."""
    gao = client("gao")
    few = asked(database, lambda: gao.get("/orders"))
    with database.work(cast.store) as session:
        for step in range(PAGE + 1):
            prospect = a_prospect(session, cast.lin, f"138000080{step:02d}")
            place(session, quote(session, prospect, a_choice(session, cast.lin), by=cast.lin), by=cast.lin)
    assert asked(database, lambda: gao.get("/orders")) == few <= 12
    page = gao.get("/orders").text
    assert number not in page
    further = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert number in gao.get(further).text
    assert gao.get("/orders", state="cancelled").text.count('class="whole"') == 0
