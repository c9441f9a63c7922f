"""The life of a request: who, in which language, with which key; one transaction; one answer."""

import hashlib
import hmac
import io
import secrets
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlparse
from uuid import UUID, uuid4

import msgspec
import structlog
from anyio.to_thread import run_sync
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from multipart import MultipartError, MultipartParser, MultipartPart, parse_options_header
from sqlalchemy.orm import Session

from server import i18n
from server.database import EVERY_STORE, Database, reach
from server.domain.people import Person, Right
from server.domain.people.sign_in import recognise
from server.domain.records import receipts
from server.domain.refusals import Invalid, N_, NotAllowed, Refusal
from server.settings import settings

MUTATING = {"POST", "PUT", "PATCH", "DELETE"}
REMEMBERED = {400, 409, 422}
"""Refusals that would be the same again; 401, 403 and faults of ours would not."""
SESSION, DEVICE, VISITOR, LANGUAGE, FLASH, THEME = (
    "huanche_session", "huanche_device", "huanche_visitor", "huanche_language", "huanche_flash", "huanche_theme",
)  # fmt: skip
log = structlog.get_logger()


class SignInFirst(Refusal):
    """Nobody is signed in, or the session has ended."""

    def __init__(self) -> None:
        super().__init__(N_("Your session has ended. Sign in again; what you typed is still here."))


class ForeignForm(Refusal):
    """The form does not carry the token of this browser's session."""

    def __init__(self) -> None:
        super().__init__(N_("This form came from an old page. Check it and send it again; what you typed is still here."))


class TooLarge(Refusal):
    """More than the house takes in at once."""

    def __init__(self) -> None:
        super().__init__(N_("This is too large to send. Shorten the text or take a smaller photo."))


class Visit:
    """What is known of a request while it lives."""

    def __init__(self, scope: Scope) -> None:
        headers = Headers.from_scope(scope)
        cookies = SimpleCookie(headers.get("cookie", ""))
        self.cookies = {name: morsel.value for name, morsel in cookies.items()}
        self.headers = headers
        self.method = scope["method"]
        self.path = scope["path"]
        self.query = scope["query_string"].decode("latin-1")
        self.id = secrets.token_hex(8)
        self.nonce = secrets.token_urlsafe(16)
        self.person: Person | None = None
        self.session: Session | None = None
        self.body = b""
        self.key: UUID | None = None
        self.keep_refusal = False
        """A refusal whose traces must stay, such as a wrong password."""
        self.set_cookies: list[tuple[str, str, int | None]] = []
        self.visitor = self.cookies.get(VISITOR, "")
        if len(self.visitor) != 32:
            self.visitor = secrets.token_hex(16)
            self.set_cookie(VISITOR, self.visitor, 400 * 86400)
        self.device = _uuid(self.cookies.get(DEVICE, "")) or uuid4()
        """This device's identity, given at the first sign-in."""
        client = scope.get("client")
        self.address = client[0] if client else ""

    @property
    def writing(self) -> bool:
        """Whether it changes something."""
        return self.method in MUTATING

    @property
    def here(self) -> str:
        """Where the person is: path and query, of the page when only a part or a form was sent."""
        if self.writing or self.htmx:
            came_from = urlparse(self.headers.get("referer", ""))
            return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path or "/"
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def htmx(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return self.headers.get("hx-request") == "true"

    @property
    def language(self) -> str:
        """The language of this answer."""
        return i18n.choose(self.cookies.get(LANGUAGE), None, self.headers.get("accept-language", ""))

    def set_cookie(self, name: str, value: str, seconds: int | None = None) -> None:
        """Set (or with 0 seconds take back) a cookie of ours."""
        self.set_cookies.append((name, value, seconds))

    def csrf(self) -> str:
        """A token for forms, different on every page so that compression gives nothing away."""
        salt = secrets.token_hex(8)
        return salt + self._csrf_of(salt)

    def csrf_fits(self, token: str) -> bool:
        """Whether a form was made for this browser and this session."""
        return hmac.compare_digest(token[16:].encode(), self._csrf_of(token[:16]).encode())

    def _csrf_of(self, salt: str) -> str:
        said = f"{salt}|{self.visitor}|{self.cookies.get(SESSION, '')}"
        return hmac.new(settings().secret.encode(), said.encode(), hashlib.sha256).hexdigest()

    def typed(self) -> dict[str, str]:
        """The text fields of the body, without parsing uploads twice."""
        kind = self.headers.get("content-type", "")
        if kind.startswith("application/x-www-form-urlencoded"):
            return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=500))
        if kind.startswith("multipart/form-data"):
            return {part.name: part.value for part in _parts(kind, self.body) if not part.filename}
        return {}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def needs(right: Right) -> dict[str, Any]:
    """Mark a route: who has this right may come in."""
    return {"needs": right}


ANYONE: dict[str, Any] = {"needs": None}
"""Mark a route that is open to the street."""
SIGNED_IN: dict[str, Any] = {"needs": "signed in"}
"""Mark a route that is open to everybody of the house."""


