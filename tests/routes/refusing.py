"""What a refusal says, in both languages, and that nothing is kept of what was refused."""

import re
from collections.abc import Callable
from typing import Any

import httpx
from hypothesis import HealthCheck, settings

from tests.routes.world import World
from tests.visitor import Visitor

SEVERAL = settings(
    max_examples=25, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
"""Of what Hypothesis thinks up: enough for a house that is up already."""


def in_both(visitor: Visitor, ask: Callable[[], httpx.Response]) -> tuple[httpx.Response, httpx.Response]:
    """The same in Chinese and in English."""
    answers: list[httpx.Response] = []
    for language in ("zh", "en"):
        visitor.http.cookies.set("huanche_language", language, domain="testserver.local", path="/")
        answers.append(ask())
    visitor.http.cookies.delete("huanche_language")
    return answers[0], answers[1]


TOLD = r'<b role="alert">(.*?)</b>', r'role="alert"[^>]*>([^\s].*?)</(?:div></div|p)>', r'class="error"[^>]*>(.+?)</p>'


def told(answer: httpx.Response) -> str:
    """What the page says is wrong: in its notice, at its fields, or as its heading."""
    found = next(iter(re.findall(TOLD[0], answer.text)), "") or " ".join(
        said for shape in TOLD[1:] for said in re.findall(shape, answer.text, re.DOTALL)
    )
    found = found or " ".join(re.findall(r"<h1>(.*?)</h1>", answer.text, re.DOTALL))
    assert found, answer.text[:400]
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def refused(
    world: World, name: str | None, place: str, status: int, /, files: Any = None, **fields: Any
) -> tuple[httpx.Response, httpx.Response]:
    """Refused with that status, in both languages, and nothing is stored of it."""
    visitor = world.visitor(name)
    before, _ = world.counts(), visitor.token
    zh, en = in_both(visitor, lambda: visitor.post(place, files=files, **fields))
    assert (zh.status_code, en.status_code) == (status, status), told(zh)
    assert re.search("[一-鿿]", told(zh)), told(zh)
    assert told(en).isascii() or "“" in told(en), told(en)
    assert world.counts() == before
    return zh, en
