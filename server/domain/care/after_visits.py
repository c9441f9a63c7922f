"""What is owed after a visit: an answer to a complaint, thanks, an appointment for what was found, a friend to ask."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.care import visit_findings
from server.domain.care.contacts import WITHDRAWN, Contact, State, move, owe
from server.domain.care.pieces import COMPLAINT, talks
from server.domain.care.referrals import OPEN, Referral
from server.domain.care.visits import HomeVisit
from server.domain.catalogue import value_of
from server.domain.customers.links import Guest
from server.domain.delivery import Delivery
from server.domain.people import Person, Role, notices
from server.domain.people.staff import with_role
from server.domain.workshop.appointments import Appointment

RULES = "visit_follow_up"
ANSWER, THANKS, OFFER, ASK, THANK_REFERRER = (
    "visit_answer", "visit_thanks", "visit_offer", "referral_consent", "referral_thanks",
)  # fmt: skip


def complained(session: Session, visit: HomeVisit, *, by: Person) -> None:
    """A complaint that was made at the door is answered within the store's hours, whoever wants no other calls."""
    hours: int = value_of(session, visit.store_id, RULES)["answer_hours"]
    due = by.moment() + timedelta(hours=hours)
    owner = _first(session, visit, Role.CARE, Role.MANAGER) or by.id
    about = next((one.words for one in reversed(talks(session, visit)) if one.kind == COMPLAINT), "")
    place = f"/visits/{visit.id}/record"
    owe(session, ANSWER, visit.customer, owner, due, by=by, car=visit.car, about=about, place=place)
    managers = [one.id for one in with_role(session, visit.store_id, Role.MANAGER)]
    notices.tell_all(
        session, {owner, *managers} - {by.id}, "visit.complained", place, by=by,
        number=visit.number, customer=visit.customer.name, time=due.isoformat(),
    )  # fmt: skip


def closed(session: Session, visit: HomeVisit, *, by: Person) -> None:
    """The owner is thanked, and offered an appointment where something was found."""
    rules: dict[str, int] = value_of(session, visit.store_id, RULES)
    _owe(session, THANKS, visit, _care_of(session, visit, by), rules["thanks_days"], rules["hour"], by=by)
    found = [one.name for one in visit_findings.of_visit(session, visit) if one.wants_work]
    if found:
        advisor = _advisor(session, visit) or _first(session, visit, Role.ADVISOR, Role.CARE) or by.id
        _owe(session, OFFER, visit, advisor, rules["offer_days"], rules["hour"], by=by, about="；".join(found))


def recorded(session: Session, referral: Referral, *, by: Person) -> None:
    """The owner is asked whether their friend may be called, once for all friends of a visit."""
    visit = session.get_one(HomeVisit, referral.visit_id)
    if not _owed(session, visit, ASK):
        rules: dict[str, int] = value_of(session, visit.store_id, RULES)
        owner = _care_of(session, visit, by)
        _owe(session, ASK, visit, owner, rules["ask_days"], rules["hour"], by=by, place=f"/referrals/{referral.id}")


def answered(session: Session, referral: Referral, *, by: Person) -> None:
    """Once nobody of a visit is left to be asked about, that call is not owed any more."""
    query = select(Referral.id).where(Referral.store_id == referral.store_id, Referral.visit_id == referral.visit_id)
    query = query.where(Referral.consent.in_(OPEN), Referral.id != referral.id)
    visit = session.get_one(HomeVisit, referral.visit_id)
    if session.scalar(query.limit(1)) is None:
        _no_longer(session, _owed(session, visit, ASK), by=by)


def registered(session: Session, referral: Referral, *, by: Person) -> None:
    """Who recommended somebody is thanked."""
    visit = session.get_one(HomeVisit, referral.visit_id)
    if referral.is_new and not _owed(session, visit, THANK_REFERRER):
        rules: dict[str, int] = value_of(session, visit.store_id, RULES)
        _owe(session, THANK_REFERRER, visit, _care_of(session, visit, by), rules["thanks_days"], rules["hour"], by=by)


def booked(session: Session, appointment: Appointment, *, by: Person | Guest) -> None:
    """They have an appointment: it need not be offered any more."""
    query = select(Contact).where(Contact.store_id == appointment.store_id, Contact.car_id == appointment.car_id)
    offered = session.scalars(query.where(Contact.kind == OFFER, Contact.state == State.OWED)).all()
    _no_longer(session, offered, by=by)


def _owe(
    session: Session, kind: str, visit: HomeVisit, owner: UUID, days: int, hour: int, *, by: Person, about: str = "",
    place: str = "",
) -> Contact | None:  # fmt: skip
    """Due some days later at the hour of such calls; settled with the record of the visit in view."""
    day = by.moment().astimezone(by.zone).date() + timedelta(days=days)
    due = datetime.combine(day, time(hour), by.zone)
    place = place or f"/visits/{visit.id}/record"
    return owe(session, kind, visit.customer, owner, due, by=by, car=visit.car, about=about, place=place)


def _owed(session: Session, visit: HomeVisit, kind: str) -> Sequence[Contact]:
    query = select(Contact).where(Contact.store_id == visit.store_id, Contact.customer_id == visit.customer_id)
    return session.scalars(query.where(Contact.kind == kind, Contact.state == State.OWED)).all()


def _no_longer(session: Session, owed: Sequence[Contact], *, by: Person | Guest) -> None:
    for contact in owed:
        contact.outcome = WITHDRAWN
        move(session, contact, State.GIVEN_UP, "contact.withdrawn", by=by, outcome=WITHDRAWN)


def _care_of(session: Session, visit: HomeVisit, by: Person) -> UUID:
    return _first(session, visit, Role.CARE) or by.id


def _first(session: Session, visit: HomeVisit, *roles: Role) -> UUID | None:
    """Of the team who has one of these roles, else the store's first of them."""
    for role in roles:
        able = [one.id for one in with_role(session, visit.store_id, role)]
        team = [one.staff_id for one in visit.members if one.staff_id in able]
        if team or able:
            return (team or able)[0]
    return None


def _advisor(session: Session, visit: HomeVisit) -> UUID | None:
    if visit.delivery_id is None:
        return None
    delivery = session.get(Delivery, visit.delivery_id)
    return delivery.advisor_id if delivery else None
