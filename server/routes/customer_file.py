"""The one file of a customer, and what is written into it."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.catalogue import car_models, entries
from server.domain.customers import Customer, cars, file, find, households, likely, merge, relations, unmask, visible_to
from server.domain.people import Person, Right
from server.domain.records import consents
from server.domain.refusals import Invalid, N_, Refusal
from server.forms import Form
from server.outbox import NOBODY
from server.routes import promises
from server.routes.cars import WORDS
from server.visit import field, needs
from server.web import Html, Page

HOW = {
    "spoken": N_("Spoken"),
    "written": N_("In writing"),
    "message": N_("By message"),
    "home_visit": N_("On a home visit"),
}
KEEPS = needs(Right.KEEP_CUSTOMERS)
WRITES = field(Right.KEEP_CUSTOMERS)


class Unsent(msgspec.Struct, frozen=True):
    """A customer recorded on a device who has not reached the house yet; only that device knows the name."""

    id: UUID = NOBODY
    name: str = ""


@get("/customers/{customer_id:uuid}", opt=needs(Right.SEE_CUSTOMERS), sync_to_thread=True)
def show(customer_id: UUID, session: Session, person: Person, page: Page, before: int | None = None) -> Html:
    """The file; a merged one leads to the one that was kept."""
    if customer_id == NOBODY and person.may(Right.KEEP_CUSTOMERS):
        return page("customers/unsent.html", customer=Unsent(), purposes=consents.PURPOSES)
    customer = visible_to(session, person).one(customer_id)
    if customer.id != customer_id:
        return page.go(f"/customers/{customer.id}")
    return page("customers/show.html", **_file(session, person, customer, before))


@post("/customers/{customer_id:uuid}/consents", opt=WRITES, status_code=200, sync_to_thread=True)
def consent(customer_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """What the customer agrees to, or no longer."""
    customer = visible_to(session, person).one(customer_id)
    try:
        purpose, how = form.choice("purpose", consents.PURPOSES), form.choice("how", HOW)
        given = form.choice("given", ("yes", "no")) == "yes"
        form.check()
        consents.answer(session, customer.id, purpose, given, by=person, how=how)
    except Invalid as wrong:
        return page.again("customers/show.html", wrong, form, **_file(session, person, customer))
    return page.go(f"/customers/{customer.id}#consents", N_("The answer is kept."))


@get("/customers/{customer_id:uuid}/cars/new", opt=KEEPS, sync_to_thread=True)
def new_car(customer_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """The form for a car of this customer."""
    customer = Unsent() if customer_id == NOBODY else visible_to(session, person).one(customer_id)
    return page("customers/new_car.html", customer=customer, **_choices(session, person))


@post("/customers/{customer_id:uuid}/cars", opt=WRITES, status_code=200, sync_to_thread=True)
def add_car(customer_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Relate the customer to a car: the known one, or a new file for it."""
    customer = visible_to(session, person).one(customer_id)
    try:
        kind = form.choice("kind", relations.KINDS)
        details = _typed_car(form, session, person)
        form.check()
        car = cars.on_file(session, by=person, **details)
        relations.add(session, car, customer, kind, by=person)
    except Invalid as wrong:
        return page.again("customers/new_car.html", wrong, form, customer=customer, **_choices(session, person))
    return page.go(f"/customers/{customer.id}#cars", N_("The car is on the file."))


@get("/customers/{customer_id:uuid}/merger", opt=needs(Right.MERGE_CUSTOMERS), sync_to_thread=True)
def whom_to_merge(customer_id: UUID, session: Session, person: Person, page: Page, q: str = "") -> Html:
    """Choose the other file of the same customer."""
    customer = visible_to(session, person).one(customer_id)
    return page("customers/merger.html", **_others(session, person, customer, q))


