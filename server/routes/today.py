"""Today: what is due by time, and what waits for me."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from litestar import get
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import HomeVisit, visit_reach
from server.domain.care import reach as contacts
from server.domain.care.contacts import ENDINGS
from server.domain.deals import waiting
from server.domain.delivery import pdi, visible_to
from server.domain.people import Person, Right, Role, notices
from server.domain.showroom import figures
from server.domain.showroom.figures import Figures
from server.domain.workshop import lists as repair_orders
from server.routes.contacts import hours_of
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
    short = _gap(session, person, at) if person.may(Right.KEEP_PROSPECTS) else None
    cars_here = repair_orders.here(session, person, at) if person.may(Right.WRITE_ORDERS) else None
    return page(
        "today.html", due=due, inspections=pdi.of_many(session, due), queue=queue, owed=owed, at=at, midnight=midnight,
        short=short, waits=waiting.of(session, person), endings=ENDINGS,
        notices=notices.unread(session, person), hour=at.astimezone(person.zone).hour,
        cars_here=cars_here, homes=_homes(session, person, at), hours=hours_of(session, person, owed),
    )  # fmt: skip


def _homes(session: Session, person: Person, at: datetime) -> Sequence[HomeVisit]:
    """The visits at home that this person goes on today or tomorrow."""
    if not person.may(Right.GO_ON_VISITS):
        return ()
    return visit_reach.visible_to(session, person).mine(until=at.astimezone(person.zone).date() + timedelta(days=1))


def _gap(session: Session, person: Person, at: datetime) -> Figures:
    """What the month still asks of this consultant, or of the whole store."""
    whose = figures.of_store if person.may(Right.SEE_ALL_PROSPECTS) else figures.of_person
    return whose(session, person, at)


ALL = [today]
