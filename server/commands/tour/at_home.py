"""Stops of the tour at owners' homes: the plan of the month, the road of a day, before a visit, the hour, and after."""

from collections.abc import Callable
from functools import partial

from server.commands.demonstration.at_home import CLOSED, NOW
from server.commands.trial.desk import Desk

Way = str | Callable[[Desk], None]


def _visit(desk: Desk, *, of: str, show: str = "to_come", page: str = "") -> None:
    """The visit to one owner, and one of its pages."""
    desk.go(f"/visits?show={show}&whose=all")
    desk.press(desk.page.locator("main a.whole", has_text=of))
    if page:
        desk.go(f"{desk.path}/{page}")


def _in_state(desk: Desk, *, tone: str, page: str = "") -> None:
    """The first visit whose state has this tone: those to be booked are amber, those that are agreed are blue."""
    desk.go("/visits?whose=all")
    desk.press(f"main li.row:has(.chip.{tone}) a.whole")
    if page:
        desk.go(f"{desk.path}/{page}")


def _empty_booking(desk: Desk) -> None:
    """Agreed, but nobody wrote down where."""
    _in_state(desk, tone="warn")
    desk.run("() => { delete document.querySelector('#booking form.form').dataset.keep; }")
    desk.page.fill("#booking [name=address]", "")
    desk.press("#booking form.form button.primary")


def _next_month(desk: Desk) -> None:
    desk.go("/visits/plan")
    desk.press(desk.page.locator("main a[rel=next]"))


def _tomorrow(desk: Desk, *, proposal: bool = False) -> None:
    desk.go("/visits/route")
    desk.press(desk.page.locator("main a[rel=next]"))
    if proposal:
        desk.go(f"{desk.path}/proposal")


def _a_team(desk: Desk) -> None:
    desk.go("/visits/teams")
    desk.press("main a.whole")


def _a_referral(desk: Desk) -> None:
    desk.go("/referrals")
    desk.press("main a.whole")


def _new(desk: Desk) -> None:
    desk.go(f"/customers?q={CLOSED}")
    desk.press("main a.whole")
    desk.go(f"/visits/new?customer={desk.path.rpartition('/')[2]}")


OF_THE_CARE: dict[str, Way] = {
    "visits": "/visits?whose=all", "visits-over": "/visits?show=over&whose=all", "visits-calendar": "/visits/calendar",
    "visits-plan": "/visits/plan", "visits-plan-draft": _next_month, "visits-route": _tomorrow,
    "visits-route-proposal": partial(_tomorrow, proposal=True), "visits-teams": "/visits/teams",
    "visits-team": _a_team, "visit-new": _new, "visit-to-book": partial(_in_state, tone="warn"),
    "visit-to-book-wrong": _empty_booking, "visit-booked": partial(_in_state, tone="wait"),
    "visit-setting": partial(_in_state, tone="warn", page="setting"),
    "visit-closed": partial(_visit, of=CLOSED, show="over"),
    "visit-record": partial(_visit, of=CLOSED, show="over", page="record"), "referrals": "/referrals",
    "referral": _a_referral, "visits-figures": "/insight/visits",
}  # fmt: skip
"""Who plans the visits and closes them."""
OF_THE_CONSULTANT: dict[str, Way] = {
    f"visit-{page}": partial(_visit, of=NOW, page=page) for page in ("programme", "talk", "effect")
}
"""At the owner's table."""
OF_THE_TECHNICIAN: dict[str, Way] = {
    "visit-check": partial(_visit, of=NOW, page="check"), "visit-list": partial(_visit, of=NOW, page="checklist"),
}  # fmt: skip
"""At the owner's car."""
