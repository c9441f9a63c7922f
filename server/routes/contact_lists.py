"""What list of contacts somebody asked for, as it stands in an address: kept on the way into one and back."""

from datetime import datetime
from typing import Any

from litestar.datastructures import MultiDict

from server.domain.care.kinds import WAYS
from server.domain.care.lists import DEEPEST, DUE, ONLY, PAGE, SHOWN, Listed, Wanted
from server.domain.people import Person, Right
from server.forms import uuid_or_none
from server.paging import Place
from server.routes import places


class Asked:
    """The wishes of an address. What makes no sense is left out, never refused: addresses are typed and shared."""

    def __init__(self, query: MultiDict[Any], person: Person) -> None:
        def said(name: str) -> str:
            return str(query.get(name) or "")[:200]

        sees_all = person.may(Right.KEEP_STAFF)
        self.wanted = Wanted(
            show=said("show") if said("show") in SHOWN else DUE, way=said("way") if said("way") in WAYS else "",
            only=said("only") if said("only") in ONLY else "",
            owner=uuid_or_none(said("owner")) if sees_all else None,
        )  # fmt: skip
        self.place = places.moment(query)
        leaf = said("leaf")
        self.leaf = min(int(leaf), DEEPEST // PAGE) if leaf.isdecimal() and int(leaf) else 1

    @property
    def narrowed(self) -> int:
        """By how many wishes, besides which list it is."""
        return sum(map(bool, (self.wanted.way, self.wanted.only, self.wanted.owner)))

    def address(
        self, base: str = "/contacts", place: Place[datetime] | None = None, leaf: int = 1, **other: str
    ) -> str:
        """The same list, from that place or leaf on, or with another wish."""
        said = self.said() | {"leaf": str(leaf) if leaf > 1 else ""} | other
        return places.address(base, {name: value for name, value in said.items() if (name, value) != HOME}, place)

    def said(self) -> dict[str, str]:
        """The wishes in words."""
        wanted = self.wanted
        return {"show": wanted.show, "way": wanted.way, "only": wanted.only, "owner": str(wanted.owner or "")}

    @property
    def here(self) -> str:
        """This very page of the list."""
        return self.address(place=self.place, leaf=self.leaf)

    def record(self, identity: str) -> str:
        """One of them as it is opened from this page, so that one comes back to where one was."""
        return self.address(f"/contacts/{identity}", self.place, self.leaf)

    def before(self, listed: Listed) -> str | None:
        """The page before."""
        if listed.leaf > 1:
            return self.address(leaf=listed.leaf - 1)
        return self.address(place=listed.earlier) if listed.earlier else None

    def after(self, listed: Listed) -> str | None:
        """The page after."""
        if not listed.is_last:
            return self.address(leaf=listed.leaf + 1)
        return self.address(place=listed.later) if listed.later else None


HOME = ("show", DUE)