class LifeOfARequest(ASGIMiddleware):
    """Recognise, claim the key, open the transaction, let the handler work, commit, then answer."""

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = "outside"

    def __init__(self, database: Database) -> None:
        self.database = database

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """See the class."""
        visit = Visit(scope)
        scope["state"]["visit"] = visit
        opt: dict[str, Any] = scope["route_handler"].opt
        visit.session = self.database.session(writing=visit.writing, store=EVERY_STORE)
        answer = Answer(visit)
        try:
            if visit.writing:
                visit.body = await _whole_body(visit, receive)
            earlier = await run_sync(_enter, visit, opt)
            if earlier is not None:
                await answer.replay(earlier, send)
                return
            await next_app(scope, _again(visit.body), answer.take)
            await run_sync(_end, visit, opt, answer)
        finally:
            await run_sync(visit.session.close)
        await answer.go(send)


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
        headers = self.headers + _house_headers(self.visit, self.status)
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})

    async def replay(self, earlier: receipts.Receipt, send: Send) -> None:
        """The answer of the first time."""
        self.status, self.body = earlier.status, earlier.body
        self.headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in earlier.headers.items()]
        self.headers.append((b"idempotent-replayed", b"true"))
        await self.go(send)

    def kept_headers(self) -> dict[str, str]:
        """What a replay needs: never a cookie."""
        kept = (b"content-type", b"location", b"hx-", b"content-length")
        return {n.decode("latin-1"): v.decode("latin-1") for n, v in self.headers if n.lower().startswith(kept)}


def _enter(visit: Visit, opt: dict[str, Any]) -> receipts.Receipt | None:
    """In a thread: begin, recognise, check the form's token and the right, claim the key."""
    assert visit.session is not None
    token = visit.cookies.get(SESSION)
    if token:
        visit.person = recognise(visit.session, token)
        if visit.person:
            reach(visit.session, visit.person.store_id)
    if not visit.writing:
        _admit(visit, opt)
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
    _admit(visit, opt)
    visit.key = _key(key if key is not None else (typed or {}).get("_key", ""))
    if opt.get("unremembered"):
        return None
    return receipts.claim(visit.session, _draft(visit))


def _admit(visit: Visit, opt: dict[str, Any]) -> None:
    needed = opt["needs"]  # a route that does not say who may enter does not open
    if needed is None:
        return
    if visit.person is None:
        raise SignInFirst
    if isinstance(needed, Right) and not visit.person.may(needed):
        raise NotAllowed


def admitted(visit: Visit, right: Right) -> Person:
    """Who asks, if they may; for a route of which only a part is open to the street."""
    _admit(visit, needs(right))
    assert visit.person is not None
    return visit.person


def _key(given: str) -> UUID:
    key = _uuid(given)
    if key is None:
        raise Invalid.at("_key", N_("This form has no key. Open the page again and send it once more."))
    return key


def _draft(visit: Visit) -> receipts.Receipt:
    assert visit.key is not None
    person = visit.person
    path = f"{visit.path}?{visit.query}" if visit.query else visit.path
    return receipts.draft(
        visit.key, person.id if person else None, person.store_id if person else None, visit.method, path, _bare(visit)
    )


def _bare(visit: Visit) -> bytes:
    """What the body says, without what differs between two sendings of one form: token, key, boundary."""
    kind = visit.headers.get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        pairs = parse_qsl(visit.body.decode("utf-8", "replace"), keep_blank_values=True)
    elif kind.startswith("multipart/form-data"):
        pairs = [(part.name, hashlib.sha256(part.raw).hexdigest()) for part in _parts(kind, visit.body)]
    else:
        return visit.body
    return msgspec.json.encode([pair for pair in pairs if pair[0] not in {"_csrf", "_key"}])


def _parts(kind: str, body: bytes) -> list[MultipartPart]:
    _, options = parse_options_header(kind)
    try:
        return list(MultipartParser(io.BytesIO(body), options.get("boundary", ""), len(body)))
    except MultipartError as fault:
        raise Invalid.at("_key", N_("This request could not be read. Open the page again.")) from fault


def _end(visit: Visit, opt: dict[str, Any], answer: Answer) -> None:
    """In a thread: keep the deed and its receipt together, or neither."""
    session = visit.session
    assert session is not None
    if not visit.writing or visit.key is None:
        session.rollback()
        return
    if answer.status >= 400 and not visit.keep_refusal:
        session.rollback()
        if answer.status not in REMEMBERED:
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


def _house_headers(visit: Visit, status: int) -> list[tuple[bytes, bytes]]:
    policy = (
        f"default-src 'none'; script-src 'self' 'nonce-{visit.nonce}' 'wasm-unsafe-eval'; style-src 'self' "
        f"'nonce-{visit.nonce}'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; media-src 'self' blob:; "
        "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(self), geolocation=(self), microphone=()",
        "cross-origin-opener-policy": "same-origin",
        "x-request-id": visit.id,
    }
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    return pairs + [(b"set-cookie", _cookie(*cookie).encode()) for cookie in visit.set_cookies]


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
