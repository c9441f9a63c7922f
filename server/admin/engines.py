"""Piccolo's two engines, reading only, and only the rows of the store that the administrator belongs to."""

import sqlite3
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import asyncpg  # pyright: ignore[reportMissingTypeStubs] -- it has none
import msgspec
from piccolo.columns.combination import WhereRaw
from piccolo.engine.postgres import PostgresEngine
from piccolo.engine.sqlite import SQLiteEngine
from sqlalchemy import Engine

acting_store: ContextVar[UUID] = ContextVar("acting_store")
"""Piccolo's queries have no argument for it. Without a store a query fails instead of showing everything."""


def reading_engine(engine: Engine) -> PostgresEngine | SQLiteEngine:
    """The same database, read by Piccolo."""
    if engine.dialect.name == "sqlite":
        assert engine.url.database is not None
        _read_sqlite_types()
        return SQLiteEngine(engine.url.database, timeout=15, factory=ReadingConnection)
    dsn = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return ReadingPostgres({"dsn": dsn})


class ReadingConnection(sqlite3.Connection):
    """SQLite itself refuses what is not a reading."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute("PRAGMA query_only=ON").close()


class ReadingPostgres(PostgresEngine):
    """PostgreSQL itself refuses writes and the rows of other stores."""

    async def get_version(self) -> float:
        """Nobody's store yet at the start of the house, and nothing here depends on the version."""
        return 15.0

    async def get_new_connection(self) -> Any:
        """A connection whose row-level security knows the store."""
        reach = {"huanche.store": str(acting_store.get()), "default_transaction_read_only": "on"}
        return await cast(Any, asyncpg).connect(**self.config, server_settings=reach)


class RowsOfTheStore:
    """Every question that Piccolo asks is about the rows of the acting store, on SQLite too.

    Piccolo's Table comes after this in every table class, so `super()` is its.
    """

    _store_column: str
    _meta: Any

    @classmethod
    def _theirs(cls) -> WhereRaw:
        return WhereRaw(f'"{cls._meta.tablename}"."{cls._store_column}" = {{}}', acting_store.get())

    @classmethod
    def select(cls, *columns: Any, exclude_secrets: bool = False) -> Any:
        return cast(Any, super()).select(*columns, exclude_secrets=exclude_secrets).where(cls._theirs())

    @classmethod
    def count(cls, *columns: Any, **named: Any) -> Any:
        return cast(Any, super()).count(*columns, **named).where(cls._theirs())

    @classmethod
    def exists(cls) -> Any:
        return cast(Any, super()).exists().where(cls._theirs())


def _read_sqlite_types() -> None:
    """What SQLAlchemy declares and Piccolo does not know; only connections of Piccolo's look at declarations."""
    sqlite3.register_converter("DATETIME", lambda kept: datetime.fromisoformat(kept.decode()).replace(tzinfo=UTC))
    # SQLAlchemy escapes what is not ASCII; people read the words themselves.
    sqlite3.register_converter("JSON", lambda kept: msgspec.json.encode(msgspec.json.decode(kept)).decode())
