"""Quotations: every version stands as it was made; above the own limit a manager decides; one is accepted."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words, now
from server.domain.catalogue import CarModel, today
from server.domain.customers import Customer
from server.domain.deals import sheets
from server.domain.deals.sheets import Sheet
from server.domain.people import Person, Staff
from server.domain.records import record
from server.domain.records.events import Actor, Clock
from server.domain.refusals import N_, WrongMove
from server.domain.showroom import Prospect


class State(StrEnum):
    """The life of one version."""

    ASKED = "asked"
    OFFERED = "offered"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


MOVES: dict[State, set[State]] = {
    State.ASKED: {State.OFFERED, State.REFUSED, State.EXPIRED, State.WITHDRAWN},
    State.OFFERED: {State.ACCEPTED, State.EXPIRED, State.WITHDRAWN},
    State.REFUSED: set(),
    State.ACCEPTED: set(),
    State.EXPIRED: set(),
    State.WITHDRAWN: set(),
}
STATE_NAMES: dict[State, Words] = {
    State.ASKED: {"zh": "待审批", "en": "Waits for the manager"},
    State.OFFERED: {"zh": "报价有效", "en": "Offered"},
    State.REFUSED: {"zh": "未批准", "en": "Refused"},
    State.ACCEPTED: {"zh": "已成交", "en": "Accepted"},
    State.EXPIRED: {"zh": "已过期", "en": "Expired"},
    State.WITHDRAWN: {"zh": "已撤回", "en": "Withdrawn"},
}
STANDING = (State.ASKED, State.OFFERED)


class Quotation(OfStore, Versioned, Base):
    """One version of one quotation. Nothing of it but its state ever changes; a change is another version."""

    __tablename__ = "quotations"
    __table_args__ = (
        UniqueConstraint("store_id", "number", "revision"),
        Index("ix_quotations_made", "store_id", "created_at", "id"),
        Index("ix_quotations_state", "store_id", "state", "created_at", "id"),
        Index("ix_quotations_whose", "store_id", "consultant_id", "created_at", "id"),
        Index("ix_quotations_prospect", "store_id", "prospect_id", "created_at"),
        Index("ix_quotations_customer", "store_id", "customer_id"),
        Index("ix_quotations_until", "store_id", "state", "until"),
    )

    number: Mapped[str]
    revision: Mapped[int]
    state: Mapped[str]
    prospect_id: Mapped[UUID] = mapped_column(ForeignKey("prospects.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    consultant_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    model_id: Mapped[UUID] = mapped_column(ForeignKey("car_models.id"))
    colour: Mapped[str]
    """The code of a colour, or empty."""
    guide: Mapped[int]
    given: Mapped[int]
    total: Mapped[int]
    digest: Mapped[str]
    trade_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("trade_ins.id"))
    finance: Mapped[dict[str, Any]]
    """How the customer means to pay it off, or empty: method, down, months, rate, principal, monthly, last, interest,
    effective."""
    note: Mapped[str]
    until: Mapped[date]
    """The last day on which it holds."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    prospect: Mapped[Prospect] = relationship(foreign_keys=[prospect_id])
    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
    consultant: Mapped[Staff] = relationship(foreign_keys=[consultant_id])
    model: Mapped[CarModel] = relationship(foreign_keys=[model_id])
    lines: Mapped[list["QuotationLine"]] = relationship(order_by="QuotationLine.position", lazy="raise")

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def is_standing(self) -> bool:
        """Whether something can still come of it."""
        return self.state in STANDING

    @property
    def address(self) -> str:
        """The page of this version."""
        return f"/quotations/{self.number}?revision={self.revision}"

    def holds(self, day: date) -> bool:
        """Whether the customer may accept it on that day."""
        return self.state == State.OFFERED and day <= self.until

    @property
    def sheet(self) -> Sheet:
        """Its lines, to be summed again."""
        return Sheet([sheets.Line(one.kind, one.code, one.name, one.marked, one.price) for one in self.lines])


class QuotationLine(OfStore, Base):
    """One line of one version, in fen; written once."""

    __tablename__ = "quotation_lines"
    __table_args__ = (Index("ix_quotation_lines_quotation", "store_id", "quotation_id"),)

    quotation_id: Mapped[UUID] = mapped_column(ForeignKey("quotations.id"))
    position: Mapped[int]
    kind: Mapped[str]
    code: Mapped[str]
    name: Mapped[Words]
    marked: Mapped[int]
    price: Mapped[int]

    @property
    def given(self) -> int:
        """How much less than marked."""
        return self.marked - self.price


def withdraw(session: Session, quotation: Quotation, *, by: Person) -> None:
    """It is not offered any more."""
    move(session, quotation, State.WITHDRAWN, "quotation.withdrawn", by=by)


def accept(session: Session, quotation: Quotation, *, by: Person) -> None:
    """The customer takes this version; the others are off the table. Raises WrongMove when its days are over."""
    if quotation.state == State.OFFERED and not quotation.holds(by.moment().astimezone(by.zone).date()):
        raise WrongMove(N_("This quotation has expired. Make a new version at the prices of today."))
    move(session, quotation, State.ACCEPTED, "quotation.accepted", by=by)
    for other in versions(session, quotation.store_id, quotation.number):
        if other.id != quotation.id and other.is_standing:
            withdraw(session, other, by=by)


def expire(session: Session, store_id: UUID, at: datetime, most: int = 200) -> int:
    """Those whose days are over; how many."""
    day = today(session, store_id, at)
    query = select(Quotation).where(Quotation.store_id == store_id, Quotation.state.in_(STANDING))
    over = session.scalars(query.where(Quotation.until < day).order_by(Quotation.until).limit(most)).all()
    for quotation in over:
        move(session, quotation, State.EXPIRED, "quotation.expired", by=Clock(store_id))
    return len(over)


def move(session: Session, quotation: Quotation, to: State, verb: str, *, by: Actor | Clock, **data: Any) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = State(quotation.state)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This quotation is “%(now)s”; it cannot become “%(then)s”."),
            now=STATE_NAMES[before],
            then=STATE_NAMES[to],
        )
    quotation.state = to
    quotation.version += 1
    quotation.ended_at = None if to in STANDING else now()
    tell(session, verb, quotation, by=by, from_=before, to=to, **data)


def tell(session: Session, verb: str, quotation: Quotation, *, by: Actor | Clock, **data: Any) -> None:
    """Write into the record of events what happened to a quotation."""
    said = {name.rstrip("_"): value for name, value in data.items()}
    customer_id = quotation.customer_id or quotation.customer.id
    record(
        session, verb, quotation, by=by, customer_id=customer_id, number=quotation.number,
        revision=quotation.revision, **said,
    )  # fmt: skip


def versions(session: Session, store_id: UUID, number: str) -> Sequence[Quotation]:
    """All versions under a number, in order."""
    query = select(Quotation).where(Quotation.store_id == store_id, Quotation.number == number)
    return session.scalars(query.order_by(Quotation.revision)).all()


def days_it_holds(day: date, days: int) -> date:
    """The last day of a quotation made on that day; the day itself is the first."""
    return day + timedelta(days=days - 1)