@post("/customers/{customer_id:uuid}/merger", opt=needs(Right.MERGE_CUSTOMERS), status_code=200, sync_to_thread=True)
def merge_files(customer_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Two files become this one."""
    customer = visible_to(session, person).one(customer_id)
    try:
        merge(session, customer, _other(form, session, person), by=person)
    except Refusal as wrong:
        return page.again("customers/merger.html", wrong, form, **_others(session, person, customer, ""))
    return page.go(f"/customers/{customer.id}", N_("The two files are one now."))


@get("/customers/{customer_id:uuid}/household", opt=KEEPS, sync_to_thread=True)
def whom_to_join(customer_id: UUID, session: Session, person: Person, page: Page, q: str = "") -> Html:
    """Choose somebody of the same household."""
    customer = visible_to(session, person).one(customer_id)
    return page("customers/household.html", **_others(session, person, customer, q))


@post("/customers/{customer_id:uuid}/household", opt=KEEPS, status_code=200, sync_to_thread=True)
def join_household(customer_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """From now on one household; without the other one, none."""
    customer = visible_to(session, person).one(customer_id)
    try:
        if form.yes("leave"):
            households.leave(session, customer, by=person)
        else:
            households.join(session, customer, _other(form, session, person), by=person)
    except Refusal as wrong:
        return page.again("customers/household.html", wrong, form, **_others(session, person, customer, ""))
    return page.go(f"/customers/{customer.id}", N_("The household is kept."))


# No receipt: its answer is the number itself, and would lie in the table unsealed.
@post(
    "/customers/{customer_id:uuid}/personal-number-reading", opt=needs(Right.UNMASK) | {"unremembered": True},
    status_code=200, sync_to_thread=True,
)  # fmt: skip
def read_number(customer_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Show the personal number once; who read it and why is recorded."""
    customer = visible_to(session, person).one(customer_id)
    try:
        number = unmask(session, customer, by=person, why=form.text("why", most=200))
    except Invalid as wrong:
        return page.again("customers/show.html", wrong, form, **_file(session, person, customer))
    return page("customers/show.html", **_file(session, person, customer, number=number))


def _file(
    session: Session, person: Person, customer: Customer, before: int | None = None, *, number: str = ""
) -> dict[str, Any]:
    shown = {"file": file.of_customer(session, customer, before), "customer": customer, "number": number, "how": HOW}
    return shown | promises.offered(session, person, customer) | WORDS


def _others(session: Session, person: Person, customer: Customer, q: str) -> dict[str, Any]:
    found = [one for one in find(session, person, q) if not one.of_car and one.id != customer.id]
    alike: list[Any] = []
    if not q.strip():
        alike = likely(session, person.store_id, name=customer.name, phone=customer.phone, but=customer.id)
    return {"customer": customer, "q": q, "found": found, "alike": alike}


def _other(form: Form, session: Session, person: Person) -> Customer:
    chosen = form.ident("other")
    form.check()
    assert chosen is not None
    return visible_to(session, person).one(chosen)


def _choices(session: Session, person: Person) -> dict[str, Any]:
    return {
        "models": car_models.on_sale(session, person.store_id), "colours": entries(session, person.store_id, "colour"),
        "kinds": relations.KINDS,
    }  # fmt: skip


def _typed_car(form: Form, session: Session, person: Person) -> cars.CarDetails:
    choices = _choices(session, person)
    models = {str(model.id): model for model in choices["models"]}
    colours = {colour.code: colour for colour in choices["colours"]}
    details: cars.CarDetails = {
        "vin": form.text("vin"), "plate": form.text("plate"), "engine_no": form.text("engine_no"),
        "model": models.get(form.choice("model", models, required=False)),
        "odometer_km": form.whole("odometer_km", most=cars.MOST_KM, required=False),
    }  # fmt: skip
    if colour := form.choice("colour", colours, required=False):
        details["colour"] = colours[colour].name
    return details


ALL = [
    show, consent, new_car, add_car, whom_to_merge, merge_files, whom_to_join, join_household, read_number,
]  # fmt: skip
