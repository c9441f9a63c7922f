"""Which list of home visits somebody asked for, as it stands in an address; and the months of the calendar."""

from datetime import date, timedelta
from typing import Any

import msgspec
from litestar.datastructures import MultiDict

from server.domain.care.visit_reach import DRAFTS, OVER, SHOWN, TO_CLOSE, TO_COME
from server.domain.care.visits import HomeVisit
from server.domain.people import Person, Right
from server.domain.refusals import N_, NotThere
from server.paging import Leaf, Place
from server.routes import places

TABS = {TO_COME: N_("To come"), TO_CLOSE: N_("To be closed"), OVER: N_("Over"), DRAFTS: N_("Drafts")}
WEEK = 7


class Asked:
    """The wishes of an address. What makes no sense there is left out, never refused."""

    def __init__(self, query: MultiDict[Any], person: Person) -> None:
        plans = person.may(Right.PLAN_VISITS)
        shown = [one for one in SHOWN if one != DRAFTS or plans]
        show, whose = str(query.get("show") or ""), str(query.get("whose") or "")
        self.show = show if show in shown else TO_COME
        self.home = "all" if plans else "mine"
        self.whose = whose if whose in ("mine", "all") else self.home
        self.place = places.day(query)
        self.tabs = {one: TABS[one] for one in shown}

    @property
    def mine(self) -> bool:
        """Whether only those are wanted that one goes on."""
        return self.whose == "mine"

    def address(self, base: str = "/visits", place: Place[date] | None = None, **other: str) -> str:
        """The same list from another place on, or with another wish."""
        said = {"show": self.show, "whose": self.whose} | other
        usual = {("show", TO_COME), ("whose", self.home)}
        return places.address(base, {name: value for name, value in said.items() if (name, value) not in usual}, place)

    @property
    def here(self) -> str:
        """This very page of the list."""
        return self.address(place=self.place)

    def record(self, identity: str) -> str:
        """A visit as it is opened from this page."""
        return self.address(f"/visits/{identity}", self.place)


class Listed(msgspec.Struct, frozen=True):
    """One page, and where it goes on."""

    visits: list[HomeVisit]
    earlier: Place[date] | None
    later: Place[date] | None


def listed(leaf: Leaf[HomeVisit]) -> Listed:
    """A page as it is shown."""
    rows = list(leaf.rows)
    return Listed(
        rows, Place(rows[0].day, rows[0].id, backwards=True) if leaf.before else None,
        Place(rows[-1].day, rows[-1].id) if leaf.after else None,
    )  # fmt: skip


def month_of(typed: str) -> date:
    """The first day of `2026-11`. Raises NotThere."""
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        raise NotThere from None


def day_of(typed: str) -> date:
    """A day of an address. Raises NotThere."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise NotThere from None


def month_after(month: date) -> date:
    """The first day of the next month."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def weeks_of(month: date) -> list[list[date]]:
    """Whole weeks from the Monday before the first day to the Sunday after the last one."""
    monday = month - timedelta(days=month.weekday())
    last = month_after(month) - timedelta(days=1)
    count = ((last - monday).days // WEEK) + 1
    return [[monday + timedelta(days=WEEK * week + day) for day in range(WEEK)] for week in range(count)]
