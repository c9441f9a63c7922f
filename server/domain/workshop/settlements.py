"""Settlements: what one payer pays for one order, frozen when issued and then only ever reversed as a whole."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words
from server.domain.records import record
from server.domain.records.events import Actor, Clock
from server.domain.refusals import N_, WrongMove
from server.domain.workshop.order_lines import PAYERS, SELF
from server.domain.workshop.repair_orders import RepairOrder

COMEBACK = "comeback"
"""The payer of work that the store does again at its own cost: nobody owes anything for it."""


class SettlementState(StrEnum):
    """The life of a settlement."""

    DRAFT = "draft"
    ISSUED = "issued"
    PAID = "paid"
    REVERSED = "reversed"


SETTLEMENT_MOVES: dict[SettlementState, set[SettlementState]] = {
    SettlementState.DRAFT: {SettlementState.ISSUED},
    SettlementState.ISSUED: {SettlementState.PAID, SettlementState.REVERSED},
    SettlementState.PAID: {SettlementState.REVERSED},
    SettlementState.REVERSED: set(),
}
SETTLEMENT_STATE_NAMES: dict[SettlementState, Words] = {
    SettlementState.DRAFT: {"zh": "待出结算单", "en": "Being written"},
    SettlementState.ISSUED: {"zh": "待收款", "en": "To be paid"},
    SettlementState.PAID: {"zh": "已结清", "en": "Paid"},
    SettlementState.REVERSED: {"zh": "已冲销", "en": "Reversed"},
}
STANDING = (SettlementState.ISSUED, SettlementState.PAID)
_STANDS = text("state IN ('draft', 'issued', 'paid')")


class Settlement(OfStore, Versioned, Base):
    """One payer's share of one order. All amounts are fen; the tax is part of the total.

    A counter-settlement has the same amounts below nothing and names what it reverses.
    """

    __tablename__ = "settlements"
    __table_args__ = (
        UniqueConstraint("store_id", "number"),
        CheckConstraint("total = labour + parts_total + other - discount + rounding", name="total"),
        Index(
            "ux_settlements_standing", "store_id", "order_id", "payer", unique=True, sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index("ix_settlements_order", "store_id", "order_id", "created_at"),
        Index("ix_settlements_state", "store_id", "state", "payer", "issued_at"),
    )  # fmt: skip

    number: Mapped[str | None]
    """Given when it is issued."""
    order_id: Mapped[UUID] = mapped_column(ForeignKey("repair_orders.id"))
    payer: Mapped[str]
    state: Mapped[str] = mapped_column(default=SettlementState.DRAFT)
    labour: Mapped[int] = mapped_column(default=0)
    parts_total: Mapped[int] = mapped_column(default=0)
    other: Mapped[int] = mapped_column(default=0)
    other_name: Mapped[str] = mapped_column(default="")
    """What the other charge is for, such as towing."""
    discount: Mapped[int] = mapped_column(default=0)
    discount_why: Mapped[str] = mapped_column(default="")
    rounding: Mapped[int] = mapped_column(default=0)
    """What is left off so that the sum is round: nothing or less."""
    total: Mapped[int] = mapped_column(default=0)
    tax_rate: Mapped[int] = mapped_column(default=0)
    tax: Mapped[int] = mapped_column(default=0)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The lines with their guarantee, as they stood when it was issued."""
    created_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    issued_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    paid_at: Mapped[datetime | None]
    reversed_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="")
    """Why it was reversed."""
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("settlements.id"))

    order: Mapped[RepairOrder] = relationship(lazy="raise")

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return SETTLEMENT_STATE_NAMES[SettlementState(self.state)]

    @property
    def payer_name(self) -> Words:
        """Who pays."""
        return PAYERS[self.payer]

    @property
    def stands(self) -> bool:
        """Whether it was issued and not reversed."""
        return self.state in STANDING

    @property
    def net(self) -> int:
        """The total without the tax that is in it."""
        return self.total - self.tax

    @property
    def account(self) -> UUID:
        """What its payments name: the customer pays for the visit, deposit and all; others pay a settlement."""
        return self.order_id if self.payer == SELF else self.id


def move(
    session: Session, settlement: Settlement, to: SettlementState, verb: str, *, by: Actor | Clock, **data: Any
) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = SettlementState(settlement.state)
    if to not in SETTLEMENT_MOVES[before]:
        raise WrongMove(
            N_("This settlement is “%(now)s”; it cannot become “%(then)s”."),
            now=SETTLEMENT_STATE_NAMES[before],
            then=SETTLEMENT_STATE_NAMES[to],
        )
    settlement.state = to
    settlement.version += 1
    session.flush()  # the event points at it, and the next of its payer may begin
    record(
        session, verb, settlement, by=by, number=settlement.number, payer=settlement.payer, total=settlement.total,
        from_=before, to=to, **data,
    )  # fmt: skip
