"""Follow-ups: what was said, in the field and without a network too; and the manager's word on it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import entries, grades
from server.domain.people import Person, Right
from server.domain.records import consents
from server.domain.refusals import N_, Refusal
from server.domain.showroom import Prospect, follow_ups, visible_to
from server.domain.showroom.prospects import next_day
from server.forms import Form, uuid_or_none
from server.routes.prospect_forms import choices, expected_day
from server.visit import field, needs
from server.web import Html, Page

NEXT_DAYS = (1, 2, 3, 7, 14)


@get("/prospects/{prospect_number:str}/follow-ups/new", opt=needs(Right.KEEP_PROSPECTS), sync_to_thread=True)
def new(prospect_number: str, session: Session, person: Person, page: Page) -> Html:
    """The form, made to be filled in standing."""
    prospect = visible_to(session, person).one(prospect_number)
    return page("prospects/follow_up.html", **_shown(session, person, prospect))


@post(
    "/prospects/{prospect_number:str}/follow-ups", opt=field(Right.KEEP_PROSPECTS), status_code=200,
    sync_to_thread=True,
)  # fmt: skip
def make(prospect_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Keep it; the grade and the next contact follow."""
    prospect = visible_to(session, person).one(prospect_number)
    try:
        talk = _talk(form, session, person, prospect)
        born = uuid_or_none(form.text("id", most=36))
        form.check()
        made = follow_ups.make(session, prospect, talk, by=person, id=born)
        if form.yes("hush"):
            consents.answer(session, prospect.customer_id, "contact", False, by=person)
    except Refusal as wrong:
        return page.again("prospects/follow_up.html", wrong, form, **_shown(session, person, prospect))
    word = N_("Kept. The grade is %(grade)s.")
    if made.grade_before != made.grade_after:
        word = N_("Kept. The grade moved from %(before)s to %(grade)s.")
    return page.go(f"/prospects/{prospect_number}", word, grade=made.grade_after, before=made.grade_before)


@post(
    "/prospects/{prospect_number:str}/follow-ups/{follow_up_id:uuid}/comments", opt=field(Right.APPROVE),
    status_code=200, sync_to_thread=True,
)  # fmt: skip
def comment(prospect_number: str, follow_up_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """A manager's word on a follow-up."""
    prospect = visible_to(session, person).one(prospect_number)
    follow_up = follow_ups.of(session, prospect, follow_up_id)
    text = form.text("text", most=500)
    form.check()
    follow_ups.comment(session, prospect, follow_up, by=person, text=text)
    return page.go(f"/prospects/{prospect_number}#follow-up-{follow_up_id}", N_("The consultant is told."))


def _talk(form: Form, session: Session, person: Person, prospect: Prospect) -> follow_ups.Talk:
    methods = {entry.code for entry in entries(session, person.store_id, "method")}
    method = form.choice("method", methods)
    reached = form.choice("reached", ("yes", "no"), required=False) != "no"
    content = form.text("content", most=1000)
    words, measure = form.text("customer_words", most=1000), form.text("countermeasure", most=500)
    next_method = form.choice("next_method", methods, required=False)
    return follow_ups.Talk(
        method=method, reached=reached, content=content, customer_words=words, countermeasure=measure,
        expected_on=expected_day(form, session, person, prospect.expected_on), next_at=_next_at(form, person),
        next_method=next_method,
    )  # fmt: skip


def _next_at(form: Form, person: Person) -> datetime | None:
    """In so many days, at a moment of one's own, or as the grade asks."""
    days = {str(day): day for day in NEXT_DAYS}
    chosen = form.choice("next", {"auto", "date", *days}, required=False)
    if chosen == "date":
        return form.moment("next_at", person.zone)
    return next_day(person.moment(), person, days[chosen]) if chosen in days else None


def _shown(session: Session, person: Person, prospect: Prospect) -> dict[str, Any]:
    today = now().astimezone(person.zone).date()
    return choices(session, person) | {
        "prospect": prospect, "next_days": NEXT_DAYS, "at": now(), "tomorrow": today + timedelta(days=1),
        "intervals": grades(session, person.store_id, today),
    }  # fmt: skip


ALL = [new, make, comment]
