"""A house that the tests of one file visit together, and one for each test of the admin."""

from collections.abc import Callable, Iterator

import pytest

from server.database import Database
from server.domain.checklists import Question, Run, runs
from tests.ground import Ground
from tests.routes.admin_house import House
from tests.routes.sending import Outbox
from tests.routes.world import World, live


@pytest.fixture(scope="module")
def world(ground: Ground) -> Iterator[World]:
    """A working day in Wuhu; somebody in each store who may do everything."""
    database = Database(url := ground.lived_in(live))
    with World(database) as world:
        yield world
    database.engine.dispose()
    ground.clear(url)


@pytest.fixture
def item(world: World) -> Callable[..., tuple[Run, Question]]:
    """`item("C05", lambda question: question.counts)`: an item of the run that is being walked."""

    def find(code: str, fits: Callable[[Question], bool] = lambda _: True) -> tuple[Run, Question]:
        run = world.one(Run, Run.code == code, Run.state == "open")
        with world.database.work(world.cast.store) as session:
            return run, next(question for question in runs.sheet_of(session, run).questions() if fits(question))

    return find


@pytest.fixture
def outbox(world: World) -> Callable[[str], Outbox]:
    """`outbox("lin")`: her device, with a ticket of its own."""
    return lambda name: Outbox.of(world.visitor(name), world.app)


@pytest.fixture
def tap(item: Callable[..., tuple[Run, Question]]) -> str:
    """Where a technician's tap goes."""
    run, question = item("C05", lambda question: question.kind == "rag" and not question.counts)
    return f"/runs/{run.id}/items/{question.id}/answer"


@pytest.fixture
def house(empty: Database) -> House:
    """Two stores, each with an administrator and some rows."""
    house = House(empty)
    house.open_store("A")
    house.open_store("B")
    return house
