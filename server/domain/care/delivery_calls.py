"""Calls that are owed after a delivery."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from server.domain.care.calling_hours import CallingHours
from server.domain.care.contacts import Contact, owe
from server.domain.catalogue import value_of
from server.domain.customers import Car, Customer
from server.domain.people import Person, Role, Staff
from server.domain.people.staff import with_role


def owe_care_calls(
    session: Session, *, by: Person, customer: Customer, car: Car, consultant: Staff, since: datetime
) -> Sequence[Contact]:
    """The calls after a delivery, as the store's parameter `care_calls` has them: days, hour, who.

    None for a customer who does not want to be called.
    """
    rules: list[dict[str, Any]] = value_of(session, by.store_id, "care_calls")
    specialists = with_role(session, by.store_id, Role.CARE)
    hours = CallingHours(session, by.store_id, [customer.id])
    day = since.astimezone(by.zone).date()
    owed: list[Contact | None] = []
    for rule in rules:
        owner = specialists[0] if rule["by"] == "care" and specialists else consultant
        due = datetime.combine(day + timedelta(days=rule["days"]), time(rule["hour"]), by.zone)
        # A car handed over in the evening: not overdue at birth, and the same day's call stays on that day if it can.
        late = hours.last_open(due, customer.id) - timedelta(minutes=5)
        due = max(due, min(since + timedelta(hours=1), late), since)
        owed.append(owe(session, f"care_{rule['days']}", customer, owner.id, due, by=by, car=car, who=owner.title))
    return [one for one in owed if one is not None]
