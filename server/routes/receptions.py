"""Receptions: one button starts the clock; who it is, what for, and the list of a reception run along."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import get, post
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import entries, named
from server.domain.customers import AlreadyHere, Customer, customers, register
from server.domain.people import Person, Right
from server.domain.refusals import Invalid, N_, Refusal, WrongMove
from server.domain.showroom import Reception, meeting, reach, receptions
from server.domain.showroom.ratings import PREPARATION, PRESENTATION, RECEPTION
from server.domain.showroom.visits import visible_to
from server.forms import Form, uuid_or_none
from server.outbox import NOBODY
from server.routes.checklists import walk_page
from server.routes.places import beside
from server.routes.prospect_forms import choices, expected_day, model_of
from server.routes.ratings import asked
from server.routes.reception_walks import ReceptionWalking, UnsentWalking
from server.visit import Visit, field, needs
from server.web import Html, Page

SEES, KEEPS, WRITES = needs(Right.SEE_PROSPECTS), needs(Right.KEEP_PROSPECTS), field(Right.KEEP_PROSPECTS)


class Unsent(msgspec.Struct, frozen=True):
    """A reception begun on a device, of which the house has not heard: only that device knows since when."""

    id: UUID = NOBODY
    arrived_at: datetime | None = None
    customer: Customer | None = None
    agreed: bool | None = None
    told_at: datetime | None = None
    party: int = 1
    purpose: str = ""
    source: str = receptions.WALKED_IN
    is_first: bool | None = None
    story: str = ""
    is_open: bool = True


@get("/receptions", opt=SEES, sync_to_thread=True)
def index(session: Session, person: Person, page: Page, day: str = "") -> Html:
    """Who is here, and who came on that day."""
    today = now().astimezone(person.zone).date()
    on = _day(day) or today
    reach = visible_to(session, person)
    here = reach.here()
    came = [one for one in reach.on(on) if not one.is_open]
    return page("receptions/index.html", here=here, came=came, on=on, today=today, at=now(), step=timedelta(days=1))


@post("/receptions", opt=WRITES, status_code=200, sync_to_thread=True)
def begin(form: Form, session: Session, person: Person, page: Page) -> Html:
    """The clock starts; whoever is received from their own page is known already."""
    number = form.text("prospect", most=40)
    known = reach.visible_to(session, person).one(number) if number else None
    reception = receptions.begin(session, by=person, id=uuid_or_none(form.text("id", most=36)))
    if known is not None:
        meeting.meet(session, reception, known.customer, by=person)
    return page.go(f"/receptions/{reception.id}")


@get("/receptions/{reception_id:uuid}", opt=SEES, sync_to_thread=True)
def show(reception_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Everything of one visit on one screen."""
    if reception_id == NOBODY and person.may(Right.KEEP_PROSPECTS):
        offered = _offered(session, person)
        return page(
            "receptions/unsent.html", reception=Unsent(), walking=UnsentWalking(session, person), known=(), q="",
            **offered,
        )  # fmt: skip
    reception = visible_to(session, person).one(reception_id)
    return page("receptions/show.html", **_shown(session, person, reception))


