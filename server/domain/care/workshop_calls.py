"""Calls that are owed after a visit to the workshop."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.care.contacts import Contact, owe
from server.domain.catalogue import value_of
from server.domain.customers.links import Guest
from server.domain.people import Person
from server.domain.showroom.registration import is_quiet
from server.domain.workshop import JobState, OrderJob
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
