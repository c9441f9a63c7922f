"""Stops of the tour where cars are settled and given back, at the parts desk, and over the workshop's figures."""

from collections.abc import Callable
from functools import partial

from server.commands.demonstration.returns import FADING, READY
from server.commands.trial.desk import Desk

Way = str | Callable[[Desk], None]


def _order(plate: str, desk: Desk, page: str = "") -> None:
    desk.go(f"/repair-orders?q={plate[-5:]}")
    desk.press(desk.page.locator("a.whole", has_text=plate[-5:]).first)
    if page:
        desk.go(f"{desk.path}/{page}")


def _first_part(desk: Desk) -> None:
    desk.go("/parts/stock")
    desk.press(desk.page.locator("#stock a.whole").first)


def _one_of_the_crew(desk: Desk) -> None:
    desk.go("/workshop/crew")
    desk.press(desk.page.locator(".crew a").first)


OF_THE_ADVISOR: dict[str, Way] = {
    "settlement": partial(_order, READY, page="settlement"), "return-list": partial(_order, READY, page="return"),
    "comeback": partial(_order, FADING), "diagnosis": partial(_order, FADING, page="diagnosis"),
}  # fmt: skip
"""What the advisor does when a car is ready, and when one is back."""
OF_THE_PARTS_KEEPER: dict[str, Way] = {
    "parts": "/parts", "parts-out": "/parts?show=out", "parts-stock": "/parts/stock",
    "parts-reorder": "/parts/stock?show=reorder", "part": _first_part,
}  # fmt: skip
OF_THE_MANAGER: dict[str, Way] = {
    "workshop-figures": "/workshop/figures?days=90", "crew": "/workshop/crew", "crew-one": _one_of_the_crew,
}  # fmt: skip
