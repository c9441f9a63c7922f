"""A browser with a profile of its own on the disk: it can be killed at any moment and opened again."""

import hashlib
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, FilePayload, Page, Playwright

from server.commands.demonstration.stores import PASSWORD, PIN
from server.commands.faults.killing import kill
from server.commands.faults.truth import ANSWER, PHOTO, Deed
from server.commands.trial.chromium import FLAGS

HAND, PEEK, DAMAGE = (Path(__file__).with_name(f"{name}.js").read_text("utf-8") for name in ("hand", "peek", "damage"))
PATIENCE = 15_000
"""Milliseconds."""
SHIFT = """(() => {
  const real = Date, by = %d;
  globalThis.Date = class extends real {
    constructor(...words) { words.length ? super(...words) : super(real.now() + by); }
    static now() { return real.now() + by; }
  };
})()"""
SEEN = """([item, before]) => document.querySelectorAll(`#item-${item} form.photo :is([data-key], a.thumb)`).length
  > before  || document.querySelector(`#item-${item} .mark.bad`)"""


class Device:
    """One browser, one person at a time; `shift` is how many milliseconds its clock is wrong."""

    def __init__(self, playwright: Playwright, address: str, profile: Path, *, shift: int = 0) -> None:
        self._playwright, self.address, self.profile, self.shift = playwright, address, profile, shift
        self.kills = 0
        self.unseen: list[str] = []
        """Taps that the screen did not acknowledge: nobody promised to keep them."""
        self.times: list[float] = []
        """Milliseconds from each tap to its acknowledgement."""
        self.id = ""
        self.pause = 0
        """Milliseconds from an acknowledgement to the next tap."""
        self.open()

    def open(self) -> None:
        """The same profile, as it was left."""
        found = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
        self.context: BrowserContext = self._playwright.chromium.launch_persistent_context(
            self.profile, executable_path=found, args=list(FLAGS), base_url=self.address, locale="zh-CN",
            viewport={"width": 1180, "height": 820}, reduced_motion="reduce", accept_downloads=True,
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE)
        if self.shift:
            self.context.add_init_script(SHIFT % self.shift)
        # The first tab may still be busy with what was open before a kill.
        self.page: Page = self.context.new_page()

    def close(self) -> None:
        """Put it away properly; one that is dead already is away."""
        with suppress(Error):
            self.context.close()

    def kill(self) -> None:
        """As when the battery is empty."""
        kill(self.profile)
        with suppress(Error):  # the driver may have seen it go by itself
            self.context.close()
        (self.profile / "SingletonLock").unlink(missing_ok=True)
        self.kills += 1

    def sign_in(self, name: str) -> "Device":
        """Through the door, until the device could do without the house."""
        self.go("/sign-in")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main form.card button.primary")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self.settle()

    def take_over(self, name: str) -> None:
        """The device changes hands by PIN."""
        self.go(f"/switch?name={name}")
        self.page.fill("#pin", PIN)
        with self.page.expect_navigation():
            self.page.click("form.card button.primary")
        self.settle()

    def settle(self) -> "Device":
        """Until the worker is there, and the ticket."""
        until = time.monotonic() + 30
        while not _has_ticket(self.peek()):
            if time.monotonic() > until:
                raise TimeoutError(f"{self.page.url}: {self.peek()}")
            self.page.wait_for_timeout(50)
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => {})")
        while not self.peek()["controlled"]:
            self.page.reload()  # what was opened while the worker was still dressing has none
        self.id = next(str(one.get("value")) for one in self.context.cookies() if one.get("name") == "huanche_device")
        return self

    def draw(self, form: str) -> bool:
        """Sign by hand and send it off; whether the screen says that it is kept."""
        place = self.page.locator(form)
        canvas = place.locator("canvas[data-width]")  # the pad has measured it: it is ready
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        mouse, left, middle = self.page.mouse, box["x"] + 40, box["y"] + box["height"] / 2
        mouse.move(left, middle)
        mouse.down()
        for dot in range(20):
            mouse.move(left + dot * 6, middle + (18 if dot % 3 else -22))
        mouse.up()
        before = len(self.waiting())
        place.locator("button.primary").click()
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with suppress(Error):  # the page goes on to the next section while we ask
                if len(self.waiting()) > before:
                    return True
            time.sleep(0.05)
        return False

    def peek(self) -> dict[str, Any]:
        """What the device itself says: to know when to look, never to know what is true."""
        return self.page.evaluate(PEEK)

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(path)

    def wait(self, script: str, word: Any = None, seconds: float = 30) -> None:
        """Until a script finds that it is so."""
        until = time.monotonic() + seconds
        while not self.page.evaluate(script, word):
            if time.monotonic() > until:
                raise TimeoutError(f"{self.page.url}: {script[:80]}")
            self.page.wait_for_timeout(50)

    def tap(self, taps: Sequence[tuple[str, str]], by: str = "", *, page: Page | None = None) -> list[Deed]:
        """Answer items on the page that is open, one after the other; what the screen acknowledged."""
        page = page or self.page
        asked = [{"item": item, "value": value} for item, value in taps]
        done: list[dict[str, Any]] = page.evaluate(HAND, {"taps": asked, "patience": 10_000, "pause": self.pause})
        self.unseen += [f"{one['state']} {one['item']} {one['value']}" for one in done if one["state"] != "kept"]
        kept = [one for one in done if one["state"] == "kept"]
        self.times += [one["ms"] for one in kept]
        return [Deed(ANSWER, one["item"], one["value"], by, self.id) for one in kept]

    def take_photo(self, item: str, picture: bytes, by: str = "") -> Deed | None:
        """None when the screen says that it could not be kept."""
        form = self.page.locator(f"#item-{item} form.photo")
        before = form.locator("[data-key]").count()
        file: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture}
        form.locator("input[type=file]").set_input_files(file)
        self.wait(SEEN, [item, before])
        if self.page.locator(f"#item-{item} > .mark.bad, #item-{item} form.photo .mark.bad").count():
            self.unseen.append(f"refused photo {item}")
            return None
        return Deed(PHOTO, item, hashlib.sha256(picture).hexdigest(), by)

    def waiting(self) -> list[dict[str, Any]]:
        """The deeds that it still has."""
        return self.peek()["ops"]

    def damage(self, op: dict[str, Any]) -> None:
        """The disk spoils the picture of a deed that waits."""
        if not self.page.evaluate(DAMAGE, {"key": op["key"]}):
            raise ValueError(f"no picture waits in {op['path']}")

    def nudge(self, page: Page | None = None) -> None:
        """What the system tells a page when the network is back."""
        (page or self.page).evaluate("() => void dispatchEvent(new Event('online'))")

    def drained(self, seconds: float = 120, *, nudging: bool = True, left: int = 0) -> None:
        """Until no more than `left` deeds wait here. Raises TimeoutError when none has gone for so many seconds."""
        fewest, until = len(self.waiting()), time.monotonic() + seconds
        while len(found := self.waiting()) > left:
            if len(found) < fewest:
                fewest, until = len(found), time.monotonic() + seconds
            if time.monotonic() > until:
                raise TimeoutError(f"{len(found)} still wait: {found[:3]}")
            if nudging:
                self.nudge()
            self.page.wait_for_timeout(250)


def _has_ticket(told: dict[str, Any]) -> bool:
    return {"person", "device", f"ticket:{told['person']}"} <= set(told["kv"])
