"""Stops of the tour in the workshop: the board, the wall, a technician's phone, the proposed order, the waits."""

from collections.abc import Callable

from server.commands.trial.desk import Desk

Way = str | Callable[[Desk], None]


def _to_move(desk: Desk) -> None:
    """A car was tapped, and the bar offers where it goes."""
    desk.go("/board")
    desk.page.locator("[data-move]").first.click()
    desk.page.locator("form.moving").wait_for()


def _a_car(desk: Desk) -> None:
    desk.go("/board")
    desk.go(desk.page.locator("[data-move]").last.get_attribute("href") or "")


def _a_job(desk: Desk) -> None:
    desk.go("/my-jobs")
    desk.press("#mine a.whole")


def _wrong_finding(desk: Desk) -> None:
    """Sent off as a browser without scripts sends it: nothing was said."""
    _a_job(desk)
    desk.run("() => { delete document.querySelector('form[data-encloses]').dataset.keep; }")
    desk.press("#finding button.primary")


OF_THE_TECHNICIAN: dict[str, Way] = {
    "my-jobs": "/my-jobs", "my-job": _a_job, "my-job-wrong": _wrong_finding, "board-zhou": "/board",
}  # fmt: skip
"""What is held under the car."""
OF_THE_LEADER: dict[str, Way] = {
    "board": "/board", "board-by-technician": "/board?by=technician", "board-moving": _to_move, "board-car": _a_car,
    "board-wall": "/board/wall", "board-proposal": "/board/proposal", "waits": "/waits?days=90",
    "waits-endless": "/waits?arrivals=13&service=4&desks=3",
}  # fmt: skip
"""Who gives the work out, and sees how it goes."""
