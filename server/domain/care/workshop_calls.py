"""Calls that are owed after a visit to the workshop."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.care.contacts import Contact, owe
from server.domain.catalogue import value_of
from server.domain.customers.links import Guest
from server.domain.people import Person, Role
from server.domain.people.staff import with_role
from server.domain.showroom.registration import is_quiet
from server.domain.workshop import JobState, OrderJob, RepairOrder
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
