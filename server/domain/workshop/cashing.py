"""The money of a repair order: deposit, part payments and refunds, each with its receipt; other payers pay later."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.billing import Payment, payments
from server.domain.billing.payments import DEPOSIT, SERVICE, yuan
from server.domain.people import Person, Right
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotAllowed, WrongMove
from server.domain.workshop import settlement_papers, settling
from server.domain.workshop.order_lines import SELF
from server.domain.workshop.repair_orders import RepairOrder, State
from server.domain.workshop.settlements import COMEBACK, Settlement
from server.domain.workshop.tasks import whole

MOST_DEPOSIT = 100_000_000
"""Fen that may be asked for before it is known what there is to pay."""


def paid(session: Session, order: RepairOrder) -> int:
    """Fen that the customer has paid for this visit and not been given back."""
    return payments.balance(session, order.store_id, order.id)


def owed(session: Session, order: RepairOrder) -> int:
    """Fen that the customer still owes; below nothing: that they are to be given back."""
    return _asked(session, order) - paid(session, order)


def take(
    session: Session, order: RepairOrder, *, by: Person, method: str, amount: int, note: str = "",
    id: UUID | None = None,
) -> Payment:  # fmt: skip
    """The customer pays: a deposit until the car is settled, then what is owed. Raises Invalid at `amount`, WrongMove.

    The same identity once more gives the payment that is there.
    """
    _may(by)
    order = whole(session, order.id)[order.id]
    take_turn(session, by.store_id)
    if order.state in (State.INTAKE, State.CANCELLED):
        raise WrongMove(N_("The customer has not signed; nothing is to be paid."))
    settled = any(one.payer == SELF for one in settling.standing(session, order))
    known = {one.id for one in payments.of_subject(session, order.store_id, order.id)}
    most = owed(session, order) if settled else MOST_DEPOSIT
    payment = payments.take(
        session, by=by, kind=SERVICE if settled else DEPOSIT, method=method, amount=amount, subject_id=order.id,
        customer_id=order.customer_id, most=most, note=note, id=id,
    )  # fmt: skip
    if payment.id not in known:
        _receipt(session, order, payment, by=by)
        settling.close_account(session, order, by=by)
    return payment


def take_from(
    session: Session, settlement: Settlement, *, by: Person, method: str, amount: int, note: str = "",
    id: UUID | None = None,
) -> Payment:  # fmt: skip
    """Another payer, such as an insurer, pays its settlement, perhaps in parts. Raises Invalid at `amount`."""
    _may(by)
    order = whole(session, settlement.order_id)[settlement.order_id]
    take_turn(session, by.store_id)
    session.refresh(settlement)
    if settlement.payer in (SELF, COMEBACK) or not settlement.stands:
        raise WrongMove(N_("Nothing is to be paid for this settlement."))
    known = {one.id for one in payments.of_subject(session, order.store_id, settlement.id)}
    payment = payments.take(
        session, by=by, kind=SERVICE, method=method, amount=amount, subject_id=settlement.id,
        customer_id=order.customer_id, most=settling.owed_of(session, order, settlement), note=note, id=id,
    )  # fmt: skip
    if payment.id not in known:
        balance = payments.balance(session, order.store_id, settlement.id)
        settlement_papers.issue_receipt(
            session, order, payment, settlement.total, balance, by=by, settlement=settlement
        )
        settling.close_account(session, order, by=by)
    return payment


def refund(
    session: Session, order: RepairOrder, *, by: Person, method: str, amount: int, note: str = "",
    id: UUID | None = None,
) -> Payment:  # fmt: skip
    """Give back what was paid beyond what is owed: after a reversal, a cancellation, or of a deposit.

    Raises Invalid at `amount` beyond it.
    """
    _may(by)
    order = whole(session, order.id)[order.id]
    take_turn(session, by.store_id)
    before = payments.of_subject(session, order.store_id, order.id)
    known = next((one for one in before if one.id == id), None)
    if known is not None:
        return known
    most = max(0, -owed(session, order))
    if amount > most:
        raise Invalid.at("amount", N_("At most %(most)s was paid and can be given back."), most=yuan(most))
    payment = payments.refund(
        session, by=by, method=method, amount=amount, subject_id=order.id, customer_id=order.customer_id, note=note,
        id=id,
    )  # fmt: skip
    _receipt(session, order, payment, by=by)
    return payment


def payments_of(session: Session, order: RepairOrder, found: Sequence[Settlement]) -> list[Payment]:
    """Everything that was paid for a visit, by whom ever, in the order of time."""
    subjects = [order.id, *(one.id for one in found if one.payer not in (SELF, COMEBACK))]
    paid_for = [one for subject in subjects for one in payments.of_subject(session, order.store_id, subject)]
    return sorted(paid_for, key=lambda one: (one.taken_at, one.id))


def _asked(session: Session, order: RepairOrder) -> int:
    return sum(one.total for one in settling.standing(session, order) if one.payer == SELF)


def _receipt(session: Session, order: RepairOrder, payment: Payment, *, by: Person) -> None:
    asked, balance = _asked(session, order), paid(session, order)
    settlement_papers.issue_receipt(session, order, payment, asked, balance, by=by)


def _may(by: Person) -> None:
    if not by.may(Right.TAKE_MONEY):
        raise NotAllowed
