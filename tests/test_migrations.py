"""From nothing to the shape of the code, on both databases, by one server or by several at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from server.commands import migrate
from server.commands.rooms import METADATA
from server.database import Database
from tests.ground import Ground


@pytest.fixture
def nothing(ground: Ground) -> Iterator[str]:
    """The address of a database without a table."""
    url = ground.nothing()
    yield url
    ground.clear(url)


def test_migrations_make_what_the_code_says(nothing: str) -> None:
    assert migrate.shape(nothing) is None
    migrate.to_head(nothing)
    assert migrate.shape(nothing) == migrate.newest_shape()
    assert migrate.differences(nothing) == []


def test_migrating_again_changes_nothing(nothing: str) -> None:
    for _ in range(2):
        migrate.to_head(nothing)
    assert migrate.differences(nothing) == []


def test_several_servers_that_start_at_once_migrate_once(nothing: str) -> None:
    with ThreadPoolExecutor(4) as servers:
        list(servers.map(migrate.to_head, [nothing] * 4))
    assert migrate.differences(nothing) == []


def test_a_migration_that_fails_leaves_nothing_behind(nothing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from migrations import guards

    def fail(*_: object, **__: object) -> None:
        raise InterruptedError

    monkeypatch.setattr(guards, "freeze_published", fail)
    with pytest.raises(InterruptedError):
        migrate.to_head(nothing)
    assert migrate.shape(nothing) is None
    monkeypatch.undo()
    migrate.to_head(nothing)
    assert migrate.differences(nothing) == []


def test_every_table_of_a_store_is_kept_apart(empty: Database) -> None:
    """A new table has to be guarded by its own migration: `guards.keep_apart`."""
    if empty.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no row-level security")
    of_a_store = {table.name for table in METADATA.sorted_tables if "store_id" in table.columns} | {"stores"}
    guarded = text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    with_policy = text("SELECT tablename FROM pg_policies")
    with empty.engine.connect() as connection:
        assert set(connection.scalars(guarded)) == of_a_store
        assert set(connection.scalars(with_policy)) == of_a_store


def test_the_house_signs_in_to_postgresql_without_power_over_rows(empty: Database) -> None:
    if empty.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no roles")
    power = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    with empty.engine.connect() as connection:
        assert connection.scalar(power) is False


def test_migrations_are_one_line_of_descent() -> None:
    scripts = ScriptDirectory.from_config(migrate.config())
    assert len(scripts.get_heads()) == 1
    assert len(list(scripts.walk_revisions())) == len(list((migrate.MIGRATIONS / "versions").glob("*.py")))
