"""What became of a prospect: ordered, order cancelled, delivered; and that a customer wishes to be left alone."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.catalogue import value_of
from server.domain.people import Person
from server.domain.showroom import grading, lost_deals
from server.domain.showroom.prospects import Prospect, State, move, next_day, tell
from server.domain.showroom.registration import is_quiet


def ordered(session: Session, prospect: Prospect, *, by: Person) -> None:
    """They have signed: until the handover they are spoken to every few days. An application as lost is void."""
    lost_deals.void(session, prospect, by=by)
    days: int = value_of(session, by.store_id, "prospect_contacts")["ordered"]
    prospect.next_contact_at = next_day(by.moment(), by, days)
    move(session, prospect, State.ORDERED, "prospect.ordered", by=by)


def order_cancelled(session: Session, prospect: Prospect, *, by: Person) -> None:
    """They are to be won again, at the grade that the store gives to those."""
    day = by.moment().astimezone(by.zone).date()
    grade = grading.rules_of(session, by.store_id, day)["cancelled"]
    before, prospect.grade = prospect.grade, grade
    prospect.expected_on = grading.last_day(session, by.store_id, grade, day)
    prospect.next_contact_at = next_day(by.moment(), by)
    grading.keep(session, prospect, before, grading.ORDER, at=by.moment(), by=by)
    move(session, prospect, State.OPEN, "prospect.order_cancelled", by=by)


def delivered(session: Session, store_id: UUID, customer_id: UUID, *, by: Person) -> Prospect | None:
    """They have the car: care goes on. The customer's prospect that ordered, or else the open one: it has its car."""
    query = select(Prospect).where(Prospect.store_id == store_id, Prospect.customer_id == customer_id)
    query = query.where(Prospect.state.in_((State.ORDERED, State.OPEN)), Prospect.consultant_id.is_not(None))
    found = session.scalars(query.order_by(Prospect.state.desc(), Prospect.ended_at).limit(1)).first()
    if found is None:
        return None
    if found.is_open:
        ordered(session, found, by=by)
    move(session, found, State.DELIVERED, "prospect.delivered", by=by)
    return found


def heed(session: Session, store_id: UUID, customer_id: UUID, *, by: Person) -> None:
    """Whether the customer wants to be contacted, as they said it last: who does not is left alone."""
    quiet = is_quiet(session, store_id, customer_id)
    query = select(Prospect).where(Prospect.store_id == store_id, Prospect.customer_id == customer_id)
    for prospect in session.scalars(query.where(Prospect.quiet.is_(not quiet))):
        prospect.quiet = quiet
        if not quiet:
            prospect.next_contact_at = max(prospect.next_contact_at, by.moment() + timedelta(hours=1))
        tell(session, "prospect.hushed" if quiet else "prospect.unhushed", prospect, by=by)
