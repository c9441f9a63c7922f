"""Which lost deals somebody asked for, as it stands in an address: kept on the way into a record and back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from server.database import now
from server.domain.showroom.losses import DIMENSIONS
from server.forms import uuid_or_none
from server.routes import places

PERIODS = (30, 90, 365)
USUAL = 90


class Asked:
    """The wishes of an address. What makes no sense there is left out, never refused."""

    def __init__(self, query: Mapping[str, Any]) -> None:
        self.days = next((one for one in PERIODS if str(one) == query.get("days")), USUAL)
        self.until = now()
        self.since = self.until - timedelta(days=self.days)
        self.by = {name: str(key) for name in DIMENSIONS if (key := query.get(name))}
        if "consultant" in self.by and uuid_or_none(self.by["consultant"]) is None:
            del self.by["consultant"]

    def address(self, days: int | None = None, **other: str) -> str:
        """The same list in another time, or narrowed down otherwise."""
        return places.address("/lost-deals", {"days": str(days or self.days)} | self.by | other)

    def record(self, deal_id: Any) -> str:
        """A deal as it is opened from this list."""
        days = "" if self.days == USUAL else str(self.days)
        return places.address(f"/lost-deals/{deal_id}", {"days": days} | self.by)

    @property
    def here(self) -> str:
        """This very list."""
        return self.address()
