"""Working without a network: the worker, the greeting of a device, its tickets, and what waits on it."""

import time
from typing import Any

import msgspec
from litestar import MediaType, Response, get, post
from sqlalchemy.orm import Session

from server.domain.people import Person, devices, tickets
from server.static import shell, static_url, version
from server.visit import ANYONE, BY_TICKET, FLASH, GREETING, SIGNED_IN, Visit
from server.web import Html, Page

FORGOTTEN = {"unremembered": True}
"""A ticket is told once and kept in no receipt."""
FRESH = {"cache-control": "no-cache"}


@get("/sw.js", opt=ANYONE, sync_to_thread=False)
def worker() -> Response[str]:
    """The service worker of this version: other words as soon as anything that it keeps has changed."""
    needed = msgspec.json.encode([*shell(), "/offline?language=zh", "/offline?language=en"]).decode()
    text = f'import {{ begin }} from "{static_url("js/sw.js")}";\nbegin("{version()}", {needed});\n'
    return Response(text, media_type="text/javascript", headers=FRESH)


@get("/offline", opt=ANYONE, sync_to_thread=False)
def no_network(page: Page, visit: Visit, language: str = "") -> Html:
    """What is shown for a page that is not on this device: it lies there for whoever comes, so it names nobody."""
    visit.asked_language, visit.person = language, None
    visit.cookies.pop(FLASH, None)  # the word after a deed is for the page that the person opens next
    return page("outbox/offline.html")


@post("/outbox/hello", opt=ANYONE | BY_TICKET | GREETING, status_code=200, sync_to_thread=True)
def hello(session: Session, visit: Visit) -> Response[dict[str, Any]]:
    """Prove to a device that it is this house that answers, and tell it the time."""
    if visit.person and visit.person.device_id:
        agent = visit.headers.get("user-agent", "")
        waiting, needing = (_count(visit.headers.get(name, "")) for name in ("outbox-waiting", "outbox-needs"))
        devices.heard_from(session, visit.person.device_id, visit.person, waiting, agent, needing=needing)
    said = {"echo": visit.headers.get("outbox-nonce", "")[:60], "now": round(time.time() * 1000), "build": version()}
    return Response(said, media_type=MediaType.JSON, headers=FRESH | {"outbox-hello": "1"})


def _count(said: str) -> int | None:
    return int(said) if said.isdecimal() and len(said) < 7 else None


@post("/outbox/ticket", opt=SIGNED_IN | FORGOTTEN, status_code=200, sync_to_thread=True)
def ticket(session: Session, person: Person, visit: Visit) -> Response[dict[str, str]]:
    """A ticket for this person on this device."""
    device = person.device_id or visit.device
    given = tickets.issue(session, by=person, device=device)
    told = {"ticket": given, "device": str(device), "person": str(person.id)}
    return Response(told, media_type=MediaType.JSON, headers={"cache-control": "no-store"})


@get("/outbox", opt=SIGNED_IN, sync_to_thread=False)
def waiting(page: Page) -> Html:
    """What waits on this device; the device itself fills it in."""
    return page("outbox/index.html")


ALL = [worker, no_network, hello, ticket, waiting]
