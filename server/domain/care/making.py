"""Making an owed contact: begun with a tap, ended with what came of it, tried again, passed on or let go."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from server.database import Base, OfStore, Words, now, uuid7
from server.domain.care.calling_hours import CallingHours
from server.domain.care.contacts import (
    DROPPED,
    ENDINGS,
    NOT_REACHED,
    NOT_WANTED,
    OUTCOMES,
    REACHED,
    Contact,
    State,
    move,
    owe,
    tell,
)
from server.domain.catalogue import value_of
from server.domain.people import Person, Right, Role, Staff, notices
from server.domain.people.staff import able, with_role
from server.domain.records import consents
from server.domain.refusals import Invalid, N_, NotAllowed, WrongMove

TRY_AGAIN = timedelta(hours=3)
NEXT_STEP = "next_step"


class Try(OfStore, Base):
    """One time that somebody tried, kept for good."""

    __tablename__ = "contact_tries"
    __table_args__ = (Index("ix_contact_tries_contact", "store_id", "contact_id", "made_at"),)

    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    begun_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    outcome: Mapped[str]
    note: Mapped[str]

    maker: Mapped[Staff] = relationship()

    @property
    def outcome_name(self) -> Words:
        """What came of it."""
        return ENDINGS[self.outcome]

    @property
    def minutes(self) -> int | None:
        """How long it took, in begun minutes; None when nobody knows."""
        return None if self.begun_at is None else max(1, -(-(self.made_at - self.begun_at).seconds // 60))


class Next(msgspec.Struct, frozen=True):
    """What was agreed on as the next step."""

    what: str
    due: datetime


def begin(session: Session, contact: Contact, *, by: Person, why: str = "") -> None:
    """They are being called now. Raises WrongMove with the reason when they are not to be called.

    Who has the right may go on all the same where it is about safety, and says why.
    """
    if not contact.is_owed:
        raise WrongMove(N_("This contact was made already."))
    refusal = CallingHours(session, by.store_id, [contact.customer_id]).why_not(contact.customer, by.moment())
    if refusal is not None:
        if not may_override(contact, by):
            raise WrongMove(refusal.message, **refusal.gaps)
        if not why:
            raise Invalid.at("why", N_("Write why it cannot wait."))
        tell(session, "contact.overridden", contact, by=by, why=why, rule=refusal.message)
    contact.begun_at = by.moment()
    contact.version += 1
    tell(session, "contact.begun", contact, by=by)


def may_override(contact: Contact, person: Person) -> bool:
    """Whether this person may call although the customer is not to be called now."""
    return contact.what.safety and bool(contact.customer.phone) and person.may(Right.OVERRIDE_QUIET)


def make(
    session: Session, contact: Contact, *, by: Person, outcome: str, note: str, then: Next | None = None
) -> Contact | None:
    """What came of it: reached ends it, not reached is tried again, not wanted withdraws it; and the next step.

    Raises Invalid, WrongMove.
    """
    _check(contact, outcome, note)
    to = {REACHED: State.DONE, NOT_WANTED: State.GIVEN_UP, NOT_REACHED: State.OWED}[outcome]
    verb = "contact.missed" if to is State.OWED else "contact.done"
    tries = contact.tries + 1
    move(session, contact, to, verb, by=by, outcome=outcome, tries=tries)
    contact.outcome, contact.note, contact.tries = outcome, note, tries
    _keep(session, contact, by)
    if outcome == NOT_WANTED:
        consents.answer(session, contact.customer_id, "contact", False, by=by)
    if to is State.OWED:
        hours = CallingHours(session, by.store_id, [contact.customer_id])
        contact.due_at = hours.next_open(max(now(), contact.due_at) + TRY_AGAIN, contact.customer_id)
        escalate(session, contact, by=by)
        return None
    if then is None or outcome != REACHED:
        return None
    return owe(
        session, NEXT_STEP, contact.customer, contact.owed_by, then.due, by=by, car=contact.car, about=then.what,
        follows=contact,
    )  # fmt: skip


def escalate(session: Session, contact: Contact, *, by: Person) -> None:
    """Tried as often in vain as the store's parameter says: from now on a manager has to say how it goes on."""
    limit: int = value_of(session, contact.store_id, "contact_tries")["most"]
    if contact.tries < limit or contact.escalated_at is not None:
        return
    contact.escalated_at = now()
    tell(session, "contact.escalated", contact, by=by, tries=contact.tries)
    managers = [staff.id for staff in with_role(session, contact.store_id, Role.MANAGER)]
    notices.tell_all(
        session, managers, "contact.escalated", address_of(contact), by=by, customer=contact.customer.name,
        what=contact.name, tries=contact.tries,
    )  # fmt: skip


