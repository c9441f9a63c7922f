"""Just enough of HTTP/1.1 to pass whole messages on and to know what they are."""

import asyncio
from typing import NamedTuple

MOST = 64 * 1024 * 1024
"""Bytes of a body; more than any photo."""
END = b"\r\n\r\n"


class Message(NamedTuple):
    """A request or an answer as it stood on the wire. `fields` has the names of its headers in small letters."""

    first: str
    fields: dict[str, str]
    raw: bytes

    @property
    def is_post(self) -> bool:
        """Whether it changes something."""
        return self.first.startswith("POST ")

    @property
    def path(self) -> str:
        """What a request asks for, without its query."""
        return self.first.split(" ")[1].partition("?")[0]

    @property
    def status(self) -> int:
        """What an answer says first."""
        return int(self.first.split(" ")[1])

    @property
    def key(self) -> str:
        """The identity of a deed; empty for what changes nothing and for what devices ask for themselves."""
        own = self.path.startswith(("/outbox", "/aboard"))
        return self.fields.get("idempotency-key", "") if self.is_post and not own else ""


async def request(reader: asyncio.StreamReader) -> Message | None:
    """The next request, or None when the other side has nothing more to say."""
    try:
        head = await reader.readuntil(END)
    except asyncio.IncompleteReadError:
        return None
    message = _message(head)
    return message._replace(raw=head + await _body(reader, message.fields))


async def answer(reader: asyncio.StreamReader) -> Message:
    """The answer to a request. Raises ConnectionError when it breaks off."""
    try:
        head = await reader.readuntil(END)
        message = _message(head)
        if message.status in (204, 304):
            return message
        return message._replace(raw=head + await _body(reader, message.fields, to_the_end=True))
    except asyncio.IncompleteReadError as cut:
        raise ConnectionResetError from cut


def _message(head: bytes) -> Message:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Message(first, fields, head)


async def _body(reader: asyncio.StreamReader, fields: dict[str, str], *, to_the_end: bool = False) -> bytes:
    if fields.get("transfer-encoding", "").lower() == "chunked":
        return await _chunks(reader)
    if "content-length" in fields:
        return await reader.readexactly(int(fields["content-length"]))
    return await reader.read(MOST) if to_the_end else b""


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    read = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        read += line + await reader.readexactly(size + 2)
        if size == 0:
            return read
