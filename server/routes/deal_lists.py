"""Which list of quotations or orders somebody asked for, as it stands in an address."""

from datetime import datetime
from typing import Any

from litestar.datastructures import MultiDict

from server.domain.deals import lists
from server.domain.deals.lists import Wanted
from server.domain.people import Person
from server.paging import Place
from server.routes import places

SHOWN = ("mine", "all")


class Asked:
    """The wishes of an address. What makes no sense there is left out, never refused."""

    def __init__(self, base: str, query: MultiDict[Any], person: Person) -> None:
        self.base = f"/{base}"
        self.states: dict[str, Any] = lists.STATES[base]
        self.home = lists.home(person)
        show, state = str(query.get("show") or ""), str(query.get("state") or "")
        self.wanted = Wanted(show if show in SHOWN else self.home, state if state in self.states else "")
        self.place = places.moment(query)

    def address(self, place: Place[datetime] | None = None, **other: str) -> str:
        """The same list from another place on, or with another wish."""
        return places.address(self.base, self._said(other), place)

    def record(self, address: str) -> str:
        """A record as it is opened from this page, so that its neighbours and the way back are those of the list."""
        return places.address(address, self._said({}), self.place)

    @property
    def here(self) -> str:
        """This very page of the list."""
        return self.address(self.place)

    def _said(self, other: dict[str, str]) -> dict[str, str]:
        said = {"show": self.wanted.show, "state": self.wanted.state} | other
        return {name: value for name, value in said.items() if (name, value) != ("show", self.home)}
