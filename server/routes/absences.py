"""Absences: who is away, who stands in, and back again."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.database import now
from server.domain.people import Person, Right, Staff, absences, of_store
from server.domain.people.staff import with_right
from server.domain.refusals import Invalid, N_, Refusal
from server.forms import Form
from server.visit import needs
from server.web import Html, Page


@get("/absences", opt=needs(Right.MAKE_CONTACTS), sync_to_thread=True)
def index(session: Session, person: Person, page: Page) -> Html:
    """What is on or to come, and the form for another."""
    return page("absences/index.html", **_shown(session, person))


@post("/absences", opt=needs(Right.MAKE_CONTACTS), status_code=200, sync_to_thread=True)
def leave(form: Form, session: Session, person: Person, page: Page) -> Html:
    """Somebody will be away, and another stands in."""
    try:
        who = form.ident("staff", required=False) or person.id
        stand_in = form.ident("stand_in")
        first, last = form.day("first_day", required=True), form.day("last_day", required=True)
        note = form.text("note", most=200)
        form.check()
        assert stand_in is not None  # checked just above, with the days
        if first is None or last is None:
            raise Invalid.at("first_day", N_("Please fill this in."))
        staff = of_store(session, Staff, who, person.store_id)
        other = of_store(session, Staff, stand_in, person.store_id)
        absences.leave(session, staff, other, first, last, by=person, note=note)
    except Refusal as wrong:
        return page.again("absences/index.html", wrong, form, **_shown(session, person))
    return page.go("/absences", N_("%(who)s stands in."), who=other.title)


@post("/absences/{absence_id:uuid}/end", opt=needs(Right.MAKE_CONTACTS), status_code=200, sync_to_thread=True)
def call_off(absence_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """They are back: everything is theirs again."""
    absences.call_off(session, absences.one(session, absence_id, by=person), by=person)
    return page.go("/absences", N_("Everything is theirs again."))


def _shown(session: Session, person: Person) -> dict[str, Any]:
    return {
        "absences": absences.of_store(session, person), "at": now(),
        "colleagues": with_right(session, person.store_id, Right.MAKE_CONTACTS),
        "today": now().astimezone(person.zone).date(),
    }  # fmt: skip


ALL = [index, leave, call_off]
