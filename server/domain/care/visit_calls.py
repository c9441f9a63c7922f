"""The two calls before a visit, owed to its customer by whoever leads it: to book it, and to confirm it again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import making
from server.domain.care.contacts import REACHED, WITHDRAWN, Contact, State, move, owe
from server.domain.care.visits import HomeVisit
from server.domain.people import Person

BOOKING, CONFIRMATION = "visit_booking", "visit_confirmation"
BEFOREHAND = timedelta(hours=2)
"""So long before a visit begins it is confirmed."""
TO_BOOK = timedelta(hours=24)
"""So long there is to call a customer about a visit; what is owed now is not overdue in a minute."""


def owe_booking(session: Session, visit: HomeVisit, *, by: Person) -> Contact | None:
    """They are to be asked for a day and an hour."""
    return _owe(session, visit, BOOKING, now() + TO_BOOK, by=by)


def owe_confirmation(session: Session, visit: HomeVisit, *, by: Person) -> Contact | None:
    """They are to be asked once more before the team leaves."""
    assert visit.starts_at is not None
    return _owe(session, visit, CONFIRMATION, max(now(), visit.starts_at - BEFOREHAND), by=by)


def made(session: Session, visit: HomeVisit, kind: str, note: str, *, by: Person) -> None:
    """The call was made and is written down as made; where none is owed any more, it is owed and made at once."""
    contact = owed(session, visit, kind) or _owe(session, visit, kind, by.moment(), by=by)
    if contact is not None:
        making.make(session, contact, by=by, outcome=REACHED, note=note)


def withdraw(session: Session, visit: HomeVisit, *kinds: str, by: Person) -> None:
    """These calls need not be made any more; all of them where none is named."""
    for contact in _of(session, visit, kinds or (BOOKING, CONFIRMATION)):
        contact.outcome = WITHDRAWN
        move(session, contact, State.GIVEN_UP, "contact.withdrawn", by=by, outcome=WITHDRAWN)


def owed(session: Session, visit: HomeVisit, kind: str) -> Contact | None:
    """The call of that kind that is still to be made."""
    found = _of(session, visit, (kind,))
    return found[0] if found else None


def owed_by(session: Session, visit: HomeVisit, person: Person) -> Sequence[Contact]:
    """What this person still has to say to its customer before it."""
    return [one for one in _of(session, visit, (BOOKING, CONFIRMATION)) if one.owed_by == person.id]


def address_of(visit: HomeVisit) -> str:
    """The page on which a call before a visit is settled; by it the call is found again."""
    return f"/visits/{visit.id}"


def _owe(session: Session, visit: HomeVisit, kind: str, due: datetime, *, by: Person) -> Contact | None:
    return owe(
        session, kind, visit.customer, visit.leader_id, due, by=by, car=visit.car, about=visit.number,
        place=address_of(visit),
    )  # fmt: skip


def _of(session: Session, visit: HomeVisit, kinds: Sequence[str]) -> Sequence[Contact]:
    query = select(Contact).where(Contact.store_id == visit.store_id, Contact.customer_id == visit.customer_id)
    query = query.where(Contact.state == State.OWED, Contact.place == address_of(visit))
    return session.scalars(query.where(Contact.kind.in_(kinds)).order_by(Contact.due_at)).all()
