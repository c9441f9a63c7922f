"""The money of an order: deposit and payments with receipts, cancelling it, and what is given back by which reason."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.billing import Payment, payments
from server.domain.billing.payments import BALANCE, DEPOSIT
from server.domain.catalogue import entries, value_of
from server.domain.deals import approvals, cars, orders, papers, placing
from server.domain.deals.orders import Order, State
from server.domain.people import Person, Right
from server.domain.refusals import Invalid, N_, WrongMove


def owed(session: Session, order: Order) -> int:
    """Fen that are still to be paid for it."""
    return order.total - payments.balance(session, order.store_id, order.id)


def take(
    session: Session, order: Order, *, by: Person, method: str, amount: int, note: str = "", id: UUID | None = None
) -> Payment:
    """The first payment is the deposit; each has a receipt. Raises Invalid at `amount`, WrongMove."""
    orders.may_sell(by)  # who takes the workshop's money sells no cars
    if order.state == State.CANCELLED:
        raise WrongMove(N_("This order is cancelled; nothing is to be paid."))
    before = payments.of_subject(session, order.store_id, order.id)
    payment = payments.take(
        session, by=by, kind=BALANCE if before else DEPOSIT, method=method, amount=amount, subject_id=order.id,
        customer_id=order.customer_id, most=owed(session, order), note=note, id=id,
    )  # fmt: skip
    if all(one.id != payment.id for one in before):
        papers.issue_receipt(session, order, payment, by=by)
    return payment


def cancel(session: Session, order: Order, *, by: Person, reason: str, note: str = "") -> None:
    """The customer does not want it, or the store cannot. By the reason the money may be given back or is kept."""
    orders.may_sell(by)
    if reason not in {entry.code for entry in entries(session, by.store_id, "cancel_reason")}:
        raise Invalid.at("reason", N_("Choose why."))
    paid = payments.balance(session, order.store_id, order.id)
    if order.state == State.DELIVERY_PLANNED:
        raise WrongMove(N_("Cancel the delivery first: the car is promised."))
    cars.let_go(order)
    order.cancel_reason, order.cancel_note = reason, note
    order.refundable = paid if reason in refundable_reasons(session, by) else 0
    placing.give_trade_in_back(session, order, by=by)
    orders.move(session, order, State.CANCELLED, "order.cancelled", by=by, reason=reason, why=note)


def refund(
    session: Session, order: Order, *, by: Person, method: str, amount: int, note: str = "", id: UUID | None = None
) -> Payment:
    """Give back, by the reason or by a manager. Raises Invalid at `amount` beyond either, WrongMove."""
    orders.may_sell(by)
    if order.state != State.CANCELLED:
        raise WrongMove(N_("Money is given back once the order is cancelled."))
    before = payments.of_subject(session, order.store_id, order.id)
    known = next((one for one in before if one.id == id), None)
    if known is not None:
        return known
    allowed = order.refundable - sum(one.amount for one in before if one.kind == payments.REFUND)
    if amount > allowed and not by.may(Right.APPROVE):
        raise Invalid.at(
            "amount", N_("%(allowed)s may be given back for this reason. Ask the manager for more."),
            allowed=payments.yuan(max(0, allowed)),
        )  # fmt: skip
    payment = payments.refund(
        session, by=by, method=method, amount=amount, subject_id=order.id, customer_id=order.customer_id, note=note,
        id=id,
    )  # fmt: skip
    papers.issue_receipt(session, order, payment, by=by)
    return payment


def ask_refund(session: Session, order: Order, *, by: Person, amount: int, why: str) -> None:
    """Ask the manager to give back what the reason does not."""
    orders.may_sell(by)
    if order.state != State.CANCELLED:
        raise WrongMove(N_("Money is given back once the order is cancelled."))
    if not why:
        raise Invalid.at("why", N_("Please fill this in."))
    if any(one.is_waiting for one in approvals.of_subjects(session, order.store_id, [order.id])):
        raise WrongMove(N_("The manager is asked already."))
    most = payments.balance(session, order.store_id, order.id)
    if not 0 < amount <= most:
        raise Invalid.at(
            "amount", N_("At most %(most)s was paid and can be given back."), most=payments.yuan(most)
        )  # fmt: skip
    approvals.ask(
        session, approvals.REFUND, order.id, _seal(order, amount), by=by, amount=amount, granted=order.refundable,
        why=why, address=order.address, number=order.number, model=order.model.name,
    )  # fmt: skip


def decide_refund(session: Session, order: Order, *, by: Person, agree: bool, word: str) -> None:
    """The manager's answer; what they agree to may be given back besides what was."""
    approval = approvals.waiting(session, order.store_id, order.id)
    approvals.decide(session, approval, by=by, agree=agree, word=word, number=order.number, model=order.model.name)
    if agree:
        if not approval.covers(_seal(order, approval.amount)):
            raise WrongMove(N_("This is not what was asked about."))
        given = sum(one.amount for one in _payments(session, order) if one.kind == payments.REFUND)
        order.refundable = given + approval.amount
        orders.tell(session, "order.refund_allowed", order, by=by, amount=approval.amount)


def refundable_reasons(session: Session, by: Person) -> Sequence[str]:
    """The reasons for which everything that was paid may be given back."""
    rules: dict[str, Any] = value_of(session, by.store_id, "refund_rules")
    return rules["refundable_for"]


def _payments(session: Session, order: Order) -> Sequence[Payment]:
    return payments.of_subject(session, order.store_id, order.id)


def _seal(order: Order, amount: int) -> str:
    return hashlib.sha256(f"{order.id} {amount}".encode()).hexdigest()
