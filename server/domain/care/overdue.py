"""Overdue calls: whoever owes one is told when its time has passed, once for each time it was due."""

from datetime import datetime
from itertools import groupby

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from server.domain.care.contacts import Contact, State
from server.domain.people import Staff, notices

MOST = 500
"""In one go; what is left is told in the next."""


def remind(session: Session, at: datetime) -> int:
    """Tell everybody of what became overdue since; one notice each, however many calls. How many calls they were."""
    query = (
        select(Contact)
        .join(Staff, Staff.id == Contact.owed_by)
        .where(Contact.state == State.OWED, Contact.due_at < at, Staff.active)
        .where(or_(Contact.reminded_at.is_(None), Contact.reminded_at < Contact.due_at))
        .options(joinedload(Contact.customer), joinedload(Contact.car))
        .order_by(Contact.owed_by, Contact.due_at)
        .limit(MOST)
    )
    late = session.scalars(query).all()
    for _, theirs in groupby(late, key=lambda contact: contact.owed_by):
        _tell(session, list(theirs), at)
    told = update(Contact).where(Contact.id.in_([contact.id for contact in late]))
    session.execute(told.values(reminded_at=at))
    return len(late)


def _tell(session: Session, late: list[Contact], at: datetime) -> None:
    first = late[0]
    if len(late) > 1:
        notices.remind(session, first.store_id, first.owed_by, "contacts.overdue", "/contacts", at=at, count=len(late))
        return
    notices.remind(
        session, first.store_id, first.owed_by, "contact.overdue", f"/contacts/{first.id}", at=at, what=first.name,
        customer=first.customer.name, model=first.car.model if first.car else {}, time=first.due_at.isoformat(),
    )  # fmt: skip
