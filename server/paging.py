"""Long lists in a fixed order: one page after the other, and the one before and the one after a record."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import Session

At = TypeVar("At", bound=date)
Row = TypeVar("Row")


class Place(msgspec.Struct, Generic[At], frozen=True):
    """Where a page begins: after (or before) the record of this moment or day, and of this identity."""

    at: At
    id: UUID
    backwards: bool = False


class Leaf(msgspec.Struct, Generic[Row], frozen=True):
    """One page; whether anything stands before it and after it."""

    rows: Sequence[Row]
    before: bool
    after: bool


Asked = Select[*tuple[Any, ...]]


class Ordering:
    """The order of a list: by a moment or a day, and by identity where two share it."""

    def __init__(self, at: Any, id: Any, *, newest_first: bool = False) -> None:
        rising, falling = (at, id), (at.desc(), id.desc())
        self.here = tuple_(at, id)
        self.newest_first = newest_first
        self.down, self.up = (falling, rising) if newest_first else (rising, falling)

    def page(
        self, read: Callable[[Any], Iterable[Row]], query: Asked, most: int, place: Place[Any] | None
    ) -> Leaf[Row]:
        """The first of what `query` asks, or those beyond a place; `read` fetches it."""
        backwards = place is not None and place.backwards
        if place is not None:
            query = query.where(self._beyond(place.at, place.id, backwards=backwards))
        found = list(read(query.order_by(*(self.up if backwards else self.down)).limit(most + 1)))
        more, rows = len(found) > most, found[:most]
        if backwards:
            return Leaf(rows[::-1], bool(rows) and more, bool(rows))
        return Leaf(rows, bool(rows) and place is not None, more)

    def beside(self, session: Session, query: Asked, at: date, id: UUID) -> tuple[Any, Any]:
        """What `query`, of one column, finds just before and just after a record; None at the ends."""
        before = query.where(self._beyond(at, id, backwards=True)).order_by(*self.up).limit(1)
        after = query.where(self._beyond(at, id, backwards=False)).order_by(*self.down).limit(1)
        found = session.execute(select(before.scalar_subquery(), after.scalar_subquery())).one()
        return found[0], found[1]

    def _beyond(self, at: date, id: UUID, *, backwards: bool) -> ColumnElement[bool]:
        return self.here > (at, id) if backwards == self.newest_first else self.here < (at, id)
