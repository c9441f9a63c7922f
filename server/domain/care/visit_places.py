"""Where people live: by coordinates when somebody gave them, else in the middle of the district of their address."""

from math import asin, cos, radians, sin, sqrt
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.care.visits import HomeVisit
from server.domain.catalogue import value_of
from server.domain.people import Store

EARTH_KM = 6371.0
ELSEWHERE: Words = {"zh": "其他区域", "en": "Elsewhere"}
Place = tuple[float, float]
"""Longitude and latitude in degrees."""


class District(msgspec.Struct, frozen=True):
    """A district of the store's parameter `visit_districts`, with its middle."""

    zh: str
    en: str
    lon: float
    lat: float

    @property
    def name(self) -> Words:
        """What it is called."""
        return {"zh": self.zh, "en": self.en}

    @property
    def middle(self) -> Place:
        """Where it is."""
        return self.lon, self.lat


class Atlas:
    """The districts of one store, and where the store itself is."""

    def __init__(self, session: Session, store_id: UUID) -> None:
        self.districts = msgspec.convert(value_of(session, store_id, "visit_districts"), list[District])
        own: dict[str, float] = value_of(session, store_id, "store_place")
        house = session.get_one(Store, store_id)
        here = self.of_address(house.address["zh"])
        self.store: Place | None = (own["lon"], own["lat"]) if own else here and here.middle

    def of_address(self, address: str) -> District | None:
        """The district that an address names, the one that is named more fully first."""
        found = [one for one in self.districts if one.zh in address or one.en.lower() in address.lower()]
        return max(found, key=lambda one: (one.zh in address, len(one.zh)), default=None)

    def area_of(self, address: str) -> Words:
        """What the area is called by which visits are kept together."""
        found = self.of_address(address)
        return found.name if found is not None else ELSEWHERE

    def of_area(self, area: Words) -> Place | None:
        """The middle of an area that has a name."""
        return next((one.middle for one in self.districts if one.zh == area.get("zh")), None)

    def of_visit(self, visit: HomeVisit) -> Place | None:
        """Where a visit is, as well as anybody knows; None in a district that nobody knows."""
        return visit.place or self.of_area(visit.area)


def km(one: Place, other: Place) -> float:
    """As the crow flies, over the round earth (haversine)."""
    (west, south), (east, north) = ((radians(degree) for degree in place) for place in (one, other))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))
