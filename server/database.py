"""Engine, sessions and the only places where SQLite and PostgreSQL differ."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import (
    CHAR,
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Float,
    ForeignKey,
    MetaData,
    Uuid,
    create_engine,
    event,
    insert,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    declared_attr,
    make_transient_to_detached,
    mapped_column,
)
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

EVERY_STORE = "every"
WRITING = "huanche_writing"


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def uuid7() -> UUID:
    """A new identity that sorts by the time it was made."""
    return uuid_utils.compat.uuid7()


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite forgets the zone, so it is given back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None else value.replace(tzinfo=value.tzinfo or UTC)


class Identity(TypeDecorator[UUID]):
    """A UUID: native on PostgreSQL, the 36 letters on SQLite, where Piccolo reads it too."""

    impl = CHAR(36)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Uuid())
        return dialect.type_descriptor(CHAR(36))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> UUID | str | None:
        return value if value is None or dialect.name == "postgresql" else str(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return super().result_processor(dialect, coltype) if dialect.name == "postgresql" else _identity


@lru_cache(maxsize=4096)
def _identity(letters: str | None) -> UUID | None:
    """The same store, person or item stands in row after row; to read its letters takes longer than the row."""
    return None if letters is None else UUID(letters)


class Elapsed(FunctionElement[float]):
    """`Elapsed(since, until)`: the seconds between two moments, to order and compare by within the database."""

    type = Float()
    inherit_cache = True


@compiles(Elapsed, "sqlite")
def _elapsed_sqlite(element: Elapsed, compiler: Any, **how: Any) -> str:
    since, until = (compiler.process(clause, **how) for clause in element.clauses)
    return f"((julianday({until}) - julianday({since})) * 86400)"


@compiles(Elapsed, "postgresql")
def _elapsed_postgresql(element: Elapsed, compiler: Any, **how: Any) -> str:
    since, until = (compiler.process(clause, **how) for clause in element.clauses)
    return f"EXTRACT(EPOCH FROM ({until}) - ({since}))"


Document = JSON().with_variant(JSONB(), "postgresql")

Words = dict[str, str]
"""Bilingual content: `{"zh": ..., "en": ...}`."""


class Base(DeclarativeBase):
    """Every table of the house."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        UUID: Identity(),
        Words: Document,
        dict[str, Any]: Document,
        list[Any]: Document,
    }


class Row:
    """A row with an identity from birth."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)


class OfStore(Row):
    """A row that belongs to one store; PostgreSQL refuses it to every other."""

    @declared_attr
    def store_id(cls) -> Mapped[UUID]:
        return mapped_column(ForeignKey("stores.id"))


class Versioned:
    """A row that two people may edit: a stale write is refused, never silently kept."""

    version: Mapped[int] = mapped_column(default=1)


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://...`."""
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": 15, "check_same_thread": False})
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    # Prepared searches fall into PostgreSQL's generic plan, a hundred times slower.
    return create_engine(url, connect_args={"prepare_threshold": None}, pool_size=20, pool_pre_ping=True)


def _tune_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """One writer at a time: a writer waits at the door instead of failing at its first write."""
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


class Database:
    """The house's tables and the sessions that reach them."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._writer = self.engine.execution_options(**{WRITING: True})

    def session(self, *, writing: bool, store: UUID | str | None = None) -> Session:
        """A session that sees one store's rows (`EVERY_STORE` for all, None for none yet)."""
        session = Session(self._writer if writing else self.engine, expire_on_commit=False)
        session.info["store"] = store
        event.listen(session, "after_begin", _reach)
        return session

    @contextmanager
    def work(self, store: UUID | str = EVERY_STORE) -> Generator[Session, None, None]:
        """One transaction outside a request: commits at the end, rolls back on a fault."""
        with self.session(writing=True, store=store) as session, session.begin():
            yield session


def reach(session: Session, store: UUID | str | None) -> None:
    """From here on the session reaches this store's rows."""
    session.info["store"] = store
    if session.in_transaction():
        _reach(session, None, session.connection())


def add_many(session: Session, rows: Sequence[Row]) -> None:
    """Insert many new rows of one kind at once; from here on the session knows them.

    Added one by one, each of them is a statement of its own to PostgreSQL; so, a thousand share one.
    """
    if not rows:
        return
    kind = type(rows[0])
    columns = [attribute.key for attribute in inspect(kind).column_attrs]
    values = [{name: getattr(row, name) for name in columns} for row in rows]
    session.execute(insert(kind).returning(kind.id), values)
    for row in rows:
        make_transient_to_detached(row)
        session.add(row)


def _reach(session: Session, _transaction: Any, connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT set_config('huanche.store', :store, true)"),
            {"store": str(session.info["store"] or "")},
        )
