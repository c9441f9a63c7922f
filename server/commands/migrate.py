"""Bring the database to the shape of this version; two servers that start at once do it one after the other."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text

from server.database import EVERY_STORE, WRITING, open_engine
from server.settings import ROOT, settings

MIGRATIONS = ROOT / "migrations"
TURN = 0x48756E616E636865
"""Whoever migrates on PostgreSQL holds this lock until the end of the transaction."""


def run() -> int:
    """`migrate`: to the newest shape."""
    to_head(settings().database_url)
    return 0


def to_head(url: str) -> None:
    """All migrations that are missing, in one transaction."""
    with _alone(url) as connection:
        if _shape_of(connection) != newest_shape():
            command.upgrade(config(connection), "head")


def shape(url: str) -> str | None:
    """The migration that the database stands at; None for an empty one."""
    with _connection(url) as connection:
        return _shape_of(connection)


def newest_shape() -> str | None:
    """The migration that this version of the house wants."""
    return ScriptDirectory.from_config(config()).get_current_head()


def differences(url: str) -> list[Any]:
    """What the tables are, against what the code says they are; empty when all is well."""
    from server.commands.rooms import METADATA

    with _connection(url) as connection:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA)


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, said here instead of in a file of its own."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    made.set_main_option("truncate_slug_length", "60")
    made.attributes["connection"] = connection
    return made


@contextmanager
def _connection(url: str, *, writing: bool = False) -> Generator[Connection]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = open_engine(url)
    try:
        with engine.execution_options(**{WRITING: writing}).begin() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _alone(url: str) -> Generator[Connection]:
    """On SQLite the one writer is alone anyway."""
    with _connection(url, writing=True) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
            connection.execute(text("SELECT set_config('huanche.store', :every, true)"), {"every": EVERY_STORE})
        yield connection


def _shape_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
