"""Today: what is due by time, and what waits for me."""

from datetime import datetime, time, timedelta

from litestar import get
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import contacts
from server.domain.delivery import pdi, visible_to
from server.domain.people import Person, Right, Role, notices
from server.visit import SIGNED_IN
from server.web import Html, Page


@get("/", opt=SIGNED_IN, sync_to_thread=True)
def today(session: Session, person: Person, page: Page) -> Html:
    """Everybody's first page."""
    at = now()
    midnight = datetime.combine(at.astimezone(person.zone).date() + timedelta(days=1), time(), person.zone)
    reach = visible_to(session, person)
    soon = midnight + timedelta(days=1)
    has_own = not {Role.CONSULTANT, Role.ADVISOR}.isdisjoint(person.roles)
    due = reach.mine(person, until=soon) if has_own else reach.open(until=soon)
    queue = pdi.queue(session, person.store_id) if person.may(Right.INSPECT) else ()
    owed = contacts.visible_to(session, person).owed(until=midnight)
    return page(
        "today.html", due=due, inspections=pdi.of_many(session, due), queue=queue, owed=owed, at=at, midnight=midnight,
        notices=notices.unread(session, person), hour=at.astimezone(person.zone).hour,
    )  # fmt: skip


ALL = [today]
