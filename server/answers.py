"""An answer held back: taken from the handler, kept until the transaction has ended, and only then sent."""

import gzip
from typing import Any

from litestar import Request, Response
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from server.domain.records import receipts
from server.headers import Raw, house_headers, raw
from server.visit import Visit

KEPT = (b"content-type", b"location", b"hx-", b"content-length", b"outbox-")
"""What a replay needs of the headers: never a cookie."""
WORTH_SQUEEZING = 600
"""Bytes; a shorter page goes out as it is."""


class Answer:
    """What is said to one visit, and said only once."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.status = 500
        self.headers: Raw = []
        self.body = b""

    async def take(self, message: Message) -> None:
        """Take what the handler sends."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body += message["body"]

    async def instead(self, page: Response[Any], scope: Scope, receive: Receive) -> None:
        """Answer with this page, whatever was said before."""
        self.status, self.headers, self.body = 500, [], b""
        await say(page, scope, receive, self.take)

    def repeat(self, earlier: receipts.Receipt) -> None:
        """The answer of the first time."""
        self.status, self.body = earlier.status, earlier.body
        self.headers = [*raw(earlier.headers), (b"idempotent-replayed", b"true")]

    def kept_headers(self) -> dict[str, str]:
        """What of the headers goes into the receipt."""
        return {n.decode("latin-1"): v.decode("latin-1") for n, v in self.headers if n.lower().startswith(KEPT)}

    async def go(self, send: Send) -> None:
        """Send it, with the headers that every answer of the house carries."""
        self._lead_on()
        body, headers = self._squeezed()
        headers += raw(house_headers(self.visit) | self._leave())
        headers += [cookie.to_encoded_header() for cookie in self.visit.set_cookies]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _lead_on(self) -> None:
        """An outbox cannot see where a redirect leads, so it is told in words."""
        if self.visit.sending is not None and self.status == 303:
            self.status = 200
            self.headers = [(b"outbox-location" if n == b"location" else n, value) for n, value in self.headers]

    def _leave(self) -> dict[str, str]:
        """Who may keep the page on their device: a whole one, or a picture on it, that the person asked for."""
        visit = self.visit
        if visit.person is None or visit.method != "GET" or visit.htmx or self.status != 200:
            return {}
        kind = next((value for name, value in self.headers if name == b"content-type"), b"")
        whole = kind.startswith(b"text/html") and self.body.lstrip().startswith(b"<!doctype html>")
        return {"x-offline": f"u={visit.person.id}"} if whole or kind.startswith(b"image/") else {}

    def _squeezed(self) -> tuple[bytes, Raw]:
        """Pages go out compressed; their token differs each time, so the size gives nothing away."""
        is_page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in self.headers)
        accepted = "gzip" in self.visit.headers.get("accept-encoding", "")
        if not (is_page and accepted and len(self.body) > WORTH_SQUEEZING):
            return self.body, list(self.headers)
        body = gzip.compress(self.body, 4)
        headers = [header for header in self.headers if header[0] != b"content-length"]
        squeezed = [(b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]
        return body, [*headers, *squeezed, (b"content-length", str(len(body)).encode())]


async def say(page: Response[Any], scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a page outside of any handler."""
    request: Request[Any, Any, Any] = Request(scope)
    # Litestar leaves the encoders of this method without their types; none are given here.
    reply: ASGIApp = page.to_asgi_response(app=None, request=request)  # pyright: ignore[reportUnknownMemberType]
    await reply(scope, receive, send)
