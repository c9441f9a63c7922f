"""Promises to a customer, made on the customer's page in two taps; and when they want to be called."""

from typing import Any
from uuid import UUID

from litestar import post
from sqlalchemy.orm import Session

from server.domain.care import calling_hours, kinds, reach
from server.domain.care.calling_hours import CallingHours
from server.domain.care.contacts import owe
from server.domain.customers import Customer, visible_to
from server.domain.people import Person, Right, Staff
from server.domain.refusals import N_, WrongMove
from server.domain.showroom.prospects import next_day
from server.forms import Form, uuid_or_none
from server.visit import field
from server.web import Html, Page

WHEN = {"0": N_("Today"), "1": N_("Tomorrow"), "3": N_("In 3 days"), "7": N_("In a week")}
"""In so many days."""
HOURS = range(7, 24)


@post("/customers/{customer_id:uuid}/promises", opt=field(Right.MAKE_CONTACTS), status_code=200, sync_to_thread=True)
def promise(customer_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Owe the customer what was promised; whoever promises it owes it."""
    customer = visible_to(session, person).one(customer_id)
    offered = {one.code for one in kinds.of_store(session, person.store_id) if one.by_hand}
    kind = form.choice("kind", offered)
    when = form.choice("when", WHEN)
    about = form.text("about", most=300)
    born = uuid_or_none(form.text("id", most=36))
    form.check()
    moment = person.moment()
    # Today is in an hour, or as soon as they may be called.
    due = next_day(moment, person, int(when)) if when != "0" else moment + calling_hours.SOON
    owed = owe(session, kind, customer, person.id, due, by=person, about=about, id=born)
    if owed is None:
        raise WrongMove(N_("This customer does not want to be called: nothing was promised."))
    return page.go(f"/customers/{customer.id}#owed", N_("Promised, and on your list."))


@post(
    "/customers/{customer_id:uuid}/calling-wish", opt=field(Right.KEEP_CUSTOMERS), status_code=200, sync_to_thread=True
)
def wish(customer_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Keep from when to when they want to be called."""
    customer = visible_to(session, person).one(customer_id)
    opens = form.whole("opens", most=24, required=False)
    closes = form.whole("closes", most=24, required=False)
    weekdays = [int(day) for day in form.every("weekday") if day in {"0", "1", "2", "3", "4", "5", "6"}]
    form.check()
    hours = [None if hour is None else hour * 60 for hour in (opens, closes)]
    calling_hours.wish(session, customer, by=person, opens=hours[0], closes=hours[1], weekdays=weekdays)
    return page.go(f"/customers/{customer.id}#owed", N_("The answer is kept."))


def offered(session: Session, person: Person, customer: Customer) -> dict[str, Any]:
    """What is owed to a customer, what may be promised, and when they may be called: a part of their page."""
    if not person.may(Right.MAKE_CONTACTS):
        return {}
    advisor = session.get(Staff, customer.advisor_id) if customer.advisor_id else None
    return {
        "owed": reach.visible_to(session, person).of_customer(customer.id),
        "promises": [one for one in kinds.of_store(session, person.store_id) if one.by_hand],
        "promise_when": WHEN, "promise_hours": HOURS, "looked_after": advisor.title if advisor else None,
        "window": CallingHours(session, person.store_id, [customer.id]).of(customer.id),
    }  # fmt: skip


ALL = [promise, wish]
