"""A visit: what is known of a request while it lives, and how a route says who may come in."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any, cast
from urllib.parse import urlparse
from uuid import UUID, uuid4

import structlog
from litestar.datastructures import Cookie, Headers
from litestar.types import HTTPScope, Scope
from sqlalchemy.orm import Session

from server import bodies, i18n
from server.domain.people import Person, Right
from server.domain.refusals import N_, NotAllowed, NotThere, Refusal
from server.forms import uuid_or_none
from server.outbox import sending
from server.settings import settings

MUTATING = {"POST", "PUT", "PATCH", "DELETE"}
SESSION, DEVICE, VISITOR, LANGUAGE, FLASH, THEME = (
    "huanche_session", "huanche_device", "huanche_visitor", "huanche_language", "huanche_flash", "huanche_theme",
)  # fmt: skip
log = structlog.get_logger()


class SignInFirst(Refusal):
    """Nobody is signed in, or the session has ended."""

    def __init__(self) -> None:
        super().__init__(N_("Your session has ended. Sign in again; what you typed is still here."))


class SomebodyElseNow(Exception):
    """A device puts a page by for somebody who has left it: there is nothing to say to whoever is here now."""


class ForeignForm(Refusal):
    """The form does not carry the token of this browser's session."""

    def __init__(self) -> None:
        super().__init__(
            N_("This form came from an old page. Check it and send it again; what you typed is still here.")
        )


class Visit:
    """What is known of a request while it lives."""

    def __init__(self, any_scope: Scope) -> None:
        scope = cast("HTTPScope", any_scope)
        headers = Headers.from_scope(scope)
        self.cookies = _cookies(headers.get("cookie", ""))
        self.headers = headers
        self.method = str(scope["method"])
        self.path = scope["path"]
        self.query = scope["query_string"].decode("latin-1")
        self.id = secrets.token_hex(8)
        self.nonce = secrets.token_urlsafe(16)
        self.person: Person | None = None
        self.session: Session | None = None
        self.aside: Callable[[], AbstractContextManager[Session]]
        """A short transaction of its own, kept at once: for what has to be written down of who only looks."""
        self.guest = False
        """Whether a customer comes in by a link: whoever is signed in on this device is nobody here."""
        self.body = b""
        self.key: UUID | None = None
        self.keep_refusal = False
        """A refusal whose traces must stay, such as a wrong password."""
        self.set_cookies: list[Cookie] = []
        self.visitor = self.cookies.get(VISITOR, "")
        if len(self.visitor) != 32:
            self.visitor = secrets.token_hex(16)
            self.set_cookie(VISITOR, self.visitor, 400 * 86400)
        self.device = uuid_or_none(self.cookies.get(DEVICE, "")) or uuid4()
        """This device's identity, given at the first sign-in."""
        client = scope["client"]
        self.address = client[0] if client else ""
        self.sending = sending(headers)
        """What the outbox says of a deed that it delivers; None when the person asks themselves."""
        self.asked_language = ""
        """Of a page that is wanted in one language, whatever was chosen here."""

    @cached_property
    def essence(self) -> bytes:
        """The body without what differs between two sendings of one form."""
        return bodies.essence(self.headers.get("content-type", ""), self.body)

    @property
    def writing(self) -> bool:
        """Whether it changes something."""
        return self.method in MUTATING

    @property
    def told_path(self) -> str:
        """The path as it may be written down: what opens a customer's page is nobody's to read."""
        return "/c/…" if self.guest else self.path

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
    def stocking(self) -> bool:
        """Whether a device only puts the page by: nobody reads it now."""
        return "outbox-stock" in self.headers

    @property
    def stocks_for_another(self) -> bool:
        """Whether the page is to be put by for somebody who has left this device since it was asked for."""
        wanted = uuid_or_none(self.headers.get("outbox-stock", ""))
        return wanted is not None and (self.person is None or self.person.id != wanted)

    @property
    def language(self) -> str:
        """The language of this answer; a delivery says in which one the deed was done."""
        chosen = self.sending.language if self.sending else self.cookies.get(LANGUAGE)
        return i18n.choose(self.asked_language or chosen, None, self.headers.get("accept-language", ""))

    def set_cookie(self, name: str, value: str, seconds: int | None = None) -> None:
        """Set (or with 0 seconds take back) a cookie of ours."""
        secure = settings().secure_cookies
        self.set_cookies.append(Cookie(name, value=value, max_age=seconds, httponly=True, secure=secure))

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
        """The text fields of the body."""
        return bodies.fields(self.headers.get("content-type", ""), self.body)


def _cookies(header: str) -> dict[str, str]:
    """By name; what others set for this address may be written in any way and disturbs nothing."""
    pairs = (pair.partition("=") for pair in header.split(";"))
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs}


def needs(right: Right) -> dict[str, Any]:
    """Mark a route: who has this right may come in."""
    return {"needs": right}


ANYONE: dict[str, Any] = {"needs": None}
"""Mark a route that is open to the street."""
GUEST: dict[str, Any] = ANYONE | {"guest": True, "unremembered": True}
"""Mark a route of a customer's own pages: the link says who comes in, and no receipt keeps its token."""
SIGNED_IN: dict[str, Any] = {"needs": "signed in"}
"""Mark a route that is open to everybody of the house."""
BY_TICKET: dict[str, Any] = {"by_ticket": True}
"""Mark a route that an outbox may deliver to, by a ticket instead of a session: a form made in the field."""


def field(right: Right) -> dict[str, Any]:
    """Mark the route of a form that is made in the field, with or without a network."""
    return needs(right) | BY_TICKET


GREETING: dict[str, Any] = {"greeting": True}
"""Mark a route that only says that somebody is there: no key, and no form of ours."""


def admit(visit: Visit, opt: dict[str, Any]) -> None:
    """Let in or raise SignInFirst, NotAllowed, NotThere."""
    if "needs" not in opt:
        raise NotThere  # a route that does not say who may enter does not open
    needed = opt["needs"]
    if needed is None:
        return
    if visit.person is None:
        raise SignInFirst
    if isinstance(needed, Right) and not visit.person.may(needed):
        raise NotAllowed


def admitted(visit: Visit, right: Right) -> Person:
    """Who asks, if they may; for a route of which only a part is open to the street."""
    admit(visit, needs(right))
    assert visit.person is not None
    return visit.person
