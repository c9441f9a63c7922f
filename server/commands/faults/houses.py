"""Houses that can be killed in the middle of their work and come back, one on each database."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from server.commands.trial import postgres
from server.commands.trial.house import begin, free_port, open_a_store, wait_for
from server.database import Database
from server.settings import ROOT

SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = (SQLITE, POSTGRESQL)
OF_THE_HOUSE = ("server", "static", "migrations", "i18n")


class House:
    """One dealership on one database; its address stays the same however often it is killed."""

    def __init__(self, kind: str, folder: Path, url: str, tree: Path) -> None:
        self.kind, self.folder, self.url, self.tree = kind, folder, url, tree
        self.port = free_port()
        self.kills = 0
        self.database = Database(url)
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self._server is not None and self._server.poll() is None

    def start(self) -> None:
        """Until it answers."""
        own = {"HUANCHE_DATABASE_URL": self.url, "HUANCHE_FILES_URL": os.environ["HUANCHE_FILES_URL"]}
        self._server = begin(self.folder, self.port, "server.commands", "serve", tree=self.tree, own=own)
        wait_for(self._server, self.port, self.folder / "server.log")

    def kill(self) -> None:
        """As a power cut does."""
        assert self._server is not None
        if self._server.poll() is None:
            self._server.send_signal(signal.SIGKILL)
            self._server.wait()
            self.kills += 1

    def stop(self) -> None:
        """As an administrator does."""
        if self._server and self._server.poll() is None:
            self._server.terminate()
            self._server.wait(timeout=20)

    def move_into(self, tree: Path) -> None:
        """Another version of the house opens on the same data."""
        self.stop()
        self.tree = tree
        self.start()


@contextmanager
def opened(kinds: tuple[str, ...]) -> Generator[Iterator[House]]:
    """A house for each kind of database, one after the other, each gone before the next begins."""
    with tempfile.TemporaryDirectory(prefix="huanche-faults-") as name:
        base = Path(name)
        # Photos lie under the hash of their content, so both houses may share a shelf; the stage fills it too.
        os.environ["HUANCHE_DATA"] = str(base / "stage")
        os.environ["HUANCHE_FILES_URL"] = (base / "files").as_uri()
        tree = a_copy(base / "tree")
        yield (house for kind in kinds for house in _one(kind, base, tree))


def _one(kind: str, base: Path, tree: Path) -> Generator[House]:
    folder = base / kind
    folder.mkdir()
    with ExitStack() as open_ones:
        if kind == POSTGRESQL:
            cluster = postgres.Cluster()
            open_ones.callback(cluster.stop)
            postgres.administer(cluster.port, f"CREATE DATABASE {postgres.OWNER}")
            url = cluster.url(postgres.OWNER)
        else:
            url = f"sqlite:///{folder}/huanche.sqlite3"
        open_a_store(url)
        house = House(kind, folder, url, tree)
        open_ones.callback(house.database.engine.dispose)
        open_ones.callback(house.stop)
        house.start()
        yield house


def a_copy(to: Path) -> Path:
    """The house as it stands now: what is changed in the workshop meanwhile does not change what is tried."""
    for part in OF_THE_HOUSE:
        ignored = shutil.ignore_patterns("__pycache__", "vendor")
        shutil.copytree(ROOT / part, to / part, ignore=ignored)
    shutil.copytree(ROOT / "static" / "vendor", to / "static" / "vendor", copy_function=_linked)
    shutil.copy2(ROOT / "package-lock.json", to)
    (to / "build").mkdir()
    (to / "build" / "fonts").symlink_to(ROOT / "build" / "fonts")
    return to


def _linked(source: str, to: str) -> None:
    """Installed packages are never written to: one more name for the same file is enough."""
    try:
        os.link(source, to)
    except OSError:
        shutil.copy2(source, to)
