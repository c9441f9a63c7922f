"""Who turns out to be unhappy on a call: an answer is owed to them, and the managers know of it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from server.domain.care.contacts import Contact, owe
from server.domain.catalogue import value_of
from server.domain.people import Person, Role, notices
from server.domain.people.staff import with_role

UNHAPPY = "unhappy"
"""Of the list `contact_note`, what a customer says who is not satisfied."""
COMPLAINT_ANSWER = "complaint_answer"


def complained(session: Session, contact: Contact, words: str, *, by: Person) -> Contact | None:
    """The answer is owed by whoever heard it, as soon as to a complaint at home. None if they want no calls."""
    hours: int = value_of(session, contact.store_id, "visit_follow_up")["answer_hours"]
    due = by.moment() + timedelta(hours=hours)
    answer = owe(
        session, COMPLAINT_ANSWER, contact.customer, by.id, due, by=by, car=contact.car, about=words, follows=contact
    )
    if answer is not None:
        managers = {one.id for one in with_role(session, contact.store_id, Role.MANAGER)}
        notices.tell_all(
            session, managers - {by.id}, "contact.complained", f"/contacts/{answer.id}", by=by,
            customer=contact.customer.name, what=contact.name, time=answer.due_at.isoformat(),
        )  # fmt: skip
    return answer
