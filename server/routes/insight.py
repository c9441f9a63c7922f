"""Figures of the sale: the funnel, the people behind each number of it, and the curve of excitement."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Request, get
from litestar.datastructures import MultiDict, State
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import entries, words_of
from server.domain.insight import Scope, cases, excitement, funnel
from server.domain.insight.cases import PROSPECT, STEP_NAMES, STEPS
from server.domain.people import Person, Right
from server.domain.people.staff import titles
from server.domain.showroom import hands, ratings
from server.forms import uuid_or_none
from server.routes import places
from server.visit import needs
from server.web import Html, Page

Ask = Request[Any, Any, State]
SEES = needs(Right.SEE_FIGURES)
PERIODS, USUAL = (7, 30, 90, 365), 30
LONGEST = timedelta(days=366 * 10)


class Asked:
    """The wishes of an address. What makes no sense is left out, never refused: addresses are typed and shared."""

    def __init__(self, query: MultiDict[Any], person: Person) -> None:
        today = now().astimezone(person.zone).date()
        first, last = _day(query.get("from")), _day(query.get("to"))
        self.days = next((days for days in PERIODS if str(days) == query.get("days")), USUAL)
        self.by_day = first is not None or last is not None
        """Whether the days were chosen one by one."""
        self.last = min(last or today, today)
        self.first = min(first or self.last - timedelta(days=self.days - 1), self.last)
        self.first = max(self.first, self.last - LONGEST)
        sees_all = person.may(Right.SEE_ALL_PROSPECTS)
        self.consultant = uuid_or_none(str(query.get("consultant") or "")) if sees_all else None
        self.source = str(query.get("source") or "")[:60]
        self.scope = Scope(
            since=datetime.combine(self.first, time(), person.zone),
            until=datetime.combine(self.last + timedelta(days=1), time(), person.zone),
            consultant=self.consultant, source=self.source,
        )  # fmt: skip

    @property
    def narrowed(self) -> int:
        """By how many wishes, besides a usual period."""
        return sum((self.by_day, self.consultant is not None, bool(self.source)))

    def address(self, base: str, **other: Any) -> str:
        """That page about the same, or with another wish."""
        said = {"consultant": self.consultant, "source": self.source}
        if self.by_day and "days" not in other:
            said |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
        else:
            said |= {"days": self.days}
        wanted = {name: str(value) for name, value in (said | other).items() if value}
        if wanted.get("days") == str(USUAL):
            del wanted["days"]
        return f"{base}?{urlencode(wanted)}" if wanted else base


@get("/insight", opt=SEES, sync_to_thread=False)
def index(page: Page) -> Html:
    """The first of the figures."""
    return page.go("/insight/funnel")


@get("/insight/funnel", opt=SEES, sync_to_thread=True)
def show(request: Ask, session: Session, person: Person, page: Page) -> Html:
    """How many come how far, who goes on, and how long it takes."""
    asked = Asked(request.query_params, person)
    seen = funnel.read(session, person, asked.scope)
    return page("insight/funnel.html", asked=asked, funnel=seen, names=STEP_NAMES, **_offered(session, person))


@get("/insight/people", opt=SEES, sync_to_thread=True)
def people(request: Ask, session: Session, person: Person, page: Page) -> Html:
    """The names behind one number of the funnel."""
    query = request.query_params
    asked, stopped = Asked(query, person), query.get("stopped") == "1"
    step = next((step for step in STEPS if step == query.get("step")), PROSPECT)
    found = cases.people(session, person, asked.scope, step, stopped=stopped, place=places.moment(query))
    return page(
        "insight/people.html", asked=asked, step=step, stopped=stopped, found=found, names=STEP_NAMES, steps=STEPS,
        unnamed=funnel.unnamed(session, person, asked.scope) if step == STEPS[0] and not stopped else 0,
        **_offered(session, person),
    )  # fmt: skip


@get("/insight/excitement", opt=SEES, sync_to_thread=True)
def feel(request: Ask, session: Session, person: Person, page: Page) -> Html:
    """The curve of the customers beside the consultants'."""
    asked = Asked(request.query_params, person)
    seen = excitement.read(session, person, asked.scope)
    return page(
        "insight/excitement.html", asked=asked, excitement=seen, points=seen.points, steps=ratings.STEPS,
        **_offered(session, person),
    )  # fmt: skip


def _offered(session: Session, person: Person) -> dict[str, Any]:
    store = person.store_id
    return {
        "periods": PERIODS, "sources": entries(session, store, "source"), "staff": titles(session, store),
        "consultants": hands.takers(session, store) if person.may(Right.SEE_ALL_PROSPECTS) else (),
        "said": words_of(session, store, "source"),
    }  # fmt: skip


def _day(typed: Any) -> date | None:
    try:
        day = date.fromisoformat(str(typed))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


ALL = [index, show, people, feel]
