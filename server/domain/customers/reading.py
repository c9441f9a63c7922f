"""Reading several typed fields so that every mistake is told at once."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlalchemy.orm import Session

from server.domain.customers.names import clean
from server.domain.people import Person
from server.domain.records import events
from server.domain.refusals import Invalid, N_, Said, Stale

T = TypeVar("T")


class Reading:
    """Collects what is wrong; `check()` raises it all together."""

    def __init__(self) -> None:
        self.errors: dict[str, Said] = {}

    def take(self, read: Callable[[str], T], typed: str | None) -> T | None:
        """What the reader makes of it, or None with the mistake noted."""
        try:
            return read(typed or "")
        except Invalid as wrong:
            self.errors |= wrong.errors
            return None

    def text(self, field: str, typed: str | None, most: int, *, lines: bool = False) -> str:
        """Text that may be missing, of a certain length at most."""
        kept = clean(typed or "", lines=lines)
        if len(kept) > most:
            self.errors[field] = Said(N_("At most %(most)s letters; these are %(count)s."), most=most, count=len(kept))
        return kept

    def check(self) -> None:
        """Raises Invalid with every field that is wrong."""
        if self.errors:
            raise Invalid(self.errors)


def take_turn(session: Session, by: Person) -> None:
    """Wait at the end of the store's record, which every change writes to.

    Otherwise two desks could both look, find nobody, and record the same customer twice.
    """
    events.take_turn(session, by.store_id)


def refuse_stale(seen: int, now: int, mine: Mapping[str, str], theirs: Mapping[str, str]) -> None:
    """Raises Stale, with the fields that differ, when the row is not the version that was seen."""
    if seen != now:
        differing = [field for field in mine if mine[field] != theirs[field]]
        raise Stale({field: mine[field] for field in differing}, {field: theirs[field] for field in differing})
