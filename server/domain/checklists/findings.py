"""What was found, as it is read: rows of a run, or anything that looks like them in a test."""

from typing import Any, Protocol

OK, WATCH, FAULT = "ok", "watch", "fault"
SEVERITY = {"": 0, OK: 1, WATCH: 2, FAULT: 3}


def worse(one: str, other: str) -> str:
    """The more severe of two verdicts."""
    return max(one, other, key=SEVERITY.__getitem__)


class Answered(Protocol):
    """An answer as it is read; several come in the order of their arrival."""

    id: Any
    item_id: Any
    verdict: Any
    number: Any
    choice: Any
    text: Any
    note: Any
    by_id: Any
    device_id: Any
    device_at: Any
    base_id: Any
    at: Any


class Pictured(Protocol):
    """A photo as it is read."""

    item_id: Any
    file_id: Any
    by_id: Any
    at: Any


class Signed(Protocol):
    """A signature as it is read."""

    id: Any
    section_id: Any
    role: Any
    covers: Any
    at: Any