@post("/receptions/{reception_id:uuid}/facts", opt=WRITES, status_code=200, sync_to_thread=True)
def note_down(reception_id: UUID, form: Form, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """How many, what for, from where."""
    reception = visible_to(session, person).one(reception_id)
    try:
        first = form.choice("is_first", ("yes", "no"), required=False)
        party = form.whole("party", least=1, most=receptions.MOST_PEOPLE) or 1
        purpose, source = form.text("purpose", most=40), form.text("source", most=40)
        form.check()
        receptions.note_down(
            session, reception, by=person, party=party, purpose=purpose, source=source,
            is_first=None if not first else first == "yes",
        )  # fmt: skip
    except Invalid as wrong:
        template = "receptions/_facts.html" if visit.htmx else "receptions/show.html"
        return page.again(template, wrong, form, **_shown(session, person, reception))
    if visit.htmx:
        return page("receptions/_facts.html", **_shown(session, person, reception))
    return page.go(f"/receptions/{reception_id}")


@post("/receptions/{reception_id:uuid}/consent", opt=WRITES, status_code=200, sync_to_thread=True)
def agree(reception_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """They were told, and agree to be recorded."""
    receptions.answer_privacy(session, visible_to(session, person).one(reception_id), True, by=person)
    return page.go(f"/receptions/{reception_id}#who")


@post("/receptions/{reception_id:uuid}/refusal", opt=WRITES, status_code=200, sync_to_thread=True)
def decline(reception_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """They were told, and do not want to be recorded."""
    receptions.answer_privacy(session, visible_to(session, person).one(reception_id), False, by=person)
    return page.go(f"/receptions/{reception_id}", N_("Nobody is recorded; the visit counts without a name."))


@get("/receptions/{reception_id:uuid}/known", opt=KEEPS, sync_to_thread=True)
def recognise(reception_id: UUID, session: Session, person: Person, page: Page, q: str = "") -> Html:
    """Who has been here, by a few digits or letters."""
    reception = visible_to(session, person).one(reception_id)
    return page("receptions/_known.html", reception=reception, q=q, known=meeting.recognise(session, person, q))


@post("/receptions/{reception_id:uuid}/customer", opt=WRITES, status_code=200, sync_to_thread=True)
def meet(reception_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """It is somebody known, or somebody new; a prospect begins or goes on."""
    reception = visible_to(session, person).one(reception_id)
    try:
        known = form.ident("customer", required=False)
        expected, model = expected_day(form, session, person), model_of(form, session, person)
        detail = _detail(form, session, person, reception)
        form.check()
        customer = customers.visible_to(session, person).one(known) if known else _new(form, session, person, reception)
        prospect = meeting.meet(
            session, reception, customer, by=person, expected_on=expected, model=model, sub_source=detail
        )
    except Refusal as wrong:
        return page.again("receptions/show.html", wrong, form, **_shown(session, person, reception, wrong))
    if prospect.consultant_id == person.id:
        return page.go(f"/receptions/{reception_id}", N_("%(name)s is yours to look after."), name=customer.name)
    return page.go(f"/receptions/{reception_id}", N_("%(name)s is written down."), name=customer.name)


@post("/receptions/{reception_id:uuid}/hand-over-request", opt=KEEPS, status_code=200, sync_to_thread=True)
def ask_for_handover(reception_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """The manager is asked to hand a colleague's prospect over."""
    meeting.ask_for_handover(session, visible_to(session, person).one(reception_id), by=person)
    return page.go(f"/receptions/{reception_id}", N_("The manager has been asked."))


@post("/receptions/{reception_id:uuid}/departure", opt=WRITES, status_code=200, sync_to_thread=True)
def see_off(reception_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """They leave; how long they stayed is known."""
    reception = visible_to(session, person).one(reception_id)
    try:
        story = form.text("story", most=receptions.LONGEST_STORY)
        form.check()
        meeting.see_off(session, reception, by=person, story=story)
    except Invalid as wrong:
        return page.again("receptions/show.html", wrong, form, **_shown(session, person, reception))
    return page.go(f"/receptions/{reception_id}", N_("They have left."))


@post("/receptions/{reception_id:uuid}/abandonment", opt=KEEPS, status_code=200, sync_to_thread=True)
def abandon(reception_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """It was started by mistake."""
    receptions.abandon(session, visible_to(session, person).one(reception_id), by=person)
    return page.go("/receptions", N_("It counts nowhere."))


@get("/receptions/{reception_id:uuid}/checklist", opt=SEES, sync_to_thread=True)
def walk(reception_id: UUID, session: Session, person: Person, page: Page, section: UUID | None = None) -> Html:
    """One section of the list; without saying which, the one where somebody last was."""
    if reception_id == NOBODY and person.may(Right.KEEP_PROSPECTS):
        return walk_page(UnsentWalking(session, person), page, section or NOBODY)
    walking = ReceptionWalking(session, person, visible_to(session, person).one(reception_id))
    return page.go(walking.where_one_was()) if section is None else walk_page(walking, page, section)


def _detail(form: Form, session: Session, person: Person, reception: Reception) -> str:
    """The source in detail; one of another source is a mistake."""
    details = {one.code for one in entries(session, person.store_id, "sub_source")}
    chosen = form.choice("sub_source", details, required=False)
    if chosen and not chosen.startswith(f"{reception.source}."):
        source = named(session, person.store_id, "source", reception.source)
        form.wrong("sub_source", N_("This is no detail of “%(source)s”."), source=source)
    return chosen


def _new(form: Form, session: Session, person: Person, reception: Reception) -> Customer:
    """Somebody new, who has agreed to be recorded."""
    if not reception.agreed:
        raise WrongMove(N_("Tell them first what their data is for, and ask whether they agree."))
    born = uuid_or_none(form.text("id", most=36))
    name, phone = form.text("name", required=True, most=80), form.text("phone", required=True, most=40)
    form.check()
    return register(session, by=person, id=born, even_so=form.yes("even_so"), name=name, phone=phone)


def _shown(session: Session, person: Person, reception: Reception, wrong: Refusal | None = None) -> dict[str, Any]:
    walking = ReceptionWalking(session, person, reception)
    here = wrong if isinstance(wrong, AlreadyHere) else None
    known = meeting.known(session, person, [one.customer for one in here.likely]) if here else ()
    return {
        "reception": reception, "walking": walking, "at": now(), "known": known, "q": "",
        "maybe_known": here is not None and not here.sure,
        "day": reception.arrived_at.astimezone(person.zone).date(),
        **beside("/receptions/{}".format, visible_to(session, person).neighbours(reception)),
        **asked(session, person, reception.prospect, PREPARATION, RECEPTION, PRESENTATION),
    } | _offered(session, person)  # fmt: skip


def _offered(session: Session, person: Person) -> dict[str, Any]:
    return {"purposes": entries(session, person.store_id, "visit_purpose")} | choices(session, person)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


ALL = [
    index, begin, show, note_down, agree, decline, recognise, meet, ask_for_handover, see_off, abandon, walk,
]  # fmt: skip
