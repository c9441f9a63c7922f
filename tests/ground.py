"""Houses to test in: each database is set up once per process and copied for every test that asks for one."""

import shutil
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, event

from server.commands import migrate
from server.commands.trial import postgres
from server.database import Database, uuid7

Entering = Callable[[Database], None]
FRESH = 600.0
"""Seconds for which a day's work is copied: its appointments pass."""


Days = dict[Entering, tuple[str, float]]
"""Houses that were lived in, each with the moment when it was."""


class Ground(Protocol):
    """Where copies of a house come from."""

    def empty(self) -> str:
        """The address of a database with all tables and no row."""
        ...

    def house(self) -> str:
        """The address of a database in which the cast works."""
        ...

    def lived_in(self, live: Entering) -> str:
        """The address of a house in which this has happened."""
        ...

    def nothing(self) -> str:
        """The address of a database without a table."""
        ...

    def clear(self, url: str) -> None:
        """Take a copy away."""
        ...


class SqliteGround:
    """Files in a folder."""

    def __init__(self, folder: Path, enter: Entering) -> None:
        self.folder = folder
        self.enter = enter
        self.days: Days = {}

    def empty(self) -> str:
        return self._copy(self._empty)

    def house(self) -> str:
        return self._copy(self._house)

    def lived_in(self, live: Entering) -> str:
        return self._copy(Path(_day(self, self.days, live).removeprefix("sqlite:///")))

    def nothing(self) -> str:
        return f"sqlite:///{self._place()}"

    def clear(self, url: str) -> None:
        for leftover in self.folder.glob(f"{Path(url).name}*"):
            leftover.unlink()

    @cached_property
    def _empty(self) -> Path:
        migrate.to_head(url := self.nothing())
        return Path(url.removeprefix("sqlite:///"))

    @cached_property
    def _house(self) -> Path:
        database = Database(url := self.empty())
        self.enter(database)
        database.engine.dispose()
        return Path(url.removeprefix("sqlite:///"))

    def _copy(self, of: Path) -> str:
        place = self._place()
        shutil.copyfile(of, place)
        return f"sqlite:///{place}"

    def _place(self) -> Path:
        return self.folder / f"{uuid7().hex}.sqlite3"


class PostgresGround:
    """Databases of the session's cluster; PostgreSQL itself copies them."""

    def __init__(self, port: int, enter: Entering) -> None:
        self.port = port
        self.enter = enter
        self.days: Days = {}

    def empty(self) -> str:
        return self._make(f"TEMPLATE {self._empty} STRATEGY FILE_COPY")

    def house(self) -> str:
        return self._make(f"TEMPLATE {self._house} STRATEGY FILE_COPY")

    def lived_in(self, live: Entering) -> str:
        return self._make(f"TEMPLATE {_name(_day(self, self.days, live))} STRATEGY FILE_COPY")

    def nothing(self) -> str:
        return self._make("")

    def clear(self, url: str) -> None:
        postgres.administer(self.port, f"DROP DATABASE {_name(url)} WITH (FORCE)")

    @cached_property
    def _empty(self) -> str:
        migrate.to_head(url := self.nothing())
        return _name(url)

    @cached_property
    def _house(self) -> str:
        database = Database(url := self.empty())
        self.enter(database)
        database.engine.dispose()
        return _name(url)

    def _make(self, how: str) -> str:
        name = f"house_{uuid7().hex}"
        postgres.administer(self.port, f"CREATE DATABASE {name} {how}")
        return postgres.url(self.port, name)


def _day(ground: Ground, days: Days, live: Entering) -> str:
    """The house in which this happened lately; where it is too long ago, it happens once more."""
    url, since = days.get(live, ("", 0.0))
    if not url or time.monotonic() - since > FRESH:
        if url:
            ground.clear(url)
        database = Database(url := ground.house())
        live(database)
        database.engine.dispose()
        days[live] = url, time.monotonic()
    return url


def _name(url: str) -> str:
    return url.rpartition("/")[2]


class Shared:
    """One house for all that roll back. Where something was committed after all, the next one gets a new house."""

    def __init__(self, ground: Ground, gather: Callable[[Database], object]) -> None:
        self.ground = ground
        self.gather = gather
        self._house: tuple[Database, Any] | None = None

    def house(self) -> tuple[Database, Any]:
        """The house and its people, as they were at the beginning."""
        if self._house is None:
            database = Database(self.ground.house())
            self._house = database, self.gather(database)
            event.listen(database.engine, "commit", self._leave)
        return self._house

    def _leave(self, _connection: Connection) -> None:
        self._house = None


class Moving(Database):
    """What an application holds that serves one test after the other, each in a house of its own."""

    def __init__(self) -> None:
        super().__init__("sqlite://")

    def into(self, database: Database) -> None:
        """From here on it is this house."""
        self.engine, self._writer = database.engine, database._writer
