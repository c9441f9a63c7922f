"""The quality guarantee of each line of work: kilometres or days, whichever is first, from leaving the shop.

机动车维修管理规定; the numbers are the parameters `guarantee.*`. Days are days of the calendar.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.catalogue.parameters import values_beginning
from server.domain.workshop.papers import GUARANTEE_NAMES


class Guarantee(msgspec.Struct, frozen=True):
    """How long one kind of work is guaranteed; until when is known once the car has left."""

    kind: str
    km: int
    days: int
    until: date | None = None
    until_km: int | None = None

    @property
    def name(self) -> Words:
        """What kind of work it is."""
        return GUARANTEE_NAMES[self.kind]

    def holds(self, day: date, km: int | None) -> bool:
        """Whether a car that left is still within it; a mileage that nobody read does not end it."""
        if self.until is None or day > self.until:
            return False
        return km is None or self.until_km is None or km <= self.until_km


def rules(session: Session, store_id: UUID, day: date) -> dict[str, dict[str, int]]:
    """Kilometres and days by kind of work, as in force on that day."""
    found: dict[str, Any] = values_beginning(session, store_id, "guarantee.", day)
    return {key.removeprefix("guarantee."): value for key, value in found.items()}


def given(
    kind: str, by_kind: dict[str, dict[str, int]], left_at: datetime | None, km: int | None, zone: ZoneInfo
) -> Guarantee:
    """The guarantee of work of this kind on a car that left then with this mileage, if it has."""
    rule = by_kind[kind]
    until = left_at.astimezone(zone).date() + timedelta(days=rule["days"]) if left_at else None
    until_km = km + rule["km"] if left_at and km is not None else None
    return Guarantee(kind, rule["km"], rule["days"], until, until_km)


def frozen(kinds: Iterable[str], by_kind: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """What a settlement keeps of the rules: only the kinds of work that are on it."""
    return {kind: by_kind[kind] for kind in dict.fromkeys(kinds)}
