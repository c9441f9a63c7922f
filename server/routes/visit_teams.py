"""Teams that go on visits, the cars they go in, and the presents in the cupboard."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.care import visit_gifts, visit_manning
from server.domain.care.visit_goods import Gift
from server.domain.care.visit_teams import VisitTeam, teams, vehicles
from server.domain.catalogue import entries
from server.domain.people import Person, Right, of_store
from server.domain.people.staff import with_right
from server.domain.refusals import N_, Refusal
from server.forms import Form
from server.routes.visit_settings import ROLES, crew_of
from server.visit import needs
from server.web import Html, Page

PLANS = needs(Right.PLAN_VISITS)


@get("/visits/teams", opt=PLANS, sync_to_thread=True)
def index(session: Session, person: Person, page: Page) -> Html:
    """Who goes with whom, in which car; and what lies in the cupboard."""
    return page("visits/teams.html", **_shown(session, person))


@post("/visits/teams", opt=PLANS, status_code=200, sync_to_thread=True)
def add(form: Form, session: Session, person: Person, page: Page) -> Html:
    """A new team."""
    try:
        visit_manning.found(session, *_read(form, session, person), by=person)
    except Refusal as wrong:
        return page.again("visits/teams.html", wrong, form, **_shown(session, person))
    return page.go("/visits/teams", N_("Kept."))


@get("/visits/teams/{team_id:uuid}", opt=PLANS, sync_to_thread=True)
def edit(team_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """One team."""
    team = of_store(session, VisitTeam, team_id, person.store_id)
    return page("visits/team.html", team=team, **_shown(session, person))


@post("/visits/teams/{team_id:uuid}", opt=PLANS, status_code=200, sync_to_thread=True)
def change(team_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Other people, another car, or it goes no more."""
    team = of_store(session, VisitTeam, team_id, person.store_id)
    try:
        if form.yes("end"):
            visit_manning.disband(session, team, by=person)
        else:
            visit_manning.change(session, team, *_read(form, session, person), by=person)
    except Refusal as wrong:
        return page.again("visits/team.html", wrong, form, team=team, **_shown(session, person))
    return page.go("/visits/teams", N_("Kept."))


@post("/visits/gifts/{gift_id:uuid}", opt=PLANS, status_code=200, sync_to_thread=True)
def count(gift_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """So many of a present lie there."""
    gift = of_store(session, Gift, gift_id, person.store_id)
    try:
        found = form.whole("found", most=visit_gifts.MOST_IN_STOCK)
        form.check()
        visit_gifts.count(session, gift.id, found or 0, by=person)
    except Refusal as wrong:
        return page.again("visits/teams.html", wrong, form, **_shown(session, person))
    return page.go("/visits/teams#gifts", N_("Kept."))


def _read(form: Form, session: Session, person: Person) -> tuple[str, Any, dict[UUID, str]]:
    offered = {str(one.id): one for one in vehicles(session, person.store_id)}
    name, vehicle = form.text("name", required=True, most=40), form.choice("vehicle", offered, required=False)
    crew = crew_of(form, session, person)
    form.check()
    return name, offered.get(vehicle), crew


def _shown(session: Session, person: Person) -> dict[str, Any]:
    store = person.store_id
    return {
        "teams": teams(session, store), "vehicles": vehicles(session, store), "roles": entries(session, store, ROLES),
        "staff": with_right(session, store, Right.GO_ON_VISITS), "gifts": visit_gifts.in_stock(session, store),
    }  # fmt: skip


ALL = [index, add, edit, change, count]
