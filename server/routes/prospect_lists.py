"""What list somebody asked for, as it stands in an address: kept on the way into a record and back."""

from datetime import datetime
from typing import Any

from litestar.datastructures import MultiDict
from sqlalchemy.orm import Session

from server.domain.catalogue import entries, grades
from server.domain.catalogue.car_models import told_apart
from server.domain.catalogue.selling import sold_here
from server.domain.people import Person, Right
from server.domain.showroom import hands
from server.domain.showroom.lists import SHOWN, WITHIN, Wanted
from server.forms import uuid_or_none
from server.paging import Place
from server.routes import places

FIRST = {"mine": "mine", "all": "all"}
ONLY_WITH_ALL = ("all",)


class Asked:
    """The wishes of an address. What makes no sense is left out, never refused: addresses are typed and shared."""

    def __init__(self, query: MultiDict[Any], person: Person) -> None:
        def said(name: str) -> str:
            return str(query.get(name) or "")[:200]

        sees_all = person.may(Right.SEE_ALL_PROSPECTS)
        shown = [show for show in SHOWN if sees_all or show not in ONLY_WITH_ALL]
        home = "mine" if person.may(Right.KEEP_PROSPECTS) and not sees_all else "all"
        within = said("within")
        self.home = home
        self.wanted = Wanted(
            show=said("show") if said("show") in shown else home, grade=said("grade"), source=said("source"),
            model=uuid_or_none(said("model")), consultant=uuid_or_none(said("consultant")), q=said("q"),
            within=within if within in WITHIN else "",
        )  # fmt: skip
        self.place = places.moment(query)

    @property
    def narrowed(self) -> int:
        """By how many wishes, besides which list it is."""
        wanted = self.wanted
        return sum(map(bool, (wanted.grade, wanted.source, wanted.model, wanted.consultant, wanted.within)))

    def address(self, base: str = "/prospects", place: Place[datetime] | None = None, **other: str) -> str:
        """The same list, from that place on, or with another wish."""
        said = self.said() | other
        return places.address(base, {n: value for n, value in said.items() if (n, value) != ("show", self.home)}, place)

    def said(self) -> dict[str, str]:
        """The wishes in words."""
        wanted = self.wanted
        return {
            "show": wanted.show, "grade": wanted.grade, "source": wanted.source, "model": str(wanted.model or ""),
            "consultant": str(wanted.consultant or ""), "within": wanted.within, "q": wanted.q,
        }  # fmt: skip

    @property
    def here(self) -> str:
        """This very page of the list."""
        return self.address(place=self.place)

    def record(self, number: str) -> str:
        """A record as it is opened from this page, so that one comes back to where one was."""
        return self.address(f"/prospects/{number}", self.place)


def offered(session: Session, person: Person) -> dict[str, Any]:
    """What a list can be narrowed by."""
    store = person.store_id
    return {
        "grades": grades(session, store), "sources": entries(session, store, "source"),
        "models": told_apart(sold_here(session, store)), "consultants": hands.takers(session, store),
    }  # fmt: skip
