"""An outbox that delivers: no cookie, a ticket, and what a device says of each deed."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from server.database import uuid7
from tests.visitor import Visitor


class Outbox:
    """`outbox.send("/customers", name=...)`: one deed, delivered once; the same `key` again is the same deed."""

    def __init__(self, app: Litestar, ticket: str, device: str = "") -> None:
        self.http = TestClient(app, raise_server_exceptions=False)
        self.http.follow_redirects = False
        self.ticket, self.device = ticket, device or str(uuid7())

    @classmethod
    def of(cls, visitor: Visitor, app: Litestar) -> "Outbox":
        """With the ticket of somebody who is signed in."""
        given = visitor.http.post("/outbox/ticket", headers=keyed(visitor)).json()
        return cls(app, given["ticket"], given["device"])

    def send(
        self, path: str, /, *, key: UUID | str | None = None, ago: float = 0, htmx: bool = False,
        files: Any = None, headers: dict[str, str] | None = None, **fields: Any,
    ) -> httpx.Response:  # fmt: skip
        """`ago` in seconds; `headers` over those that are always said."""
        said = self.headers(ago) | {"Idempotency-Key": str(key or uuid7())} | (headers or {})
        said |= {"HX-Request": "true"} if htmx else {}
        said |= {} if files else {"Content-Type": "application/x-www-form-urlencoded"}
        self.http.cookies.clear()
        return self.http.post(path, data=fields or None, files=files, headers=said)

    def headers(self, ago: float = 0) -> dict[str, str]:
        """What every delivery says."""
        return {
            "Outbox-Ticket": self.ticket, "Outbox-Device": self.device, "Outbox-Seq": "1", "Outbox-V": "1",
            "Outbox-At": str(time.time() - ago), "Outbox-Language": "zh",
        }  # fmt: skip


Sending = Callable[[str], Outbox]
"""`outbox("lin")`: her device, with a ticket of its own."""


def keyed(visitor: Visitor) -> dict[str, str]:
    """What a script says when it sends something itself."""
    return {"X-CSRF-Token": visitor.token, "Idempotency-Key": str(uuid7())}


def said(answer: httpx.Response) -> str:
    """The reason or word for the person, without its tone."""
    return unquote(answer.headers["outbox-said"]).split("|", 1)[1]
