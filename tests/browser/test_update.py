"""A new version of the house waits until the person says so, and takes nothing away that was typed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from server.commands.faults.houses import a_copy
from server.commands.trial.chromium import PHONE, TABLET, Device
from server.commands.trial.desk import Desk
from server.commands.trial.house import begin, free_port, open_a_store, wait_for

COUNT_PAGES = "sessionStorage.setItem('pages', Number(sessionStorage.getItem('pages') ?? 0) + 1)"
PAGES = "() => Number(sessionStorage.getItem('pages'))"
LOADED = "(count) => document.readyState === 'complete' && Number(sessionStorage.getItem('pages')) === count"
IN_CHARGE = "() => navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
WAITING = "() => navigator.serviceWorker.getRegistration().then((one) => Boolean(one.waiting))"
BAR = "[data-update]"


class MovingHouse:
    """A dealership that moves into its next version while its people are at work."""

    def __init__(self, folder: Path) -> None:
        self.data, self.tree, self.port = folder, a_copy(folder / "tree"), free_port()
        open_a_store(f"sqlite:///{folder}/huanche.sqlite3")
        self.versions = 0
        self._open()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def move(self) -> None:
        """Another version on the same data, at the same address."""
        self.close()
        self.versions += 1
        sheet = self.tree / "static" / "css" / "huanche.css"
        sheet.write_text(f"{sheet.read_text('utf-8')}\n/* version {self.versions} */\n", "utf-8")
        self._open()

    def close(self) -> None:
        self.server.terminate()
        self.server.wait(timeout=20)

    def _open(self) -> None:
        self.server = begin(self.data, self.port, "server.commands", "serve", tree=self.tree)
        wait_for(self.server, self.port, self.data / "server.log")


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MovingHouse]:
    house = MovingHouse(tmp_path_factory.mktemp("moving"))
    yield house
    house.close()


@pytest.fixture
def at_work(browser: Browser, moving: MovingHouse) -> Iterator[Callable[..., Desk]]:
    """Lin under one version, with the next one come into the house and its page just opened."""
    desks: list[Desk] = []

    def sit(device: Device = TABLET, language: str = "zh") -> Desk:
        desk = Desk(browser, moving.address, device, language=language).sign_in("lin")
        desks.append(desk)
        desk.until(IN_CHARGE)
        desk.page.add_init_script(COUNT_PAGES)
        moving.move()
        desk.go("/customers/new")
        desk.page.wait_for_selector(f"{BAR}:not([hidden])")
        return desk

    yield sit
    faults = [fault for desk in desks for fault in desk.faults]
    for desk in desks:
        desk.close()
    assert faults == []


@pytest.mark.parametrize(
    ("language", "device", "words"), [("zh", TABLET, "新版本已就绪"), ("en", PHONE, "A new version is ready")]
)
def test_a_new_version_waits_until_the_person_says_so(
    at_work: Callable[..., Desk], language: str, device: Device, words: str
) -> None:
    desk = at_work(device, language)
    page = desk.page
    assert words in page.locator(BAR).inner_text()
    page.fill("#name", "王建国")
    before = desk.run(PAGES)
    page.wait_for_timeout(500)  # long enough for a page that loads by itself to have done so
    assert desk.run(PAGES) == before
    assert desk.run(WAITING)

    page.fill("#phone", "1380000")
    page.locator(f"{BAR} button").click()  # at once: no pause after the last letter
    page.wait_for_function(LOADED, arg=before + 1)
    page.wait_for_function("() => document.querySelector('#name').value === '王建国'")
    assert page.input_value("#phone") == "1380000"
    assert page.locator(BAR).is_hidden()
    assert not desk.run(WAITING)
    page.wait_for_timeout(500)
    assert desk.run(PAGES) == before + 1, "one reload"


def test_what_no_draft_holds_is_finished_first(at_work: Callable[..., Desk]) -> None:
    desk = at_work()
    page = desk.page
    desk.go("/me")
    page.wait_for_selector(f"{BAR}:not([hidden])")
    page.fill("#password", "half a secr")
    before = desk.run(PAGES)
    page.locator(f"{BAR} button").click()
    page.wait_for_selector(f"{BAR} [data-first]:not([hidden])")
    assert desk.run(PAGES) == before
    assert desk.run(WAITING)
    assert page.input_value("#password") == "half a secr"

    page.fill("#password", "")
    page.locator(f"{BAR} button").click()
    page.wait_for_function(LOADED, arg=before + 1)
    assert not desk.run(WAITING)


def test_another_page_of_the_same_person_is_left_alone(at_work: Callable[..., Desk]) -> None:
    desk = at_work()
    other = desk.context.new_page()
    other.goto("/customers/new")
    other.fill("#name", "李梅")
    other.evaluate("() => { window.stillHere = true; }")
    before = desk.run(PAGES)
    desk.page.locator(f"{BAR} button").click()
    desk.page.wait_for_function(LOADED, arg=before + 1)
    other.wait_for_timeout(500)
    assert other.evaluate("() => window.stillHere") is True
    assert other.input_value("#name") == "李梅"
    other.locator(f"{BAR} button").click()
    other.wait_for_function("() => !window.stillHere && document.querySelector('#name').value === '李梅'")
