"""The road of a day: every team's visits in their order on a map, and the shortest order with what it saves."""

from datetime import date, timedelta
from typing import Any

from litestar import get, post
from sqlalchemy.orm import Session

from server import press
from server.database import now
from server.domain.care import visit_route, visit_ways
from server.domain.care.visit_places import Place
from server.domain.care.visit_route import Leg, Way
from server.domain.care.visit_ways import TeamRoute
from server.domain.people import Person, Right
from server.domain.refusals import N_, WrongMove
from server.forms import Form
from server.routes.visit_lists import day_of
from server.visit import needs
from server.visit_map import Map, drawn
from server.web import Html, Page

SEES, PLANS = needs(Right.GO_ON_VISITS), needs(Right.PLAN_VISITS)


@get("/visits/route", opt=SEES, sync_to_thread=True)
def current(person: Person, page: Page) -> Html:
    """Today's."""
    return page.go(f"/visits/route/{now().astimezone(person.zone).date().isoformat()}")


@get("/visits/route/{day:str}", opt=SEES, sync_to_thread=True)
def show(day: str, session: Session, person: Person, page: Page) -> Html:
    """As the visits stand now."""
    on = day_of(day)
    return page("visits/route.html", **_shown(session, person, on))


@get("/visits/route/{day:str}/proposal", opt=PLANS, sync_to_thread=True)
def propose(day: str, session: Session, person: Person, page: Page) -> Html:
    """The shortest order of every team; it is reckoned in a worker, for the solver is heavy."""
    on = day_of(day)
    routes = visit_ways.of_day(session, on, by=person, drafts=True)
    ways = {one.key: press.elsewhere(visit_route.shortest, one.task) for one in routes if one.task is not None}
    return page("visits/route.html", **_shown(session, person, on, ways))


@post("/visits/route/{day:str}", opt=PLANS, status_code=200, sync_to_thread=True)
def lay(day: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Take the order over for one team: it comes as it was shown, and is measured again."""
    on = day_of(day)
    routes = {one.key: one for one in visit_ways.of_day(session, on, by=person, drafts=True)}
    route = routes.get(form.text("team", most=36))
    places = {stop.key: turn for turn, stop in enumerate(route.task.stops)} if route and route.task else {}
    order = [places[key] for key in form.every("visit") if key in places]
    if not (route and route.task) or sorted(order) != list(range(len(places))):
        raise WrongMove(N_("The visits of this day have changed. Look at the way again."))
    visit_ways.lay(session, route, visit_route.along(route.task, order), by=person)
    return page.go(f"/visits/route/{on.isoformat()}", N_("The order of the day is taken over."))


def _shown(session: Session, person: Person, on: date, proposed: dict[str, Way] | None = None) -> dict[str, Any]:
    routes = visit_ways.of_day(session, on, by=person, drafts=person.may(Right.PLAN_VISITS))
    shown = [(one, (proposed or {}).get(one.key) or one.way) for one in routes]
    return {
        "day": on, "routes": [_Shown(route, way) for route, way in shown], "proposed": proposed is not None,
        "map": _map(shown), "earlier": on - timedelta(days=1), "later": on + timedelta(days=1),
        "plans": person.may(Right.PLAN_VISITS), "today": now().astimezone(person.zone).date(),
        "base": f"/visits/route/{on.isoformat()}", "clock": _clock,
    }  # fmt: skip


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


class _Shown:
    """A team's way with the visit of each leg."""

    def __init__(self, route: TeamRoute, way: Way | None) -> None:
        self.route, self.way = route, way
        by_key = {str(visit.id): visit for visit in route.visits}
        self.legs: list[tuple[Leg, Any]] = [(leg, by_key[leg.key]) for leg in (way.legs if way is not None else ())]

    @property
    def is_as_it_stands(self) -> bool:
        """Whether the visits have this order already."""
        return [visit.position for _, visit in self.legs] == list(range(1, len(self.legs) + 1))


def _map(shown: list[tuple[TeamRoute, Way | None]]) -> Map | None:
    start: Place | None = next((route.start for route, _ in shown if route.start is not None), None)
    if start is None or not any(way is not None for _, way in shown):
        return None
    ways: list[list[tuple[Place, str]]] = []
    for route, way in shown:
        if way is not None:
            by_key = {str(visit.id): visit for visit in route.visits}
            visits = [by_key[leg.key] for leg in way.legs]
            ways.append([(route.places[visit.id], visit.customer.name) for visit in visits])
    return drawn(start, ways)


ALL = [current, show, propose, lay]
