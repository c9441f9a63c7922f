"""One browser and one demonstration dealership for all browser tests; everybody gets a context of their own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from server.commands.tour.scene import Scene, set_up
from server.commands.trial.chromium import TABLET, Device, chromium
from server.commands.trial.desk import Desk
from server.commands.trial.house import demonstration


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, closed after the last test here: its loop would be in the way of other tests' own."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def house() -> Iterator[str]:
    """The address of a real server with the demonstration in it."""
    with demonstration() as address:
        yield address


@pytest.fixture(scope="package")
def scene(browser: Browser, house: str) -> Scene:
    """The dealership in the middle of its work: a PDI begun, a handover half done, a paper corrected."""
    return set_up(browser, house)


@pytest.fixture
def desk(browser: Browser, house: str, scene: Scene) -> Iterator[Callable[..., Desk]]:
    """`desk("lin")` has signed in on a tablet. What breaks on any page fails the test.

    The scene is always set first: no test finds the house in another state because of its neighbour.
    """
    opened: list[Desk] = []

    def sit(name: str | None = None, device: Device = TABLET, **wishes: object) -> Desk:
        one = Desk(browser, house, device, **wishes)  # pyright: ignore[reportArgumentType] -- Playwright names forty wishes
        opened.append(one)
        return one.sign_in(name) if name else one

    yield sit
    faults = [fault for one in opened for fault in one.faults]
    for one in opened:
        one.close()
    assert faults == []
