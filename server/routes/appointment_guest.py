"""Appointments at the customer's own link: booked, confirmed, moved and cancelled without signing in."""

from typing import Any
from urllib.parse import parse_qsl

from litestar import post
from sqlalchemy.orm import Session

from server.domain.catalogue.jobs import KINDS
from server.domain.customers import Car, Customer, links
from server.domain.refusals import N_, NotThere, Refusal
from server.domain.workshop import booking, slots
from server.domain.workshop.appointments import LEAVES, STAYS, Appointment
from server.domain.workshop.slots import Wish
from server.forms import Form, uuid_or_none
from server.routes.appointment_planning import WORDS, Planning, starts_at
from server.routes.guests import Guests
from server.visit import GUEST, Visit
from server.web import Html, Page


def expected(at: Guests, page: Page) -> Html:
    """What is booked for the car of the link, or the form to book it."""
    return page("guests/appointment.html", **_shown(at, dict(parse_qsl(at.visit.query)).get("day", "")))


@post("/c/{token:str}/booking", opt=GUEST, status_code=200, sync_to_thread=True)
def book(token: str, form: Form, session: Session, visit: Visit, page: Page) -> Html:
    """The customer takes a slot; sent twice it is booked once."""
    at = Guests(session, visit, token, links.APPOINTMENT)
    customer, car = _whose(at)
    if booking.expected_of(session, at.guest.store_id, customer.id, car.id):  # a browser that sends twice
        return page.go(at.base)
    try:
        begins = starts_at(form, at.guest)
        kind, stay = form.choice("kind", KINDS), form.choice("stay", STAYS, required=False) or LEAVES
        said = form.text("said", most=booking.LONGEST)
        form.check()
        assert begins is not None  # checked just above
        wish = Wish(kind=kind, starts_at=begins, stay=stay, said=said)
        born = uuid_or_none(form.text("id", most=36))
        booking.book(session, wish, by=at.guest, customer=customer, car=car, id=born)
    except Refusal as wrong:
        return page.again("guests/appointment.html", wrong, form, **_shown(at, form.text("day", most=10)))
    return page.go(at.base, N_("Booked. We look forward to seeing you."))


@post("/c/{token:str}/confirmation", opt=GUEST, status_code=200, sync_to_thread=True)
def confirm(token: str, session: Session, visit: Visit, page: Page) -> Html:
    """They say that they come."""
    at = Guests(session, visit, token, links.APPOINTMENT)
    appointment = _expected(at)
    if appointment is None:
        return page.go(at.base)
    booking.confirm(session, appointment, by=at.guest)
    return page.go(at.base, N_("Thank you. We expect you."))


@post("/c/{token:str}/time", opt=GUEST, status_code=200, sync_to_thread=True)
def put_to(token: str, form: Form, session: Session, visit: Visit, page: Page) -> Html:
    """Another time."""
    at = Guests(session, visit, token, links.APPOINTMENT)
    try:
        begins = starts_at(form, at.guest)
        form.check()
        assert begins is not None  # checked just above
        booking.put_to(session, _theirs(at), begins, by=at.guest)
    except Refusal as wrong:
        return page.again("guests/appointment.html", wrong, form, **_shown(at, form.text("day", most=10)))
    return page.go(at.base, N_("The appointment is put to another time."))


@post("/c/{token:str}/cancellation", opt=GUEST, status_code=200, sync_to_thread=True)
def cancel(token: str, form: Form, session: Session, visit: Visit, page: Page) -> Html:
    """They do not come; sent twice it is cancelled once."""
    at = Guests(session, visit, token, links.APPOINTMENT)
    appointment = _expected(at)
    if appointment is not None:
        why = form.text("why", most=300) or BY_THE_CUSTOMER
        booking.cancel(session, appointment, by=at.guest, why=why)
    return page.go(at.base, N_("The appointment is cancelled. You can book another one here."))


BY_THE_CUSTOMER = "客户自行取消"
"""Why, as the store reads it, where the customer says nothing."""


def _shown(at: Guests, day: str) -> dict[str, Any]:
    _, car = _whose(at)
    appointment = _expected(at)
    hours = appointment.hours if appointment else slots.hours_of("maintenance", ())
    starts = appointment.starts_at.astimezone(at.guest.zone).date().isoformat() if appointment else ""
    but = appointment.id if appointment else None
    return at.frame() | WORDS | {
        "appointment": appointment, "car": car, "plate": links.masked_plate(car.plate) or (car.vin or "")[-4:],
        "planning": Planning(at.session, at.guest, day=day or starts, hours=hours, but=but), "full": False,
        "moving": bool(day),
    }  # fmt: skip


def _whose(at: Guests) -> tuple[Customer, Car]:
    """The customer of the link with the car that it is for."""
    car = at.session.get(Car, at.link.subject_id)
    customer = at.session.get(Customer, at.link.customer_id)
    if car is None or customer is None or car.store_id != at.guest.store_id:
        raise NotThere
    return customer, car


def _expected(at: Guests) -> Appointment | None:
    customer, car = _whose(at)
    return booking.expected_of(at.session, at.guest.store_id, customer.id, car.id)


def _theirs(at: Guests) -> Appointment:
    found = _expected(at)
    if found is None:
        raise NotThere
    return found


ALL = [book, confirm, put_to, cancel]
