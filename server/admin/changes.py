"""Changes by hand: checked, kept in one transaction with their event, and nowhere but in one's own store."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.admin import rules, typed
from server.admin.checks import check, mine
from server.admin.tables import rooms
from server.database import Base, Versioned, uuid7
from server.domain.people import Person
from server.domain.records import Event, EventHead, record
from server.domain.refusals import Invalid, N_, NotThere, Refusal, Said, Stale, WrongMove

VERB = "admin.changed"
Payload = Mapping[str, Any]


class ReadOnly(Refusal):
    """The table has verbs of its own, or is a record."""

    def __init__(self) -> None:
        super().__init__(N_("This is only to be read here. It is changed where the work is done."))


def add(session: Session, name: str, payload: Payload, *, by: Person) -> Any:
    """A new row. The same row sent twice is one row: a browser repeats a request whose connection died."""
    kind = _kind(name)
    if not rules.EDITABLE[name].add:
        raise ReadOnly
    session.get(EventHead, by.store_id, with_for_update=True)  # one at a time, so that a twin is seen
    table = _table(kind)
    values = typed.read(table, payload, _typed(kind) & (set(payload) | _needed(table)))
    twin = next((row for row in _alike(session, kind, values, by) if _values(row, values) == values), None)
    if twin is not None:
        return twin
    row = kind(id=uuid7(), store_id=by.store_id, **values)
    check(session, row, values, by)
    session.add(row)
    session.flush()  # what the database refuses is refused before the event is written
    record(session, VERB, row, by=by, deed="added", to=_said(values))
    return row


def change(session: Session, name: str, row_id: UUID, payload: Payload, *, by: Person) -> Any:
    """Other values for a row. Raises Stale when somebody else changed it after it was opened."""
    kind = _kind(name)
    row = mine(session, kind, row_id, by)
    values = typed.read(_table(kind), payload, _typed(kind) & set(payload))
    changed = {column: value for column, value in values.items() if not _same(getattr(row, column), value)}
    if isinstance(row, Versioned):
        _fresh(session, row, payload, changed, by)
    fixed = rules.EDITABLE[name].fixed & set(changed)
    if fixed:
        raise Invalid({column: Said(N_("Rows elsewhere rely on this; it is not changed here.")) for column in fixed})
    if changed:
        _keep(session, row, changed, by)
    return row


def remove(session: Session, name: str, row_id: UUID, *, by: Person) -> None:
    """Take a row out that nothing points at."""
    kind = _kind(name)
    if not rules.EDITABLE[name].remove:
        raise WrongMove(N_("This is not removed, other rows keep its code. End it by its date or make it inactive."))
    row = mine(session, kind, row_id, by)
    check(session, row, {}, by)
    session.delete(row)
    session.flush()  # as above
    record(session, VERB, row, by=by, deed="removed", was=_said(_values(row, _typed(kind))))


def _kind(name: str) -> type[Base]:
    kind = rooms().get(name)
    if kind is None:
        raise NotThere
    if name not in rules.EDITABLE:
        raise ReadOnly
    return kind


def _table(kind: type[Base]) -> sa.Table:
    return cast(sa.Table, kind.__table__)


def _typed(kind: type[Base]) -> set[str]:
    """The columns that a form may carry values for."""
    given_by_us = {"id", "version"} if issubclass(kind, Versioned) else {"id"}
    return {column.name for column in _table(kind).columns if rules.visible(column)} - given_by_us


def _needed(table: sa.Table) -> set[str]:
    return {column.name for column in table.columns if not column.nullable and column.default is None}


def _alike(session: Session, kind: type[Base], values: Payload, by: Person) -> Any:
    columns = {column.name: column for column in _table(kind).columns}
    plain = [columns[name] == value for name, value in values.items() if not isinstance(columns[name].type, sa.JSON)]
    return session.scalars(sa.select(kind).where(columns["store_id"] == by.store_id, *plain))


def _keep(session: Session, row: Any, changed: dict[str, Any], by: Person) -> None:
    before = _values(row, changed)
    check(session, row, changed, by)
    for column, value in changed.items():
        setattr(row, column, value)
    if isinstance(row, Versioned):
        row.version += 1
    session.flush()  # as above
    record(session, VERB, row, by=by, deed="changed", was=_said(before), to=_said(changed))


def _fresh(session: Session, row: Any, payload: Payload, changed: Payload, by: Person) -> None:
    """One's own savings since the page was opened do not make it stale: Piccolo's page keeps the version it read.

    One column set on many rows at once comes without a version, and is meant whatever else is there.
    """
    opened = str(payload.get("version"))
    if "version" not in payload and len(payload) == 1:
        return
    behind = row.version - int(opened) if opened.isdecimal() else row.version
    since = sa.select(Event.actor_id).where(Event.subject_id == row.id, Event.verb == VERB)
    actors = session.scalars(since.order_by(Event.position.desc()).limit(max(behind, 0))).all()
    if behind and (behind < 0 or len(actors) < behind or set(actors) != {by.id}):
        mine, theirs = _said(changed), _said(_values(row, changed))
        raise Stale({name: str(mine[name]) for name in mine}, {name: str(theirs[name]) for name in theirs})


def _same(kept: Any, given: Any) -> bool:
    """Whether nothing changed: Piccolo's page shows moments by the second."""
    if hasattr(kept, "microsecond") and hasattr(given, "microsecond"):
        return kept.replace(microsecond=0) == given.replace(microsecond=0)
    return kept == given


def _values(row: Any, names: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _said(values: Payload) -> dict[str, Any]:
    return msgspec.to_builtins(dict(values))
