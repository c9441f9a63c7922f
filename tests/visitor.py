"""Somebody at a browser without JavaScript: cookies, the form's own token, a fresh key for every form."""

import re
from typing import Any

import httpx

from server.database import uuid7
from tests.cast import PASSWORD

TOKEN = re.compile(r'name="_csrf" value="([^"]+)"')


class Visitor:
    """`visitor.post("/deliveries", vin=..., place=...)`; redirects are not followed."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        self.http.follow_redirects = False
        self._token: str | None = None

    def sign_in(self, name: str, password: str = PASSWORD) -> "Visitor":
        """Through the door, as everybody."""
        answer = self.post("/sign-in", name=name, password=password)
        assert answer.status_code == 303, answer.text
        self._token = None  # the token belongs to the session
        return self

    def get(self, path: str, *, htmx: bool = False, **query: Any) -> httpx.Response:
        """A page, or with htmx its part."""
        return self.http.get(path, params=query or None, headers=_htmx(htmx))

    def post(self, path: str, /, *, htmx: bool = False, files: Any = None, **fields: Any) -> httpx.Response:
        """Send a form. `_key` and `_csrf` are filled in unless given; `files` as httpx takes them."""
        kept = {"_csrf": self.token, "_key": str(uuid7())} | fields
        return self.http.post(path, data=kept, files=files, headers=_htmx(htmx))

    @property
    def token(self) -> str:
        """The token of this browser's forms."""
        if self._token is None:
            found = TOKEN.search(self.http.get("/sign-in").text)
            assert found, "the page has no form"
            self._token = found.group(1)
        return self._token


def _htmx(asked: bool) -> dict[str, str]:
    return {"HX-Request": "true"} if asked else {}
