"""The ways in which a network can be wrong."""

from collections.abc import Callable
from enum import StrEnum

from server.commands.faults.http1 import Message

PORTAL = b"<!doctype html><title>Wi-Fi</title><h1>Accept the terms of this hotel</h1>"
TROUBLE = b"upstream connect error"


class Mode(StrEnum):
    """How the network is."""

    PASS = "pass"  # noqa: S105 -- a way through, not a password
    REFUSE = "refuse"
    """Nobody listens; what was open is cut."""
    BLACKHOLE = "blackhole"
    """Taken and never answered."""
    CUT = "cut"
    """The house has answered, so it has committed; the answer never arrives."""
    PORTAL = "captive portal"
    """Somebody else answers 200 for the house."""
    RESET = "reset"
    """Taken and cut off before the house has heard of it."""
    TROUBLE = "answer 500"
    """A gateway answers for a house that it does not reach."""


ON_DELIVERIES = {Mode.CUT, Mode.RESET, Mode.TROUBLE}
"""These strike what changes something; the others whatever comes."""

CUTTING = {Mode.REFUSE, Mode.BLACKHOLE, Mode.PORTAL, Mode.RESET}
"""These begin by cutting off whatever is open."""

Chooser = Callable[[Message], bool]


def everything(_: Message) -> bool:
    """Whatever is asked."""
    return True


def deeds(asked: Message) -> bool:
    """What changes something, greetings excepted."""
    return bool(asked.key)


def instead(mode: Mode) -> bytes:
    """What is answered by somebody who is not the house."""
    status, kind, body = (b"500 Internal Server Error", b"text/plain", TROUBLE)
    if mode is Mode.PORTAL:
        status, kind, body = (b"200 OK", b"text/html", PORTAL)
    head = b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (status, kind, len(body))
    return head + body
