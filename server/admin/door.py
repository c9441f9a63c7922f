"""The door of the admin: Huanche's own session, language, limits and headers around Piccolo's pages."""

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any
from urllib.parse import unquote

from anyio.to_thread import run_sync
from litestar import Request, asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from server import bodies, i18n
from server.admin.engines import acting_store
from server.answers import say
from server.database import EVERY_STORE, Database
from server.domain.people import Person, Right
from server.domain.people.sign_in import recognise
from server.domain.refusals import NotAllowed, Refusal
from server.headers import house_headers, raw
from server.settings import settings
from server.visit import SESSION, SignInFirst, Visit, log
from server.web import WIRE_WORDS, refused, status_of

HOME = "/admin/"
STYLES = " ".join(
    f"'sha256-{known}='"
    for known in (
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
        "U2kEcnngcrfdto6sFJKrtW80odoJ5yOgdz80DpMDrWA",
        "36E+CbvABov6CENfak/CBFxx0LsZtt+fKdRCtVFGtkw",
        "t4I2teZN5ZH+VM+XOiWlaPbsjQHe+k9d6viXPpKpNWA",
    )
)
"""Style sheets that the scripts of Piccolo Admin 1.14 put into the page; the browser's console names new ones."""

ByLanguage = Callable[[str], ASGIApp]


def mount_admin(database: Database) -> ASGIRouteHandler:
    """`/admin/`: for whoever may administer, about their own store."""
    piccolo = _in_languages(database)

    @asgi("/admin", is_mount=True, copy_scope=True, opt={"outside": True})
    async def admin(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        visit = Visit(scope)
        # Litestar hands on the path with a slash at its end; files have none.
        visit.path = unquote((scope.get("raw_path") or b"").decode("latin-1").partition("?")[0])
        scope.update(path=visit.path.removeprefix("/admin"), root_path="")
        scope["state"]["visit"] = visit
        send = _with_headers(visit, send)
        if visit.path == HOME.rstrip("/"):
            await _reply(RedirectResponse(HOME, 308), scope, receive, send)
        elif not visit.path.startswith(HOME):
            await _say(404, scope, receive, send)
        else:
            await _admit(database, piccolo, scope, receive, send)

    return admin


async def _admit(database: Database, piccolo: ByLanguage, scope: HTTPScope, receive: Receive, send: Send) -> None:
    visit: Visit = scope["state"]["visit"]
    try:
        scope["state"]["person"] = person = await run_sync(_administrator, database, visit)
        if visit.writing:
            receive = bodies.again(await bodies.whole(receive, settings().body_limit), receive)
    except Refusal as refusal:
        await _refuse(refusal, scope, receive, send)
        return
    acting_store.set(person.store_id)
    await _enter(await run_sync(piccolo, visit.language), scope, receive, send)


def _in_languages(database: Database) -> ByLanguage:
    """Made at the first visit in a language: the house starts without it, and most days weigh 20 MB less."""
    one_at_a_time = Lock()

    @cache
    def made(language: str) -> Any:
        from server.admin.piccolo import piccolo_app

        return piccolo_app(database, language)

    def app(language: str) -> Any:
        with one_at_a_time:
            return made(language)

    return app


def _administrator(database: Database, visit: Visit) -> Person:
    with database.session(writing=False, store=EVERY_STORE) as session:
        person = recognise(session, visit.cookies.get(SESSION, ""))
    if person is None:
        raise SignInFirst
    if not person.may(Right.ADMINISTER):
        raise NotAllowed
    return person


async def _enter(app: ASGIApp, scope: HTTPScope, receive: Receive, send: Send) -> None:
    begun = False

    async def noting(message: Message) -> None:
        nonlocal begun
        begun = True
        await send(message)

    try:
        await app(scope, receive, noting)
    except Exception as fault:  # noqa: BLE001 -- the last one to answer: Piccolo hands its faults up
        log.error("fault", path=scope["path"], exc_info=fault)
        if not begun:
            await _say(500, scope, receive, send)


async def _refuse(refusal: Refusal, scope: HTTPScope, receive: Receive, send: Send) -> None:
    """A page for who opens the admin in the browser, plain words for Piccolo's page."""
    if scope["path"] == "/" and scope["method"] == "GET":
        request: Request[Any, Any, Any] = Request(scope)
        await say(refused(request, refusal), scope, receive, send)
        return
    words = i18n.tell(refusal.said, scope["state"]["visit"].language)
    await _reply(PlainTextResponse(words, status_of(refusal)), scope, receive, send)


async def _say(status: int, scope: HTTPScope, receive: Receive, send: Send) -> None:
    words = i18n.tell(WIRE_WORDS[status], scope["state"]["visit"].language)
    await _reply(PlainTextResponse(words, status), scope, receive, send)


async def _reply(answer: Response, scope: Any, receive: Any, send: Any) -> None:
    """Starlette's answer; both frameworks name the same three things of ASGI in types of their own."""
    await answer(scope, receive, send)


def _with_headers(visit: Visit, send: Send) -> Send:
    kept = "public, max-age=31536000, immutable" if visit.path.startswith(f"{HOME}assets/") else "no-store"
    nobody = {"permissions-policy": "camera=(), geolocation=(), microphone=()", "cache-control": kept}
    headers = house_headers(visit, {"style-src": STYLES}) | nobody

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            theirs = [(name, value) for name, value in message["headers"] if name.lower().decode() not in headers]
            message["headers"] = theirs + raw(headers)
        await send(message)

    return sending
