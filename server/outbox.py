"""What an outbox says when it delivers: the headers of a deed that was kept on a device and is sent on its own."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from litestar.datastructures import Headers

from server.database import now
from server.forms import uuid_or_none

UNDERSTOOD = frozenset({"1"})
"""Every way of writing a queue that was ever shipped; a device may come back after a year."""
NOBODY = UUID(int=0)
"""Stands in blank pages for what is born on a device; the worker writes the real identity over it."""
OLDEST = timedelta(days=400)


class Sending(msgspec.Struct, frozen=True):
    """One deed on its way, as its device describes it."""

    ticket: str
    device: UUID | None
    acted_at: datetime | None
    """By the device's clock, corrected by what the house told it; never later than now."""
    language: str
    version: str

    @property
    def understood(self) -> bool:
        """Whether this house knows how it was written."""
        return self.version in UNDERSTOOD


def sending(headers: Headers) -> Sending | None:
    """None for a request that a person makes themselves."""
    ticket = headers.get("outbox-ticket")
    if ticket is None:
        return None
    return Sending(
        ticket, uuid_or_none(headers.get("outbox-device", "")), _moment(headers.get("outbox-at", "")),
        headers.get("outbox-language", ""), headers.get("outbox-v", "1"),
    )  # fmt: skip


def _moment(seconds: str) -> datetime | None:
    here = now()
    try:
        at = datetime.fromtimestamp(float(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return min(at, here) if at > here - OLDEST else None
