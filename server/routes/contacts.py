"""Owed contacts: the list, and what came of a call."""

from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import contacts
from server.domain.people import Person, Right
from server.domain.refusals import N_, Refusal
from server.forms import Form
from server.visit import field, needs
from server.web import Html, Page


@get("/contacts", opt=needs(Right.MAKE_CONTACTS), sync_to_thread=True)
def index(session: Session, person: Person, page: Page, show: str = "due") -> Html:
    """What is due, what comes later, what was done."""
    reach = contacts.visible_to(session, person)
    midnight = datetime.combine(now().astimezone(person.zone).date() + timedelta(days=1), time(), person.zone)
    lists = {"done": reach.done, "later": partial(reach.later, midnight)}
    listed = lists.get(show, partial(reach.owed, midnight))()
    return page("contacts/index.html", contacts=listed, show=show, at=now(), endings=contacts.ENDINGS)


@get("/contacts/{contact_id:uuid}", opt=needs(Right.MAKE_CONTACTS), sync_to_thread=True)
def show(contact_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """One call: whom, about what, and the form for its outcome."""
    contact = contacts.visible_to(session, person).one(contact_id)
    if contact.prospect is not None:
        return page.go(f"/prospects/{contact.prospect.number}")
    return page("contacts/show.html", contact=contact, outcomes=contacts.OUTCOMES, endings=contacts.ENDINGS, at=now())


@post("/contacts/{contact_id:uuid}/outcome", opt=field(Right.MAKE_CONTACTS), status_code=200, sync_to_thread=True)
def make(contact_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """What came of the call."""
    contact = contacts.visible_to(session, person).one(contact_id)
    try:
        outcome, note = form.text("outcome", most=40), form.text("note", most=1000)
        form.check()
        contacts.make(session, contact, by=person, outcome=outcome, note=note)
    except Refusal as wrong:
        return page.again(
            "contacts/show.html",
            wrong,
            form,
            contact=contact,
            outcomes=contacts.OUTCOMES,
            endings=contacts.ENDINGS,
            at=now(),
        )
    return page.go("/contacts", N_("Kept."))


ALL = [index, show, make]
