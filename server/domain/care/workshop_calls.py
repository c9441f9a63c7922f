"""Calls that are owed after a visit to the workshop."""

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.care.contacts import WITHDRAWN, Contact, State, move, owe
from server.domain.catalogue import value_of
from server.domain.customers.links import Guest
from server.domain.people import Person, Role, Store
from server.domain.people.staff import with_role
from server.domain.records.events import Clock
from server.domain.showroom.registration import is_quiet
from server.domain.workshop import JobState, OrderJob, RepairOrder
from server.domain.workshop.appointments import Appointment
from server.domain.workshop.extra_works import ExtraWork


def declined(session: Session, extra: ExtraWork, *, by: Person | Guest) -> Contact | None:
    """Something was declined: the advisor asks again after some days, unless the customer wants no calls."""
    query = select(OrderJob.id).where(OrderJob.store_id == extra.store_id, OrderJob.extra_id == extra.id)
    none_was = session.scalar(query.where(OrderJob.state == JobState.DECLINED).limit(1)) is None
    order = extra.order
    if none_was or is_quiet(session, extra.store_id, order.customer_id):
        return None
    rule: dict[str, int] = value_of(session, extra.store_id, "declined_work")
    day = by.moment().astimezone(by.zone).date() + timedelta(days=rule["days"])
    due = datetime.combine(day, time(rule["hour"]), by.zone)
    return owe(session, "declined_work", order.sender, order.advisor_id, due, by=by, car=order.car)


def left(session: Session, order: RepairOrder, *, by: Person) -> Contact | None:
    """The car has left: some days later somebody asks whether all is well, unless the customer wants no calls."""
    if is_quiet(session, order.store_id, order.customer_id):
        return None
    rule: dict[str, int] = value_of(session, order.store_id, "service_calls")
    specialists = with_role(session, order.store_id, Role.CARE)
    owner = specialists[0].id if specialists else order.advisor_id
    day = (order.left_at or by.moment()).astimezone(by.zone).date() + timedelta(days=rule["days"])
    due = datetime.combine(day, time(rule["hour"]), by.zone)
    return owe(session, "after_service", order.sender, owner, due, by=by, car=order.car)


def remind_of(session: Session, appointment: Appointment, which: str, due: datetime, *, by: Clock) -> None:
    """Somebody calls the customer before they are expected; whoever wants no calls is not called."""
    if not is_quiet(session, appointment.store_id, appointment.customer_id):
        owner = _caller(session, appointment)
        owe(session, f"appointment_{which}", appointment.customer, owner, due, by=by, car=appointment.car)


def missed_appointment(session: Session, appointment: Appointment, *, by: Clock) -> None:
    """They did not come: no reminder is owed any more, and somebody asks the next morning what happened."""
    no_reminders(session, appointment, by=by)
    if is_quiet(session, appointment.store_id, appointment.customer_id):
        return
    zone = session.get_one(Store, appointment.store_id).zone
    day = appointment.starts_at.astimezone(zone).date() + timedelta(days=1)
    due = datetime.combine(day, time(MORNING), zone)
    owner = _caller(session, appointment)
    owe(session, "appointment_missed", appointment.customer, owner, due, by=by, car=appointment.car)


def no_reminders(session: Session, appointment: Appointment, *kinds: str, by: Person | Guest | Clock) -> None:
    """What was owed before an appointment is not any more: it is over, put off, or they have said that they come."""
    query = select(Contact).where(Contact.store_id == appointment.store_id, Contact.car_id == appointment.car_id)
    query = query.where(Contact.customer_id == appointment.customer_id, Contact.state == State.OWED)
    for contact in session.scalars(query.where(Contact.kind.in_(kinds or REMINDERS))).all():
        contact.outcome = WITHDRAWN
        move(session, contact, State.GIVEN_UP, "contact.withdrawn", by=by, outcome=WITHDRAWN)


def _caller(session: Session, appointment: Appointment) -> UUID:
    """The advisor who expects them, else customer care, else whoever keeps the books of the store."""
    if appointment.advisor_id is not None:
        return appointment.advisor_id
    for role in (Role.CARE, Role.ADVISOR, Role.MANAGER):
        if found := with_role(session, appointment.store_id, role):
            return found[0].id
    return with_role(session, appointment.store_id, Role.ADMIN)[0].id


REMINDERS = ("appointment_day", "appointment_hour")
MORNING = 9
