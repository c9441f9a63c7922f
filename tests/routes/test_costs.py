"""What a page costs the database: the same with five rows and with fifty."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from server.database import Database, now
from server.domain.care import delivery_calls
from server.domain.customers import Customer
from server.domain.deals import placing
from server.domain.deals.offering import quote
from server.domain.delivery import Delivery, handover
from server.domain.people import Staff
from server.domain.showroom import meeting, receptions
from tests.cast import OTHER_VIN, PLACE, Cast, a_car, a_customer, a_ready_delivery, work
from tests.domain.deals.selling import a_choice
from tests.domain.test_prospects import a_prospect
from tests.routes.browsing import Come

COSTS = {
    "/": 18,
    "/customers": 2,
    "/customers?q=建国": 3,
    "/deliveries": 3,
    "/deliveries?show=done": 3,
    "/pdi": 2,
    "/contacts?show=later": 8,
    "/prospects": 7,
    "/prospects?show=pool": 10,
    "/prospects?show=overdue": 7,
    "/prospects?grade=C&source=walk_in&within=7": 7,
    "/prospects?q=建国": 8,
    "/prospects/gap": 11,
    "/prospects/{prospect}": 18,  # with visits, drives, quotations, approvals, old cars and orders on its line of time
    "/receptions": 3,
    "/receptions/{reception}/known?q=建国": 6,
    "/quotations": 2,
    "/orders": 2,
    "/lost-deals": 11,
    "/stock": 6,
    "/repair-orders?show=all": 2,
    "/repair-orders/new?q=王": 4,
    "/insight/funnel": 8,
    "/insight/people": 6,
    "/insight/excitement": 7,
    "/customers/{customer}": 11,
    "/deliveries/{delivery}": 10,
    "/deliveries/{delivery}/handover": 8,
}
"""Statements per page, the one that recognises the visitor included."""


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile; a transaction's own and the reach of its store left out."""
    said: list[str] = []

    def note(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement != "BEGIN" and "set_config" not in statement:
            said.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield said
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.fixture
def grow(database: Database, cast: Cast) -> Callable[[int], None]:
    """`grow(5)`: until there are five of everything that is listed."""

    def until(there: int) -> None:
        with database.work(cast.store) as session:
            for number in range(len(session.scalars(select(Customer.id)).all()), there):
                customer = a_customer(session, cast.lin, f"王建国{number}", f"138000{number:05}")
                vin = f"LVVDB11B1RE{number:06}"
                delivery = work.plan(
                    session,
                    cast.of_wuhu,
                    customer,
                    a_car(session, cast.lin, customer, vin),
                    now() + timedelta(hours=1),
                    PLACE,
                )
                owe_calls(session, cast, delivery)
                sell(session, cast, customer, order=number % 5 == 4)

    return until


def sell(session: Session, cast: Cast, customer: Customer, *, order: bool) -> None:
    """They come in, are quoted, and some of them order; the next contact of the others is overdue."""
    reception = receptions.begin(session, by=cast.lin)
    prospect = meeting.meet(session, reception, customer, by=cast.lin)
    quotation = quote(session, prospect, a_choice(session, cast.lin), by=cast.lin)
    if order:
        placing.place(session, quotation, by=cast.lin)
    prospect.next_contact_at = now() - timedelta(hours=1)


def owe_calls(session: Any, cast: Cast, delivery: Delivery) -> None:
    """As if it were handed over."""
    delivery_calls.owe_care_calls(
        session, by=cast.gao, customer=delivery.customer, car=delivery.car,
        consultant=session.get_one(Staff, cast.gao.id), since=now() + timedelta(days=1),
    )  # fmt: skip


def test_a_page_costs_the_same_with_five_rows_and_with_fifty(
    client: Come, database: Database, cast: Cast, grow: Callable[[int], None]
) -> None:
    visitor = client("gao")
    with database.work(cast.store) as session:
        under_way = a_ready_delivery(session, cast, OTHER_VIN)
        handover.start(session, under_way, by=cast.lin)
        asked_for = a_prospect(session, cast.lin)
        reception = receptions.begin(session, by=cast.gao)
        names = {
            "customer": under_way.customer_id, "delivery": under_way.number, "prospect": asked_for.number,
            "reception": reception.id,
        }  # fmt: skip
    costs: list[dict[str, int]] = []
    for rows in (5, 50):
        grow(rows)
        found: dict[str, int] = {}
        for place in COSTS:
            here = place.format(**names)
            if here.endswith("/handover"):
                here = visitor.get(here).headers["location"].partition("#")[0]
            visitor.get(here)  # what is read once per process is read
            with counting(database) as said:
                assert visitor.get(here).status_code == 200
            found[place] = len(said)
        costs.append(found)
    assert costs[0] == costs[1], "a page asks per row"
    assert costs[1] == COSTS
