"""What the forms of a prospect offer, and what was filled in."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import CarModel, entries
from server.domain.catalogue.car_models import told_apart
from server.domain.catalogue.selling import sold_here
from server.domain.customers import Customer, phones, registration
from server.domain.people import Person, Right
from server.domain.records import consents
from server.domain.refusals import Invalid, N_
from server.domain.showroom import Prospect, grading, hands, register
from server.forms import Form, uuid_or_none


def choices(session: Session, person: Person, kept: CarModel | None = None) -> dict[str, Any]:
    """What the forms of a prospect offer; `kept` is the model of interest until now."""
    store, today = person.store_id, now().astimezone(person.zone).date()
    return {
        "sources": entries(session, store, "source"), "sub_sources": entries(session, store, "sub_source"),
        "models": told_apart(_models(session, person, kept)), "methods": entries(session, store, "method"),
        "windows": grading.windows(session, store, today), "today": today,
        "takers": hands.takers(session, store) if person.may(Right.HAND_OVER_PROSPECTS) else (),
    }  # fmt: skip


def expected_day(form: Form, session: Session, person: Person, kept: date | None = None) -> date | None:
    """By when they mean to buy: the end of the chosen grade's window, a day as typed, as it was, or not known."""
    day = person.moment().astimezone(person.zone).date()
    windows = {grade.code: grade.window_days for grade in grading.windows(session, person.store_id, day)}
    chosen = form.choice("horizon", {*windows, "date", "keep", "unknown"}, required=False)
    if chosen in windows:
        return day + timedelta(days=windows[chosen])
    return form.day("expected_on", required=True) if chosen == "date" else kept if chosen == "keep" else None


def model_of(form: Form, session: Session, person: Person, kept: CarModel | None = None) -> CarModel | None:
    """The model that was chosen or typed, if any: one that is sold here, or the one that it was."""
    typed = form.text("model", most=200)
    if not typed:
        return None
    known = {model.id: model for model in _models(session, person, kept)}
    said = told_apart(list(known.values()))
    found = next((known[id] for id, words in said.items() if typed in (str(id), *words.values())), None)
    if found is None:
        form.wrong("model", N_("Choose one of the offered."))
    return found


def competitors(form: Form) -> list[str]:
    """What else they look at, as typed: one after the other with commas of either kind."""
    typed = form.text("competitors", most=300).replace("，", ",").replace("、", ",").replace("；", ",")
    return [name.strip() for name in typed.split(",") if name.strip()]


def registered(form: Form, session: Session, person: Person, found: Customer | None) -> Prospect:
    """The prospect that the form tells of; a new customer is recorded on the way. Raises Refusal."""
    name = form.text("name", required=found is None, most=80)
    phone = form.read("phone", phones.read, required=found is None, most=40)
    source = form.choice("source", {entry.code for entry in entries(session, person.store_id, "source")})
    sub_source = form.text("sub_source", most=60)
    expected_on, model = expected_day(form, session, person), model_of(form, session, person)
    consultant = _consultant(form, session, person)
    wanted, rivals = form.text("wish", most=500), competitors(form)
    referrer = _referrer(form, session, person)
    born, may_call = uuid_or_none(form.text("id", most=36)), form.choice("may_call", ("yes", "no"), required=False)
    form.check()
    if found is None:
        found = registration.register(session, by=person, name=name, phone=phone, even_so=form.yes("even_so"))
    if may_call:
        consents.answer(session, found.id, "contact", may_call == "yes", by=person)
    return register(
        session, by=person, customer=found, source=source, id=born, consultant_id=consultant, expected_on=expected_on,
        sub_source=sub_source if sub_source.startswith(f"{source}.") else "", model=model, competitors=rivals,
        wish=wanted, referrer=referrer,
    )  # fmt: skip


def _models(session: Session, person: Person, kept: CarModel | None) -> list[CarModel]:
    """What is sold here; a model that is not sold any more stays with whom it is kept for."""
    sold = sold_here(session, person.store_id)
    return [*sold, *([kept] if kept is not None and kept not in sold else [])]


def _consultant(form: Form, session: Session, person: Person) -> UUID | None:
    """Who looks after them: oneself, or whom a manager names, or nobody yet."""
    if not person.may(Right.HAND_OVER_PROSPECTS):
        return person.id
    known = {str(staff.id): staff.id for staff in hands.takers(session, person.store_id)}
    return known.get(form.choice("consultant", {*known, "pool"}))


def _referrer(form: Form, session: Session, person: Person) -> Customer | None:
    """The customer with the telephone that was given."""
    typed = form.text("referrer", most=40)
    if not typed:
        return None
    try:
        dialled = phones.read(typed)
    except Invalid:
        dialled = None
    query = select(Customer).where(Customer.store_id == person.store_id, Customer.phone == (dialled or typed))
    found = session.scalars(query.where(Customer.merged_into.is_(None)).limit(1)).first()
    if found is None:
        form.wrong("referrer", N_("Nobody on file has this telephone."))
    return found
