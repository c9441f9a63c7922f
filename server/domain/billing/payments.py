"""Money taken and given back: a row for each time, never changed; refunds never exceed what was paid."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Words, uuid7
from server.domain.billing.numbers import next_number
from server.domain.catalogue import entries
from server.domain.people import Person, Right
from server.domain.records import record
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotAllowed

DEPOSIT, BALANCE, SERVICE, REFUND = "deposit", "balance", "service", "refund"
SERIES = {DEPOSIT: "DJ", BALANCE: "SK", SERVICE: "SK", REFUND: "TK"}
KIND_NAMES: dict[str, Words] = {
    DEPOSIT: {"zh": "订金", "en": "Deposit"},
    BALANCE: {"zh": "车款", "en": "Payment"},
    SERVICE: {"zh": "维修款", "en": "Payment for service"},
    REFUND: {"zh": "退款", "en": "Refund"},
}


class Payment(OfStore, Base):
    """One amount that changed hands, numbered as its receipt."""

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("store_id", "number"),
        Index("ix_payments_subject", "store_id", "subject_id", "taken_at"),
    )

    number: Mapped[str]
    kind: Mapped[str]
    method: Mapped[str]
    amount: Mapped[int]
    """Fen, always more than nothing; the kind says which way it went."""
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    subject_id: Mapped[UUID]
    """What it was paid for: an order of a car, a repair order, or a settlement of another payer."""
    note: Mapped[str] = mapped_column(default="")
    taken_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    taken_at: Mapped[datetime]

    @property
    def kind_name(self) -> Words:
        """What people call it."""
        return KIND_NAMES[self.kind]

    @property
    def signed(self) -> int:
        """Fen, below nothing when it was given back."""
        return -self.amount if self.kind == REFUND else self.amount


def take(
    session: Session, *, by: Person, kind: str, method: str, amount: int, subject_id: UUID, customer_id: UUID,
    most: int, note: str = "", id: UUID | None = None,
) -> Payment:  # fmt: skip
    """Take money, at most what is still owed. The same identity again gives the payment that is there."""
    _may(session, by, method)
    known = _known(session, by, id, subject_id)
    if known is not None:
        return known
    if amount > most:
        raise Invalid.at("amount", N_("Only %(most)s is still owed."), most=yuan(most))
    return _keep(session, by, kind, method, amount, subject_id, customer_id, note, id)


def refund(
    session: Session, *, by: Person, method: str, amount: int, subject_id: UUID, customer_id: UUID, note: str = "",
    id: UUID | None = None,
) -> Payment:  # fmt: skip
    """Give money back. Raises Invalid at `amount` above what was paid and not given back yet."""
    _may(session, by, method)
    known = _known(session, by, id, subject_id)
    if known is not None:
        return known
    left = balance(session, by.store_id, subject_id)
    if amount > left:
        raise Invalid.at("amount", N_("At most %(most)s was paid and can be given back."), most=yuan(left))
    return _keep(session, by, REFUND, method, amount, subject_id, customer_id, note, id)


def balance(session: Session, store_id: UUID, subject_id: UUID) -> int:
    """What was paid less what was given back, in fen."""
    query = select(Payment.kind, func.sum(Payment.amount)).where(Payment.store_id == store_id)
    sums = session.execute(query.where(Payment.subject_id == subject_id).group_by(Payment.kind))
    return sum(-int(amount) if kind == REFUND else int(amount) for kind, amount in sums)


def of_subject(session: Session, store_id: UUID, subject_id: UUID) -> Sequence[Payment]:
    """Every payment for one thing, in the order of time."""
    query = select(Payment).where(Payment.store_id == store_id, Payment.subject_id == subject_id)
    return session.scalars(query.order_by(Payment.taken_at, Payment.id)).all()


def yuan(fen: int) -> str:
    """`¥1,234.50`, as it stands in a sentence of either language."""
    return f"{'-' if fen < 0 else ''}¥{abs(fen) / 100:,.2f}"


def _may(session: Session, by: Person, method: str) -> None:
    if not by.may(Right.TAKE_MONEY):
        raise NotAllowed
    if method not in {entry.code for entry in entries(session, by.store_id, "pay_method")}:
        raise Invalid.at("method", N_("Choose one of the offered."))
    take_turn(session, by.store_id)  # two at once: the second sees what the first has taken


def _known(session: Session, by: Person, id: UUID | None, subject_id: UUID) -> Payment | None:
    if id is None:
        return None
    query = select(Payment).where(Payment.store_id == by.store_id, Payment.id == id)
    return session.scalar(query.where(Payment.subject_id == subject_id))


def _keep(
    session: Session, by: Person, kind: str, method: str, amount: int, subject_id: UUID, customer_id: UUID, note: str,
    id: UUID | None,
) -> Payment:  # fmt: skip
    if amount <= 0:
        raise Invalid.at("amount", N_("Type an amount above nothing."))
    payment = Payment(
        id=id or uuid7(), store_id=by.store_id, number=next_number(session, SERIES[kind], by=by), kind=kind,
        method=method, amount=amount, customer_id=customer_id, subject_id=subject_id, note=note, taken_by=by.id,
        taken_at=by.moment(),
    )  # fmt: skip
    session.add(payment)
    session.flush()  # the event points at it, and the next one counts it
    verb = "payment.refunded" if kind == REFUND else "payment.taken"
    record(session, verb, payment, by=by, customer_id=customer_id, number=payment.number, amount=amount)
    return payment
