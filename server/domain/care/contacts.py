"""Owed contacts: who has to call whom by when, and what came of it."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words, now, uuid7
from server.domain.catalogue import value_of
from server.domain.customers import Car, Customer
from server.domain.people import Person, Right, Role, Staff
from server.domain.people.staff import with_role
from server.domain.records import consents, record
from server.domain.records.events import Actor, Clock
from server.domain.refusals import Invalid, N_, NotThere, WrongMove
from server.domain.showroom import Prospect
from server.domain.showroom.registration import is_quiet


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
KINDS: dict[str, Words] = {
    "care_0": {"zh": "交车当日关怀", "en": "Care call on the day"},
    "care_3": {"zh": "交车 3 天回访", "en": "Call after 3 days"},
    "care_7": {"zh": "交车 7 天回访", "en": "Call after 7 days"},
    "care_30": {"zh": "交车 30 天回访", "en": "Call after 30 days"},
    "first_contact": {"zh": "新客次日回访", "en": "Call on the day after"},
    "follow_up": {"zh": "潜客跟进", "en": "Follow-up"},
    "before_delivery": {"zh": "交车前关怀", "en": "Keep in touch until the handover"},
    "missed_drive": {"zh": "试驾未到回访", "en": "Did not come to the test drive"},
    "after_service": {"zh": "出厂 3 天回访", "en": "Call after a visit to the workshop"},
    "declined_work": {"zh": "未同意增项回访", "en": "Ask again about declined work"},
    "reactivation": {"zh": "战败客户再激活", "en": "Ask again who was lost"},
    "appointment_day": {"zh": "服务预约提前一天提醒", "en": "Reminder on the day before an appointment"},
    "appointment_hour": {"zh": "服务预约提前一小时提醒", "en": "Reminder an hour before an appointment"},
    "appointment_missed": {"zh": "预约未到店回访", "en": "Did not come to the appointment"},
    "visit_booking": {"zh": "上门拜访预约", "en": "Book a home visit"},
    "visit_confirmation": {"zh": "上门出发前确认", "en": "Confirm before leaving for a visit"},
    "visit_answer": {"zh": "答复上门时的意见", "en": "Answer a complaint made at home"},
    "visit_thanks": {"zh": "上门后致谢", "en": "Thanks after a home visit"},
    "visit_offer": {"zh": "按上门检测结果邀约", "en": "Offer an appointment for what was found"},
    "referral_consent": {"zh": "征求被推荐人同意", "en": "Ask whether the friend may be called"},
    "referral_thanks": {"zh": "感谢推荐人", "en": "Thank who recommended us"},
}
WITHDRAWN = "withdrawn"
ENDINGS = OUTCOMES | {WITHDRAWN: {"zh": "不再需要", "en": "No longer needed"}}
"""How a contact can have ended; the last of them nobody chooses."""
TRY_AGAIN = timedelta(hours=3)


class Contact(OfStore, Versioned, Base):
    """A call somebody owes."""

    __tablename__ = "contacts"
    __table_args__ = (Index("ix_contacts_due", "store_id", "owed_by", "state", "due_at"),)

    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.OWED)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    car_id: Mapped[UUID | None] = mapped_column(ForeignKey("cars.id"))
    prospect_id: Mapped[UUID | None] = mapped_column(ForeignKey("prospects.id"), index=True)
    """Whose follow-up settles it: it is not made here."""
    owed_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    """When its owner was told that it is overdue; a later try makes it due anew."""
    created_at: Mapped[datetime]

    customer: Mapped[Customer] = relationship()
    car: Mapped[Car | None] = relationship()
    prospect: Mapped[Prospect | None] = relationship()
    owner: Mapped[Staff] = relationship()

    @property
    def name(self) -> Words:
        """What kind of call it is."""
        return KINDS[self.kind]

    @property
    def is_owed(self) -> bool:
        """Whether it is still to be made."""
        return self.state == State.OWED

    def is_overdue(self, at: datetime) -> bool:
        """Whether its day has passed."""
        return self.is_owed and self.due_at < at

    def days_late(self, at: datetime) -> int:
        """Whole days past due."""
        return max(0, (at - self.due_at).days)


class Reach:
    """A manager sees the store's contacts, everybody else their own."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session = session
        self.query = (
            select(Contact)
            .where(Contact.store_id == person.store_id)
            .options(joinedload(Contact.customer), joinedload(Contact.car), joinedload(Contact.owner))
            .options(joinedload(Contact.prospect).joinedload(Prospect.model))
        )
        if not person.may(Right.MAKE_CONTACTS):
            self.query = self.query.where(Contact.id.is_(None))
        elif Role.MANAGER not in person.roles:
            self.query = self.query.where(Contact.owed_by == person.id)

    def one(self, contact_id: UUID) -> Contact:
        """By its identity. Raises NotThere."""
        found = self.session.scalar(self.query.where(Contact.id == contact_id))
        if found is None:
            raise NotThere
        return found

    def owed(self, until: datetime, most: int = 50) -> Sequence[Contact]:
        """What is due until then, the latest first to be late."""
        query = self.query.where(Contact.state == State.OWED, Contact.due_at < until)
        return self.session.scalars(query.order_by(Contact.due_at).limit(most)).all()

    def later(self, since: datetime, most: int = 50) -> Sequence[Contact]:
        """What comes after."""
        query = self.query.where(Contact.state == State.OWED, Contact.due_at >= since)
        return self.session.scalars(query.order_by(Contact.due_at).limit(most)).all()

    def done(self, most: int = 50) -> Sequence[Contact]:
        """What was made, newest first."""
        query = self.query.where(Contact.state != State.OWED)
        return self.session.scalars(query.order_by(Contact.done_at.desc()).limit(most)).all()


