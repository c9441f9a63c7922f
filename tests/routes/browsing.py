"""A browser without JavaScript: it follows links and fills in the forms that stand on a page."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import httpx

from tests.visitor import Visitor

Come = Callable[..., Visitor]
Fields = dict[str, str]


class Forms(HTMLParser):
    """The forms of a page as a browser without scripts sees them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Fields]] = []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((has["action"] if has.get("method") == "post" else "", {}))
        if not self.found:
            return
        fields = self.found[-1][1]
        if tag == "select":
            self._select = has["name"]
        if tag == "option" and (self._select not in fields or "selected" in has):
            fields[self._select] = has.get("value", "")
        if (
            tag == "input"
            and has.get("name")
            and (has.get("type") not in ("radio", "checkbox", "file") or "checked" in has)
        ):
            fields[has["name"]] = has.get("value", "")
        if tag == "textarea":
            fields[has["name"]] = ""


class Browser:
    """Follows links and sends forms; knows nothing of scripts."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: httpx.Response | None = None
        self.place = "/"

    def go(self, place: str) -> "Browser":
        """Open a page, led on where it leads on."""
        self.place, self.page = place, self.visitor.get(place)
        while self.page.status_code == 303:
            self.place = self.page.headers["location"]
            self.page = self.visitor.get(self.place)
        assert self.page.status_code == 200, (self.place, self.page.status_code)
        return self

    def send(self, action: str, files: Any = None, **typed: str) -> "Browser":
        """Fill in the form with this action that stands on the page, and send it."""
        forms = [fields for place, fields in Forms(self.text).found if place == action]
        assert forms, f"no form for {action} on {self.place}"
        answer = self.visitor.post(action, files=files, **forms[0] | typed)
        assert answer.status_code == 303, (action, answer.status_code, answer.text)
        return self.go(answer.headers["location"])

    @property
    def text(self) -> str:
        """What came."""
        assert self.page is not None
        return self.page.text

    def sections(self) -> list[str]:
        """The way through a list, in its order."""
        way = self.text.split('id="progress"')[1].split("</ol>")[0]
        return re.findall('href="([^"]+)"', way)

    def links(self, pattern: str) -> list[str]:
        """Where the page leads."""
        return re.findall(f'href="({pattern})"', self.text)
