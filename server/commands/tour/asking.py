"""Stops of the tour where customers are asked and work is checked: at the desk, on their phone, at the inspection."""

from collections.abc import Callable
from functools import partial

from server.commands.demonstration.asking import CHECKED
from server.commands.demonstration.working import AT_WORK
from server.commands.trial.desk import Desk

Way = str | Callable[[Desk], None]


def _order(plate: str, desk: Desk) -> None:
    desk.go("/repair-orders")
    desk.press(desk.page.locator("a.whole", has_text=plate[-5:]).first)


def _extra(plate: str, desk: Desk) -> None:
    _order(plate, desk)
    desk.press(desk.page.locator("#extra a.whole").first)


def _follow(desk: Desk) -> None:
    """As the customer sees it: whoever is signed in is nobody there."""
    _order(AT_WORK, desk)
    _open_link(desk)


def _decide(desk: Desk) -> None:
    _extra(AT_WORK, desk)
    _open_link(desk)


def _undecided(desk: Desk) -> None:
    """Sent off with every line open."""
    _decide(desk)
    desk.page.locator("[data-typed] summary").click()
    desk.page.fill("#typed_name", "郭海涛")
    desk.press("form[data-ink] button.primary")


def _open_link(desk: Desk) -> None:
    address = desk.page.locator("[data-copy] input").first.input_value()
    desk.go(f"/c/{address.rpartition('/')[2]}")


def _inspection(desk: Desk) -> None:
    _order(CHECKED["plate"], desk)
    desk.press("#inspection a.button")


OF_THE_ADVISOR: dict[str, Way] = {
    "extra-work": partial(_extra, AT_WORK), "extra-work-answered": partial(_extra, CHECKED["plate"]),
    "customer-follows": _follow, "customer-decides": _decide, "customer-decides-wrong": _undecided,
    "error-link-ended": "/c/ended",
}  # fmt: skip
"""What the advisor asks, and what the customer sees of it."""
OF_THE_INSPECTOR: dict[str, Way] = {"inspection-final": _inspection}
"""The last of the three who look."""
