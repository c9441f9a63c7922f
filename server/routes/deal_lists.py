"""Which list of quotations or orders somebody asked for, as it stands in an address."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar.datastructures import MultiDict

from server.domain.deals import lists
from server.domain.deals.lists import Place, Wanted
from server.domain.people import Person
from server.forms import uuid_or_none

SHOWN = ("mine", "all")


class Asked:
    """The wishes of an address. What makes no sense there is left out, never refused."""

    def __init__(self, base: str, query: MultiDict[Any], person: Person) -> None:
        self.base = f"/{base}"
        self.states: dict[str, Any] = lists.STATES[base]
        self.home = lists.home(person)
        show, state = str(query.get("show") or ""), str(query.get("state") or "")
        self.wanted = Wanted(show if show in SHOWN else self.home, state if state in self.states else "")
        self.after, self.before = _place(str(query.get("after") or "")), _place(str(query.get("before") or ""))

    def address(self, after: Place | None = None, before: Place | None = None, **other: str) -> str:
        """The same list from another place on, or with another wish."""
        return _with(self.base, self._said(other) | {"after": _written(after), "before": _written(before)})

    def record(self, address: str) -> str:
        """A record as it is opened from this page, so that its neighbours and the way back are those of the list."""
        place = {"after": _written(self.after), "before": _written(self.before)}
        return _with(address, self._said({}) | place)

    @property
    def here(self) -> str:
        """This very page of the list."""
        return self.address(self.after, self.before)

    def _said(self, other: dict[str, str]) -> dict[str, str]:
        said = {"show": self.wanted.show, "state": self.wanted.state} | other
        return {name: value for name, value in said.items() if (name, value) != ("show", self.home)}


def _with(address: str, said: dict[str, str]) -> str:
    said = {name: value for name, value in said.items() if value}
    return f"{address}{'&' if '?' in address else '?'}{urlencode(said)}" if said else address


def _written(place: Place | None) -> str:
    return f"{place[0].isoformat()}~{place[1]}" if place else ""


def _place(said: str) -> Place | None:
    moment, _, deal = said[:100].partition("~")
    identity = uuid_or_none(deal)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, identity) if identity is not None and at.tzinfo else None
