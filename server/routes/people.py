"""Sign-in, sign-out, handing the tablet over, language and appearance."""

from typing import Any
from urllib.parse import urlparse
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from sqlalchemy.orm import Session

from server.database import EVERY_STORE, reach
from server.domain.people import ROLE_NAMES, Person, Role, devices, notices, sign_in, subscriptions
from server.domain.refusals import Invalid, N_
from server.forms import Form
from server.i18n import LANGUAGES
from server.routes.landing import landing
from server.routes.push import card
from server.settings import settings
from server.visit import ANYONE, DEVICE, LANGUAGE, SESSION, SIGNED_IN, THEME, Visit
from server.web import Html, Page

YEAR = 365 * 86400
# The answer to a sign-in carries a session: it is never kept for a replay.
FORGOTTEN = {"unremembered": True}


@get("/sign-in", opt=ANYONE, sync_to_thread=True)
def door(page: Page, next: str = "/") -> Html:
    """The sign-in form."""
    return page("people/sign_in.html", next=_inside(next))


@post("/sign-in", opt=ANYONE | FORGOTTEN, status_code=200, sync_to_thread=True)
def enter(form: Form, session: Session, visit: Visit, page: Page) -> Html:
    """Sign in by name and password."""
    try:
        name = form.text("name", required=True, most=80)
        password = form.text("password", required=True, most=200)
        form.check()
        reach(session, EVERY_STORE)  # whoever was signed in here before may be of another store
        somebody, token = sign_in.by_password(
            session, name, password, device=visit.device, address=visit.address, hours=settings().session_hours
        )
    except Invalid as wrong:
        visit.keep_refusal = True
        form.values.pop("password", None)
        return page.again("people/sign_in.html", wrong, form, next=_inside(form.text("next")))
    _carry(visit, token, somebody)
    return page.go(_inside(form.text("next")))


@post("/sign-out", opt=ANYONE | FORGOTTEN, status_code=200, sync_to_thread=True)
def leave(session: Session, visit: Visit, page: Page) -> Html:
    """Close the session of this device."""
    if visit.person:
        sign_in.leave(session, visit.cookies[SESSION], by=visit.person)
    visit.set_cookie(SESSION, "", 0)
    return page.go("/sign-in", N_("You are signed out."))


@get("/switch", opt=SIGNED_IN, sync_to_thread=True)
def whose_turn(session: Session, person: Person, page: Page, name: str = "", next: str = "/") -> Html:
    """Whom the tablet can be handed to."""
    colleagues = sign_in.who_switches(session, person)
    return page("people/switch.html", colleagues=colleagues, role_names=ROLE_NAMES, chosen=name, next=_inside(next))


@post("/switch", opt=SIGNED_IN | FORGOTTEN, status_code=200, sync_to_thread=True)
def switch(
    request: Request[Any, Any, State], form: Form, session: Session, person: Person, visit: Visit, page: Page
) -> Html:
    """Hand the tablet over by PIN, on the page where it is; what the first one left unsent stays theirs."""
    name, pin, where = form.text("name", required=True, most=80), form.text("pin", required=True), form.text("next")
    try:
        form.check()
        somebody, token = sign_in.by_pin(
            session, name, pin, at=person, address=visit.address, hours=settings().session_hours
        )
    except Invalid as wrong:
        visit.keep_refusal = True
        form.values.pop("pin", None)
        wrong.errors = {"pin": next(iter(wrong.errors.values()))}  # the one field there is
        colleagues = sign_in.who_switches(session, person)
        return page.again(
            "people/switch.html", wrong, form, colleagues=colleagues, role_names=ROLE_NAMES, chosen=name,
            next=_inside(where),
        )  # fmt: skip
    sign_in.leave(session, visit.cookies[SESSION], by=person)
    _carry(visit, token, somebody)
    where = landing(request.app, session, somebody, _inside(where))
    return page.go(where, N_("This tablet is now %(name)s's."), name=somebody.title)


@get("/me", opt=SIGNED_IN, sync_to_thread=True)
def me(session: Session, person: Person, page: Page) -> Html:
    """One's own page: language, appearance, notices, PIN, sign out."""
    roles = [ROLE_NAMES[Role(role)] for role in person.roles]
    return page("people/me.html", roles=roles, push=card(session, person))


@post("/me/pin", opt=SIGNED_IN, status_code=200, sync_to_thread=True)
def own_pin(form: Form, session: Session, person: Person, page: Page) -> Html:
    """Set one's own PIN, proving it is oneself by the password."""
    try:
        sign_in.change_pin(session, form.text("password"), form.text("pin"), by=person)
    except Invalid as wrong:
        form.values.clear()
        roles = [ROLE_NAMES[Role(role)] for role in person.roles]
        return page.again("people/me.html", wrong, form, roles=roles, push=card(session, person))
    return page.go("/me", N_("Your new PIN counts from now on."))


@post("/language", opt=ANYONE | FORGOTTEN, status_code=200, sync_to_thread=True)
def language(form: Form, session: Session, visit: Visit, page: Page) -> Html:
    """Change the language of this device, its notices included, and come back to the same page."""
    chosen = form.choice("language", LANGUAGES) or visit.language
    visit.set_cookie(LANGUAGE, chosen, YEAR)
    if visit.person:
        subscriptions.speak(session, chosen, by=visit.person)
    return page.go(_as_now(_inside(form.text("next")), visit))


@post("/appearance", opt=ANYONE | FORGOTTEN, status_code=200, sync_to_thread=True)
def appearance(form: Form, visit: Visit, page: Page) -> Html:
    """Light, dark, or as the device has it."""
    visit.set_cookie(THEME, form.choice("theme", ("light", "dark"), required=False), YEAR)
    return page.go(_inside(form.text("next")))


@post("/notices/{notice_id:uuid}/reading", opt=SIGNED_IN, status_code=200, sync_to_thread=True)
def read_notice(notice_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Mark a notice as read and open what it is about."""
    return page.go(notices.read(session, notice_id, by=person).address)


def _carry(visit: Visit, token: str, somebody: Person) -> None:
    assert visit.session is not None
    devices.heard_from(visit.session, visit.device, somebody, None, visit.headers.get("user-agent", ""))
    visit.set_cookie(SESSION, token, settings().session_hours * 3600)
    visit.set_cookie(DEVICE, str(visit.device), YEAR)


def _as_now(address: str, visit: Visit) -> str:
    """With the query that the page has come to have: a live search changes it after the form was made."""
    came_from = urlparse(visit.headers.get("referer", ""))
    same_page = came_from.netloc == visit.headers.get("host") and came_from.path == urlparse(address).path
    return _inside(visit.here) if same_page and came_from.query else address


def _inside(address: str) -> str:
    """Only ever on to a page of our own."""
    parsed = urlparse(address)
    fine = address.startswith("/") and not address.startswith(("//", "/\\")) and not parsed.netloc
    return address if fine and not any(letter in address for letter in "\r\n\\") else "/"


ALL = [door, enter, leave, whose_turn, switch, me, own_pin, language, appearance, read_notice]
