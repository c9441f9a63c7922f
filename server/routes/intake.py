"""Receiving a car: found or new, what is noted and said, and the customer's signature."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.catalogue import car_models
from server.domain.catalogue.jobs import KINDS
from server.domain.checklists import MOST_INK, read_ink
from server.domain.customers import Car, Customer, cars, customers, find, phones, plates, register, relations, vins
from server.domain.people import Person, Right
from server.domain.refusals import Invalid, N_, NotThere, Refusal
from server.domain.workshop import RepairOrder, State, choosing, intake, signing
from server.domain.workshop.intake import MOST_WORDS, Facts, Words
from server.domain.workshop.reach import visible_to
from server.domain.workshop.repair_orders import LEAVE
from server.forms import Form, uuid_or_none
from server.outbox import NOBODY
from server.routes.order_page import WORDS, shown
from server.routes.repair_orders import WRITES, again
from server.visit import Visit, needs
from server.web import Html, Page


class Blank(msgspec.Struct, frozen=True):
    """A repair order begun on a device, of which the house has not heard."""

    id: UUID = NOBODY
    address: str = f"/repair-orders/{NOBODY}"
    state: str = State.INTAKE
    kind: str = "repair"
    km: int | None = None
    energy_level: int | None = None
    waits_here: bool = False
    wash: bool = True
    old_parts: str = LEAVE
    key_number: str = ""
    driver_name: str = ""
    driver_phone: str = ""
    owner_id: UUID | None = None
    words: tuple[dict[str, str], ...] = ()
    car: None = None
    is_open: bool = True


@get("/repair-orders/new", opt=needs(Right.WRITE_ORDERS), sync_to_thread=True)
def new(session: Session, person: Person, visit: Visit, page: Page, q: str = "") -> Html:
    """Whose car is it? Found by plate, name or telephone, or written down anew."""
    template = "workshop/_known.html" if visit.htmx else "workshop/new.html"
    return page(template, q=q, found=find(session, person, q), **_offered(session, person))


@get(f"/repair-orders/{NOBODY}", opt=needs(Right.WRITE_ORDERS), sync_to_thread=True)
def unsent(session: Session, person: Person, page: Page) -> Html:
    """The page of an order that this device has begun without a network."""
    usual = choosing.usual(session, person.store_id, "maintenance", None)
    return page("workshop/unsent.html", order=Blank(), people=(), usual=usual, **WORDS)


@post("/repair-orders", opt=WRITES, status_code=200, sync_to_thread=True)
def begin(form: Form, session: Session, person: Person, page: Page) -> Html:
    """The car is received: its order begins."""
    try:
        kind = form.choice("kind", KINDS, required=False) or "repair"
        born = uuid_or_none(form.text("id", most=36))
        customer, car = _who(form, session, person)
        order = intake.open_order(session, by=person, customer=customer, car=car, kind=kind, id=born)
    except Refusal as wrong:
        told = {"likely": getattr(wrong, "likely", ()), "sure": getattr(wrong, "sure", False)}
        return page.again("workshop/new.html", wrong, form, q="", found=(), **_offered(session, person) | told)
    return page.go(order.address)


@post("/repair-orders/{order_id:uuid}/facts", opt=WRITES, status_code=200, sync_to_thread=True)
def note_down(order_id: UUID, form: Form, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """Mileage, fuel, key, and what was agreed about the visit."""
    order = visible_to(session, person).one(order_id)
    try:
        facts = _facts(form, order)
        form.check()
        intake.note_down(session, order, by=person, **facts)
    except Invalid as wrong:
        if visit.htmx:
            return page.again("workshop/_facts.html", wrong, form, **_part(session, person, order))
        return again(session, person, page, order_id, wrong, form)
    return page("workshop/_facts.html", **_part(session, person, order)) if visit.htmx else page.go(order.address)


@post("/repair-orders/{order_id:uuid}/words", opt=WRITES, status_code=200, sync_to_thread=True)
def write_words(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """What the customer says, in their own words."""
    order = visible_to(session, person).one(order_id)
    try:
        said = [_said(form, place) for place in range(MOST_WORDS + 1)]
        form.check()
        intake.write_words(session, order, said, by=person)
    except Refusal as wrong:
        return again(session, person, page, order_id, wrong, form)
    return page.go(f"{order.address}#words", N_("Written down."))


@post("/repair-orders/{order_id:uuid}/signature", opt=WRITES, status_code=200, sync_to_thread=True)
def sign(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """The customer signs what stands there; the paper is issued."""
    order = visible_to(session, person).one(order_id)
    try:
        ink = read_ink(form.text("ink", most=MOST_INK))
        name = form.text("typed_name", most=60) or (order.sender.name if ink else "")
        form.check()
        signing.sign(
            session, order, by=person, name=name, ink=ink, seen=form.text("covers", most=64),
            seen_at=form.stamp("seen_at"),
        )  # fmt: skip
    except Refusal as wrong:
        return again(session, person, page, order_id, wrong, form)
    return page.go(order.address, N_("Signed. The repair order is ready to print."))


def _who(form: Form, session: Session, person: Person) -> tuple[Customer, Car]:
    """Somebody and a car on file, or either of them new."""
    known_customer, known_car = form.ident("customer", required=False), form.ident("car", required=False)
    if known_car is not None:
        car = cars.visible_to(session, person).one(known_car)
        sender = known_customer and customers.visible_to(session, person).one(known_customer)
        sender = sender or relations.owner_of(session, car)
        if sender is None:
            raise NotThere
        return sender, car
    name, phone = form.text("name", required=True, most=80), form.read("phone", phones.read, required=True, most=40)
    plate, vin = form.read("plate", plates.read, most=20), form.read("vin", vins.read, most=40)
    if not plate and not vin:
        form.wrong("plate", N_("Give the plate or the VIN."))
    models = {str(model.id): model for model in car_models.on_sale(session, person.store_id)}
    model = models.get(form.choice("model", models, required=False))
    form.check()
    customer = register(
        session, by=person, id=uuid_or_none(form.text("customer_id", most=36)), name=name, phone=phone,
        even_so=form.yes("even_so"),
    )  # fmt: skip
    return customer, cars.on_file(session, by=person, vin=vin, plate=plate, model=model)


def _facts(form: Form, order: RepairOrder) -> Facts:
    facts: Facts = {"key_number": form.text("key_number", most=20), "driver_name": form.text("driver_name", most=80)}
    facts["driver_phone"] = form.text("driver_phone", most=40)
    for name in ("waits_here", "wash"):
        if chosen := form.choice(name, ("yes", "no"), required=False):
            facts[name] = chosen == "yes"
    if order.state != State.INTAKE:
        return facts
    facts["km"] = form.whole("km", most=3_000_000, required=False)
    facts["energy_level"] = form.whole("energy_level", most=100, required=False)
    if "owner" in form.values:
        facts["owner_id"] = form.ident("owner", required=False)
    for name in ("kind", "old_parts"):
        if chosen := form.text(name, most=20):
            facts[name] = chosen
    return facts


def _said(form: Form, place: int) -> Words:
    return Words(
        *(form.text(f"{part}-{place}", most=intake.LONGEST_WORDS) for part in ("what", "when", "where", "how"))
    )


def _part(session: Session, person: Person, order: RepairOrder) -> dict[str, Any]:
    return shown(session, person, visible_to(session, person).with_lines(order.id))


def _offered(session: Session, person: Person) -> dict[str, Any]:
    return {
        "kinds": KINDS, "models": car_models.on_sale(session, person.store_id), "likely": (), "sure": False,
    }  # fmt: skip


ALL = [new, unsent, begin, note_down, write_words, sign]
