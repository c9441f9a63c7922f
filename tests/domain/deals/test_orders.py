"""Orders and their money: one car for one order, never more back than was paid, and everything moves with it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import deliveries as work
from server.database import Database, now, uuid7
from server.domain.billing import Payment, payments
from server.domain.catalogue.stock_cars import StockCar
from server.domain.customers import cars as customer_cars
from server.domain.customers import relations
from server.domain.deals import Order, cars, money, offering, orders, placing, trade_ins
from server.domain.deals.orders import MOVES, State
from server.domain.delivery import Delivery, deliveries
from server.domain.records import papers
from server.domain.refusals import Invalid, NotAllowed, Refusal, WrongMove
from tests.cast import PLACE, Cast, a_customer
from tests.domain.deals.selling import a_choice, a_prospect, an_order, stock

DEPOSIT = 500_000
WHITE = {"zh": "珠光白", "en": "Pearl white"}


def a_delivery_of(session: Session, cast: Cast, order: Order) -> Delivery:
    """Planned with the car that is kept for it."""
    assert order.stock_car is not None
    car = customer_cars.on_file(session, by=cast.lin, vin=order.stock_car.vin, model=order.model, colour=WHITE)
    relations.add(session, car, order.customer, "owner", by=cast.lin)
    return work.plan(session, cast.of_wuhu, order.customer, car, now() + timedelta(hours=1), PLACE)


def test_an_order_has_its_paper_and_its_prospect_has_ordered(session: Session, cast: Cast) -> None:
    """In one go, and not a second time."""
    order = an_order(session, cast.lin)
    assert order.number.startswith("DD-")
    assert order.prospect.state == "ordered"
    assert papers.newest(session, cast.store, order.number) is not None
    with pytest.raises(WrongMove):
        placing.place(session, order.quotation, by=cast.lin)


def test_a_deposit_has_a_receipt_of_its_own_series(session: Session, cast: Cast) -> None:
    """What follows is a payment; together never more than the price."""
    order = an_order(session, cast.lin)
    deposit = money.take(session, order, by=cast.lin, method="wechat", amount=DEPOSIT)
    rest = money.take(session, order, by=cast.lin, method="transfer", amount=order.total - DEPOSIT)
    assert (deposit.kind, rest.kind) == ("deposit", "balance")
    assert deposit.number.startswith("DJ-")
    paper = papers.newest(session, cast.store, deposit.number)
    assert paper is not None
    assert paper.content["payment"]["amount"] == DEPOSIT
    assert money.owed(session, order) == 0
    with pytest.raises(Invalid) as wrong:
        money.take(session, order, by=cast.lin, method="card", amount=1)
    assert set(wrong.value.errors) == {"amount"}


def test_the_same_payment_sent_twice_is_taken_once(session: Session, cast: Cast) -> None:
    """Its identity is from the device."""
    order, born = an_order(session, cast.lin), uuid7()
    both = [money.take(session, order, by=cast.lin, method="card", amount=DEPOSIT, id=born) for _ in range(2)]
    assert both[0] is both[1]
    assert payments.balance(session, cast.store, order.id) == DEPOSIT
    assert len(papers.of_subject(session, cast.store, order.id)) == 2  # the order and one receipt


def test_who_takes_money_has_the_right_and_a_way_to_pay(session: Session, cast: Cast) -> None:
    """Nothing and less is no amount."""
    order = an_order(session, cast.lin)
    with pytest.raises(NotAllowed):
        money.take(session, order, by=cast.chen, method="card", amount=1)
    for method, amount, field in (("shells", 1, "method"), ("card", 0, "amount"), ("card", -1, "amount")):
        with pytest.raises(Invalid) as wrong:
            money.take(session, order, by=cast.lin, method=method, amount=amount)
        assert set(wrong.value.errors) == {field}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.tuples(st.booleans(), st.integers(-10, 3_000_000)), max_size=12))
def test_refunds_never_exceed_what_was_paid(session: Session, cast: Cast, deeds: list[tuple[bool, int]]) -> None:
    """Whatever is taken and given back, and in whatever order: the balance is between nothing and the price."""
    subject, price = uuid7(), 10_000_000
    customer = a_customer(session, cast.lin, phone=f"139{subject.int % 10**8:08d}")
    for back, amount in deeds:
        told = {"by": cast.gao, "method": "cash", "amount": amount, "subject_id": subject, "customer_id": customer.id}
        before = payments.balance(session, cast.store, subject)
        try:
            if back:
                payments.refund(session, **told)
            else:
                payments.take(session, kind="deposit", most=price - before, **told)
        except Invalid:
            assert payments.balance(session, cast.store, subject) == before
    rows = payments.of_subject(session, cast.store, subject)
    assert sum(row.signed for row in rows) == payments.balance(session, cast.store, subject)
    assert 0 <= payments.balance(session, cast.store, subject) <= price
    assert all(row.amount > 0 for row in rows)


def test_two_orders_cannot_keep_one_car(session: Session, cast: Cast) -> None:
    """Nor one that is another model, or was handed over."""
    first, car = an_order(session, cast.lin), stock(session, cast.lin)[0]
    prospect = a_prospect(session, cast.lin, "13800007009")
    second = placing.place(
        session, offering.quote(session, prospect, a_choice(session, cast.lin), by=cast.lin), by=cast.lin
    )
    cars.assign(session, first, car, by=cast.lin)
    assert car not in cars.free(session, second)
    with pytest.raises(Invalid) as wrong:
        cars.assign(session, second, car, by=cast.lin)
    assert set(wrong.value.errors) == {"car"}
    other = session.scalars(select(StockCar).where(StockCar.model_id != first.model_id)).first()
    assert other is not None
    with pytest.raises(Invalid):
        cars.assign(session, second, other, by=cast.lin)


def test_of_two_at_once_one_gets_the_car(database: Database, cast: Cast) -> None:
    """Each in a transaction of its own, begun before the other has ended."""
    with database.work(cast.store) as session:
        found = [an_order(session, cast.lin).id]
        prospect = a_prospect(session, cast.lin, "13800007009")
        quotation = offering.quote(session, prospect, a_choice(session, cast.lin), by=cast.lin)
        found.append(placing.place(session, quotation, by=cast.lin).id)
        car_id = stock(session, cast.lin)[0].id
    together = threading.Barrier(2)

    def reserve(order_id: object) -> bool:
        together.wait()
        try:
            with database.work(cast.store) as session:
                order, car = session.get_one(Order, order_id), session.get_one(StockCar, car_id)
                cars.assign(session, order, car, by=cast.lin)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(reserve, found)) == [False, True]
    with database.work(cast.store) as session:
        kept = session.scalars(select(Order).where(Order.stock_car_id == car_id)).all()
        assert [order.state for order in kept] == [State.CAR_ASSIGNED]


def test_a_car_that_is_let_go_is_free_again(session: Session, cast: Cast) -> None:
    """The order waits for another."""
    order, car = an_order(session, cast.lin), stock(session, cast.lin)[0]
    cars.assign(session, order, car, by=cast.lin)
    cars.release(session, order, by=cast.lin)
    assert order.state == State.PLACED
    session.flush()
    assert car in cars.free(session, order)


def test_the_delivery_moves_the_order_to_its_end(session: Session, cast: Cast) -> None:
    """Planned, cancelled, planned again, handed over: and the car is no longer in stock."""
    order, car = an_order(session, cast.lin), stock(session, cast.lin)[0]
    cars.assign(session, order, car, by=cast.lin)
    delivery = a_delivery_of(session, cast, order)
    assert (order.state, order.delivery_id) == (State.DELIVERY_PLANNED, delivery.id)
    assert orders.of_delivery(session, cast.store, delivery.id) is order
    with pytest.raises(WrongMove):
        money.cancel(session, order, by=cast.lin, reason="changed_mind")
    with pytest.raises(WrongMove):
        cars.release(session, order, by=cast.lin)
    deliveries.cancel(session, delivery, by=cast.lin, why="改期")
    assert (order.state, order.delivery_id) == (State.CAR_ASSIGNED, None)
    again = a_delivery_of(session, cast, order)
    work.inspect(session, cast.of_wuhu, again)
    work.hand_over(session, cast.of_wuhu, again)
    assert order.state == State.DELIVERED
    assert car.sold_at is not None
    assert order.prospect.state == "delivered"


def test_a_kept_car_is_not_handed_to_somebody_else(session: Session, cast: Cast) -> None:
    """The plan is refused at the VIN."""
    order, car = an_order(session, cast.lin), stock(session, cast.lin)[0]
    cars.assign(session, order, car, by=cast.lin)
    other = a_customer(session, cast.lin, "苏梅", "13800007077")
    its_car = customer_cars.on_file(session, by=cast.lin, vin=car.vin, model=order.model, colour=WHITE)
    with pytest.raises(Invalid) as wrong:
        work.plan(session, cast.of_wuhu, other, its_car, now() + timedelta(hours=1), PLACE)
    assert set(wrong.value.errors) == {"vin"}


@pytest.mark.parametrize(("reason", "back"), [("finance_refused", DEPOSIT), ("changed_mind", 0)])
def test_the_reason_decides_what_is_given_back(session: Session, cast: Cast, reason: str, back: int) -> None:
    """Everything or nothing; the car is free and the prospect is to be won again."""
    order = an_order(session, cast.lin)
    cars.assign(session, order, stock(session, cast.lin)[0], by=cast.lin)
    money.take(session, order, by=cast.lin, method="card", amount=DEPOSIT)
    money.cancel(session, order, by=cast.lin, reason=reason, note="客户电话告知")
    assert (order.state, order.refundable, order.stock_car_id) == (State.CANCELLED, back, None)
    assert (order.prospect.state, order.prospect.grade) == ("open", "H")
    with pytest.raises(Invalid) as wrong:
        money.refund(session, order, by=cast.lin, method="card", amount=back + 1)
    assert set(wrong.value.errors) == {"amount"}
    if back:
        refund = money.refund(session, order, by=cast.lin, method="card", amount=back)
        assert refund.number.startswith("TK-")
        assert papers.newest(session, cast.store, refund.number) is not None
    with pytest.raises(WrongMove):
        money.take(session, order, by=cast.lin, method="card", amount=1)


def test_beyond_the_reason_a_manager_decides(session: Session, cast: Cast) -> None:
    """As much as they agreed to and no more; never more than was paid."""
    order = an_order(session, cast.lin)
    money.take(session, order, by=cast.lin, method="card", amount=DEPOSIT)
    money.cancel(session, order, by=cast.lin, reason="changed_mind")
    with pytest.raises(Invalid):
        money.ask_refund(session, order, by=cast.lin, amount=DEPOSIT + 1, why="老客户")
    money.ask_refund(session, order, by=cast.lin, amount=300_000, why="老客户，家中有事")
    with pytest.raises(WrongMove):
        money.ask_refund(session, order, by=cast.lin, amount=300_000, why="再问一次")
    money.decide_refund(session, order, by=cast.gao, agree=True, word="退三千")
    money.refund(session, order, by=cast.lin, method="card", amount=300_000)
    with pytest.raises(Invalid):
        money.refund(session, order, by=cast.lin, method="card", amount=1)
    money.refund(session, order, by=cast.gao, method="card", amount=DEPOSIT - 300_000)
    with pytest.raises(Invalid):
        money.refund(session, order, by=cast.gao, method="card", amount=1)
    assert payments.balance(session, cast.store, order.id) == 0


def test_cancelled_the_old_car_is_the_customers_again(session: Session, cast: Cast) -> None:
    """And may be taken in payment for another."""
    prospect = a_prospect(session, cast.lin)
    old = trade_ins.OldCar(model="大众 朗逸", year=2018, mileage_km=86_000, condition="fair")
    trade_in = trade_ins.register(session, prospect, old, by=cast.lin)
    trade_ins.value(session, trade_in, by=cast.gao, amount=4_000_000)
    quotation = offering.quote(session, prospect, a_choice(session, cast.lin, trade_in=trade_in), by=cast.lin)
    order = placing.place(session, quotation, by=cast.lin)
    money.cancel(session, order, by=cast.lin, reason="no_car")
    assert trade_in.state == trade_ins.State.VALUED


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_every_pair_of_states(session: Session, cast: Cast, before: State, after: State) -> None:
    """Only what the table of moves has."""
    order = an_order(session, cast.lin)
    order.state = before
    if after in MOVES[before]:
        orders.move(session, order, after, "order.tried", by=cast.lin)
        assert order.state == after
    else:
        with pytest.raises(WrongMove):
            orders.move(session, order, after, "order.tried", by=cast.lin)


def test_what_was_paid_stays_written(session: Session, cast: Cast) -> None:
    """The database itself refuses to change an amount."""
    order = an_order(session, cast.lin)
    payment = money.take(session, order, by=cast.lin, method="card", amount=DEPOSIT)
    session.flush()
    payment.amount = 1
    with pytest.raises(Exception, match="written stays written"):
        session.flush()
    session.rollback()
    assert session.scalars(select(Payment).where(Payment.id == payment.id)).all() == []
