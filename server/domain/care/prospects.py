"""The call that is owed to a prospect: always one while somebody looks after them, and it moves with them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import add_many, now, uuid7
from server.domain.care.contacts import NOT_REACHED, REACHED, WITHDRAWN, Contact, State, owe
from server.domain.people import Person
from server.domain.records import record
from server.domain.records.events import Clock, record_many
from server.domain.showroom import Prospect
from server.domain.showroom.prospects import State as ProspectState

KINDS = {ProspectState.ORDERED: "before_delivery", ProspectState.LOST: "reactivation"}


def align(session: Session, prospect: Prospect, *, by: Person | Clock) -> None:
    """What is owed is what the prospect's next contact says: by whom, when, and as what, or nothing at all."""
    _align(session, prospect, _owed(session, prospect), by=by)


def align_many(session: Session, prospects: Sequence[Prospect], *, by: Person | Clock) -> None:
    """The same for many of one store; what is owed to them is asked for at once."""
    query = select(Contact).where(Contact.store_id == by.store_id, Contact.state == State.OWED)
    query = query.where(Contact.prospect_id.in_([prospect.id for prospect in prospects]))
    owed = {contact.prospect_id: contact for contact in session.scalars(query.order_by(Contact.created_at))}
    for prospect in prospects:
        _align(session, prospect, owed.get(prospect.id), by=by)


def owe_many(session: Session, prospects: Sequence[Prospect], *, by: Person | Clock) -> None:
    """The first call of each new prospect that somebody looks after; a number of statements that does not grow."""
    owed = [
        Contact(
            id=uuid7(), store_id=one.store_id, version=1, kind=kind_of(one), state=State.OWED,
            customer_id=one.customer_id, car_id=None, prospect_id=one.id, owed_by=one.consultant_id,
            due_at=one.next_contact_at, tries=0, outcome=None, note="", done_at=None, reminded_at=None,
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
    """They were spoken to, or it was tried: that was the call; the next one is owed."""
    contact = _owed(session, prospect)
    if contact is not None:
        contact.tries += 1
        reached = prospect.last_contact_at is not None and prospect.last_contact_at >= contact.created_at
        _end(session, contact, State.DONE, REACHED if reached else NOT_REACHED, by=by)
    align(session, prospect, by=by)


def hush(session: Session, store_id: UUID, customer_id: UUID, *, by: Person) -> None:
    """A customer wants no more calls: of those that are owed none is left."""
    query = select(Contact).where(Contact.store_id == store_id, Contact.customer_id == customer_id)
    for contact in session.scalars(query.where(Contact.state == State.OWED)).all():
        _end(session, contact, State.GIVEN_UP, WITHDRAWN, by=by)


def kind_of(prospect: Prospect) -> str:
    """What kind of call comes next."""
    if prospect.is_open:
        return "follow_up" if prospect.first_contact_at else "first_contact"
    return KINDS[ProspectState(prospect.state)]


def _align(session: Session, prospect: Prospect, contact: Contact | None, *, by: Person | Clock) -> None:
    wanted = not prospect.quiet and prospect.consultant_id and prospect.state != ProspectState.DELIVERED
    kind = kind_of(prospect) if wanted else ""
    if contact is not None and contact.kind != kind:
        _end(session, contact, State.GIVEN_UP, WITHDRAWN, by=by)
        contact = None
    if not wanted or prospect.consultant_id is None:
        return
    if contact is None:
        customer, due = prospect.customer, prospect.next_contact_at
        owe(session, kind, customer, prospect.consultant_id, due, by=by, prospect=prospect)
    elif (contact.owed_by, contact.due_at) != (prospect.consultant_id, prospect.next_contact_at):
        contact.owed_by, contact.due_at = prospect.consultant_id, prospect.next_contact_at
        contact.version += 1


def _owed(session: Session, prospect: Prospect) -> Contact | None:
    query = select(Contact).where(Contact.store_id == prospect.store_id, Contact.prospect_id == prospect.id)
    return session.scalars(query.where(Contact.state == State.OWED).order_by(Contact.created_at.desc())).first()


def _end(session: Session, contact: Contact, to: State, outcome: str, *, by: Person | Clock) -> None:
    contact.state, contact.outcome = to, outcome
    contact.done_at = by.moment() if isinstance(by, Person) else now()
    contact.version += 1
    if to is State.DONE:
        record(
            session, "contact.done" if outcome == REACHED else "contact.missed", contact, by=by,
            customer_id=contact.customer_id, car_id=contact.car_id, kind=contact.kind, outcome=outcome,
            tries=contact.tries,
        )  # fmt: skip
