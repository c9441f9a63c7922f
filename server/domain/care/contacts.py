"""Owed contacts: who owes whom what by when, in one life for all kinds of them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, and_
from sqlalchemy.orm import Mapped, Session, foreign, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words, now, uuid7
from server.domain.care import kinds
from server.domain.care.calling_hours import CallingHours
from server.domain.care.kinds import ContactKind
from server.domain.customers import Car, Customer
from server.domain.people import Staff
from server.domain.records import record
from server.domain.records.events import Actor, Clock
from server.domain.refusals import N_, WrongMove
from server.domain.showroom import Prospect


class State(StrEnum):
    """The life of an owed contact."""

    OWED = "owed"
    DONE = "done"
    GIVEN_UP = "given_up"


MOVES: dict[State, set[State]] = {
    State.OWED: {State.OWED, State.DONE, State.GIVEN_UP},
    State.DONE: set(),
    State.GIVEN_UP: set(),
}
REACHED, NOT_REACHED, NOT_WANTED = "reached", "not_reached", "not_wanted"
OUTCOMES: dict[str, Words] = {
    REACHED: {"zh": "已联系上", "en": "Reached"},
    NOT_REACHED: {"zh": "未接通", "en": "Not reached"},
    NOT_WANTED: {"zh": "客户不希望再被联系", "en": "Does not want to be called"},
}
WITHDRAWN, DROPPED = "withdrawn", "dropped"
ENDINGS = OUTCOMES | {
    WITHDRAWN: {"zh": "不再需要", "en": "No longer needed"},
    DROPPED: {"zh": "经理决定不再联系", "en": "The manager let it go"},
}
"""How a contact can have ended; the last two nobody chooses who calls."""


class Contact(OfStore, Versioned, Base):
    """Something that somebody owes a customer: a call, a visit, a reminder, a promise, a survey or an answer."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_due", "store_id", "owed_by", "state", "due_at"),
        Index("ix_contacts_owed", "store_id", "state", "due_at", "id"),
        Index("ix_contacts_done", "store_id", "state", "done_at", "id"),
    )

    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.OWED)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    car_id: Mapped[UUID | None] = mapped_column(ForeignKey("cars.id"))
    prospect_id: Mapped[UUID | None] = mapped_column(ForeignKey("prospects.id"), index=True)
    """Whose follow-up settles it: it is not made here."""
    follows_id: Mapped[UUID | None]
    """The contact in which it was agreed on as the next step."""
    owed_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    due_at: Mapped[datetime]
    about: Mapped[str] = mapped_column(default="")
    """What was promised or asked, in the words of whoever wrote it down."""
    place: Mapped[str] = mapped_column(default="")
    """The page of the house that helps to settle it."""
    tries: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    begun_at: Mapped[datetime | None]
    """When the call that is under way was begun."""
    done_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    """When its owner was told that it is overdue; a later try makes it due anew."""
    climbed_at: Mapped[datetime | None]
    """When the managers were told that it is overdue."""
    escalated_at: Mapped[datetime | None]
    """When it was tried so often that the managers were told."""
    created_at: Mapped[datetime]

    what: Mapped[ContactKind] = relationship(
        primaryjoin=lambda: and_(
            foreign(Contact.kind) == ContactKind.code, foreign(Contact.store_id) == ContactKind.store_id
        ),
        viewonly=True,
    )
    customer: Mapped[Customer] = relationship()
    car: Mapped[Car | None] = relationship()
    prospect: Mapped[Prospect | None] = relationship()
    owner: Mapped[Staff] = relationship()

    @property
    def name(self) -> Words:
        """What it is for."""
        return self.what.name

    @property
    def is_owed(self) -> bool:
        """Whether it is still to be made."""
        return self.state == State.OWED

    @property
    def is_escalated(self) -> bool:
        """Whether a manager has to say how it goes on."""
        return self.is_owed and self.escalated_at is not None

    def is_overdue(self, at: datetime) -> bool:
        """Whether its day has passed."""
        return self.is_owed and self.due_at < at

    def days_late(self, at: datetime) -> int:
        """Whole days past due."""
        return max(0, (at - self.due_at).days)


def move(session: Session, contact: Contact, to: State, verb: str, *, by: Actor | Clock, **data: Any) -> None:
    """The one way from state to state. Raises WrongMove."""
    if to not in MOVES[State(contact.state)]:
        raise WrongMove(N_("This contact was made already."))
    contact.state = to
    contact.version += 1
    if to is not State.OWED:
        contact.done_at = by.moment()
    tell(session, verb, contact, by=by, **data)


def tell(session: Session, verb: str, contact: Contact, *, by: Actor | Clock, **data: Any) -> None:
    """Write down what happened to it."""
    said = {"kind": contact.kind} | data
    record(session, verb, contact, by=by, customer_id=contact.customer_id, car_id=contact.car_id, **said)


def owe(
    session: Session, kind: str, customer: Customer, owed_by: UUID, due: datetime, *, by: Actor | Clock,
    car: Car | None = None, prospect: Prospect | None = None, who: Words | None = None, about: str = "",
    place: str = "", follows: Contact | None = None, id: UUID | None = None, hours: CallingHours | None = None,
) -> Contact | None:  # fmt: skip
    """Somebody owes a customer something from now on, due at an hour at which the customer may be called.

    None for a customer who wants no calls, unless they asked for it or it is about their safety.
    """
    hours = hours or CallingHours(session, by.store_id, [customer.id])
    if customer.id in hours.silent and not kinds.of_code(session, by.store_id, kind).goes_on_in_silence:
        return None
    contact = Contact(
        id=id or uuid7(), store_id=by.store_id, kind=kind, state=State.OWED, customer_id=customer.id,
        car_id=car and car.id, prospect_id=prospect and prospect.id, follows_id=follows and follows.id,
        owed_by=owed_by, due_at=hours.next_open(due, customer.id), about=about, place=place, tries=0, note="",
        created_at=now(),
    )  # fmt: skip
    session.add(contact)
    session.flush()  # the event points at it
    said = {"who": who} if who else {}
    tell(session, "contact.owed", contact, by=by, due=contact.due_at, **said)
    return contact
