"""A real server in a process of its own, with its own data folder, gone when it is no longer needed."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

from server.commands import migrate
from server.commands.demonstration.stores import furnish, open_store, opener, read
from server.database import Database
from server.settings import ROOT

PATIENCE = 60
"""Seconds until a house that does not answer is given up."""


@contextmanager
def demonstration() -> Generator[str]:
    """The address of a house with the demonstration dealership in it."""
    with TemporaryDirectory(prefix="huanche-") as folder, serving(Path(folder), "run") as address:
        yield address


@contextmanager
def newly_opened() -> Generator[str]:
    """The address of a house with one store's people, models, lists and checklists: no customer, no delivery."""
    with TemporaryDirectory(prefix="huanche-") as folder:
        open_a_store(f"sqlite:///{folder}/huanche.sqlite3")
        with serving(Path(folder), "serve") as address:
            yield address


@contextmanager
def serving(data: Path, command: str, *words: str) -> Generator[str]:
    """Run a command that serves, on a free port, until the block ends."""
    with process(data, "server.commands", command, *words) as (address, _):
        yield address


@contextmanager
def process(data: Path, module: str, *words: str) -> Generator[tuple[str, subprocess.Popen[bytes]]]:
    """A module that serves on `PORT`, with its address; what it says goes to `server.log` in its folder."""
    port = free_port()
    server = begin(data, port, module, *words)
    try:
        wait_for(server, port, data / "server.log")
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.terminate()
        server.wait(timeout=20)


def begin(
    data: Path, port: int, module: str, *words: str, tree: Path = ROOT, own: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a module of the house that stands in `tree`, with settings of its own; it may not serve yet."""
    settings = {"HUANCHE_DATA": str(data), "PORT": str(port), "HUANCHE_HOST": "127.0.0.1"} | (own or {})
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUANCHE_")}
    with (data / "server.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", module, *words], cwd=tree, env=kept | settings, stdout=log, stderr=subprocess.STDOUT
        )


def open_a_store(url: str) -> None:
    """One store's people, models, lists and checklists, in a database without a table."""
    migrate.to_head(url)
    database = Database(url)
    with database.work() as session:
        furnish(session, opener(open_store(session, read("people.json")[0])))
    database.engine.dispose()


def free_port() -> int:
    """Nobody's, at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


def wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until it answers. Raises RuntimeError with the end of what it said."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            knock = HTTPConnection("127.0.0.1", port, timeout=5)
            knock.request("GET", "/health")
            knock.getresponse().read()
        except OSError:
            time.sleep(0.05)  # a port that nobody has yet does not tell when somebody takes it
        else:
            return
    raise RuntimeError(f"The server did not start:\n{log.read_text(encoding='utf-8')[-4000:]}")
