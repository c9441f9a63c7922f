"""The door of the admin: Huanche's own session, language, limits and headers around Piccolo's pages."""

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any
from urllib.parse import unquote

from anyio.to_thread import run_sync
from litestar import Request, asgi
from litestar.handlers import ASGIRouteHandler
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from starlette.responses import PlainTextResponse

from server import i18n
from server.admin.engines import acting_store
from server.admin.piccolo import piccolo_app
from server.database import EVERY_STORE, Database
from server.domain.people import Person, Right
from server.domain.people.sign_in import recognise
from server.domain.refusals import NotAllowed, Refusal
from server.settings import settings
from server.visit import MUTATING, SESSION, SignInFirst, TooLarge, Visit, log
from server.web import STATUS, WIRE_WORDS, refused

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
"""The style sheets that the scripts of Piccolo Admin 1.14 put into the page; the browser names new ones in its console."""


def mount_admin(database: Database) -> ASGIRouteHandler:
    """`/admin/`: for whoever may administer, about their own store."""
    piccolo = _in_languages(database)

    @asgi("/admin", is_mount=True, copy_scope=True, opt={"outside": True})
    async def admin(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        # Litestar hands on the path with a slash at its end; files have none.
        path = unquote((scope.get("raw_path") or b"").decode("latin-1").partition("?")[0])
        visit = Visit(scope)
        visit.path = path
        send = _with_headers(visit, send)
        if path == HOME.rstrip("/"):
            return await _answer(scope, receive, send, PlainTextResponse("", 308, {"location": HOME}))
        scope.update(path=path.removeprefix("/admin"), root_path="")
        scope["state"]["visit"] = visit
        try:
            if not path.startswith(HOME):
                raise KeyError(path)
            scope["state"]["person"] = person = await run_sync(_administrator, database, visit)
            again = await _limited(visit, receive)
        except (Refusal, KeyError) as refusal:
            return await _refuse(scope, receive, send, refusal)
        acting_store.set(person.store_id)
        await _enter(await run_sync(piccolo, visit.language), scope, again, send)

    return admin


def _in_languages(database: Database) -> Callable[[str], ASGIApp]:
    """Made at the first visit in a language, so that the house starts without waiting for it."""
    one_at_a_time = Lock()

    @cache
    def made(language: str) -> Any:
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


async def _limited(visit: Visit, receive: Receive) -> Receive:
    """The body, read at once and not longer than the house takes in."""
    if visit.method not in MUTATING:
        return receive
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError("the reply has nobody to go to")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > settings().body_limit:
            raise TooLarge
    whole: list[Any] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

    async def again() -> Any:
        return whole.pop() if whole else await receive()

    return again


async def _enter(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    begun = False

    async def noting(message: Message) -> None:
        nonlocal begun
        begun = True
        await send(message)

    try:
        await app(scope, receive, noting)
    except Exception as fault:
        log.error("fault", path=scope["path"], exc_info=fault)
        if not begun:
            await _say(scope, receive, send, 500)


async def _refuse(scope: Scope, receive: Receive, send: Send, refusal: Exception) -> None:
    """A page for who opens the admin in the browser, plain words for Piccolo's page."""
    if not isinstance(refusal, Refusal):
        return await _say(scope, receive, send, 404)
    if scope["path"] == "/" and scope["method"] == "GET":
        request: Request[Any, Any, Any] = Request(scope)
        return await refused(request, refusal).to_asgi_response(None, request)(scope, receive, send)
    status = next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)
    words = i18n.tell(refusal.said, scope["state"]["visit"].language)
    await _answer(scope, receive, send, PlainTextResponse(words, status))


async def _say(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    words = i18n.tell(WIRE_WORDS[status], scope["state"]["visit"].language)
    await _answer(scope, receive, send, PlainTextResponse(words, status))


async def _answer(scope: Any, receive: Any, send: Any, answer: PlainTextResponse) -> None:
    await answer(scope, receive, send)


def _with_headers(visit: Visit, send: Send) -> Send:
    policy = (
        f"default-src 'none'; script-src 'self' 'nonce-{visit.nonce}'; style-src 'self' 'nonce-{visit.nonce}' "
        f"{STYLES}; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    kept = "public, max-age=31536000, immutable" if visit.path.startswith(f"{HOME}assets/") else "no-store"
    headers = {
        "content-security-policy": policy, "x-content-type-options": "nosniff", "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()", "cache-control": kept,
        "cross-origin-opener-policy": "same-origin", "x-request-id": visit.id,
    }  # fmt: skip
    ours = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            theirs = [(name, value) for name, value in message["headers"] if name.lower().decode() not in headers]
            message["headers"] = theirs + ours
        await send(message)

    return sending
