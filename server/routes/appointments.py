"""Appointments: the days with their load, booking a slot, and the page of one from booked to arrived."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State as Kept
from sqlalchemy.orm import Session

from server.domain.customers import Car, Customer, cars, customers, find, links
from server.domain.people import Person, Right
from server.domain.people.staff import with_right
from server.domain.refusals import Invalid, N_, Refusal
from server.domain.workshop import booking, customer_links, slots
from server.domain.workshop.appointments import LEAVES, STAYS, Appointment, visible_to
from server.domain.workshop.slots import Wish
from server.forms import Form, uuid_or_none
from server.routes.appointment_planning import WORDS, Planning, Wanted, day_of, starts_at
from server.visit import Visit, needs
from server.web import Html, Page

Ask = Request[Any, Any, Kept]
SEES, BOOKS = needs(Right.SEE_WORKSHOP), needs(Right.BOOK_SERVICE)


@get("/appointments", opt=SEES, sync_to_thread=True)
def index(session: Session, person: Person, page: Page, day: str = "", since: str = "") -> Html:
    """Fourteen days with their load; of one of them every hour and every car."""
    planning = Planning(session, person, day=day, first=day_of(since) or day_of(day))
    booked = visible_to(session, person).on(planning.day.day)
    return page("appointments/index.html", planning=planning, booked=booked, **WORDS)


@get("/appointments/new", opt=BOOKS, sync_to_thread=True)
def new(request: Ask, session: Session, person: Person, visit: Visit, page: Page, q: str = "") -> Html:
    """Whose car, what for, when; every choice shows at once how full that makes the day."""
    values = dict(request.query_params)
    whose = _whose(session, person, values)
    if whose is None:
        template = "appointments/_known.html" if visit.htmx else "appointments/whose.html"
        return page(template, q=q, found=find(session, person, q))
    context = _planned(session, person, *whose, values, request.query_params.getall("job", []))
    return page("appointments/_planning.html" if visit.htmx else "appointments/new.html", form=values, **context)


@post("/appointments", opt=BOOKS, status_code=200, sync_to_thread=True)
def book(form: Form, session: Session, person: Person, page: Page) -> Html:
    """Take the slot; a full day comes back with what is free."""
    whose = _whose(session, person, form.values)
    if whose is None:
        return page.go("/appointments/new")
    customer, car = whose
    wanted = Wanted(session, person.store_id, car, form.values, form.every("job"))
    try:
        at, stay = starts_at(form, person), form.choice("stay", STAYS, required=False) or LEAVES
        said = form.text("said", most=booking.LONGEST)
        form.check()
        assert at is not None  # checked just above
        wish = Wish(
            kind=wanted.kind, starts_at=at, jobs=wanted.chosen, stay=stay, said=said,
            advisor_id=_advisor(form, session, person), over=form.yes("over"),
        )  # fmt: skip
        born = uuid_or_none(form.text("id", most=36))
        appointment = booking.book(session, wish, by=person, customer=customer, car=car, id=born)
    except Invalid as wrong:
        context = _planned(session, person, customer, car, form.values, form.every("job"))
        return page.again("appointments/new.html", wrong, form, **context | {"full": isinstance(wrong, slots.Full)})
    return page.go(appointment.address, N_("Appointment %(number)s is booked."), number=appointment.number)


@get("/appointments/{appointment_id:uuid}", opt=SEES, sync_to_thread=True)
def show(appointment_id: UUID, session: Session, person: Person, page: Page, day: str = "") -> Html:
    """One appointment: what is expected, what is missing for it, and what comes next."""
    appointment = visible_to(session, person).one(appointment_id)
    return page("appointments/show.html", **_shown(session, person, appointment, day))


@post("/appointments/{appointment_id:uuid}/confirmation", opt=BOOKS, status_code=200, sync_to_thread=True)
def confirm(appointment_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """The customer has said that they come."""
    appointment = visible_to(session, person).one(appointment_id)
    booking.confirm(session, appointment, by=person)
    return page.go(appointment.address, N_("Confirmed."))


@post(
    "/appointments/{appointment_id:uuid}/arrival", opt=needs(Right.WRITE_ORDERS), status_code=200, sync_to_thread=True
)
def arrive(appointment_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """They are here: the repair order begins."""
    order = booking.arrive(session, visible_to(session, person).one(appointment_id), by=person)
    return page.go(order.address, N_("Welcome them: the repair order has begun."))


@post("/appointments/{appointment_id:uuid}/time", opt=BOOKS, status_code=200, sync_to_thread=True)
def put_to(appointment_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Another time."""
    appointment = visible_to(session, person).one(appointment_id)
    try:
        at = starts_at(form, person)
        form.check()
        assert at is not None  # checked just above
        booking.put_to(session, appointment, at, by=person, over=form.yes("over"))
    except Refusal as wrong:
        context = _shown(session, person, appointment, form.text("day", most=10))
        return page.again("appointments/show.html", wrong, form, **context | {"full": isinstance(wrong, slots.Full)})
    return page.go(appointment.address, N_("The appointment is put to another time."))