def pass_on(session: Session, contact: Contact, to: Staff, *, by: Person) -> None:
    """To a colleague, who begins anew. Raises WrongMove, NotAllowed."""
    _require_manager(by)
    if contact.prospect_id is not None:
        raise WrongMove(N_("Hand the prospect over: the call goes with them."))
    if to.id == contact.owed_by or not able([to], Right.MAKE_CONTACTS):
        raise WrongMove(N_("Choose a colleague who is there."))
    contact.owed_by = to.id
    _begin_anew(contact)
    move(session, contact, State.OWED, "contact.passed_on", by=by, who=to.title)
    notices.tell(
        session, to.id, "contact.passed_on", address_of(contact), by=by, customer=contact.customer.name,
        what=contact.name,
    )  # fmt: skip


def go_on(session: Session, contact: Contact, *, by: Person) -> None:
    """It is to be tried again by whom it is owed. Raises WrongMove, NotAllowed."""
    _require_manager(by)
    _begin_anew(contact)
    move(session, contact, State.OWED, "contact.resumed", by=by)
    notices.tell(
        session, contact.owed_by, "contact.resumed", address_of(contact), by=by, customer=contact.customer.name,
        what=contact.name,
    )  # fmt: skip


def let_go(session: Session, contact: Contact, *, by: Person, why: str) -> None:
    """It is not owed any more, for a reason. Raises Invalid, WrongMove, NotAllowed."""
    _require_manager(by)
    if contact.prospect_id is not None:
        raise WrongMove(N_("This call is written down as a follow-up of the prospect."))
    if not why:
        raise Invalid.at("why", N_("Please fill this in."))
    contact.outcome, contact.note = DROPPED, why
    move(session, contact, State.GIVEN_UP, "contact.let_go", by=by, outcome=DROPPED)


def tries_of(session: Session, contact: Contact) -> list[Try]:
    """Every time it was tried, newest first."""
    query = select(Try).where(Try.store_id == contact.store_id, Try.contact_id == contact.id)
    return list(session.scalars(query.options(joinedload(Try.maker)).order_by(Try.made_at.desc(), Try.id.desc())))


def address_of(contact: Contact) -> str:
    """Where it is settled."""
    return f"/prospects/{contact.prospect.number}" if contact.prospect is not None else f"/contacts/{contact.id}"


def _check(contact: Contact, outcome: str, note: str) -> None:
    if contact.prospect_id is not None:
        raise WrongMove(N_("This call is written down as a follow-up of the prospect."))
    if outcome not in OUTCOMES:
        raise Invalid.at("outcome", N_("Choose one of the offered."))
    if outcome == REACHED and not note:
        raise Invalid.at("note", N_("Write what the customer said, in a few words."))


def _keep(session: Session, contact: Contact, by: Person) -> None:
    session.add(
        Try(
            id=uuid7(), store_id=contact.store_id, contact_id=contact.id, made_by=by.id, begun_at=contact.begun_at,
            made_at=by.moment(), outcome=contact.outcome or "", note=contact.note,
        )
    )  # fmt: skip
    contact.begun_at = None


def _begin_anew(contact: Contact) -> None:
    contact.tries, contact.escalated_at = 0, None


def _require_manager(by: Person) -> None:
    if not by.may(Right.KEEP_STAFF):
        raise NotAllowed
