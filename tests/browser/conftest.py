"""One browser and one demonstration dealership for all browser tests; everybody gets a context of their own."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from server.commands.faults.modes import Mode
from server.commands.tour.scene import Scene, set_up
from server.commands.trial.chromium import TABLET, Device, chromium
from server.commands.trial.desk import Desk
from server.commands.trial.house import demonstration
from tests.browser import field
from tests.browser.field import Tablet, Yard


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


@pytest.fixture(scope="package")
def yard(browser: Browser) -> Iterator[Yard]:
    """A dealership behind a network that can be wrong."""
    with field.yard(browser) as yard:
        yield yard


@pytest.fixture
def tablet(browser: Browser, yard: Yard) -> Iterator[Callable[..., Tablet]]:
    """`tablet("lin")` could do without the house from here on. What breaks on any of its pages fails the test."""
    taken: list[Tablet] = []

    def take(name: str | None = None, device: Device = TABLET, **wishes: object) -> Tablet:
        one = Tablet(browser, yard.address, device, **wishes)  # pyright: ignore[reportArgumentType] -- as above
        taken.append(one)
        return one.come(name) if name else one

    yield take
    yard.proxy.become(Mode.PASS)
    faults = [fault for one in taken for fault in one.faults]
    for one in taken:
        one.close()
    assert faults == []
