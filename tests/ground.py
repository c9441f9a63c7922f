"""Houses to test in: each database is set up once per process and copied for every test that asks for one."""

import shutil
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Protocol

from server.commands import migrate
from server.commands.trial import postgres
from server.database import Database, uuid7

Entering = Callable[[Database], None]


class Ground(Protocol):
    """Where copies of a house come from."""

    def empty(self) -> str:
        """The address of a database with all tables and no row."""
        ...

    def house(self) -> str:
        """The address of a database in which the cast works."""
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

    def empty(self) -> str:
        return self._copy(self._empty)

    def house(self) -> str:
        return self._copy(self._house)

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

    def empty(self) -> str:
        return self._make(f"TEMPLATE {self._empty} STRATEGY FILE_COPY")

    def house(self) -> str:
        return self._make(f"TEMPLATE {self._house} STRATEGY FILE_COPY")

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


def _name(url: str) -> str:
    return url.rpartition("/")[2]
