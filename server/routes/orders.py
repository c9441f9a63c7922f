"""Orders: the lists, the one order, its car, its money, and giving it up."""

from typing import Any

from litestar import Request, get, post
from litestar.datastructures import MultiDict, State
from sqlalchemy.orm import Session, raiseload, selectinload

from server.domain.billing import payments
from server.domain.catalogue import entries, words_of
from server.domain.catalogue.stock_cars import StockCar
from server.domain.deals import Order, Quotation, approvals, cars, lists, money, papers, reach
from server.domain.deals import stock as cars_in_stock
from server.domain.delivery import Delivery
from server.domain.people import Person, Right, of_store
from server.domain.people.staff import titles
from server.domain.refusals import N_, Refusal
from server.domain.showroom.ratings import CLOSING
from server.forms import Form, uuid_or_none
from server.routes import stock
from server.routes.deal_lists import Asked
from server.routes.places import beside
from server.routes.ratings import asked as asked_of
from server.visit import needs
from server.web import Html, Page

Ask = Request[Any, Any, State]


@get("/orders", opt=needs(Right.SELL), sync_to_thread=True)
def index(request: Ask, session: Session, person: Person, page: Page) -> Html:
    """What was ordered, newest first."""
    asked = Asked("orders", request.query_params, person)
    listed = lists.of_orders(session, person).page(session, asked.wanted, asked.place)
    return page("orders/index.html", asked=asked, listed=listed)


@get("/orders/{order_number:str}", opt=needs(Right.SELL), sync_to_thread=True)
def show(order_number: str, request: Ask, session: Session, person: Person, page: Page) -> Html:
    """One order: what comes next, what was paid, what was agreed."""
    order = _order(session, person, order_number)
    shown = _shown(session, person, order)
    if "stock" in request.query_params and order.stock_car is not None:
        of_stock = stock.Asked(request.query_params)
        numbers = cars_in_stock.neighbours(session, person, of_stock.wanted, order.stock_car)
        around = beside(lambda number: of_stock.record(f"/orders/{number}"), numbers)
        return page("orders/show.html", asked=of_stock, **around, **shown)
    asked = Asked("orders", request.query_params, person)
    around = beside(asked.record, lists.of_orders(session, person).neighbours(session, asked.wanted, order))
    return page("orders/show.html", asked=asked, **around, **shown)