def visible_to(session: Session, person: Person) -> Reach:
    """What this person may see."""
    return Reach(session, person)


def owe_care_calls(
    session: Session, *, by: Person, customer: Customer, car: Car, consultant: Staff, since: datetime
) -> Sequence[Contact]:
    """The calls after a delivery, as the store's parameter `care_calls` has them: days, hour, who.

    None for a customer who does not want to be called.
    """
    if is_quiet(session, by.store_id, customer.id):
        return ()
    rules: list[dict[str, Any]] = value_of(session, by.store_id, "care_calls")
    specialists = with_role(session, by.store_id, Role.CARE)
    day = since.astimezone(by.zone).date()
    owed: list[Contact] = []
    for rule in rules:
        owner = specialists[0] if rule["by"] == "care" and specialists else consultant
        due = datetime.combine(day + timedelta(days=rule["days"]), time(rule["hour"]), by.zone)
        # A car handed over at night: not overdue at birth, and the same day's call stays on that day.
        late = datetime.combine(due.date(), time(23, 59), by.zone)
        due = max(due, min(since + timedelta(hours=1), late), since)
        owed.append(owe(session, f"care_{rule['days']}", customer, owner.id, due, by=by, car=car, who=owner.title))
    return owed


def make(session: Session, contact: Contact, *, by: Person, outcome: str, note: str) -> None:
    """What came of a call: reached ends it, not reached is tried again, not wanted withdraws it."""
    if contact.prospect_id is not None:
        raise WrongMove(N_("This call is written down as a follow-up of the prospect."))
    if outcome not in OUTCOMES:
        raise Invalid.at("outcome", N_("Choose one of the offered."))
    if outcome == REACHED and not note:
        raise Invalid.at("note", N_("Write what the customer said, in a few words."))
    to = {REACHED: State.DONE, NOT_WANTED: State.GIVEN_UP, NOT_REACHED: State.OWED}[outcome]
    if to not in MOVES[State(contact.state)]:
        raise WrongMove(N_("This contact was made already."))
    contact.state, contact.outcome, contact.note = to, outcome, note
    contact.tries += 1
    contact.version += 1
    if to is State.OWED:
        contact.due_at = max(now(), contact.due_at) + TRY_AGAIN
    else:
        contact.done_at = by.moment()
    if outcome == NOT_WANTED:
        consents.answer(session, contact.customer_id, "contact", False, by=by)
    verb = "contact.missed" if to is State.OWED else "contact.done"
    record(
        session, verb, contact, by=by, customer_id=contact.customer_id, car_id=contact.car_id,
        kind=contact.kind, outcome=outcome, tries=contact.tries,
    )  # fmt: skip


def owe(
    session: Session, kind: str, customer: Customer, owed_by: UUID, due: datetime, *, by: Actor | Clock,
    car: Car | None = None, prospect: Prospect | None = None, who: Words | None = None,
) -> Contact:  # fmt: skip
    """Somebody owes a customer a call from now on."""
    contact = Contact(
        id=uuid7(), store_id=by.store_id, kind=kind, state=State.OWED, customer_id=customer.id,
        car_id=car and car.id, prospect_id=prospect and prospect.id, owed_by=owed_by, due_at=due, tries=0, note="",
        created_at=now(),
    )  # fmt: skip
    session.add(contact)
    session.flush()  # the event points at it
    said = {"who": who} if who else {}
    record(
        session, "contact.owed", contact, by=by, customer_id=customer.id, car_id=contact.car_id, kind=kind, due=due,
        **said,
    )  # fmt: skip
    return contact
