"""Prospects: the lists, somebody new, and the one page of each."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import CarModel, ListEntry, entries, grades, listed
from server.domain.catalogue.car_models import told_apart
from server.domain.catalogue.selling import sold_here
from server.domain.customers import Customer, customers, phones, registration
from server.domain.deals import history as offered_history
from server.domain.people import Person, Right
from server.domain.people.staff import able, everybody
from server.domain.records import consents
from server.domain.refusals import Invalid, N_, Refusal, Stale
from server.domain.showroom import Prospect, grading, hands, history, lost_deals, register, visible_to
from server.domain.showroom.lists import Lists
from server.domain.showroom.registration import change
from server.forms import Form, uuid_or_none
from server.routes.prospect_lists import Asked, offered
from server.visit import Visit, field, needs
from server.web import Html, Page

Ask = Request[Any, Any, State]
SPOKEN = ("source", "sub_source", "method", "lost_reason", "give_back")
"""The lists whose words stand on the page of a prospect."""


@get("/prospects", opt=needs(Right.SEE_PROSPECTS), sync_to_thread=True)
def index(request: Ask, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """One list, narrowed by what was asked."""
    asked, at = Asked(request.query_params, person), now()
    lists = Lists(session, person, at)
    listed = lists.page(asked.wanted, asked.place)
    template = "prospects/_list.html" if visit.htmx else "prospects/index.html"
    room = hands.room_left(session, person) if asked.wanted.show == "pool" else None
    return page(
        template, asked=asked, listed=listed, counts=lists.counts(), at=at, midnight=lists.midnight, room=room,
        **offered(session, person),
    )  # fmt: skip


@get("/prospects/pool", opt=needs(Right.SEE_PROSPECTS), sync_to_thread=False)
def pool(page: Page) -> Html:
    """Who may be taken."""
    return page.go("/prospects?show=pool")


@get("/prospects/new", opt=needs(Right.KEEP_PROSPECTS), sync_to_thread=True)
def new(session: Session, person: Person, page: Page, customer: str = "", name: str = "", phone: str = "") -> Html:
    """The form for somebody new; a known customer is filled in."""
    known = uuid_or_none(customer)
    found = customers.visible_to(session, person).one(known) if known else None
    values = {"customer": str(found.id), "name": found.name} if found else {"name": name, "phone": phone}
    return page("prospects/new.html", form=values, customer=found, likely=(), sure=False, **choices(session, person))


@post("/prospects", opt=field(Right.KEEP_PROSPECTS), status_code=200, sync_to_thread=True)
def create(form: Form, session: Session, person: Person, page: Page) -> Html:
    """Register them; a new customer is recorded on the way."""
    found: Customer | None = None
    try:
        known = form.ident("customer", required=False)
        found = customers.visible_to(session, person).one(known) if known else None
        prospect = _register(form, session, person, found)
    except Refusal as wrong:
        told = {"customer": found, "likely": getattr(wrong, "likely", ()), "sure": getattr(wrong, "sure", False)}
        return page.again("prospects/new.html", wrong, form, **choices(session, person) | told)
    return page.go(
        f"/prospects/{prospect.number}", N_("%(name)s is a prospect of grade %(grade)s."), name=prospect.customer.name,
        grade=prospect.grade,
    )  # fmt: skip


@get("/customers/{customer_id:uuid}/prospect", opt=needs(Right.SEE_PROSPECTS), sync_to_thread=True)
def of_customer(customer_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """The customer's prospect, or the form to make them one."""
    customer = customers.visible_to(session, person).one(customer_id)
    found = visible_to(session, person).of_customer(customer.id)
    if found is None and person.may(Right.KEEP_PROSPECTS):
        return page.go(f"/prospects/new?customer={customer.id}")
    return page.go(f"/prospects/{found.number}" if found else "/prospects")


@get("/prospects/{prospect_number:str}", opt=needs(Right.SEE_PROSPECTS), sync_to_thread=True)
def show(prospect_number: str, request: Ask, session: Session, person: Person, page: Page) -> Html:
    """One screen: who, how warm, what they want, what comes next, and everything that was."""
    prospect = visible_to(session, person).one(prospect_number)
    asked, at = Asked(request.query_params, person), now()
    before, after = Lists(session, person, at).neighbours(asked.wanted, prospect)
    staff, lists = everybody(session, person.store_id), listed(session, person.store_id, *SPOKEN)
    day = at.astimezone(person.zone).date()
    return page(
        "prospects/show.html", prospect=prospect, asked=asked, before=before, after=after, at=at,
        entries=_history(session, person, prospect), staff={one.id: one.title for one in staff},
        deals=lost_deals.of_prospect(session, prospect), said=_said(session, prospect, lists),
        give_back=[entry for entry in lists["give_back"] if entry.holds(day)], takers=able(staff, Right.KEEP_PROSPECTS),
        asked_to_call="contact" in consents.standing(session, person.store_id, prospect.customer_id),
    )  # fmt: skip


@get("/prospects/{prospect_number:str}/wish", opt=needs(Right.KEEP_PROSPECTS), sync_to_thread=True)
def wish(prospect_number: str, session: Session, person: Person, page: Page) -> Html:
    """The form for what they want."""
    prospect = visible_to(session, person).one(prospect_number)
    return page("prospects/wish.html", prospect=prospect, stale=None, **choices(session, person, prospect.model))


@post("/prospects/{prospect_number:str}/wish", opt=field(Right.KEEP_PROSPECTS), status_code=200, sync_to_thread=True)
def want(prospect_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Keep what they want."""
    prospect = visible_to(session, person).one(prospect_number)
    try:
        model, rivals = model_of(form, session, person, prospect.model), competitors(form)
        wanted, version = form.text("wish", most=500), form.whole("version") or 0
        form.check()
        change(session, prospect, by=person, version=version, model=model, wish=wanted, competitors=rivals)
    except (Invalid, Stale) as wrong:
        stale = wrong if isinstance(wrong, Stale) else None
        told = {"prospect": prospect, "stale": stale} | choices(session, person, prospect.model)
        return page.again("prospects/wish.html", wrong, form, **told)
    return page.go(f"/prospects/{prospect_number}", N_("Kept."))


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


def _models(session: Session, person: Person, kept: CarModel | None) -> list[CarModel]:
    """What is sold here; a model that is not sold any more stays with whom it is kept for."""
    sold = sold_here(session, person.store_id)
    return [*sold, *([kept] if kept is not None and kept not in sold else [])]


def _history(session: Session, person: Person, prospect: Prospect) -> list[history.Entry]:
    """One line of time, newest first: talks, visits, drives, and what was offered and ordered."""
    entries = history.of_prospect(session, prospect) + history.deeds(session, prospect, by=person)
    entries += offered_history.of_prospect(session, person, prospect)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _said(session: Session, prospect: Prospect, lists: dict[str, list[ListEntry]]) -> dict[str, Any]:
    """The codes of a prospect in words, also those that nobody can choose any more."""
    words = {name: {entry.code: entry.name for entry in of} for name, of in lists.items()}
    return {**words, "grade": {grade.code: grade for grade in grades(session, prospect.store_id)}}


def _register(form: Form, session: Session, person: Person, found: Customer | None) -> Prospect:
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


ALL = [index, pool, new, create, of_customer, show, wish, want]
