"""Stops of the tour in the showroom and at the desk where deals are made."""

from collections.abc import Callable
from functools import partial

from server.commands.trial.desk import Desk
from server.outbox import NOBODY

Way = str | Callable[[Desk], None]


def first(path: str, desk: Desk) -> None:
    """The first record of a list; behind `>` may stand which one."""
    where, _, which = path.partition(">")
    desk.go(where)
    desk.press(which or "main a.whole")


def recognised(reception: str, desk: Desk) -> None:
    """A few digits were typed."""
    desk.go(reception)
    desk.page.fill("#q", "138")
    desk.page.locator("#known li").first.wait_for()


def a_prospect(desk: Desk) -> None:
    """One who is followed up."""
    first("/prospects?q=zhoumin>#list a.whole", desk)


def of_prospect(page: str, desk: Desk) -> None:
    """A page beside that prospect."""
    a_prospect(desk)
    desk.go(f"{desk.path}/{page}")


def _trade_in(desk: Desk) -> None:
    """The old car behind the newest order."""
    first("/orders", desk)
    desk.press("main a[href$='/deal']")
    desk.press("a.whole[href^='/trade-ins/']")


def _book(desk: Desk, *, send: bool = False) -> None:
    a_prospect(desk)
    desk.press("a[href^='/test-drives/new']")
    if send:
        desk.press("form.form .dock button.primary")


def _drive(state: str, desk: Desk, page: str = "") -> None:
    """The drive of today, or of yesterday, whose sign has this colour."""
    desk.go("/test-drives")
    rows = f"li.row:has(.chip.{state}) a.whole"
    if not desk.page.locator(rows).count():
        desk.press("main a[rel=prev]")
    desk.press(desk.page.locator(rows).first)
    if page:
        desk.go(f"{desk.path}/{page}")


OF_THE_CONSULTANT: dict[str, Way] = {
    "receptions": "/receptions", "reception-unsent": f"/receptions/{NOBODY}",
    "needs": partial(of_prospect, "needs"),
    "test-drives": "/test-drives", "test-drives-by-consultant": "/test-drives?by=consultant", "test-drive-new": _book,
    "test-drive-new-wrong": partial(_book, send=True), "test-drive-unsent": f"/test-drives/{NOBODY}",
    "deal": partial(of_prospect, "deal"), "quotation-new": partial(of_prospect, "quotations/new"),
    "trade-in-new": partial(of_prospect, "trade-ins/new"), "trade-in": _trade_in,
    "quotations": "/quotations", "quotation": partial(first, "/quotations?state=offered"),
    "orders": "/orders", "order": partial(first, "/orders"), "finance": "/finance",
    "finance-reckoned": "/finance?price=150000&down=50000&months=36&rate=4.8",
    "stock": "/stock", "stock-kept": "/stock?show=kept",
}  # fmt: skip
"""What she does with who comes in, by the names of the pictures."""
OF_THE_MANAGER: dict[str, Way] = {
    "drive-on-the-road": partial(_drive, "wait"), "drive-back": partial(_drive, "warn"),
    "drive-evaluated": partial(_drive, "good"), "drive-list": partial(_drive, "warn", page="before"),
    "drive-list-after": partial(_drive, "good", page="after"),
    "drive-aloud": partial(_drive, "wait", page="during"),
    "quotation-to-approve": partial(first, "/quotations?state=asked"), "prospects-all": "/prospects?show=overdue",
}  # fmt: skip
"""What he sees of it, and decides."""
