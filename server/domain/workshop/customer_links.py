"""Links of the workshop for customers: open for as long as the store's parameter `link_hours` says."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.catalogue import value_of
from server.domain.customers import links
from server.domain.people import Person


def valid(session: Session, store_id: UUID, kind: str) -> timedelta:
    """For how long a link of this kind is open."""
    hours: dict[str, int] = value_of(session, store_id, "link_hours")
    return timedelta(hours=hours[kind])


def give(session: Session, kind: str, subject_id: UUID, customer_id: UUID, *, by: Person) -> links.CustomerLink:
    """A new link to one thing; the one before it ends."""
    links.issue(session, kind, subject_id, customer_id, by=by, valid=valid(session, by.store_id, kind))
    link = links.current(session, by.store_id, kind, subject_id)
    assert link is not None  # just given
    return link
