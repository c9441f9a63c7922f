"""Places of a list as they stand in an address, and the records beside one in its list."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from server.forms import uuid_or_none
from server.paging import Place


def written(place: Place[Any] | None) -> dict[str, str]:
    """A place as it is written into an address."""
    if place is None:
        return {}
    return {"before" if place.backwards else "after": f"{place.at.isoformat()}~{place.id}"}


def moment(query: Mapping[str, Any]) -> Place[datetime] | None:
    """The place of an address in a list by moments; what makes no sense is left out."""
    said = _read(query, datetime.fromisoformat)
    return said if said is not None and said.at.tzinfo else None


def day(query: Mapping[str, Any]) -> Place[date] | None:
    """The place of an address in a list by days."""
    return _read(query, date.fromisoformat)


def address(base: str, said: Mapping[str, str], place: Place[Any] | None = None) -> str:
    """An address with what is said, without what is empty."""
    said = {name: value for name, value in said.items() if value} | written(place)
    return f"{base}{'&' if '?' in base else '?'}{urlencode(said)}" if said else base


def beside(record: Callable[[str], str], found: tuple[Any, Any]) -> dict[str, Any]:
    """The addresses of the one before and the one after, as the pages of records show them."""
    before, after = found
    return {"before": record(str(before)) if before else None, "after": record(str(after)) if after else None}


def _read(query: Mapping[str, Any], at: Callable[[str], Any]) -> Place[Any] | None:
    for name, backwards in (("after", False), ("before", True)):
        when, _, record = str(query.get(name) or "")[:100].partition("~")
        identity = uuid_or_none(record)
        try:
            if identity is not None:
                return Place(at(when), identity, backwards)
        except ValueError:
            continue
    return None
