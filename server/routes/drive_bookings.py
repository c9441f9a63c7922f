"""Booking a test drive: the calendar of a day, and the form that holds car, consultant and route together."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from litestar import get, post
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import DemoCar, entries, value_of
from server.domain.catalogue.demo_cars import RULES, on_the_road
from server.domain.customers import Customer, customers
from server.domain.people import Person, Right
from server.domain.people.staff import with_right
from server.domain.refusals import N_, Refusal
from server.domain.showroom import Prospect, TestDrive, bookings, reach, test_drives
from server.forms import Form, uuid_or_none
from server.routes.drive_calendar import Calendar, day_of
from server.visit import field, needs
from server.web import Html, Page

SEES, WRITES = needs(Right.BOOK_DRIVES), field(Right.BOOK_DRIVES)


@get("/test-drives", opt=SEES, sync_to_thread=True)
def index(session: Session, person: Person, page: Page, day: str = "", by: str = "car") -> Html:
    """A day by car or by consultant."""
    on = day_of(day) or now().astimezone(person.zone).date()
    return page("test_drives/index.html", calendar=Calendar(session, person, on, by), at=now(), step=timedelta(days=1))


@get("/test-drives/new", opt=SEES, sync_to_thread=True)
def new(
    session: Session, person: Person, page: Page, car: str = "", at: str = "", prospect: str = "", customer: str = "",
    consultant: str = "",
) -> Html:  # fmt: skip
    """The form for a booking; what was tapped in the calendar is filled in."""
    whose = reach.visible_to(session, person).one(prospect) if prospect else None
    known = uuid_or_none(customer)
    found = whose.customer if whose else customers.visible_to(session, person).one(known) if known else None
    offered = _offered(session, person)
    wished = _wished(offered["cars"], whose) if whose and not car else None
    values = {"car": str(wished.id) if wished else car, "starts_at": at, "consultant": consultant or str(person.id)}
    if wished and not at:
        slot = bookings.next_free(session, person, wished, person.id, offered["rules"]["minutes"])
        values["starts_at"] = slot.strftime("%Y-%m-%dT%H:%M") if slot else ""
    return page("test_drives/new.html", form=values, prospect=whose, customer=found, **offered)


@post("/test-drives", opt=WRITES, status_code=200, sync_to_thread=True)
def book(form: Form, session: Session, person: Person, page: Page) -> Html:
    """Car, consultant and route together, or none of them; what clashes comes back with the times that are free."""
    told: dict[str, Any] = {"prospect": None, "customer": None}
    try:
        told = _whose(form, session, person)
        drive = _book(form, session, person, **told)
    except Refusal as wrong:
        slots = wrong.slots if isinstance(wrong, bookings.Taken) else ()
        return page.again("test_drives/new.html", wrong, form, **told | _offered(session, person) | {"slots": slots})
    address, more = f"/test-drives/{drive.id}", bookings.others_of_day(session, drive, person)
    if more:
        word = N_("Test drive %(number)s is booked. This customer has %(count)s more on that day: is it meant so?")
        return page.go(address, word, tone="warn", number=drive.number, count=more)
    return page.go(address, N_("Test drive %(number)s is booked."), number=drive.number)


def _whose(form: Form, session: Session, person: Person) -> dict[str, Any]:
    number, known = form.text("prospect", most=40), form.ident("customer", required=False)
    if number:
        prospect = reach.visible_to(session, person).one(number)
        return {"prospect": prospect, "customer": prospect.customer}
    return {"prospect": None, "customer": customers.visible_to(session, person).one(known) if known else None}


def _book(
    form: Form, session: Session, person: Person, prospect: Prospect | None, customer: Customer | None
) -> TestDrive:
    cars = {str(car.id): car for car in on_the_road(session, person.store_id)}
    staff = {str(one.id): one for one in with_right(session, person.store_id, Right.BOOK_DRIVES)}
    car, consultant = form.choice("car", cars), form.choice("consultant", staff)
    starts_at, minutes = form.moment("starts_at", person.zone), form.whole("minutes", least=10, most=240)
    route, kind = form.text("route", most=40), form.choice("kind", test_drives.KINDS)
    if customer is None:
        form.wrong("customer", N_("Choose the customer first."))
    form.check()
    assert starts_at is not None
    assert minutes is not None
    assert customer is not None
    if prospect is None:
        found = reach.visible_to(session, person).of_customer(customer.id)
        prospect = found if found is not None and found.is_open else None
    return bookings.book(
        session, by=person, customer=customer, car=cars[car], consultant=staff[consultant], route=route,
        starts_at=starts_at, minutes=minutes, kind=kind, prospect=prospect, id=uuid_or_none(form.text("id", most=36)),
    )  # fmt: skip


def _wished(cars: Sequence[DemoCar], prospect: Prospect) -> DemoCar | None:
    """The demonstration car that they want to buy, or another one of its series."""
    model = prospect.model
    if model is None:
        return None
    same = [car for car in cars if (car.model.brand, car.model.series) == (model.brand, model.series)]
    return next((car for car in same if car.model_id == model.id), same[0] if same else None)


def _offered(session: Session, person: Person) -> dict[str, Any]:
    store = person.store_id
    cars: list[DemoCar] = list(on_the_road(session, store))
    return {
        "cars": cars, "consultants": with_right(session, store, Right.BOOK_DRIVES),
        "routes": entries(session, store, "drive_route"), "kinds": test_drives.KINDS, "slots": (),
        "rules": value_of(session, store, RULES), "today": now().astimezone(person.zone).date(),
    }  # fmt: skip


ALL = [index, new, book]