@post("/appointments/{appointment_id:uuid}/cancellation", opt=BOOKS, status_code=200, sync_to_thread=True)
def cancel(appointment_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """They do not come."""
    appointment = visible_to(session, person).one(appointment_id)
    try:
        booking.cancel(session, appointment, by=person, why=form.text("why", most=300))
    except Invalid as wrong:
        return page.again("appointments/show.html", wrong, form, **_shown(session, person, appointment, ""))
    return page.go("/appointments", N_("The appointment is cancelled; its hours are free again."))


@post("/appointments/{appointment_id:uuid}/link", opt=BOOKS, status_code=200, sync_to_thread=True)
def give_link(appointment_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """A link by which the customer moves or cancels it, and books the next one."""
    appointment = visible_to(session, person).one(appointment_id)
    customer_links.give(session, links.APPOINTMENT, appointment.car_id, appointment.customer_id, by=person)
    said = N_("The link is ready. Let the customer scan it, or send it to them.")
    return page.go(f"{appointment.address}#link", said)


@post("/appointments/{appointment_id:uuid}/link/revocation", opt=BOOKS, status_code=200, sync_to_thread=True)
def close_link(appointment_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Nobody books by it any more."""
    appointment = visible_to(session, person).one(appointment_id)
    links.revoke(session, links.APPOINTMENT, appointment.car_id, by=person)
    return page.go(f"{appointment.address}#link", N_("The link is closed."))


def _whose(session: Session, person: Person, values: Any) -> tuple[Customer, Car] | None:
    known = [uuid_or_none(str(values.get(name, ""))) for name in ("customer", "car")]
    if known[0] is None or known[1] is None:
        return None
    return customers.visible_to(session, person).one(known[0]), cars.visible_to(session, person).one(known[1])


def _planned(
    session: Session, person: Person, customer: Customer, car: Car, values: Any, ids: Any
) -> dict[str, Any]:  # fmt: skip
    wanted = Wanted(session, person.store_id, car, values, ids)
    planning = Planning(session, person, day=str(values.get("day", "")), hours=wanted.hours)
    return {
        "customer": customer, "car": car, "wanted": wanted, "planning": planning, "full": False,
        "advisors": with_right(session, person.store_id, Right.WRITE_ORDERS),
    } | WORDS  # fmt: skip


def _advisor(form: Form, session: Session, person: Person) -> UUID | None:
    known = {str(one.id) for one in with_right(session, person.store_id, Right.WRITE_ORDERS)}
    chosen = form.choice("advisor", known, required=False)
    form.check()
    return uuid_or_none(chosen)


def _shown(session: Session, person: Person, appointment: Appointment, day: str) -> dict[str, Any]:
    planning = None
    if appointment.is_expected and person.may(Right.BOOK_SERVICE):
        day = day or appointment.starts_at.astimezone(person.zone).date().isoformat()
        planning = Planning(session, person, day=day, hours=appointment.hours, but=appointment.id)
    link = links.current(session, person.store_id, links.APPOINTMENT, appointment.car_id)
    theirs = link if link and link.customer_id == appointment.customer_id else None
    return {
        "appointment": appointment, "planning": planning, "link": theirs, "full": False, "at": person.moment(),
        "others": [one for one in visible_to(session, person).of_customer(appointment.customer_id)
                   if one.id != appointment.id],
    } | WORDS  # fmt: skip


ALL = [index, new, book, show, confirm, arrive, put_to, cancel, give_link, close_link]
