"""The map of a day: the store, the visits and the ways between them as straight lines, drawn without any other's
picture of the world.
"""

from collections.abc import Sequence
from math import cos, radians

import msgspec

from server.domain.care.visit_places import EARTH_KM, Place

WIDTH, HEIGHT, MARGIN = 720, 460, 56
LEAST_KM = 2.0
"""A map never shows less than this from edge to edge."""
ROUND_KM = (0.5, 1, 2, 5, 10, 20, 50, 100)
LONGEST_BAR = 200
DEGREE_KM = EARTH_KM * radians(1)
APART = 26
"""Units that pins keep from each other: those of one district stand at one place."""


class Pin(msgspec.Struct, frozen=True):
    """A visit on the map, or the store, whose number is 0."""

    number: int
    x: float
    y: float
    label: str


class Map(msgspec.Struct, frozen=True):
    """What is drawn, in units of the drawing."""

    pins: list[Pin]
    lines: list[str]
    """Of each team the way from the store over its visits and back, as points of a polyline."""
    bar: float
    """How long the scale's bar is."""
    bar_km: float
    width: int = WIDTH
    height: int = HEIGHT


def drawn(store: Place, ways: Sequence[Sequence[tuple[Place, str]]]) -> Map:
    """The ways of some teams; every stop with its name. East is right, north is up."""
    places = [store, *(place for way in ways for place, _ in way)]
    middle = _middle(places)
    flat = [_flat(place, middle) for place in places]
    half_width, half_height = WIDTH / 2 - MARGIN, HEIGHT / 2 - MARGIN
    east, north = max(abs(x) for x, _ in flat), max(abs(y) for _, y in flat)
    unit = min(half_width / max(east, LEAST_KM / 2), half_height / max(north, LEAST_KM / 2))
    return _map(store, ways, middle, unit)


def _map(store: Place, ways: Sequence[Sequence[tuple[Place, str]]], middle: Place, unit: float) -> Map:
    taken: list[tuple[float, float]] = []
    house = _spot(store, middle, unit, taken)
    pins, lines = [Pin(0, *house, "")], list[str]()
    for way in ways:
        spots = [_spot(place, middle, unit, taken) for place, _ in way]
        pins += [Pin(turn, *spot, label) for turn, (spot, (_, label)) in enumerate(zip(spots, way, strict=True), 1)]
        lines.append(" ".join(f"{x:g},{y:g}" for x, y in (house, *spots, house)))
    km = max(one for one in ROUND_KM if one * unit <= LONGEST_BAR or one == ROUND_KM[0])
    return Map(pins, lines, round(km * unit, 1), km)


def _spot(place: Place, middle: Place, unit: float, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """Where a place is in the drawing; one that is taken moves aside, so that every number can be read."""
    x, y = _flat(place, middle)
    spot = round(WIDTH / 2 + x * unit, 1), round(HEIGHT / 2 - y * unit, 1)
    for step in range(1, 40):
        if all(abs(spot[0] - other[0]) + abs(spot[1] - other[1]) >= APART for other in taken):
            break
        around = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1))[step % 8]
        far = APART * (1 + step // 8)
        spot = round(WIDTH / 2 + x * unit + around[0] * far, 1), round(HEIGHT / 2 - y * unit + around[1] * far, 1)
    taken.append(spot)
    return spot


def _middle(places: Sequence[Place]) -> Place:
    lons, lats = [place[0] for place in places], [place[1] for place in places]
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def _flat(place: Place, middle: Place) -> tuple[float, float]:
    """Kilometres east and north of the middle."""
    return (place[0] - middle[0]) * DEGREE_KM * cos(radians(middle[1])), (place[1] - middle[1]) * DEGREE_KM
