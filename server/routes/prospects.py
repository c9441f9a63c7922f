"""Prospects: the lists, somebody new, and the one page of each."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import ListEntry, grades, listed
from server.domain.customers import Customer, customers
from server.domain.deals import history as offered_history
from server.domain.people import Person, Right
from server.domain.people.staff import able, everybody
from server.domain.records import consents
from server.domain.refusals import Invalid, N_, Refusal, Stale
from server.domain.showroom import Prospect, hands, history, lost_deals, visible_to
from server.domain.showroom.lists import Lists
from server.domain.showroom.registration import change
from server.forms import Form, uuid_or_none
from server.routes.places import beside
from server.routes.prospect_forms import choices, competitors, model_of, registered
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
        prospect = registered(form, session, person, found)
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
    staff, lists = everybody(session, person.store_id), listed(session, person.store_id, *SPOKEN)
    day, deals = at.astimezone(person.zone).date(), lost_deals.of_prospect(session, prospect)
    return page(
        "prospects/show.html", prospect=prospect, asked=asked, at=at,
        entries=_history(session, person, prospect, deals), staff={one.id: one.title for one in staff},
        deals=deals, said=_said(session, prospect, lists),
        give_back=[entry for entry in lists["give_back"] if entry.holds(day)], takers=able(staff, Right.KEEP_PROSPECTS),
        asked_to_call="contact" in consents.standing(session, person.store_id, prospect.customer_id),
        **beside(asked.record, Lists(session, person, at).neighbours(asked.wanted, prospect)),
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


def _history(
    session: Session, person: Person, prospect: Prospect, deals: Sequence[lost_deals.LostDeal]
) -> list[history.Entry]:
    """One line of time, newest first: talks, visits, drives, and what was offered and ordered."""
    entries = history.of_prospect(session, prospect, deals) + history.deeds(session, prospect, by=person)
    entries += offered_history.of_prospect(session, person, prospect)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _said(session: Session, prospect: Prospect, lists: dict[str, list[ListEntry]]) -> dict[str, Any]:
    """The codes of a prospect in words, also those that nobody can choose any more."""
    words = {name: {entry.code: entry.name for entry in of} for name, of in lists.items()}
    return {**words, "grade": {grade.code: grade for grade in grades(session, prospect.store_id)}}


ALL = [index, pool, new, create, of_customer, show, wish, want]
