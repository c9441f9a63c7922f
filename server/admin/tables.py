"""Piccolo's table classes, made from the one schema that SQLAlchemy describes."""

import enum
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, cast, get_type_hints

import sqlalchemy as sa
from piccolo import columns as piccolo
from piccolo.columns.choices import Choice
from piccolo.columns.readable import Readable
from piccolo.engine.postgres import PostgresEngine
from piccolo.engine.sqlite import SQLiteEngine
from piccolo.table import Table, TableMeta, create_table_class
from piccolo_admin.endpoints import TableConfig
from piccolo_api.crud.endpoints import OrderBy
from sqlalchemy.orm import Mapped

from server import i18n
from server.admin import rules
from server.admin.engines import RowsOfTheStore
from server.database import Base, Identity, Moment, Words
from server.domain.refusals import N_, Said

ROOMS = {
    "people": N_("People"), "customers": N_("Customers"), "checklists": N_("Checklists"), "records": N_("Records"),
    "catalogue": N_("Lists"), "billing": N_("Billing"), "delivery": N_("Deliveries"), "care": N_("Care"),
    "showroom": N_("Showroom"), "workshop": N_("Workshop"), "deals": N_("Deals"), "marketing": N_("Marketing"),
    "insight": N_("Insight"),
}  # fmt: skip
CALLED = ("name", "number", "code", "vin", "title", "display")
"""Columns by which one recognises a row, best first."""

Made = dict[str, type[Table]]


def rooms() -> dict[str, type[Base]]:
    """The mapped class of every table that the admin shows, by the table's name."""
    mapped = ((cast(sa.Table, one.local_table), cast(type[Base], one.class_)) for one in Base.registry.mappers)
    return {table.name: row for table, row in mapped if rules.shown(table)}


def tables(engine: PostgresEngine | SQLiteEngine, language: str) -> list[TableConfig]:
    """Every table of the house in one language; what others point at is made before them."""
    made: Made = {}
    rows = rooms()
    for table in Base.metadata.sorted_tables:
        if table.name in rows:
            made[table.name] = _table(table, made, engine, language)
    return [_config(made[name], row, language) for name, row in rows.items()]


def _table(table: sa.Table, made: Made, engine: PostgresEngine | SQLiteEngine, language: str) -> type[Table]:
    members: dict[str, Any] = {
        column.name: _column(column, made, engine.engine_type, language)
        for column in table.columns
        if rules.visible(column)
    }
    members["_store_column"] = "id" if table.name == "stores" else "store_id"
    called = _called(table)
    if called:
        members["get_readable"] = classmethod(lambda cls: _readable(cast(Any, cls), called))
    kept = rules.EDITABLE.get(table.name)
    word = N_("Kept here by hand; every change is in the record of events.") if kept else N_("Only to be read here.")
    told = {"tablename": table.name, "db": engine, "help_text": i18n.tell(Said(word), language)}
    parents: Any = (RowsOfTheStore, Table)  # Piccolo types them as exactly one
    return create_table_class(f"{table.name}_{language}", parents, told, members)


def _called(table: sa.Table) -> str | None:
    lines = {column.name for column in table.columns if isinstance(column.type, sa.String) and rules.visible(column)}
    return next((name for name in CALLED if name in lines), None)


def _readable(table: type[Table], called: str) -> Readable:
    return Readable(template="%s", columns=[_meta(table).get_column_by_name(called)])


def _meta(table: type[Table]) -> TableMeta:
    """Piccolo's own name for the description of a table; its plugins use it, marked as private or not."""
    return cast(Any, table)._meta  # noqa: SLF001 -- see above


def _column(column: sa.Column[Any], made: Made, engine: str, language: str) -> piccolo.Column:
    told: dict[str, Any] = {
        "null": bool(column.nullable),
        "required": not column.nullable and column.default is None and not column.primary_key,
        "primary_key": column.primary_key,
        "choices": _choices(column, language),
        "help_text": _help(column, language),
    }
    if column.nullable or (column.primary_key and not isinstance(column.type, Identity)):
        told["default"] = None if column.nullable else ""
    target = next((key.column for key in column.foreign_keys), None)
    if target is not None and target.table.name in made and target.primary_key and not column.primary_key:
        linked = {name: told[name] for name in ("null", "required", "help_text")}
        return piccolo.ForeignKey(references=made[target.table.name], **linked)
    kind, more = _kind(column, engine)
    default = getattr(column.default, "arg", None) if column.default is not None and column.default.is_scalar else None
    return kind(**({} if default is None else {"default": default}) | more | told)


def _help(column: sa.Column[Any], language: str) -> str | None:
    word = rules.HELP.get((column.table.name, column.name))
    return i18n.tell(Said(word), language) if word else None


def _kind(column: sa.Column[Any], engine: str) -> tuple[type[piccolo.Column], dict[str, Any]]:
    """SQLAlchemy's type in Piccolo's words; what is more special comes first."""
    kinds: Iterable[tuple[Any, type[piccolo.Column], dict[str, Any]]] = (
        (Identity, piccolo.UUID, {}),
        (Moment, piccolo.Timestamptz, {}),
        (sa.JSON, piccolo.JSONB if engine == "postgres" else piccolo.JSON, _empty(column)),
        (sa.Boolean, piccolo.Boolean, {}),
        (sa.BigInteger, piccolo.BigInt, {}),
        (sa.Integer, piccolo.Integer, {}),
        (sa.Date, piccolo.Date, {}),
        (sa.Float, piccolo.DoublePrecision, {}),
        (sa.Numeric, piccolo.Numeric, {}),
        (sa.Text, piccolo.Text, {}),
        (sa.String, piccolo.Varchar, {"length": None}),
    )
    return next((kind, more) for theirs, kind, more in kinds if isinstance(column.type, theirs))


def _empty(column: sa.Column[Any]) -> dict[str, Any]:
    """What a form for a new row begins with."""
    if column.nullable:
        return {}
    return {"default": '{"zh": "", "en": ""}' if column.name in words_of(column.table.name) else "[]"}


@cache
def words_of(table: str) -> frozenset[str]:
    """The columns of a table that hold bilingual words."""
    mapped = {one.class_.__name__: one.class_ for one in Base.registry.mappers}  # rows name each other before they are
    hints = get_type_hints(rooms()[table], localns=mapped)
    return frozenset(name for name, hint in hints.items() if hint in (Mapped[Words], Mapped[Words | None]))


def _choices(column: sa.Column[Any], language: str) -> type[enum.Enum] | None:
    offered: Mapping[str, str] | None = rules.CHOICES.get((column.table.name, column.name))
    if offered is None:
        return None
    said = {value: Choice(value, i18n.tell(Said(word), language)) for value, word in offered.items()}
    return cast(type[enum.Enum], enum.Enum(f"{column.table.name}_{column.name}", said))


def _config(table: type[Table], row: type[Base], language: str) -> TableConfig:
    meta = _meta(table)
    room = row.__module__.split(".")[2]
    called = _called(cast(sa.Table, row.__table__))
    listed = [column for column in meta.columns if column is not meta.primary_key]
    return TableConfig(
        table,
        visible_columns=listed if called else None,
        link_column=meta.get_column_by_name(called) if called else None,
        exclude_visible_filters=list(meta.json_columns) or None,
        menu_group=i18n.tell(Said(ROOMS.get(room, room)), language),
        # Records are read from the newest on; identities sort by the time they were made.
        order_by=[OrderBy(meta.primary_key, ascending=meta.tablename in rules.EDITABLE)],
    )
