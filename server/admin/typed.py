"""What an administrator typed into a row, read by the types of its columns; every mistake told at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

import msgspec
import sqlalchemy as sa

from server.admin import rules
from server.admin.tables import words_of
from server.database import Identity, Moment, Words
from server.domain.people import Role
from server.domain.refusals import N_
from server.forms import Form

MOST_WORDS = 500


def read(table: sa.Table, payload: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """The values of these columns. Raises Invalid."""
    form = Form({name: _plain(value) for name, value in payload.items()}, {}, {})
    values = {name: _value(form, table.columns[name]) for name in sorted(names)}
    form.check()
    return values


def _plain(value: Any) -> str:
    if value is None or value == "null":
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _value(form: Form, column: sa.Column[Any]) -> Any:
    name, table = column.name, column.table.name
    if (table, name) in rules.CHOICES:
        return form.choice(name, rules.CHOICES[table, name], required=not column.nullable) or None
    if isinstance(column.type, sa.JSON):
        return _document(form, column)
    if isinstance(column.type, sa.String):
        return _line(form, column)
    typed = form.text(name, required=not column.nullable)
    return _converted(form, column, typed) if typed else None


def _line(form: Form, column: sa.Column[Any]) -> str | None:
    # An empty line is a value where the column has one of its own, such as a note.
    empty = column.default is not None and getattr(column.default, "arg", None) == ""
    typed = form.text(column.name, required=not (column.nullable or empty))
    if column.name == "timezone" and typed and typed not in available_timezones():
        form.wrong(column.name, N_("Name a time zone such as Asia/Shanghai."))
    return typed or (None if column.nullable else "")


def _converted(form: Form, column: sa.Column[Any], typed: str) -> Any:
    wanted = UUID if isinstance(column.type, Identity) else datetime if isinstance(column.type, Moment) else None
    try:
        found = msgspec.convert(typed, wanted or column.type.python_type, strict=False)
    except msgspec.ValidationError:
        form.wrong(column.name, N_("This is not of the kind that belongs here."))
        return None
    aware = not isinstance(found, datetime) or found.tzinfo is not None
    small = not isinstance(found, int) or isinstance(column.type, sa.BigInteger) or abs(found) < 2**31
    if not aware or not small:
        form.wrong(column.name, N_("This is not of the kind that belongs here."))
    return found


def _document(form: Form, column: sa.Column[Any]) -> Any:
    typed = str(form.values.get(column.name, "")).strip()
    if not typed:
        if not column.nullable:
            form.wrong(column.name, N_("Please fill this in."))
        return None
    try:
        found = msgspec.json.decode(typed)
    except msgspec.DecodeError:
        form.wrong(column.name, N_("This is not JSON."))
        return None
    if column.name in words_of(column.table.name):
        return _words(form, column, found)
    if column.table.name == "staff" and column.name == "roles":
        return _roles(form, found)
    return found


def _words(form: Form, column: sa.Column[Any], found: Any) -> Words | None:
    try:
        typed = msgspec.convert(found, Words)
    except msgspec.ValidationError:
        typed = {}
    if set(typed) != {"zh", "en"}:
        form.wrong(column.name, N_('Write it in both languages: {"zh": "…", "en": "…"}.'))
        return None
    languages = Form(typed, {}, {})
    words = {language: languages.text(language, required=True, most=MOST_WORDS) for language in ("zh", "en")}
    for said in languages.errors.values():
        form.wrong(column.name, said.message, **said.gaps)
    return words


def _roles(form: Form, found: Any) -> list[str]:
    try:
        roles = [role.value for role in msgspec.convert(found, list[Role])]
    except msgspec.ValidationError:
        roles = []
    if not roles:
        form.wrong("roles", N_("Give at least one of: %(roles)s."), roles=", ".join(Role))
    return roles
