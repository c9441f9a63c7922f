"""Requests as a kept-alive client sends them; an answer that is not the page counts as a failure, not as a fast one."""

import re
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from urllib.parse import quote, urlencode, urlparse
from uuid import uuid4

from server.commands.demonstration.stores import PASSWORD

TOKEN = re.compile(r'name="_csrf" value="([^"]+)"')


class NotThePage(Exception):
    """Wrong status, or too short to be it."""


class Wire:
    """One connection, with the cookies of one person."""

    def __init__(self, address: str, who: str = "") -> None:
        self.connection = HTTPConnection(urlparse(address).netloc, timeout=60)
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.led_to = ""
        if who:
            self.refresh("/sign-in")
            self.post("/sign-in", name=who, password=PASSWORD)
            self.refresh("/me")

    def refresh(self, path: str) -> None:
        """A token for this person's forms."""
        found = TOKEN.search(self.get(path).decode())
        if found is None:
            raise NotThePage(path)
        self.token = found.group(1)

    def get(self, path: str, least: int = 1) -> bytes:
        """A page of at least so many bytes."""
        status, body = self._send("GET", path)
        if status != 200 or len(body) < least:
            raise NotThePage(f"{path}: {status}, {len(body)} bytes")
        return body

    def post(self, path: str, **fields: str) -> str:
        """Send a form; where it leads."""
        filled = {"_csrf": self.token, "_key": str(uuid4())} | fields
        status, body = self._send("POST", path, urlencode(filled))
        if status != 303:
            raise NotThePage(f"{path}: {status} {body[:2000].decode(errors='replace')}")
        return self.led_to

    def tap(self, path: str, **fields: str) -> bytes:
        """What htmx sends: the key in a header, and the part of the page comes back."""
        headers = {"hx-request": "true", "x-csrf-token": self.token, "idempotency-key": str(uuid4())}
        status, body = self._send("POST", path, urlencode(fields), headers)
        if status != 200:
            raise NotThePage(f"{path}: {status}")
        return body

    def follow(self, path: str) -> bytes:
        """The page that an address leads to in the end."""
        status, body = self._send("GET", path.partition("#")[0])
        return self.follow(self.led_to) if status == 303 else body

    def _send(
        self, method: str, path: str, body: str | None = None, also: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} | (also or {})
        if body is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        answer = self._ask(method, quote(path, safe="/?&=%+"), body, headers)
        said = answer.read()
        self._keep_cookies(answer)
        self.led_to = answer.getheader("location") or ""
        return answer.status, said

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> HTTPResponse:
        """Once more on a new connection when the server has closed the idle one."""
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (RemoteDisconnected, BrokenPipeError):
            self.connection.close()
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()

    def _keep_cookies(self, answer: HTTPResponse) -> None:
        for cookie in answer.headers.get_all("set-cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
