"""Extra work: what is found while a car is here, priced, and approved or declined by the customer line by line."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words
from server.domain.records import record
from server.domain.records.events import Actor, Clock
from server.domain.refusals import N_, WrongMove
from server.domain.workshop.findings import WorkFinding
from server.domain.workshop.order_lines import OrderJob
from server.domain.workshop.repair_orders import RepairOrder


class ExtraState(StrEnum):
    """The life of extra work."""

    DRAFT = "draft"
    SENT = "sent"
    CALL_WANTED = "call_wanted"
    EXPIRED = "expired"
    ANSWERED = "answered"
    DROPPED = "dropped"


EXTRA_MOVES: dict[ExtraState, set[ExtraState]] = {
    ExtraState.DRAFT: {ExtraState.SENT, ExtraState.ANSWERED, ExtraState.DROPPED},
    ExtraState.SENT: {ExtraState.ANSWERED, ExtraState.CALL_WANTED, ExtraState.EXPIRED, ExtraState.DROPPED},
    ExtraState.CALL_WANTED: {ExtraState.ANSWERED, ExtraState.SENT, ExtraState.DROPPED},
    ExtraState.EXPIRED: {ExtraState.ANSWERED, ExtraState.SENT, ExtraState.DROPPED},
    ExtraState.ANSWERED: set(),
    ExtraState.DROPPED: set(),
}
EXTRA_STATE_NAMES: dict[ExtraState, Words] = {
    ExtraState.DRAFT: {"zh": "待发送", "en": "Being priced"},
    ExtraState.SENT: {"zh": "待客户确认", "en": "Waits for the customer's word"},
    ExtraState.CALL_WANTED: {"zh": "客户要求来电", "en": "The customer asks for a call"},
    ExtraState.EXPIRED: {"zh": "已过期", "en": "Expired"},
    ExtraState.ANSWERED: {"zh": "客户已答复", "en": "Answered"},
    ExtraState.DROPPED: {"zh": "已撤回", "en": "Withdrawn"},
}
PRICEABLE = (ExtraState.DRAFT, ExtraState.CALL_WANTED, ExtraState.EXPIRED)
"""Its lines may be changed: nobody is looking at them."""
UNANSWERED = tuple(state for state, onward in EXTRA_MOVES.items() if onward)
BY_LINK, BY_PHONE = "link", "phone"
HOW: dict[str, Words] = {
    BY_LINK: {"zh": "客户手机签字确认", "en": "Signed on the customer's phone"},
    BY_PHONE: {"zh": "电话口头同意", "en": "Said on the telephone"},
}
SAFETY, SOON, CAN_WAIT = "safety", "soon", "can_wait"
URGENCIES: dict[str, str] = {
    SAFETY: N_("Concerns your safety: do it now"),
    SOON: N_("Should be done soon"),
    CAN_WAIT: N_("Can wait until the next visit"),
}


class ExtraWork(OfStore, Versioned, Base):
    """One question to the customer about one order."""

    __tablename__ = "extra_works"
    __table_args__ = (
        UniqueConstraint("store_id", "number"),
        Index("ix_extra_works_order", "store_id", "order_id", "created_at"),
        Index("ix_extra_works_state", "store_id", "state", "expires_at"),
    )

    number: Mapped[str]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("repair_orders.id"))
    state: Mapped[str] = mapped_column(default=ExtraState.DRAFT)
    words: Mapped[str] = mapped_column(default="")
    """What the advisor says to the customer, in plain words."""
    promised_at: Mapped[datetime | None]
    """When the car would be ready if something of it is done; None: as promised."""
    created_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    """Of the prices, and of the link they were sent by."""
    call_wanted_at: Mapped[datetime | None]
    call_words: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    how: Mapped[str | None]
    said_by: Mapped[str] = mapped_column(default="")
    """Who agreed: the name under the signature, or who was on the telephone."""
    said_on: Mapped[str] = mapped_column(default="")
    """The number that was called."""
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    """Who heard it on the telephone."""
    ink: Mapped[list[Any] | None]
    covers: Mapped[str] = mapped_column(default="")
    """What exactly was answered."""

    order: Mapped[RepairOrder] = relationship(lazy="raise")
    items: Mapped[list["ExtraItem"]] = relationship(order_by="ExtraItem.position", lazy="raise", back_populates="extra")

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return EXTRA_STATE_NAMES[ExtraState(self.state)]

    @property
    def is_priceable(self) -> bool:
        """Whether its lines may still be changed."""
        return self.state in PRICEABLE

    @property
    def is_waiting(self) -> bool:
        """Whether the customer has been asked and has not answered."""
        return self.state in (ExtraState.SENT, ExtraState.CALL_WANTED)

    @property
    def address(self) -> str:
        """Its page."""
        return f"/extra-works/{self.id}"


class ExtraItem(OfStore, Base):
    """One line the customer decides about: a job with the parts that go into it, and the finding that speaks for it."""

    __tablename__ = "extra_items"
    __table_args__ = (
        UniqueConstraint("store_id", "order_job_id"),
        Index("ix_extra_items_extra", "store_id", "extra_id", "position"),
        Index("ix_extra_items_finding", "store_id", "finding_id"),
    )

    extra_id: Mapped[UUID] = mapped_column(ForeignKey("extra_works.id"))
    order_job_id: Mapped[UUID] = mapped_column(ForeignKey("order_jobs.id"))
    finding_id: Mapped[UUID | None] = mapped_column(ForeignKey("work_findings.id"))
    words: Mapped[str] = mapped_column(default="")
    """What it is for, in plain words."""
    urgency: Mapped[str] = mapped_column(default=SOON)
    position: Mapped[int] = mapped_column(default=0)

    extra: Mapped[ExtraWork] = relationship(back_populates="items", lazy="raise")
    job: Mapped[OrderJob] = relationship(foreign_keys=[order_job_id], lazy="raise")
    finding: Mapped[WorkFinding | None] = relationship(foreign_keys=[finding_id], lazy="raise")

    @property
    def urgency_name(self) -> str:
        """How urgent it is, for the catalogue."""
        return URGENCIES[self.urgency]


def move_extra(
    session: Session, extra: ExtraWork, to: ExtraState, verb: str, *, by: Actor | Clock, **data: Any
) -> None:
    """The one way from state to state; the order of `extra` is loaded. Raises WrongMove."""
    before = ExtraState(extra.state)
    if to not in EXTRA_MOVES[before]:
        raise WrongMove(
            N_("This extra work is “%(now)s”; it cannot become “%(then)s”."),
            now=EXTRA_STATE_NAMES[before],
            then=EXTRA_STATE_NAMES[to],
        )
    extra.state = to
    extra.version += 1
    tell(session, verb, extra, by=by, from_=before, to=to, **data)


def tell(session: Session, verb: str, extra: ExtraWork, *, by: Actor | Clock, **data: Any) -> None:
    """Write into the record of events what happened to extra work."""
    order = extra.order
    said = {name.rstrip("_"): value for name, value in data.items()}
    record(
        session, verb, extra, by=by, customer_id=order.customer_id, car_id=order.car_id, number=extra.number,
        order=order.number, **said,
    )  # fmt: skip
