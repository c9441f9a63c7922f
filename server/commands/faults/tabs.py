"""Several at one queue: four tabs and the worker, a worker that is stopped, a new version in the middle."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

from server.commands.faults.device import Device
from server.commands.faults.houses import a_copy
from server.commands.faults.modes import Mode
from server.commands.faults.scene import Scene, rounds

TABS = 4
IN_LINE = (
    "async () => { const { held, pending } = await navigator.locks.query(); return held.length + pending.length; }"
)
ASK_WORKER = "() => void navigator.serviceWorker.controller.postMessage('drain')"


def tabs(scene: Scene, taps: int = 100) -> None:
    """All of them want to send at once; every deed goes out once."""
    job = scene.inspection()
    phone = scene.device("zhou")
    scene.visit(phone, job)
    sections = sorted(job.sections, key=lambda one: -len(one[1]))[:TABS]
    pages = [phone.page, *(phone.context.new_page() for _ in range(TABS - 1))]
    for page, (section, _) in zip(pages, sections, strict=True):
        page.goto(job.address(section))
    scene.proxy.become(Mode.REFUSE)
    for page, (_, items) in zip(pages, sections, strict=True):
        page.bring_to_front()
        scene.keep(job, phone.tap(rounds(items, taps // TABS), scene.people["zhou"], page=page))
    scene.proxy.slow = 0.01
    scene.proxy.become(Mode.PASS)
    for page in pages:
        phone.nudge(page)
    phone.page.evaluate(ASK_WORKER)
    while phone.waiting():
        scene.struck = max(scene.struck, phone.page.evaluate(IN_LINE))
        phone.page.wait_for_timeout(50)
    scene.expect(scene.proxy.deliveries == scene.account().operations, f"{scene.proxy.deliveries} deliveries")


def worker(scene: Scene, taps: int = 100, stops: int = 12) -> None:
    """No page sends, only the worker does; it is stopped again and again in the middle of a delivery."""
    job = scene.inspection()
    phone = scene.device("zhou")
    scene.visit(phone, job)
    scene.proxy.become(Mode.REFUSE)
    scene.tap(phone, job, taps, "zhou")
    scene.proxy.become(Mode.RESET)
    phone.go("/health")  # a page without a script: nobody is left to send but the worker
    scene.proxy.slow = 0.02
    scene.proxy.become(Mode.PASS)
    hand = Workers(phone.page, phone.address)
    _until(phone, lambda: bool(hand.registration))
    for _ in range(stops):
        before = scene.proxy.deliveries
        hand.send()
        _until(phone, lambda before=before: scene.proxy.deliveries >= before + 2)
        scene.struck += hand.stop() and scene.proxy.deliveries < taps
    hand.send()
    phone.drained(nudging=False)


def update(scene: Scene, taps: int = 100) -> None:
    """A new version of the house opens in the middle of a delivery, and is let in before it has ended."""
    job = scene.inspection()
    phone = scene.device("zhou")
    scene.visit(phone, job)
    scene.proxy.become(Mode.REFUSE)
    scene.tap(phone, job, taps, "zhou")
    old = scene.house.tree
    newer = a_copy(scene.folder / "newer")
    _changed(newer)
    scene.proxy.slow = 0.03
    scene.proxy.become(Mode.PASS)
    phone.nudge()
    _until(phone, lambda: scene.proxy.deliveries >= taps // 5)
    scene.house.move_into(newer)
    phone.page.evaluate("() => void navigator.serviceWorker.getRegistration().then((one) => one.update())")
    phone.nudge()
    bar = phone.page.locator("[data-update]")
    bar.wait_for(state="visible")
    left = len(phone.waiting())
    with phone.page.expect_navigation():
        bar.locator("button").click()
    scene.struck += left > 0
    phone.drained()
    scene.house.move_into(old)


class Workers:
    """The browser's own levers on service workers."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.registration = ""
        self.status = ""
        self._wire: CDPSession = page.context.new_cdp_session(page)
        self._wire.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        self._wire.on("ServiceWorker.workerVersionUpdated", self._turned)
        self._wire.send("ServiceWorker.enable")  # pyright: ignore[reportUnknownMemberType] -- untyped dictionaries

    def send(self) -> None:
        """Let the worker hear that there is a network."""
        said = {"origin": self.address, "registrationId": self.registration, "tag": "outbox", "lastChance": False}
        self._wire.send("ServiceWorker.dispatchSyncEvent", said)  # pyright: ignore[reportUnknownMemberType]

    def stop(self) -> bool:
        """Whether a running one was stopped."""
        ran = self.status == "running"
        self._wire.send("ServiceWorker.stopAllWorkers")  # pyright: ignore[reportUnknownMemberType]
        until = time.monotonic() + 10
        while self.status != "stopped" and time.monotonic() < until:
            self.page.wait_for_timeout(20)
        return ran and self.status == "stopped"

    def _registered(self, told: dict[str, Any]) -> None:
        for one in told["registrations"]:
            if not one["isDeleted"] and one["scopeURL"].startswith(self.address):
                self.registration = one["registrationId"]

    def _turned(self, told: dict[str, Any]) -> None:
        for one in told["versions"]:
            self.status = one["runningStatus"]


def _until(device: Device, so: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not so():
        if time.monotonic() > until:
            raise TimeoutError
        device.page.wait_for_timeout(10)


def _changed(tree: Path) -> None:
    """A version differs from the one before when a file that pages fetch does."""
    with (tree / "static" / "js" / "outbox.js").open("a", encoding="utf-8") as script:
        script.write("\n// The next version.\n")
