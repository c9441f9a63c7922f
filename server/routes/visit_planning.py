"""The plan of a month: how many visits are owed, who should be visited and why, which team goes where on which day."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import visit_planning
from server.domain.care.visit_candidates import ranked, said
from server.domain.care.visits import HomeVisit
from server.domain.people import Person, Right
from server.domain.refusals import N_, Refusal, WrongMove
from server.forms import Form, uuid_or_none
from server.routes.visit_lists import month_after, month_before, month_of
from server.visit import needs
from server.web import Html, Page

PLANS = needs(Right.PLAN_VISITS)
MOST = 100
"""Candidates that are shown; those beyond have little that speaks for them."""


@get("/visits/plan", opt=PLANS, sync_to_thread=True)
def current(person: Person, page: Page) -> Html:
    """This month's."""
    return page.go(f"/visits/plan/{now().astimezone(person.zone):%Y-%m}")


@get("/visits/plan/{month:str}", opt=PLANS, sync_to_thread=True)
def show(month: str, session: Session, person: Person, page: Page) -> Html:
    """How far the plan is, and who could be visited besides."""
    return page("visits/plan.html", **_shown(session, person, month_of(month)))


@post("/visits/plan/{month:str}/proposal", opt=PLANS, status_code=200, sync_to_thread=True)
def propose(month: str, session: Session, person: Person, page: Page) -> Html:
    """As many as the plan lacks, of those for whom most speaks."""
    plan = visit_planning.open_plan(session, month_of(month), by=person)
    made = visit_planning.propose(session, plan, by=person)
    return page.go(f"/visits/plan/{plan.code}", N_("%(count)s visits are proposed."), count=len(made))


@post("/visits/plan/{month:str}/choice", opt=PLANS, status_code=200, sync_to_thread=True)
def choose(month: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Those that were ticked."""
    plan = visit_planning.open_plan(session, month_of(month), by=person)
    try:
        chosen = [one for typed in form.every("customer") if (one := uuid_or_none(typed)) is not None]
        made = visit_planning.choose(session, plan, chosen, by=person)
    except Refusal as wrong:
        return page.again("visits/plan.html", wrong, form, **_shown(session, person, plan.month))
    return page.go(f"/visits/plan/{plan.code}", N_("%(count)s visits are in the plan."), count=len(made))


@post("/visits/plan/{month:str}/release", opt=PLANS, status_code=200, sync_to_thread=True)
def release(month: str, session: Session, person: Person, page: Page) -> Html:
    """Those who go are told; the calls to book are owed."""
    plan = visit_planning.of_month(session, person.store_id, month_of(month))
    if plan is None:
        raise WrongMove(N_("Nothing is planned yet."))
    visit_planning.release(session, plan, by=person)
    return page.go(f"/visits/plan/{plan.code}", N_("The plan is released; everybody who goes is told."))


def _shown(session: Session, person: Person, month: date) -> dict[str, Any]:
    plan = visit_planning.of_month(session, person.store_id, month)
    share = plan.share if plan is not None else visit_planning.share_of(session, person, month)
    sold = visit_planning.wanted_for(session, person, month)
    visits = visit_planning.visits_of(session, plan) if plan is not None else ()
    found = ranked(session, person)
    today = now().astimezone(person.zone).date()
    return {
        "plan": plan, "month": month, "share": share, "sold": sold, "target": visit_planning.target(sold, share),
        "visits": visits, "days": _by_day(visits), "candidates": found[:MOST], "count": len(found), "said": said,
        "earlier": month_before(month), "later": month_after(month),
        "over": month_after(month) <= today, "ahead": month > today,
    }  # fmt: skip


def _by_day(visits: Sequence[HomeVisit]) -> list[tuple[date, list[tuple[UUID | None, list[HomeVisit]]]]]:
    """By day, and in a day by team."""
    days: dict[date, dict[UUID | None, list[HomeVisit]]] = {}
    for visit in visits:
        days.setdefault(visit.day, {}).setdefault(visit.team_id, []).append(visit)
    return [(day, list(teams.items())) for day, teams in sorted(days.items())]


ALL = [current, show, propose, choose, release]
