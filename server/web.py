"""Answering: a page or its part, an error in the person's language, a word after a deed."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from litestar import MediaType, Request, Response
from litestar.datastructures import State, UploadFile
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.types import Scope
from sqlalchemy.orm import Session

from server import bodies, i18n
from server.domain.customers import AlreadyHere
from server.domain.customers.links import TooMany
from server.domain.people import Person
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere, Refusal, Said, Stale, WrongMove
from server.forms import Form
from server.headers import house_headers
from server.rendering import environment
from server.visit import FLASH, THEME, ForeignForm, SignInFirst, Visit, log

STATUS: dict[type[Refusal], int] = {
    Invalid: 422, NotThere: 404, NotAllowed: 403, WrongMove: 409, Stale: 409,
    SignInFirst: 401, ForeignForm: 403, bodies.TooLarge: 413, AlreadyHere: 409, TooMany: 429,
}  # fmt: skip
WIRE_WORDS = {
    400: N_("This request could not be read. Open the page again."),
    404: N_("This is not here, or not yours to see."),
    405: N_("This cannot be done this way. Open the page again."),
    413: N_("This is too large to send. Shorten the text or take a smaller photo."),
    500: N_("Something broke on our side. Nothing of it was kept; please try once more."),
}

SEND_AGAIN = (SignInFirst, ForeignForm, Invalid, WrongMove)
"""Refusals after which what was typed can be sent once more."""
PLAIN = "".join(map(chr, range(0x21, 0x7F)))
"""Letters that an address keeps as they are; others are written in percent."""

Html = Response[str]


class Page:
    """Makes answers for one visit: `page("delivery/show.html", delivery=delivery)`."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit

    def __call__(self, template: str, status: int = 200, **context: Any) -> Html:
        """A whole page, or with htmx the part that the template is."""
        html = self.html(template, **context)
        headers = {"cache-control": "no-store", "vary": "Cookie, HX-Request"}
        return Response(html, status_code=status, media_type=MediaType.HTML, headers=headers)

    def again(self, template: str, wrong: Refusal, form: Form, **context: Any) -> Html:
        """The form with what was typed and what is wrong with it."""
        errors = wrong.errors if isinstance(wrong, Invalid) else {}
        said = None if isinstance(wrong, Invalid) and "" not in errors else wrong.said
        answer = self(template, status_of(wrong), form=form.values, errors=errors, refused=said, **context)
        return self.tell_outbox(answer, _first_reason(wrong))

    def tell_outbox(self, answer: Html, why: Said) -> Html:
        """An outbox shows the reason of a refusal without opening the page it came on."""
        if self.visit.sending is not None:
            answer.headers["outbox-said"] = quote(f"bad|{i18n.tell(why, self.visit.language)}")
        return answer

    def go(self, address: str, word: str | None = None, *, tone: str = "good", **gaps: Any) -> Html:
        """On to another page, with a word about what was done."""
        headers = {"location": quote(address, PLAIN)}
        if word:
            flash = quote(f"{tone}|{i18n.tell(Said(word, **gaps), self.visit.language)}")
            self.visit.set_cookie(FLASH, flash, 60)
            headers |= {"outbox-said": flash} if self.visit.sending else {}
        return Response("", status_code=303, headers=headers, media_type=MediaType.HTML)

    def html(self, template: str, **context: Any) -> str:
        """The text of a template with everything that every page knows."""
        visit = self.visit
        person = visit.person
        is_read = not (visit.htmx or visit.writing or visit.stocking)
        flash = unquote(visit.cookies.get(FLASH, "")) if is_read else ""
        if flash:
            visit.set_cookie(FLASH, "", 0)
        known: dict[str, Any] = {
            "visit": visit, "person": person, "language": visit.language, "nonce": visit.nonce, "flash": flash,
            "theme": visit.cookies.get(THEME, ""), "zone": person.zone if person else None,
            "form": {}, "errors": {}, "refused": None,
        }  # fmt: skip
        return environment(visit.language).get_template(template).render(known | context)


