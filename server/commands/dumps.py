"""The database in one file and back, with the tools of the database itself."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect, make_url

from server.database import EVERY_STORE, open_engine


class CannotDump(Exception):
    """The tool that would do it is not there, or it failed."""


def kind_of(url: str) -> str:
    """`sqlite` or `postgresql`."""
    return make_url(url).get_backend_name()


def dump(url: str, place: Path) -> None:
    """Everything as it stood at one moment, while others go on writing."""
    if kind_of(url) == "sqlite":
        with closing(sqlite3.connect(_file(url))) as source, closing(sqlite3.connect(place)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE").close()
        return
    _postgres("pg_dump", url, "--format=custom", "--enable-row-security", f"--file={place}")


def bring_back(url: str, place: Path) -> None:
    """Into an empty database."""
    if kind_of(url) == "sqlite":
        with closing(sqlite3.connect(place)) as source, closing(sqlite3.connect(_file(url))) as copy:
            source.backup(copy)
        return
    _postgres("pg_restore", url, "--no-owner", "--exit-on-error", "--single-transaction", str(place))


def is_empty(url: str) -> bool:
    """Whether the database has no table yet."""
    if kind_of(url) == "sqlite" and not Path(_file(url)).exists():
        return True
    engine = open_engine(url)
    try:
        return not inspect(engine).get_table_names()
    finally:
        engine.dispose()


def _file(url: str) -> str:
    return make_url(url).database or ""


def _postgres(program: str, url: str, *words: str) -> None:
    """Row-level security holds for the owner too, so the tools say that they mean every store."""
    parsed = make_url(url).set(drivername="postgresql")
    surroundings = os.environ | {"PGOPTIONS": f"-c huanche.store={EVERY_STORE}", "PGPASSWORD": parsed.password or ""}
    target = parsed.set(password=None).render_as_string()
    done = subprocess.run(
        [_find(program), f"--dbname={target}", *words], env=surroundings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CannotDump(done.stderr.strip())


def _find(program: str) -> str:
    found = shutil.which(program) or next(_installed(program), None)
    if found is None:
        raise CannotDump(f"{program}: 未安装，请装 postgresql-client / not installed; install postgresql-client")
    return found


def _installed(program: str) -> Iterator[str]:
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda place: int(place.parts[-3]))
    return map(str, reversed(places))
