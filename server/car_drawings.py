"""The drawings of cars, five sides of three bodies: one set of figures for the screen and for paper."""

from functools import cache
from pathlib import Path

import msgspec

from server.domain.workshop.bodies import BODIES, LEFT, PANELS, RIGHT, SIDES

FOLDER = Path(__file__).parent / "templates" / "workshop" / "bodies"
HANDS = {LEFT: "left", RIGHT: "right"}


class Shape(msgspec.Struct, frozen=True, array_like=True):
    """One path: what it is made of (paint, glass, tyre, …), of which panel, and its data."""

    kind: str
    panel: str | None
    d: str


class Spot(msgspec.Struct, frozen=True, array_like=True):
    """Where a panel is tapped, and its middle in thousandths of the drawing."""

    panel: str
    d: str
    x: int
    y: int


class Drawing(msgspec.Struct, frozen=True):
    """One side of one body. `box` is left, top, width and height, a unit being a centimetre."""

    box: tuple[int, int, int, int]
    shapes: list[Shape]
    hits: list[Spot]
    mirrored: bool = False
    """It is drawn as its mirror image."""

    @property
    def view_box(self) -> str:
        """As SVG wants it."""
        return " ".join(str(one) for one in self.box)

    @property
    def flip(self) -> str:
        """What turns it into its mirror image."""
        left, _, width, _ = self.box
        return f"translate({2 * left + width} 0) scale(-1 1)"

    def place(self, x: int, y: int) -> tuple[float, float]:
        """A place in thousandths, in the units of the drawing."""
        left, top, width, height = self.box
        return round(left + x * width / 1000, 1), round(top + y * height / 1000, 1)

    def spot(self, panel: str) -> Spot | None:
        """Where this panel is, if this side shows it."""
        return next((spot for spot in self.hits if spot.panel == panel), None)


@cache
def drawings(body: str) -> dict[str, Drawing]:
    """The five sides of a body, in the order in which they are shown. Raises LookupError for one that is not drawn."""
    if body not in BODIES:
        raise LookupError(body)
    read = msgspec.json.decode((FOLDER / f"{body}.json").read_bytes(), type=dict[str, Drawing])
    left = read.pop(LEFT)
    sided = {LEFT: _of_hand(left, LEFT), RIGHT: _of_hand(left, RIGHT)}
    return {side: (read | sided)[side] for side in SIDES}


def _of_hand(drawing: Drawing, side: str) -> Drawing:
    """The one drawing of a flank, as the left or as the right one."""
    hits = [Spot(_named(spot.panel, side), spot.d, 1000 - spot.x if side == RIGHT else spot.x, spot.y)
            for spot in drawing.hits]  # fmt: skip
    shapes = [Shape(one.kind, one.panel and _named(one.panel, side), one.d) for one in drawing.shapes]
    return Drawing(drawing.box, shapes, hits, mirrored=side == RIGHT)


def _named(panel: str, side: str) -> str:
    return panel if panel in PANELS else f"{panel}_{HANDS[side]}"
