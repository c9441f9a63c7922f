"""Steps 1 to 4: sign in, look the customer up, record them, plan the delivery with the VIN."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno
from playwright.sync_api import FilePayload

from server.commands.trial.desk import number_in, quoted

if TYPE_CHECKING:
    from server.commands.main_job.journey import Journey

PHONE_NUMBER = "13812345678"
RECORD = "#found a.primary[href*='name=']"
"""Offered with the name that was looked for in vain."""


def make(journey: Journey) -> None:
    """Until the delivery stands locked."""
    tablet = journey.tablet
    tablet.go("/sign-in")
    journey.shoot(tablet, "sign-in")
    tablet.sign_in("lin")
    journey.shoot(tablet, "today-empty")
    _record(journey)
    _plan(journey)


def _record(journey: Journey) -> None:
    desk, page = journey.tablet, journey.tablet.page
    desk.go("/customers")

    def look() -> None:
        page.fill("#q", journey.customer)
        page.wait_for_selector(RECORD)

    journey.shoot(desk, "nobody-found", look)
    desk.press(RECORD)
    journey.shoot(desk, "customer-new", lambda: page.fill("#phone", PHONE_NUMBER))
    desk.press(".dock button.primary")
    journey.shoot(desk, "customer-file")
    desk.go("/customers/new")

    def again() -> None:
        page.fill("#name", journey.customer)
        page.fill("#phone", PHONE_NUMBER)
        page.locator("#phone").dispatch_event("change")  # typed already in the other language, it is no change
        page.wait_for_selector("#likely .notice")

    journey.shoot(desk, "customer-known-already", again)


def _plan(journey: Journey) -> None:
    desk, page = journey.tablet, journey.tablet.page
    desk.go("/customers")
    page.fill("#q", journey.customer)
    desk.press(page.locator("#found a.whole", has_text=journey.customer))
    desk.press("header.top .button.primary")
    _scan(journey)

    def fill() -> None:
        page.fill("#vin", journey.vin)
        page.locator("#vin").blur()
        page.select_option("#model", index=1)
        page.select_option("#colour", index=1)

    journey.shoot(desk, "delivery-plan", fill)
    desk.press(".dock button.primary")
    page.wait_for_url("**/deliveries/JC-*")
    journey.number = number_in(desk)
    journey.expect(desk, "the VIN", f"text={journey.vin}")
    journey.expect(desk, "locked with its reason", ".notice.wait li")
    journey.shoot(desk, "delivery-locked")


def _scan(journey: Journey) -> None:
    """The camera shows a pattern, then a photo of the label is read."""
    desk, page = journey.tablet, journey.tablet.page
    page.click("[data-scan]")
    page.locator("#scan video:not([hidden])").wait_for()
    desk.page.screenshot(path=journey.camera.folder / "scan-tablet-zh.png")
    page.locator("#scan input[type=file]").set_input_files(_label(journey.vin))
    page.locator("#scan").wait_for(state="hidden")
    if page.input_value("#vin") != journey.vin:
        journey.missing.append(f"the VIN as read by camera: {quoted(page.input_value('#vin'))}")


def _label(vin: str) -> FilePayload:
    drawn = io.BytesIO()
    segno.make(vin, error="m", micro=False).save(drawn, kind="png", scale=12, border=4)
    return {"name": "label.png", "mimeType": "image/png", "buffer": drawn.getvalue()}
