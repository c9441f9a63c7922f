"""Reach: customers, their cars and what relates them are for who sees customers, of their own store."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.people import Person, Right, of_store
from server.domain.people.stores import Kept
from server.domain.refusals import NotThere


def seen(session: Session, kind: type[Kept], identity: UUID, person: Person) -> Kept:
    """The row, when this person may see it. Raises NotThere."""
    if not person.may(Right.SEE_CUSTOMERS):
        raise NotThere
    return of_store(session, kind, identity, person.store_id)
