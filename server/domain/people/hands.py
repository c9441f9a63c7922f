"""In whose hands a device is: whoever signed in on it last, until they leave or hand it over."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from server.domain.people.sign_in import SignIn


def holders(session: Session, devices: Collection[UUID]) -> dict[UUID, UUID]:
    """Who holds these devices, by device; one that was signed out or handed to nobody is left out.

    A session that only ran out of time is still that person's device: nobody else has taken it.
    """
    later = aliased(SignIn)
    taken = exists().where(later.device_id == SignIn.device_id, later.created_at > SignIn.created_at)
    query = select(SignIn.device_id, SignIn.staff_id).where(SignIn.device_id.in_(devices), SignIn.ended_at.is_(None))
    return {row.device_id: row.staff_id for row in session.execute(query.where(~taken))}
