"""A house that the tests of one file visit together: what they ask leaves it as they need it."""

from collections.abc import Iterator

import pytest

from server.database import Database
from tests.ground import Ground
from tests.routes.world import World


@pytest.fixture(scope="module")
def world(ground: Ground) -> Iterator[World]:
    """A working day in Wuhu; somebody in each store who may do everything."""
    database = Database(url := ground.house())
    with World.at_work(database) as world:
        yield world
    database.engine.dispose()
    ground.clear(url)
