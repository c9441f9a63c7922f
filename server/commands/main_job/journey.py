"""The main job, step by step, as its people do it: consultant, technician, customer, service advisor."""

from collections.abc import Callable

from playwright.sync_api import Browser

from server.commands.main_job import inspection, planning, proving, walkthrough
from server.commands.trial.camera import Camera
from server.commands.trial.chromium import PHONE, TABLET
from server.commands.trial.desk import Desk


class Journey:
    """One car on its way to one customer, and everything that was seen to be missing."""

    def __init__(self, browser: Browser, address: str, camera: Camera, vin: str, customer: str) -> None:
        self.browser, self.camera, self.vin, self.customer = browser, camera, vin, customer
        self.tablet = Desk(browser, address, TABLET)
        self.phone = Desk(browser, address, PHONE)
        self.address = address
        self.number = ""
        self.missing: list[str] = []

    def make(self) -> list[str]:
        """From the customer's name to the proof of the paper; what is missing, in words."""
        planning.make(self)
        inspection.make(self)
        walkthrough.make(self)
        proving.make(self)
        return self.missing + [fault for desk in (self.tablet, self.phone) for fault in desk.faults]

    def expect(self, desk: Desk, what: str, where: str) -> None:
        """Something that has to stand on the page."""
        if not desk.page.locator(where).count():
            self.missing.append(f"{desk.path}: {what}")

    def shoot(self, desk: Desk, step: str, prepare: Callable[[], None] | None = None) -> None:
        """The step in both languages."""
        self.camera.shoot(desk, step, prepare)
