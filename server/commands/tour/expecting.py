"""Stops of the tour before a repair begins: who is expected, how full the days are, and the walk round the car."""

from collections.abc import Callable
from functools import partial

from server.commands.trial.desk import Desk
from server.outbox import NOBODY

Way = str | Callable[[Desk], None]
ROW = "main li.row:has(.chip{}) a.whole"


def _tomorrow(desk: Desk) -> None:
    desk.go("/appointments")
    desk.press(desk.page.locator(".days a.day:not(.shut)").nth(1))


def _expected(desk: Desk) -> None:
    """The first who is expected on the next day."""
    _tomorrow(desk)
    if not desk.page.locator(ROW.format(".wait")).count():
        desk.press(desk.page.locator(".days a.day:not(.shut)").nth(2))
    desk.press(ROW.format(".wait"))


def _book(desk: Desk) -> None:
    desk.go("/appointments/new?q=wjg")
    desk.press("#known a.whole")


def _at_the_link(desk: Desk) -> None:
    """As the customer sees it on their own phone."""
    _expected(desk)
    if not desk.page.locator("[data-copy] input").count():
        desk.press("#link form button")
    address = desk.page.locator("[data-copy] input").first.input_value()
    desk.go(f"/c/{address.rpartition('/')[2]}")


def _walked(desk: Desk, *, page: str = "", section: int = 0) -> None:
    """The car that came to its appointment today."""
    desk.go("/appointments")
    desk.press(ROW.format(".good"))
    order = desk.page.locator("main a[href^='/repair-orders/']").first.get_attribute("href")
    desk.go(f"{order}/walk-around{page}")
    if section:
        desk.press(desk.page.locator("#progress .steps a").nth(section))


def _tapped(desk: Desk) -> None:
    """A part of the car was tapped."""
    _walked(desk)
    desk.page.locator("svg[data-side=left] a[data-panel=rear_door_left]").click()
    desk.page.locator("#note[open]").wait_for()


OF_THE_ADVISOR: dict[str, Way] = {
    "appointments": "/appointments", "appointments-tomorrow": _tomorrow, "appointment-whose": "/appointments/new",
    "appointment-new": _book, "appointment": _expected, "customer-appointment": _at_the_link, "walk-around": _walked,
    "walk-around-tapped": _tapped, "walk-around-seat": partial(_walked, page="/guided", section=1),
    "walk-around-left": partial(_walked, page="/guided", section=2),
    "walk-around-tyres": partial(_walked, page="/guided", section=5),
    "walk-around-unsent": f"/repair-orders/{NOBODY}/walk-around",
}  # fmt: skip
"""What the advisor does before the customer has signed."""
