"""The life of a request: recognise, claim the key, one transaction, one answer, and only then the reply."""

import gzip
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

from anyio.to_thread import run_sync
from litestar import Request, Response
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from server import bodies, web
from server.database import EVERY_STORE, Database, reach
from server.domain.people.sign_in import recognise
from server.domain.records import receipts
from server.domain.refusals import Invalid, N_, NotThere, Refusal
from server.settings import settings
from server.visit import SESSION, ForeignForm, SignInFirst, TooLarge, Visit, admit, uuid_or_none

REMEMBERED = {400, 409, 422}
"""Refusals that would be the same again; 401, 403 and faults of ours would not."""
WORTH_SQUEEZING = 600


class LifeOfARequest(ASGIMiddleware):
    """See `docs/decisions/0001`."""

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = "outside"

    def __init__(self, database: Database) -> None:
        self.database = database

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """One request from its first byte to its last."""
        visit = Visit(scope)
        scope["state"]["visit"] = visit
        visit.session = self.database.session(writing=visit.writing, store=EVERY_STORE)
        answer = Answer(visit)
        try:
            await self._live(scope, receive, next_app, visit, answer)
        except ConnectionError:
            return  # the device went away in the middle of its sending; nothing was kept
        except Exception as fault:  # noqa: BLE001 -- whatever broke, the person gets a page and nothing is half kept
            await answer.instead(_page_of(fault, scope), scope, receive)
        finally:
            await run_sync(visit.session.close)
        await answer.go(send)

    async def _live(self, scope: Scope, receive: Receive, next_app: ASGIApp, visit: Visit, answer: "Answer") -> None:
        opt: dict[str, Any] = scope["route_handler"].opt
        if visit.writing:
            visit.body = await _whole_body(visit, receive)
        earlier = await run_sync(_enter, visit, opt)
        if earlier is not None:
            answer.repeat(earlier)
            return
        await next_app(scope, _again(visit.body), answer.take)
        if visit.writing:  # closing the session is the end of a reading
            await run_sync(_end, visit, opt, answer)


