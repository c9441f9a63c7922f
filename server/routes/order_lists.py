"""Which list of repair orders somebody asked for, as it stands in an address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from server.domain.people import Person
from server.domain.workshop import lists
from server.domain.workshop.lists import HERE, STATES, Place, Wanted
from server.forms import uuid_or_none

BASE = "/repair-orders"
SHOWN = ("mine", "all")
ANY = "any"


class Asked:
    """The wishes of an address. What makes no sense there is left out, never refused."""

    states: Mapping[Any, Any] = STATES

    def __init__(self, query: Mapping[str, Any], person: Person) -> None:
        self.home = lists.home(person)
        show, state = str(query.get("show") or ""), str(query.get("state") or "")
        state = "" if state == ANY else state if state in STATES else HERE
        self.wanted = Wanted(show if show in SHOWN else self.home, state, str(query.get("q") or "")[:200])
        self.after, self.before = _place(str(query.get("after") or "")), _place(str(query.get("before") or ""))

    def address(self, after: Place | None = None, before: Place | None = None, **other: str) -> str:
        """The same list from another place on, or with another wish."""
        return _with(BASE, self._said(other) | {"after": _written(after), "before": _written(before)})

    def record(self, address: str) -> str:
        """A record as it is opened from this page, so that its neighbours and the way back are those of the list."""
        return _with(address, self._said({}) | {"after": _written(self.after), "before": _written(self.before)})

    @property
    def here(self) -> str:
        """This very page of the list."""
        return self.address(self.after, self.before)

    def _said(self, other: dict[str, str]) -> dict[str, str]:
        said = {"show": self.wanted.show, "state": self.wanted.state or ANY, "q": self.wanted.q} | other
        usual = {"show": self.home, "state": HERE}
        return {name: value for name, value in said.items() if value != usual.get(name)}


def _with(address: str, said: dict[str, str]) -> str:
    said = {name: value for name, value in said.items() if value}
    return f"{address}?{urlencode(said)}" if said else address


def _written(place: Place | None) -> str:
    return f"{place[0].isoformat()}~{place[1]}" if place else ""


def _place(said: str) -> Place | None:
    moment, _, order = said[:100].partition("~")
    identity = uuid_or_none(order)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, identity) if identity is not None and at.tzinfo else None
