"""Drawn photos for the demonstration: nobody's car and nobody's face."""

import io
import math
from functools import cache

from PIL import Image, ImageDraw

from server.domain.checklists.ink import Dot, Ink, Stroke

SIZE = (960, 720)


@cache
def photo(number: int) -> bytes:
    """A car on a forecourt; the number changes its colour and the hour of the day."""
    picture = Image.new("RGB", SIZE, (188, 208, 226))
    pen = ImageDraw.Draw(picture)
    paint = tuple(90 + (number * step) % 140 for step in (37, 71, 113))
    pen.rectangle((0, 520, *SIZE), fill=(96, 100, 104))
    pen.polygon([(250, 380), (340, 270), (610, 270), (720, 380)], fill=(40, 48, 58))
    pen.rounded_rectangle((140, 375, 830, 520), radius=42, fill=paint)
    for left in (230, 640):
        pen.ellipse((left, 455, left + 120, 575), fill=(24, 24, 26), outline=(190, 190, 194), width=14)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def signature(name: str) -> Ink:
    """Strokes that look written, the same for the same name."""
    strokes: Ink = []
    for place, letter in enumerate(name[:4]):
        swing, pace = 12 + ord(letter) % 17, 1.5 + ord(letter) % 3
        left = 30.0 + place * 70
        strokes.append(_stroke([(left + t * 4, 70 + swing * math.sin(t / pace)) for t in range(16)]))
        strokes.append(_stroke([(left + 8 + t * 2, 40 + t * (3 + ord(letter) % 2)) for t in range(12)]))
    return strokes


def _stroke(places: list[tuple[float, float]]) -> Stroke:
    return Stroke(points=[Dot(x=x, y=y) for x, y in places])
