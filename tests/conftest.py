"""What every test may ask for; each test with a database runs on both."""

import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest
import uvicorn
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy.orm import Session

from server.commands.trial.postgres import Cluster
from server.database import Database
from tests import cast as the_cast
from tests.cast import Cast
from tests.ground import Ground, Moving, PostgresGround, Shared, SqliteGround
from tests.push_service import PushService, push_service
from tests.visitor import Visitor

BOTH = ("sqlite", "postgresql")
PORT = "HUANCHE_TESTS_POSTGRES_PORT"
"""Where the processes of one run find their cluster."""

# The house reads its settings when it first needs them, so they stand before any test.
for _name in [name for name in os.environ if name.startswith("HUANCHE_") and name != PORT]:
    del os.environ[_name]
os.environ["HUANCHE_DATA"] = tempfile.mkdtemp(prefix="huanche-tests-")
os.environ["HUANCHE_SECRET"] = "the secret of the tests, long enough to be one"

_clusters: list[Cluster] = []


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Several processes share one cluster, which the first of all starts."""
    _postgres_port()


def pytest_unconfigure() -> None:
    """Only what this process started and made."""
    while _clusters:
        _clusters.pop().stop()
        del os.environ[PORT]
    shutil.rmtree(os.environ["HUANCHE_DATA"], ignore_errors=True)


def _postgres_port() -> int:
    if PORT not in os.environ:
        _clusters.append(Cluster())
        os.environ[PORT] = str(_clusters[0].port)
    return int(os.environ[PORT])


@pytest.fixture(scope="session", params=BOTH)
def ground(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Where copies of the house come from; choose one of both with `-k sqlite` or `-k postgresql`."""
    if request.param == "sqlite":
        return SqliteGround(tmp_path_factory.mktemp("houses"), the_cast.enter)
    return PostgresGround(_postgres_port(), the_cast.enter)


@pytest.fixture
def database(ground: Ground) -> Iterator[Database]:
    """A house of one's own in which the cast works."""
    with _opened(ground, ground.house()) as database:
        yield database


@pytest.fixture
def empty(ground: Ground) -> Iterator[Database]:
    """All tables and no row."""
    with _opened(ground, ground.empty()) as database:
        yield database


@contextmanager
def _opened(ground: Ground, url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.engine.dispose()
    ground.clear(url)


@pytest.fixture(scope="session")
def shared(ground: Ground) -> Shared:
    """Where tests are that keep nothing."""
    return Shared(ground, the_cast.gather)


@pytest.fixture
def inside(request: pytest.FixtureRequest, shared: Shared) -> tuple[Database, Cast]:
    """The test's own house, if it asks for one; who only has a `session` that is rolled back shares one."""
    if "database" not in request.fixturenames:
        return shared.house()
    database = request.getfixturevalue("database")
    return database, the_cast.gather(database)


@pytest.fixture
def cast(inside: tuple[Database, Cast]) -> Cast:
    """The people of the house."""
    return inside[1]


@pytest.fixture
def session(inside: tuple[Database, Cast]) -> Iterator[Session]:
    """A transaction that reaches the store in Wuhu, as a request of its people does; it is rolled back."""
    database, cast = inside
    with database.session(writing=True, store=cast.store) as session:
        yield session


@pytest.fixture(scope="session")
def served() -> tuple[Litestar, Moving]:
    """The application, put together once: that takes longer than most tests of it.

    The admin remembers its first house, so its tests mount one of their own.
    """
    from server.app import create_app  # a test of one room alone does not wait for the pages

    moving = Moving()
    return create_app(moving), moving


@pytest.fixture
def app(database: Database, served: tuple[Litestar, Moving]) -> Litestar:
    """The application on this house."""
    app, moving = served
    moving.into(database)
    return app


@pytest.fixture
def client(app: Litestar) -> Iterator[Callable[..., Visitor]]:
    """`client("lin")` has signed in; `client()` is anybody from the street."""
    with ExitStack() as open_ones:

        def come(name: str | None = None) -> Visitor:
            http = open_ones.enter_context(TestClient(app, raise_server_exceptions=False))
            visitor = Visitor(http)
            return visitor.sign_in(name) if name else visitor

        yield come


@pytest.fixture
def address(app: Litestar) -> Iterator[str]:
    """The application served on loopback, for what only a real server shows."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        wait_for(url)
        yield url
        server.should_exit = True
        thread.join()


def wait_for(url: str, patience: float = 30) -> None:
    """Until a server answers, in seconds. Raises TimeoutError."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            httpx.get(f"{url}/health")
        except httpx.TransportError:
            time.sleep(0.02)  # a port that nobody has yet does not tell when somebody takes it
        else:
            return
    raise TimeoutError(url)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    """A push service on this machine, to which the house is allowed to write."""
    from server.settings import settings

    monkeypatch.setenv("HUANCHE_PUSH_LOOPBACK", "1")
    settings.cache_clear()
    with push_service() as service:
        yield service
    monkeypatch.undo()
    settings.cache_clear()