def provide_visit(scope: Scope) -> Visit:
    """The visit that the life of a request made."""
    return scope["state"]["visit"]


def provide_session(visit: Visit) -> Session:
    """The transaction of this request."""
    assert visit.session is not None
    return visit.session


def provide_person(visit: Visit) -> Person:
    """Who is signed in. Raises SignInFirst."""
    if visit.person is None:
        raise SignInFirst
    return visit.person


def provide_page(visit: Visit) -> Page:
    """The answer maker of this visit."""
    return Page(visit)


async def provide_form(request: Request[Any, Any, State]) -> Form:
    """What was typed."""
    try:
        data = await request.form()
    except UnicodeDecodeError as fault:
        raise bodies.unreadable() from fault
    pairs = [(name, value) for name, value in data.multi_items()]
    files: dict[str, list[UploadFile]] = {}
    for name, value in pairs:
        if isinstance(value, UploadFile):
            files.setdefault(name, []).append(value)
    texts = [(name, str(value)) for name, value in pairs if not isinstance(value, UploadFile)]
    lists: dict[str, list[str]] = {}
    for name, value in texts:
        lists.setdefault(name, []).append(value)
    return Form(dict(texts), files, lists)


DEPENDENCIES: Mapping[str, Provide] = {
    "visit": Provide(provide_visit, sync_to_thread=False),
    "session": Provide(provide_session, sync_to_thread=False),
    "person": Provide(provide_person, sync_to_thread=False),
    "page": Provide(provide_page, sync_to_thread=False),
    "form": Provide(provide_form),
}


def status_of(refusal: Refusal) -> int:
    """The nearest kind of refusal decides."""
    return next((STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS), 409)


def refused(request: Request[Any, Any, State], refusal: Refusal) -> Response[Any]:
    """A refusal as a page: why, and what to do, and what was typed still there."""
    visit = _living(request) or Visit(request.scope)
    status = status_of(refusal)
    if isinstance(refusal, SignInFirst) and not visit.writing:
        address = f"/sign-in?next={quote(visit.here)}"
        if visit.htmx:
            return Response("", status_code=401, headers={"HX-Redirect": address}, media_type=MediaType.HTML)
        return Response("", status_code=303, headers={"location": address}, media_type=MediaType.HTML)
    typed = _typed(visit) if isinstance(refusal, SEND_AGAIN) else {}
    kept = {name: value for name, value in typed.items() if name not in {"_csrf", "_key", "password", "pin"}}
    page = Page(visit)
    template = "guests/refused.html" if visit.guest else "error.html"
    answer = page(template, status, code=status, refusal=refusal, said=refusal.said, kept=kept)
    return page.tell_outbox(answer, _first_reason(refusal))


def _first_reason(refusal: Refusal) -> Said:
    errors = refusal.errors if isinstance(refusal, Invalid) else {}
    return next(iter(errors.values()), refusal.said)


def _typed(visit: Visit) -> dict[str, str]:
    try:
        return visit.typed() if visit.writing else {}
    except Invalid:  # the body itself is what could not be read
        return {}


def failed(request: Request[Any, Any, State], fault: Exception) -> Response[Any]:
    """A wire error or a fault of ours, in the person's language."""
    living = _living(request)
    visit = living or Visit(request.scope)
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    if status >= 500:
        log.error("fault", path=visit.told_path, request=visit.id, exc_info=fault)
    if visit.session is not None and status >= 500:
        visit.session.rollback()
    said = Said(WIRE_WORDS.get(status, WIRE_WORDS[400 if status < 500 else 500]))
    template = "guests/refused.html" if visit.guest else "error.html"
    page = Page(visit)(template, status, code=status, refusal=None, said=said, kept={})
    page = Page(visit).tell_outbox(page, said)
    if living is None:  # no route took it in, so nobody else says what every answer says
        page.headers |= house_headers(visit)
        page.cookies += visit.set_cookies
    return page


def _living(request: Request[Any, Any, State]) -> Visit | None:
    return request.scope["state"].get("visit")
