"""Overdue contacts: whoever owes one is told when its time has passed; after some days the managers are."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from server.domain.care.contacts import Contact, State
from server.domain.catalogue import value_of
from server.domain.people import Role, Staff, Store, absences, notices
from server.domain.people.staff import titles, with_role

MOST = 500
"""In one go; what is left is told in the next."""


def remind(session: Session, at: datetime) -> int:
    """Tell everybody of what became overdue since; one notice each, however many. How many contacts they were.

    Who is away is left alone: who stands in for them is told.
    """
    query = (
        select(Contact)
        .join(Staff, Staff.id == Contact.owed_by)
        .where(Contact.state == State.OWED, Contact.due_at < at, Staff.active)
        .where(or_(Contact.reminded_at.is_(None), Contact.reminded_at < Contact.due_at))
        .options(joinedload(Contact.what), joinedload(Contact.customer), joinedload(Contact.car))
        .order_by(Contact.owed_by, Contact.due_at)
        .limit(MOST)
    )
    late = session.scalars(query).all()
    there: Mapping[UUID, UUID] = absences.stand_ins(session, at) if late else {}
    for _, theirs in groupby(sorted(late, key=lambda one: _caller(one, there)), key=lambda one: _caller(one, there)):
        _tell(session, list(theirs), there, at)
    told = update(Contact).where(Contact.id.in_([contact.id for contact in late]))
    session.execute(told.values(reminded_at=at))
    return len(late)


def climb(session: Session, store: Store, at: datetime) -> int:
    """What is overdue for longer than the store's parameter says is told to the managers, once for each time due.

    Prospects climb by themselves, see the showroom. How many contacts they were.
    """
    rule: dict[str, int] = value_of(session, store.id, "contact_climb", at.astimezone(store.zone).date())
    query = select(Contact).where(Contact.store_id == store.id, Contact.state == State.OWED)
    query = query.where(Contact.due_at < at - timedelta(hours=rule["hours"]), Contact.prospect_id.is_(None))
    query = query.where(or_(Contact.climbed_at.is_(None), Contact.climbed_at < Contact.due_at))
    late = session.scalars(query.order_by(Contact.owed_by, Contact.due_at).limit(MOST)).all()
    if not late:
        return 0
    called = titles(session, store.id)
    managers = [manager.id for manager in with_role(session, store.id, Role.MANAGER)]
    for owner, theirs in groupby(late, key=lambda contact: contact.owed_by):
        count = len(list(theirs))
        for manager in managers:
            notices.remind(
                session, store.id, manager, "contacts.climbed", f"/contacts?only=overdue&owner={owner}", at=at,
                count=count, who=called[owner],
            )  # fmt: skip
    session.execute(update(Contact).where(Contact.id.in_([one.id for one in late])).values(climbed_at=at))
    return len(late)


def _caller(contact: Contact, there: Mapping[UUID, UUID]) -> UUID:
    return there.get(contact.owed_by, contact.owed_by)


def _tell(session: Session, late: Sequence[Contact], there: Mapping[UUID, UUID], at: datetime) -> None:
    first = min(late, key=lambda contact: contact.due_at)
    told = _caller(first, there)
    if len(late) > 1:
        notices.remind(session, first.store_id, told, "contacts.overdue", "/contacts", at=at, count=len(late))
        return
    notices.remind(
        session, first.store_id, told, "contact.overdue", f"/contacts/{first.id}", at=at, what=first.name,
        customer=first.customer.name, model=first.car.model if first.car else {}, time=first.due_at.isoformat(),
    )  # fmt: skip
