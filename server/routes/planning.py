"""Reading the plan of a delivery, and what its form offers."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from server.database import Words, now
from server.domain.catalogue import entries
from server.domain.catalogue.selling import sold_here
from server.domain.customers import Customer, cars, phones, registration, relations, vins
from server.domain.deals import Order
from server.domain.delivery import Delivery, deliveries
from server.domain.people import Person, Role
from server.domain.people.staff import with_role
from server.forms import Form

DEFAULT_HOUR, LAST_HOUR = 14, 18


def plan(form: Form, session: Session, person: Person, found: Customer | None) -> Delivery:
    """Read the plan and make it: a new customer and a new car are recorded on the way."""
    name = form.text("name", required=found is None, most=80)
    phone = form.read("phone", phones.read, required=found is None, most=40)
    vin = form.read("vin", vins.read, required=True, most=40)
    model = _one_of(form, "model", {str(m.id): m for m in sold_here(session, person.store_id)})
    consultants = {str(s.id): s for s in with_role(session, person.store_id, Role.CONSULTANT)}
    advisor = _one_of(form, "advisor", {str(s.id): s for s in with_role(session, person.store_id, Role.ADVISOR)})
    colour = _one_of(form, "colour", {e.code: e for e in entries(session, person.store_id, "colour")})
    consultant = _one_of(form, "consultant", consultants)
    planned_at, where = when(form, person), place(form, session, person)
    agent, note = form.text("agent", most=80), form.text("note", most=500)
    form.check()
    assert planned_at is not None  # checked just above
    if found is None:
        found = registration.register(session, by=person, name=name, phone=phone, even_so=form.yes("even_so"))
    car = cars.on_file(session, by=person, vin=vin, model=model, colour=colour.name)
    relations.add(session, car, found, "owner", by=person)
    return deliveries.plan(
        session, by=person, customer=found, car=car, model=model, advisor=advisor, consultant=consultant,
        planned_at=planned_at, place=where, note=note, agent=agent,
    )  # fmt: skip


def of_order(order: Order) -> dict[str, str]:
    """The fields of the form, as far as an order says them."""
    car = order.stock_car
    return {
        "customer": str(order.customer_id), "name": order.customer.name, "vin": car.vin if car else "",
        "model": str(order.model_id), "colour": (car.colour if car else "") or order.colour,
        "consultant": str(order.consultant_id),
    }  # fmt: skip


def choices(session: Session, person: Person) -> dict[str, Any]:
    """What the plan's form offers."""
    store = person.store_id
    first = soonest(now().astimezone(person.zone))
    usual = first.replace(hour=DEFAULT_HOUR)
    saturday = usual + timedelta(days=(5 - usual.weekday()) % 7 or 7)
    return {
        "models": sold_here(session, store), "colours": entries(session, store, "colour"),
        "places": entries(session, store, "place"), "consultants": with_role(session, store, Role.CONSULTANT),
        "advisors": with_role(session, store, Role.ADVISOR), "likely": (),
        "days": sorted({first, usual + timedelta(days=1), saturday, saturday + timedelta(days=1)}), "soonest": first,
    }  # fmt: skip


def soonest(clock: datetime) -> datetime:
    """The hour first offered: that of most deliveries, else the next full one, and from the evening on tomorrow's."""
    full = clock.replace(minute=0, second=0, microsecond=0)
    hour = max(DEFAULT_HOUR, clock.hour + 1)
    return full.replace(hour=hour) if hour <= LAST_HOUR else full.replace(hour=DEFAULT_HOUR) + timedelta(days=1)


def when(form: Form, person: Person) -> datetime | None:
    """What was agreed, on the store's clock."""
    return form.moment("planned_at", person.zone)


def place(form: Form, session: Session, person: Person) -> Words:
    """Where the car is handed over, in both languages."""
    chosen = _one_of(form, "place", {e.code: e for e in entries(session, person.store_id, "place")})
    return chosen.name if chosen else {}


def _one_of(form: Form, field: str, offered: dict[str, Any]) -> Any:
    chosen = form.choice(field, offered)
    return offered.get(chosen)