class Answer:
    """The answer, held back until the transaction has ended."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    async def take(self, message: Message) -> None:
        """Take what the handler sends."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body += message["body"]

    async def go(self, send: Send) -> None:
        """Send it, with the headers that every answer of the house carries."""
        body, headers = self._squeezed()
        headers += house_headers(self.visit, _policy(self.visit))
        headers += [(b"set-cookie", _cookie(*cookie).encode()) for cookie in self.visit.set_cookies]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def instead(self, page: Response[Any], scope: Scope, receive: Receive) -> None:
        """Answer with this page, whatever was said before."""
        self.status, self.headers, self.body = 500, [], b""
        request: Request[Any, Any, Any] = Request(scope)
        reply: ASGIApp = page.to_asgi_response(app=None, request=request)  # pyright: ignore[reportUnknownMemberType]
        await reply(scope, receive, self.take)

    def repeat(self, earlier: receipts.Receipt) -> None:
        """The answer of the first time."""
        self.status, self.body = earlier.status, earlier.body
        self.headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in earlier.headers.items()]
        self.headers.append((b"idempotent-replayed", b"true"))

    def kept_headers(self) -> dict[str, str]:
        """What a replay needs: never a cookie."""
        kept = (b"content-type", b"location", b"hx-", b"content-length")
        return {n.decode("latin-1"): v.decode("latin-1") for n, v in self.headers if n.lower().startswith(kept)}

    def _squeezed(self) -> tuple[bytes, list[tuple[bytes, bytes]]]:
        """Pages go out compressed; their token differs each time, so the size gives nothing away."""
        is_page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in self.headers)
        accepted = "gzip" in self.visit.headers.get("accept-encoding", "")
        if not (is_page and accepted and len(self.body) > WORTH_SQUEEZING):
            return self.body, list(self.headers)
        body = gzip.compress(self.body, 4)
        headers = [header for header in self.headers if header[0] != b"content-length"]
        squeezed = [(b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]
        return body, [*headers, *squeezed, (b"content-length", str(len(body)).encode())]


def _page_of(fault: Exception, scope: Scope) -> Response[Any]:
    request: Request[Any, Any, Any] = Request(scope)
    return web.refused(request, fault) if isinstance(fault, Refusal) else web.failed(request, fault)


def _enter(visit: Visit, opt: dict[str, Any]) -> receipts.Receipt | None:
    """In a thread: begin, recognise, check the form's token and the right, claim the key."""
    assert visit.session is not None
    if "\0" in visit.path or "%00" in visit.query:
        raise NotThere  # PostgreSQL has no letter NUL, so nothing can be called that
    token = visit.cookies.get(SESSION)
    if token:
        visit.person = recognise(visit.session, token)
        if visit.person:
            reach(visit.session, visit.person.store_id)
    if not visit.writing:
        admit(visit, opt)
        return None
    typed: dict[str, str] | None = None
    sent = visit.headers.get("x-csrf-token")
    key = visit.headers.get("idempotency-key")
    if sent is None or key is None:
        typed = visit.typed()
    if visit.person is None and opt.get("needs") is not None:
        raise SignInFirst
    if not visit.csrf_fits(sent if sent is not None else (typed or {}).get("_csrf", "")):
        raise ForeignForm
    admit(visit, opt)
    visit.key = _key(key if key is not None else (typed or {}).get("_key", ""))
    if opt.get("unremembered"):
        return None
    return receipts.claim(visit.session, _draft(visit))


def _key(given: str) -> UUID:
    key = uuid_or_none(given)
    if key is None:
        raise Invalid.at("_key", N_("This form has no key. Open the page again and send it once more."))
    return key


def _draft(visit: Visit) -> receipts.Receipt:
    assert visit.key is not None
    person = visit.person
    path = f"{visit.path}?{visit.query}" if visit.query else visit.path
    essence = bodies.essence(visit.headers.get("content-type", ""), visit.body)
    return receipts.draft(
        visit.key, person.id if person else None, person.store_id if person else None, visit.method, path, essence
    )


def _end(visit: Visit, opt: dict[str, Any], answer: Answer) -> None:
    """In a thread: keep the deed and its receipt together, or neither."""
    session = visit.session
    assert session is not None
    if visit.key is None:
        session.rollback()
        return
    if answer.status >= 400 and not visit.keep_refusal:
        session.rollback()
        if answer.status not in REMEMBERED or opt.get("unremembered"):
            return
        if receipts.claim(session, _draft(visit)) is not None:
            return
    if not opt.get("unremembered"):
        receipts.keep(session, _draft(visit), answer.status, answer.kept_headers(), answer.body)
    session.commit()


async def _whole_body(visit: Visit, receive: Receive) -> bytes:
    multipart = visit.headers.get("content-type", "").startswith("multipart/")
    limit = settings().upload_limit if multipart else settings().body_limit
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError("the reply has nobody to go to")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            raise TooLarge
    return bytes(body)


def _again(body: bytes) -> Receive:
    """A receive that gives the body read before."""
    given = False

    async def receive() -> Any:
        nonlocal given
        if given:
            return {"type": "http.disconnect"}
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def house_headers(visit: Visit, policy: str) -> list[tuple[bytes, bytes]]:
    """What every answer says to the browser, with a content policy of its own."""
    headers = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(self), geolocation=(self), microphone=()",
        "cross-origin-opener-policy": "same-origin",
        "x-request-id": visit.id,
    }
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _policy(visit: Visit) -> str:
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{visit.nonce}' 'wasm-unsafe-eval'; "
        f"style-src 'self' 'nonce-{visit.nonce}'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; "
        "media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def _cookie(name: str, value: str, seconds: int | None) -> str:
    cookie: SimpleCookie = SimpleCookie()
    cookie[name] = value
    morsel = cookie[name]
    morsel["path"], morsel["httponly"], morsel["samesite"] = "/", True, "Lax"
    if seconds is not None:
        morsel["max-age"] = seconds
    if settings().secure_cookies:
        morsel["secure"] = True
    return morsel.OutputString()
