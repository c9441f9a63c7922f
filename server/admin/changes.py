"""Changes by hand: checked, kept in one transaction with their event, and nowhere but in one's own store."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.admin import rules, typed
from server.admin.tables import rooms
from server.database import Base, Versioned, uuid7
from server.domain.checklists.templates import DRAFT, Item, Section, Template
from server.domain.people import Person, Role, Staff
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
    _check(session, row, values, by)
    session.add(row)
    session.flush()  # what the database refuses is refused before the event is written
    record(session, VERB, row, by=by, deed="added", to=_said(values))
    return row


def change(session: Session, name: str, row_id: UUID, payload: Payload, *, by: Person) -> Any:
    """Other values for a row. Raises Stale when somebody else changed it after it was opened."""
    kind = _kind(name)
    row = _mine(session, kind, row_id, by)
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
    row = _mine(session, kind, row_id, by)
    _check(session, row, {}, by)
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


def _mine(session: Session, kind: type[Base], row_id: UUID, by: Person) -> Any:
    row = session.get(kind, row_id, with_for_update=True)
    store_id = getattr(row, "id" if kind.__tablename__ == "stores" else "store_id", None)
    if row is None or store_id != by.store_id:
        raise NotThere
    return row


def _alike(session: Session, kind: type[Base], values: Payload, by: Person) -> Any:
    columns = {column.name: column for column in _table(kind).columns}
    plain = [columns[name] == value for name, value in values.items() if not isinstance(columns[name].type, sa.JSON)]
    return session.scalars(sa.select(kind).where(columns["store_id"] == by.store_id, *plain))


def _keep(session: Session, row: Any, changed: dict[str, Any], by: Person) -> None:
    before = _values(row, changed)
    _check(session, row, changed, by)
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


def _check(session: Session, row: Any, changed: Payload, by: Person) -> None:
    """What the types cannot tell."""
    table: sa.Table = row.__table__
    for name, value in changed.items():
        for key in table.columns[name].foreign_keys:
            target = rooms().get(key.column.table.name)
            if value is not None and target is not None:
                _pointed(session, target, value, name, by)
    if isinstance(row, Template | Section | Item):
        _drafted(session, row, changed)
    if isinstance(row, Staff):
        _still_administered(row, changed, by)
    ends, begins = (changed.get(name, getattr(row, name, None)) for name in ("valid_to", "valid_from"))
    if ends is not None and begins is not None and ends < begins:
        raise Invalid.at("valid_to", N_("It cannot end before it begins."))


def _pointed(session: Session, target: type[Base], value: UUID, name: str, by: Person) -> None:
    try:
        _mine(session, target, value, by)
    except NotThere:
        raise Invalid.at(name, N_("Choose one of the offered.")) from None


def _drafted(session: Session, row: Template | Section | Item, changed: Payload) -> None:
    template = row if isinstance(row, Template) else session.get_one(Template, row.template_id)
    if template.state != DRAFT:
        raise WrongMove(N_("This version is published and does not change. Start a new draft from it."))
    section_id = changed.get("section_id", getattr(row, "section_id", None))
    if section_id is not None and session.get_one(Section, section_id).template_id != template.id:
        raise Invalid.at("section_id", N_("Choose a section of the same checklist."))


def _still_administered(row: Staff, changed: Payload, by: Person) -> None:
    roles, active = changed.get("roles", row.roles), changed.get("active", row.active)
    if row.id == by.id and not (active and Role.ADMIN in roles):
        raise WrongMove(N_("You cannot take administration from yourself. Let another administrator do it."))


def _same(kept: Any, given: Any) -> bool:
    """Whether nothing changed: Piccolo's page shows moments by the second."""
    if hasattr(kept, "microsecond") and hasattr(given, "microsecond"):
        return kept.replace(microsecond=0) == given.replace(microsecond=0)
    return kept == given


def _values(row: Any, names: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _said(values: Payload) -> dict[str, Any]:
    return msgspec.to_builtins(dict(values))
