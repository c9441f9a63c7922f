"""The core of it in a second engine: WebKitGTK through its own driver, on a screen that nobody sees."""

import hashlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import WebKitGTK, WebKitGTKOptions
from selenium.webdriver.common.by import By
from selenium.webdriver.webkitgtk.service import Service

from server.commands.demonstration.stores import PASSWORD
from server.commands.faults import stage
from server.commands.faults.device import HAND, PEEK
from server.commands.faults.modes import Mode
from server.commands.faults.scene import Scene, rounds
from server.commands.faults.truth import ANSWER, PHOTO, Deed

BROWSER = "*/webkit2gtk-4.*/MiniBrowser"
"""Under `/usr/lib`, where Debian puts the browser that the driver drives."""
ASYNC = "const done = arguments[arguments.length - 1]; (\n%s\n)(arguments[0]).then(done);"
SCREEN = "1280x1024x24"
LOOK = 1.0
"""Seconds."""


def core(scene: Scene, taps: int = 30, cuts: int = 5) -> None:
    """Answers and a photo without a network, then some replies cut after commit."""
    job = scene.inspection()
    section, items = max(job.sections, key=lambda one: len(one[1]))
    by = scene.people["zhou"]
    with _browser() as browser:
        device = Other(browser, scene.proxy.address)
        device.sign_in("zhou")
        device.go(job.address(section))
        scene.proxy.become(Mode.REFUSE)
        scene.keep(job, device.tap(rounds(items, taps), by))
        scene.keep(job, [device.take_photo(items[0], stage.photo("webkit"), by, scene.folder)])
        scene.proxy.become(Mode.CUT, times=cuts)
        device.drained()
    scene.words += device.unseen
    scene.struck = scene.proxy.struck[Mode.CUT]


class Other:
    """A device in the other engine; its profile goes away with it."""

    def __init__(self, browser: Any, address: str) -> None:
        self.browser, self.address = browser, address  # its methods have no types
        self.id = ""
        self.unseen: list[str] = []
        """Taps that the screen did not acknowledge."""

    def go(self, path: str) -> None:
        """Open a page and look at it: WebKit calls it loaded before its scripts listen, and no hand is that quick."""
        self.browser.get(self.address + path)
        time.sleep(LOOK)

    def sign_in(self, name: str) -> None:
        """Through the door, until the device could do without the house."""
        self.go("/sign-in")
        self.browser.find_element(By.NAME, "name").send_keys(name)
        self.browser.find_element(By.NAME, "password").send_keys(PASSWORD)
        self.browser.find_element(By.CSS_SELECTOR, "main form.card button.primary").click()
        self._until(lambda: f"ticket:{self.peek()['person']}" in self.peek()["kv"])
        self.id = self.browser.get_cookie("huanche_device")["value"]

    def tap(self, taps: Sequence[tuple[str, str]], by: str) -> list[Deed]:
        """Answer items on the page that is open; what the screen acknowledged."""
        asked = [{"item": item, "value": value} for item, value in taps]
        done = self._run(HAND, {"taps": asked, "patience": 10_000})
        self.unseen += [f"{one['state']} {one['item']} {one['value']}" for one in done if one["state"] != "kept"]
        return [Deed(ANSWER, one["item"], one["value"], by, self.id) for one in done if one["state"] == "kept"]

    def take_photo(self, item: str, picture: bytes, by: str, folder: Path) -> Deed:
        """A file that the camera left behind."""
        place = folder / "photo.jpg"
        place.write_bytes(picture)
        before = len(self.peek()["ops"])
        self.browser.find_element(By.CSS_SELECTOR, f"#item-{item} form.photo input[type=file]").send_keys(str(place))
        self._until(lambda: len(self.peek()["ops"]) > before)
        return Deed(PHOTO, item, hashlib.sha256(picture).hexdigest(), by)

    def drained(self) -> None:
        """Until nothing waits here."""

        def empty() -> bool:
            self._run("async () => void dispatchEvent(new Event('online'))")
            time.sleep(0.25)
            return not self.peek()["ops"]

        self._until(empty, 120)

    def peek(self) -> dict[str, Any]:
        """What the device itself says."""
        return self._run(PEEK)

    def _run(self, script: str, word: Any = None) -> Any:
        return self.browser.execute_async_script(ASYNC % script, word)

    def _until(self, so: Callable[[], bool], seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while not so():
            if time.monotonic() > until:
                raise TimeoutError(f"{self.browser.current_url}: {self.peek()}")
            time.sleep(0.1)


@contextmanager
def _browser() -> Generator[WebKitGTK]:
    with _screen() as display, tempfile.TemporaryDirectory(prefix="huanche-webkit-") as home:
        options = WebKitGTKOptions()
        options.binary_location = str(next(Path("/usr/lib").glob(BROWSER)))
        options.add_argument("--automation")
        own = {
            "DISPLAY": display,
            "HOME": home,
            "XDG_RUNTIME_DIR": home,
            "GDK_BACKEND": "x11",
            "LIBGL_ALWAYS_SOFTWARE": "1",
        }
        browser = WebKitGTK(options=options, service=Service("/usr/bin/WebKitWebDriver", env=os.environ | own))
        browser.set_script_timeout(120)
        try:
            yield browser
        finally:
            browser.quit()


@contextmanager
def _screen() -> Generator[str]:
    """A screen of our own; it says itself which number it took."""
    reading, writing = os.pipe()
    words = ["/usr/bin/Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    screen = subprocess.Popen(words, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        screen.terminate()
        screen.wait(timeout=10)
