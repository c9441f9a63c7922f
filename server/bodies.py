"""A request's body, before the framework reads it: whole, its fields, and what makes two sendings the same."""
# pyright: reportMissingTypeStubs=false, reportAttributeAccessIssue=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportArgumentType=false
# The framework's own multipart library has no stubs; everything of it stays inside this file.

import hashlib
import io
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar.types import HTTPReceiveMessage, Receive, ReceiveMessage
from multipart import MultipartError, MultipartParser, parse_options_header

from server.domain.refusals import Invalid, N_, Refusal

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
OWN_FIELDS = {"_csrf", "_key"}
MOST_FIELDS = 500


class TooLarge(Refusal):
    """More than the house takes in at once."""

    def __init__(self) -> None:
        super().__init__(N_("This is too large to send. Shorten the text or take a smaller photo."))


async def whole(receive: Receive, most: int) -> bytes:
    """All of it. Raises TooLarge over `most` bytes, and ConnectionError when the sender goes away."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError("the reply has nobody to go to")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            raise TooLarge
    return bytes(body)


def again(body: bytes, receive: Receive) -> Receive:
    """A receive that first gives the body read before, then whatever the browser still says."""
    kept: list[HTTPReceiveMessage] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> ReceiveMessage:
        return kept.pop() if kept else await receive()

    return receiving


def fields(kind: str, body: bytes) -> dict[str, str]:
    """The text fields; of several with one name the last."""
    if kind.startswith(URLENCODED):
        return dict(_pairs(body))
    if kind.startswith(MULTIPART):
        return {part.name: part.value for part in _parts(kind, body) if not part.filename}
    return {}


def essence(kind: str, body: bytes) -> bytes:
    """The body without what differs between two sendings of one form: token, key, boundary."""
    if kind.startswith(URLENCODED):
        said = _pairs(body)
    elif kind.startswith(MULTIPART):
        said = [(part.name, hashlib.sha256(part.raw).hexdigest()) for part in _parts(kind, body)]
    else:
        return body
    return msgspec.json.encode([pair for pair in said if pair[0] not in OWN_FIELDS])


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as fault:
        raise unreadable() from fault


def _parts(kind: str, body: bytes) -> list[Any]:
    _, options = parse_options_header(kind)
    try:
        parts = list(MultipartParser(io.BytesIO(body), options.get("boundary", ""), len(body)))
        _ = [part.value for part in parts if not part.filename]  # a text that does not decode is told here
        return parts
    except (MultipartError, UnicodeDecodeError, ValueError) as fault:
        raise unreadable() from fault


def unreadable() -> Invalid:
    """What is said of a body that nobody can read."""
    return Invalid.at("_key", N_("This request could not be read. Open the page again."))
