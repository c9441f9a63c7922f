"""Figures of home visits: coverage against the plan, repurchases and referrals, and what they cost, team by team."""

from datetime import date
from typing import Any

from litestar import Request, get
from litestar.datastructures import State
from sqlalchemy.orm import Session

from server.database import now
from server.domain.insight import home_visits
from server.domain.insight.home_visits import WITHIN, Months, months_later
from server.domain.people import Person, Right
from server.domain.people.staff import titles
from server.routes import places
from server.visit import needs
from server.web import Html, Page

Ask = Request[Any, Any, State]
SPANS, USUAL = (1, 3, 6, 12), 6


@get("/insight/visits", opt=needs(Right.PLAN_VISITS), sync_to_thread=True)
def show(request: Ask, session: Session, person: Person, page: Page) -> Html:
    """So many months up to one of them."""
    asked = request.query_params
    this = now().astimezone(person.zone).date().replace(day=1)
    last = min(_month(str(asked.get("month") or "")) or this, this)
    months = next((one for one in SPANS if str(one) == asked.get("months")), USUAL)
    span = Months(months_later(last, 1 - months), months_later(last, 1), person.zone)
    figures = home_visits.read(session, person, span)

    def address(**said: object) -> str:
        told = {"months": months, "month": f"{last:%Y-%m}"} | said
        return places.address("/insight/visits", {name: str(value) for name, value in told.items() if value})

    return page(
        "insight/visits.html", figures=figures, address=address,
        names={str(one): title for one, title in titles(session, person.store_id).items()}, last=last,
        months=months, spans=SPANS, within=WITHIN, earlier=f"{months_later(last, -1):%Y-%m}",
        later=f"{months_later(last, 1):%Y-%m}" if last < this else "",
    )  # fmt: skip


def _month(typed: str) -> date | None:
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        return None


ALL = [show]
