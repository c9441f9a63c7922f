"""A real PostgreSQL of our own, for as long as it is wanted: in a folder that goes away, on a free port."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg

OWNER = "huanche"
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: int(place.parent.name))
SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_connections=200",
    "jit=off",
    "autovacuum=off",
)


class Cluster:
    """The server and the role that the house signs in as: owner of its tables, but neither superuser nor above rows."""

    def __init__(self) -> None:
        if not PROGRAMS:
            raise RuntimeError("PostgreSQL is not installed; ./huanche test and ./huanche faults install it")
        self.folder = Path(tempfile.mkdtemp(prefix="huanche-postgres-"))
        self.port = _free_port()
        self._keeper = _somebody_else()
        if self._keeper:
            os.chown(self.folder, self._keeper.pw_uid, self._keeper.pw_gid)
        self._run("initdb", "--pgdata", self._data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8",
                  "--locale", "C.UTF-8", "--no-sync")  # fmt: skip
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} " + " ".join(
            f"-c {setting}" for setting in SETTINGS
        )
        self._run("pg_ctl", "--pgdata", self._data, "--wait", "--log", str(self.folder / "log"), "-o", options, "start")
        with self.connect("postgres", "postgres") as connection:
            connection.execute(f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB")

    def stop(self) -> None:
        """Stop the server that was started here and take its folder away."""
        self._run("pg_ctl", "--pgdata", self._data, "--mode", "immediate", "--wait", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """Where the house finds a database."""
        return url(self.port, database)

    def connect(self, role: str, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        """A connection that commits each statement."""
        return psycopg.connect(host="127.0.0.1", port=self.port, user=role, dbname=database, autocommit=True)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *words: str) -> None:
        command = [str(PROGRAMS[-1] / program), *words]
        if self._keeper:  # PostgreSQL refuses to run as root
            ids = (f"--reuid={self._keeper.pw_uid}", f"--regid={self._keeper.pw_gid}", "--clear-groups")
            command = ["setpriv", *ids, *command]
        with (self.folder / "set-up.log").open("ab") as log:
            subprocess.run(command, check=True, stdout=log, stderr=log, cwd=self.folder)


def url(port: int, database: str) -> str:
    """Where the house finds a database of the cluster at this port."""
    return f"postgresql://{OWNER}@127.0.0.1:{port}/{database}"


def administer(port: int, statement: str) -> None:
    """Make or drop a database."""
    with psycopg.connect(host="127.0.0.1", port=port, user=OWNER, dbname="postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def _somebody_else() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root."""
    if os.geteuid() != 0:
        return None
    people = {user.pw_name: user for user in pwd.getpwall()}
    return people.get("postgres") or people["nobody"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
