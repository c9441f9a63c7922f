"""Stops of the tour at who looks after whom: contacts in vain, promises, absences, customers taken over, leavers."""

from collections.abc import Callable
from functools import partial

from server.commands.demonstration.at_home import CLOSED
from server.commands.trial.desk import Desk

Way = str | Callable[[Desk], None]


def _first(desk: Desk, *, of: str) -> None:
    """The first that stands in a list."""
    desk.go(of)
    desk.press("main a.whole")


def _promising(desk: Desk) -> None:
    """On the customer's page, with everything unfolded."""
    _first(desk, of=f"/customers?q={CLOSED}")
    desk.run("() => document.querySelectorAll('#owed details').forEach((one) => { one.open = true; })")


def _let_go_without_a_word(desk: Desk) -> None:
    _first(desk, of="/contacts?only=escalated")
    desk.page.locator("input[name=way][value=drop]").check(force=True)
    desk.press("form[action$='/direction'] button")


def _absence_of_nobody(desk: Desk) -> None:
    desk.go("/absences")
    desk.press("form.card .dock button.primary")


def _leaves_to_nobody(desk: Desk) -> None:
    _first(desk, of="/leavers")
    desk.press("#takers .dock button.primary")


OF_THE_CONSULTANT: dict[str, Way] = {"customer-promise": _promising, "contacts-promised": "/contacts?only=promised"}
OF_THE_ADVISOR: dict[str, Way] = {
    "contacts-standing-in": "/contacts", "data-handovers": "/data-handovers",
    "data-handover": partial(_first, of="/data-handovers"),
    "data-handover-done": partial(_first, of="/data-handovers?show=done"),
}  # fmt: skip
"""Who stands in for a colleague, and takes customers over."""
OF_THE_MANAGER: dict[str, Way] = {
    "contacts-of-all": "/contacts", "contact-in-vain": partial(_first, of="/contacts?only=escalated"),
    "contact-in-vain-wrong": _let_go_without_a_word, "absences": "/absences", "absence-wrong": _absence_of_nobody,
    "leavers": "/leavers", "leaver": partial(_first, of="/leavers"), "leaver-wrong": _leaves_to_nobody,
    "unowned": "/unowned",
}  # fmt: skip
"""Who says how it goes on, and keeps the staff."""