@post("/orders/{order_number:str}/car", opt=needs(Right.SELL), status_code=200, sync_to_thread=True)
def assign(order_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Keep a car of the stock for it."""
    order = _order(session, person, order_number)
    try:
        chosen = form.ident("car")
        form.check()
        assert chosen is not None  # checked just above
        cars.assign(session, order, of_store(session, StockCar, chosen, person.store_id), by=person)
    except Refusal as wrong:
        return _again(session, person, page, order, wrong, form)
    return page.go(order.address, N_("This car is kept for the order."))


@post("/orders/{order_number:str}/car/release", opt=needs(Right.SELL), status_code=200, sync_to_thread=True)
def release(order_number: str, session: Session, person: Person, page: Page) -> Html:
    """The car is free for others."""
    order = _order(session, person, order_number)
    cars.release(session, order, by=person)
    return page.go(order.address, N_("The car is free again."))


@post("/orders/{order_number:str}/payments", opt=needs(Right.TAKE_MONEY), status_code=200, sync_to_thread=True)
def pay(order_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Take money and issue the receipt."""
    order = _order(session, person, order_number)
    try:
        amount, method = form.money("amount"), form.text("method", most=40)
        note, born = form.text("note", most=200), uuid_or_none(form.text("id", most=36))
        form.check()
        assert amount is not None  # checked just above
        payment = money.take(session, order, by=person, method=method, amount=amount, note=note, id=born)
    except Refusal as wrong:
        return _again(session, person, page, order, wrong, form)
    return page.go(order.address, N_("Receipt %(number)s is issued."), number=payment.number)


@post("/orders/{order_number:str}/refunds", opt=needs(Right.TAKE_MONEY), status_code=200, sync_to_thread=True)
def refund(order_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Give money back."""
    order = _order(session, person, order_number)
    try:
        amount, method = form.money("amount"), form.text("method", most=40)
        note, born = form.text("note", most=200), uuid_or_none(form.text("id", most=36))
        form.check()
        assert amount is not None  # checked just above
        payment = money.refund(session, order, by=person, method=method, amount=amount, note=note, id=born)
    except Refusal as wrong:
        return _again(session, person, page, order, wrong, form)
    return page.go(order.address, N_("Receipt %(number)s is issued."), number=payment.number)


@post("/orders/{order_number:str}/cancellation", opt=needs(Right.SELL), status_code=200, sync_to_thread=True)
def cancel(order_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Give the order up."""
    order = _order(session, person, order_number)
    try:
        reason, note = form.text("reason", most=40), form.text("note", most=300)
        if not form.yes("sure"):
            form.wrong("sure", N_("Tick this to go on."))
        form.check()
        money.cancel(session, order, by=person, reason=reason, note=note)
    except Refusal as wrong:
        return _again(session, person, page, order, wrong, form)
    return page.go(order.address, N_("The order is cancelled."))


@post("/orders/{order_number:str}/refund-request", opt=needs(Right.SELL), status_code=200, sync_to_thread=True)
def ask_refund(order_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Ask the manager for a refund that the reason does not give."""
    order = _order(session, person, order_number)
    try:
        amount, why = form.money("amount"), form.text("why", required=True, most=300)
        form.check()
        assert amount is not None  # checked just above
        money.ask_refund(session, order, by=person, amount=amount, why=why)
    except Refusal as wrong:
        return _again(session, person, page, order, wrong, form)
    return page.go(order.address, N_("The manager is asked."))


@post("/orders/{order_number:str}/decision", opt=needs(Right.APPROVE), status_code=200, sync_to_thread=True)
def decide(order_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """The manager's answer about a refund."""
    order = _order(session, person, order_number)
    try:
        decision, word = form.choice("decision", ("agree", "refuse")), form.text("word", most=300)
        form.check()
        money.decide_refund(session, order, by=person, agree=decision == "agree", word=word)
    except Refusal as wrong:
        return _again(session, person, page, order, wrong, form)
    return page.go(order.address, N_("Decided; the consultant is told."))


def _order(session: Session, person: Person, number: str) -> Order:
    return reach.orders(session, person).only(Order.number == number)


def _shown(session: Session, person: Person, order: Order) -> dict[str, Any]:
    store = person.store_id
    quotation = session.get_one(
        Quotation, order.quotation_id, options=[raiseload("*"), selectinload(Quotation.lines)], populate_existing=True
    )
    paid = payments.of_subject(session, store, order.id)
    balance = sum(one.signed for one in paid)
    given_back = sum(one.amount for one in paid if one.kind == payments.REFUND)
    most = balance if person.may(Right.APPROVE) else min(balance, max(0, order.refundable - given_back))
    return {
        "order": order, "quotation": quotation, "payments": paid, "balance": balance, "owed": order.total - balance,
        "may_refund": most, "papers": papers.of_subjects(session, store, order.id),
        "approvals": approvals.of_subjects(session, store, [order.id]),
        "free": cars.free(session, order) if order.state == "placed" else (),
        "delivery": session.get(Delivery, order.delivery_id, options=[raiseload("*")]) if order.delivery_id else None,
        "methods": entries(session, store, "pay_method"), "reasons": entries(session, store, "cancel_reason"),
        "refundable_for": money.refundable_reasons(session, person), "staff": titles(session, store),
        "words": words_of(session, store, "pay_method", "cancel_reason", "colour"),
        **asked_of(session, person, order.prospect, CLOSING),
    }  # fmt: skip


def _again(session: Session, person: Person, page: Page, order: Order, wrong: Refusal, form: Form) -> Html:
    asked = Asked("orders", MultiDict(), person)
    told = {"asked": asked, **_shown(session, person, order)}
    return page.again("orders/show.html", wrong, form, **told)


ALL = [index, show, assign, release, pay, refund, cancel, ask_refund, decide]
