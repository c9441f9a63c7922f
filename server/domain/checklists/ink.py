"""Ink: a signature as the pen drew it."""

import msgspec

from server.domain.refusals import Invalid, N_

MOST_INK = 200_000
"""Letters of JSON; a long name written slowly has about a tenth of it."""


class Dot(msgspec.Struct, frozen=True):
    """A place where the pen was, in CSS pixels, origin at the top left."""

    x: float
    y: float


class Stroke(msgspec.Struct, frozen=True):
    """From pen down to pen up."""

    points: list[Dot]


Ink = list[Stroke]


def read_ink(written: str) -> Ink | None:
    """Strokes from the canvas, or None when nothing was drawn. Raises Invalid at `typed_name`."""
    if not written:
        return None
    try:
        ink = msgspec.json.decode(written.encode(), type=Ink)
    except msgspec.DecodeError as fault:
        raise Invalid.at("typed_name", N_("This signature could not be read. Please sign again.")) from fault
    if len(written) > MOST_INK or any(
        not -5000 < edge < 5000 for stroke in ink for dot in stroke.points for edge in (dot.x, dot.y)
    ):
        raise Invalid.at("typed_name", N_("This signature could not be read. Please sign again."))
    return ink if any(len(stroke.points) > 1 for stroke in ink) else None
