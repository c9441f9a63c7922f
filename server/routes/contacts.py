"""Owed contacts: the list by what matters, one of them with its script, and what came of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from sqlalchemy.orm import Session

from server import i18n
from server.database import now
from server.domain.care import Contact, making
from server.domain.care.calling_hours import CallingHours
from server.domain.care.complaints import UNHAPPY, complained
from server.domain.care.contacts import ENDINGS, NOT_REACHED, NOT_WANTED, OUTCOMES, REACHED
from server.domain.care.kinds import WAYS
from server.domain.care.lists import Lists
from server.domain.care.making import Next
from server.domain.care.reach import visible_to
from server.domain.care.weighing import WORDS
from server.domain.catalogue import entries
from server.domain.people import Person, Right, Staff, absences
from server.domain.people.staff import with_right
from server.domain.refusals import N_, Refusal
from server.domain.showroom.prospects import next_day
from server.forms import Form
from server.routes.contact_lists import Asked
from server.routes.places import beside
from server.visit import Visit, field, needs
from server.web import Html, Page

Ask = Request[Any, Any, State]
NEXT_DAYS = (1, 3, 7, 14, 30)


@get("/contacts", opt=needs(Right.MAKE_CONTACTS), sync_to_thread=True)
def index(request: Ask, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """What is due by what matters, what comes later, what was made."""
    asked, at = Asked(request.query_params, person), now()
    lists = Lists(session, person, at)
    listed = lists.page(asked.wanted, asked.leaf, asked.place)
    owners = with_right(session, person.store_id, Right.MAKE_CONTACTS) if person.may(Right.KEEP_STAFF) else ()
    return page(
        "contacts/_list.html" if visit.htmx else "contacts/index.html", asked=asked, listed=listed, at=at,
        counts=lists.counts(), by_way=lists.ways(asked.wanted), ways=WAYS, owners=owners, reasons=WORDS,
        endings=ENDINGS, hours=hours_of(session, person, listed.contacts),
    )  # fmt: skip


@get("/contacts/{contact_id:uuid}", opt=needs(Right.MAKE_CONTACTS), sync_to_thread=True)
def show(request: Ask, contact_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """One of them: whom, about what, what to say, and the form for what came of it."""
    contact = visible_to(session, person).one(contact_id)
    if contact.prospect is not None:
        return page.go(f"/prospects/{contact.prospect.number}")
    return page("contacts/show.html", **_shown(request, session, person, contact))


@post("/contacts/{contact_id:uuid}/begin", opt=field(Right.MAKE_CONTACTS), status_code=200, sync_to_thread=True)
def begin(request: Ask, contact_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """They are being called: when it began is written down, and what comes of it follows."""
    contact = visible_to(session, person).one(contact_id)
    try:
        why = form.text("why", most=200)
        form.check()
        making.begin(session, contact, by=person, why=why)
    except Refusal as wrong:
        return page.again("contacts/show.html", wrong, form, **_shown(request, session, person, contact))
    if contact.prospect is not None:
        return page.go(f"/prospects/{contact.prospect.number}/follow-ups/new")
    return page.go(f"/contacts/{contact_id}")


@post("/contacts/{contact_id:uuid}/outcome", opt=field(Right.MAKE_CONTACTS), status_code=200, sync_to_thread=True)
def make(
    request: Ask, contact_id: UUID, form: Form, session: Session, person: Person, visit: Visit, page: Page
) -> Html:
    """What came of it, and the next step."""
    contact = visible_to(session, person).one(contact_id)
    try:
        outcome, said, note = _outcome(form, session, person, visit)
        then = _next(form, person)
        form.check()
        making.make(session, contact, by=person, outcome=outcome, note=note, then=then)
        if said == UNHAPPY:
            complained(session, contact, form.text("note", most=1000), by=person)
    except Refusal as wrong:
        return page.again("contacts/show.html", wrong, form, **_shown(request, session, person, contact))
    return page.go("/contacts", N_("Kept."))


@post("/contacts/{contact_id:uuid}/direction", opt=needs(Right.KEEP_STAFF), status_code=200, sync_to_thread=True)
def direct(request: Ask, contact_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """A manager says how it goes on: tried again, given to a colleague, or let go."""
    contact = visible_to(session, person).one(contact_id)
    try:
        way = form.choice("way", DIRECTIONS)
        to = _colleague(session, person, form) if way == "pass" else None
        why = form.text("why", most=300)
        form.check()
        if to is not None:
            making.pass_on(session, contact, to, by=person)
        elif way == "drop":
            making.let_go(session, contact, by=person, why=why)
        else:
            making.go_on(session, contact, by=person)
    except Refusal as wrong:
        return page.again("contacts/show.html", wrong, form, **_shown(request, session, person, contact))
    return page.go("/contacts", N_("Kept."))


DIRECTIONS = {"again": N_("Try again"), "pass": N_("Give to a colleague"), "drop": N_("Let it go")}


def hours_of(session: Session, person: Person, listed: Any) -> CallingHours:
    """When those customers may be called, asked for at once."""
    return CallingHours(session, person.store_id, {contact.customer_id for contact in listed})


def _outcome(form: Form, session: Session, person: Person, visit: Visit) -> tuple[str, str, str]:
    """What was tapped: an outcome, or at once what the customer said (its code); and the words for it."""
    outcome, _, said = form.text("outcome", most=80).partition(".")
    note = form.text("note", most=1000)
    if said:
        words = {one.code: one.name for one in entries(session, person.store_id, "contact_note")}
        if said not in words:
            form.wrong("outcome", N_("Choose one of the offered."))
        elif said == UNHAPPY and not note:
            form.wrong("note", N_("Write what they are not satisfied with: an answer is owed for it."))
        else:
            note = " · ".join(part for part in (i18n.say(words[said], visit.language), note) if part)
    return outcome, said, note


def _next(form: Form, person: Person) -> Next | None:
    """In so many days, or on a day; without a word of what, nothing."""
    days = {str(day): day for day in NEXT_DAYS}
    what = form.text("next_what", most=300)
    chosen = form.choice("next", {"date", *days}, required=False)
    day = form.day("next_on", required=chosen == "date") if chosen == "date" else None
    if not what:
        if chosen:
            form.wrong("next_what", N_("Write what comes next."))
        return None
    if day is not None:
        return Next(what, next_day(datetime.combine(day, datetime.min.time(), person.zone), person, 0))
    return Next(what, next_day(person.moment(), person, days.get(chosen, 1)))


def _colleague(session: Session, person: Person, form: Form) -> Staff | None:
    wanted = form.ident("to")
    found = [one for one in with_right(session, person.store_id, Right.MAKE_CONTACTS) if one.id == wanted]
    if wanted is not None and not found:
        form.wrong("to", N_("Choose one of the offered."))
    return found[0] if found else None


def _shown(request: Ask, session: Session, person: Person, contact: Contact) -> dict[str, Any]:
    asked, at = Asked(request.query_params, person), now()
    hours = hours_of(session, person, [contact])
    keeps = person.may(Right.KEEP_STAFF)
    found = Lists(session, person, at).neighbours(asked.wanted, contact)
    away = absences.covered_by(session, person, at).get(contact.owed_by)
    called = contact.begun_at is not None and at - contact.begun_at < timedelta(minutes=30)
    return {
        "contact": contact, "at": at, "asked": asked, "outcomes": {REACHED: OUTCOMES[REACHED]},
        "others": {code: OUTCOMES[code] for code in (NOT_REACHED, NOT_WANTED)}, "endings": ENDINGS,
        "said": entries(session, person.store_id, "contact_note"), "next_days": NEXT_DAYS, "hours": hours,
        "called": called, "overrides": making.may_override(contact, person), "away_until": away,
        "tries": making.tries_of(session, contact), "directions": DIRECTIONS,
        "colleagues": with_right(session, person.store_id, Right.MAKE_CONTACTS) if keeps else (),
        "today": at.astimezone(person.zone).date(), **beside(asked.record, found),
    }  # fmt: skip


ALL = [index, show, begin, make, direct]
