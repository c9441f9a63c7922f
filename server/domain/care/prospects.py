"""The call that is owed to a prospect: always one while somebody looks after them, and it moves with them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from server.database import add_many, now, uuid7
from server.domain.care import making
from server.domain.care.calling_hours import CallingHours
from server.domain.care.contacts import NOT_REACHED, REACHED, WITHDRAWN, Contact, State, move, owe
from server.domain.people import Person
from server.domain.records.events import Clock, record_many
from server.domain.showroom import Prospect
from server.domain.showroom.prospects import State as ProspectState

KINDS = {ProspectState.ORDERED: "before_delivery", ProspectState.LOST: "reactivation"}


def align(session: Session, prospect: Prospect, *, by: Person | Clock) -> None:
    """What is owed is what the prospect's next contact says: by whom, when, and as what, or nothing at all."""
    hours = CallingHours(session, prospect.store_id, [prospect.customer_id])
    _align(session, prospect, _owed(session, prospect), hours, by=by)


def align_many(session: Session, prospects: Sequence[Prospect], *, by: Person | Clock) -> None:
    """The same for many of one store; what is owed to them is asked for at once."""
    query = select(Contact).where(Contact.store_id == by.store_id, Contact.state == State.OWED)
    query = query.where(Contact.prospect_id.in_([prospect.id for prospect in prospects]))
    owed = {contact.prospect_id: contact for contact in session.scalars(query.order_by(Contact.created_at))}
    hours = CallingHours(session, by.store_id, [prospect.customer_id for prospect in prospects])
    for prospect in prospects:
        _align(session, prospect, owed.get(prospect.id), hours, by=by)


def owe_many(session: Session, prospects: Sequence[Prospect], *, by: Person | Clock) -> None:
    """The first call of each new prospect that somebody looks after; a number of statements that does not grow."""
    hours = CallingHours(session, by.store_id, [one.customer_id for one in prospects])
    owed = [
        Contact(
            id=uuid7(), store_id=one.store_id, version=1, kind=kind_of(one), state=State.OWED,
            customer_id=one.customer_id, car_id=None, prospect_id=one.id, follows_id=None, owed_by=one.consultant_id,
            due_at=hours.next_open(one.next_contact_at, one.customer_id), about="", place="", tries=0, outcome=None,
            note="", begun_at=None, done_at=None, reminded_at=None, climbed_at=None, escalated_at=None,
            created_at=now(),
        )
        for one in prospects
        if one.is_due
    ]  # fmt: skip
    add_many(session, owed)
    happened = [(one, one.customer_id, {"kind": one.kind, "due": one.due_at}) for one in owed]
    record_many(session, "contact.owed", happened, by=by)


def waited_for(session: Session, store_id: UUID, customer_ids: Collection[UUID]) -> set[UUID]:
    """Those of them whom somebody owes a call."""
    query = select(Contact.customer_id).where(Contact.store_id == store_id, Contact.state == State.OWED)
    return set(session.scalars(query.where(Contact.customer_id.in_(customer_ids))))


def settle(session: Session, prospect: Prospect, *, by: Person) -> None:
    """They were spoken to, or it was tried: that was the call; the next one is owed.

    What was tried in vain is counted on, so that a manager hears of it in the end.
    """
    contact, in_vain = _owed(session, prospect), 0
    if contact is not None:
        contact.tries += 1
        reached = prospect.last_contact_at is not None and prospect.last_contact_at >= contact.created_at
        in_vain = 0 if reached else contact.tries
        _end(session, contact, State.DONE, REACHED if reached else NOT_REACHED, by=by)
    align(session, prospect, by=by)
    following = _owed(session, prospect) if in_vain else None
    if contact is not None and following is not None:
        following.tries, following.escalated_at = in_vain, contact.escalated_at
        making.escalate(session, following, by=by)


def hush(session: Session, store_id: UUID, customer_id: UUID, *, by: Person) -> None:
    """A customer wants no more calls: none is owed any more, but what they asked for and what is about their safety."""
    query = select(Contact).where(Contact.store_id == store_id, Contact.customer_id == customer_id)
    query = query.where(Contact.state == State.OWED).options(joinedload(Contact.what))
    for contact in session.scalars(query).all():
        if not contact.what.goes_on_in_silence:
            _end(session, contact, State.GIVEN_UP, WITHDRAWN, by=by)


def kind_of(prospect: Prospect) -> str:
    """What kind of call comes next."""
    if prospect.is_open:
        return "follow_up" if prospect.first_contact_at else "first_contact"
    return KINDS[ProspectState(prospect.state)]


def _align(
    session: Session, prospect: Prospect, contact: Contact | None, hours: CallingHours, *, by: Person | Clock
) -> None:
    wanted = not prospect.quiet and prospect.consultant_id and prospect.state != ProspectState.DELIVERED
    kind = kind_of(prospect) if wanted else ""
    if contact is not None and contact.kind != kind:
        _end(session, contact, State.GIVEN_UP, WITHDRAWN, by=by)
        contact = None
    if not wanted or prospect.consultant_id is None:
        return
    due = hours.next_open(prospect.next_contact_at, prospect.customer_id)
    if contact is None:
        customer, owner = prospect.customer, prospect.consultant_id
        owe(session, kind, customer, owner, due, by=by, prospect=prospect, hours=hours)
    elif (contact.owed_by, contact.due_at) != (prospect.consultant_id, due):
        contact.owed_by, contact.due_at = prospect.consultant_id, due
        contact.version += 1


def _owed(session: Session, prospect: Prospect) -> Contact | None:
    query = select(Contact).where(Contact.store_id == prospect.store_id, Contact.prospect_id == prospect.id)
    return session.scalars(query.where(Contact.state == State.OWED).order_by(Contact.created_at.desc())).first()


def _end(session: Session, contact: Contact, to: State, outcome: str, *, by: Person | Clock) -> None:
    contact.outcome = outcome
    verb = "contact.withdrawn" if to is State.GIVEN_UP else "contact.done" if outcome == REACHED else "contact.missed"
    move(session, contact, to, verb, by=by, outcome=outcome, tries=contact.tries)
