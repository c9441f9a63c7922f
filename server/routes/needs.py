"""Asking what somebody needs: one screen as a conversation, each answer kept at once, our models ranked beside it."""

from typing import Any

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.people import Person, Right
from server.domain.refusals import Invalid, N_, NotThere
from server.domain.showroom import Prospect, needs, reach
from server.domain.showroom.needs import MANY, TOPICS
from server.domain.showroom.ratings import NEEDS
from server.forms import Form
from server.routes.prospect_forms import choices, competitors, expected_day, model_of
from server.routes.ratings import asked as asked_of
from server.visit import Visit, field
from server.visit import needs as wants
from server.web import Html, Page

SEES, WRITES = wants(Right.SEE_PROSPECTS), field(Right.KEEP_PROSPECTS)


@get("/prospects/{prospect_number:str}/needs", opt=SEES, sync_to_thread=True)
def show(prospect_number: str, session: Session, person: Person, page: Page) -> Html:
    """The conversation, with what was learned so far."""
    prospect = reach.visible_to(session, person).one(prospect_number)
    return page("needs/show.html", **_shown(session, person, prospect))


@post("/prospects/{prospect_number:str}/needs/{topic:str}", opt=WRITES, status_code=200, sync_to_thread=True)
def keep(
    prospect_number: str, topic: str, form: Form, session: Session, person: Person, visit: Visit, page: Page
) -> Html:
    """One topic, as it was answered just now; what fits comes back."""
    prospect = reach.visible_to(session, person).one(prospect_number)
    if topic not in TOPICS:
        raise NotThere
    said = {
        asked.code: list(form.every(asked.code)) if asked.kind == MANY else form.text(asked.code, most=needs.LONGEST)
        for asked in TOPICS[topic][1]
    }
    try:
        form.check()
        needs.keep(session, prospect, topic, said, by=person)
    except Invalid as wrong:
        return page.again("needs/show.html", wrong, form, **_shown(session, person, prospect))
    return _kept(session, person, prospect, visit, page)


@post("/prospects/{prospect_number:str}/needs-model", opt=WRITES, status_code=200, sync_to_thread=True)
def choose(prospect_number: str, form: Form, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """Which of ours, and which of others, they look at."""
    prospect = reach.visible_to(session, person).one(prospect_number)
    try:
        model, others = model_of(form, session, person, prospect.model), competitors(form)
        form.check()
        needs.choose(session, prospect, by=person, model=model, competitors=others)
    except Invalid as wrong:
        return page.again("needs/show.html", wrong, form, **_shown(session, person, prospect))
    return _kept(session, person, prospect, visit, page)


@post("/prospects/{prospect_number:str}/needs-day", opt=WRITES, status_code=200, sync_to_thread=True)
def decide_when(prospect_number: str, form: Form, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """By when they mean to buy; the grade follows."""
    prospect = reach.visible_to(session, person).one(prospect_number)
    try:
        day = expected_day(form, session, person, prospect.expected_on)
        form.check()
        needs.decide_when(session, prospect, day, by=person)
    except Invalid as wrong:
        return page.again("needs/show.html", wrong, form, **_shown(session, person, prospect))
    return _kept(session, person, prospect, visit, page)


@post("/prospects/{prospect_number:str}/needs-consent", opt=WRITES, status_code=200, sync_to_thread=True)
def agree(prospect_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Whether they want to answer questions about themselves."""
    prospect = reach.visible_to(session, person).one(prospect_number)
    given = form.choice("given", ("yes", "no")) == "yes"
    form.check()
    needs.agree(session, prospect, given, by=person)
    return page.go(f"/prospects/{prospect_number}/needs#person", N_("The answer is kept."))


def _kept(session: Session, person: Person, prospect: Prospect, visit: Visit, page: Page) -> Html:
    if visit.htmx:
        return page("needs/_matches.html", **_shown(session, person, prospect))
    return page.go(f"/prospects/{prospect.number}/needs")


def _shown(session: Session, person: Person, prospect: Prospect) -> dict[str, Any]:
    answers = needs.of(session, prospect)
    found = needs.matches(session, prospect, answers)
    offered = {
        asked.code: needs.offered(session, person.store_id, asked)
        for _, questions in TOPICS.values() for asked in questions if asked.list
    }  # fmt: skip
    cards = needs.cards(session, prospect, found)
    return {
        "prospect": prospect, "answers": answers, "matches": found, "topics": TOPICS, "offered": offered,
        "cards": cards, "unknown": needs.without_card(prospect, cards), "may_ask": needs.may_ask(session, prospect),
        **asked_of(session, person, prospect, NEEDS),
    } | choices(session, person, prospect.model)  # fmt: skip


ALL = [show, keep, choose, decide_when, agree]
