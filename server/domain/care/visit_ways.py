"""A team's day on the road: its visits as the reckoning wants them, and the order it gives put into them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session, joinedload

from server.database import Words
from server.domain.care.visit_places import Atlas, Place
from server.domain.care.visit_reach import visible_to
from server.domain.care.visit_route import Stop, Task, Way, along
from server.domain.care.visit_teams import VisitTeam
from server.domain.care.visits import HomeVisit, State, tell
from server.domain.catalogue import value_of
from server.domain.people import Person, Right
from server.domain.refusals import N_, NotAllowed, WrongMove


class TeamRoute(msgspec.Struct, frozen=True):
    """The visits of one team on one day; those whose district nobody knows are on no way."""

    team: VisitTeam | None
    visits: list[HomeVisit]
    lost: list[HomeVisit]
    """Nobody knows where these are."""
    places: dict[UUID, Place]
    start: Place | None
    task: Task | None
    """What is reckoned; None without a place for the store or for any visit."""

    @property
    def key(self) -> str:
        """How it is called in an address and a form."""
        return str(self.team.id) if self.team is not None else "none"

    @property
    def name(self) -> str | Words:
        """What people call it."""
        return self.team.name if self.team is not None else {"zh": "未分队", "en": "No team"}

    @property
    def way(self) -> Way | None:
        """As its visits stand now."""
        return along(self.task, range(len(self.task.stops))) if self.task is not None else None


def of_day(session: Session, day: date, *, by: Person, drafts: bool) -> list[TeamRoute]:
    """Every team that somebody sees on the road on that day, by its name."""
    query = visible_to(session, by).query.where(HomeVisit.day == day)
    query = query.where(HomeVisit.state != State.CANCELLED).options(
        joinedload(HomeVisit.team), joinedload(HomeVisit.vehicle), joinedload(HomeVisit.demo_car),
    )  # fmt: skip
    visits = session.scalars(query.order_by(HomeVisit.position, HomeVisit.starts_at, HomeVisit.id)).unique().all()
    visits = [visit for visit in visits if drafts or not visit.is_draft]
    teams: dict[UUID | None, list[HomeVisit]] = {}
    for visit in visits:
        teams.setdefault(visit.team_id, []).append(visit)
    atlas, rules = Atlas(session, by.store_id), value_of(session, by.store_id, "visit_rules")
    found = [_route(members[0].team, members, atlas, rules, by) for members in teams.values()]
    return sorted(found, key=lambda one: (one.team is None, one.team.name if one.team else ""))


def lay(session: Session, route: TeamRoute, way: Way, *, by: Person) -> None:
    """Its visits are gone to in this order; those that are not booked yet are proposed for these times.

    Raises NotAllowed, and WrongMove when the visits are others by now.
    """
    if not by.may(Right.PLAN_VISITS):
        raise NotAllowed
    on_it = {str(visit.id): visit for visit in route.visits if visit.id in route.places}
    if {leg.key for leg in way.legs} != on_it.keys():
        raise WrongMove(N_("The visits of this day have changed. Look at the way again."))
    for turn, leg in enumerate(way.legs, 1):
        visit = on_it[leg.key]
        begins = datetime.combine(visit.day, time(), by.zone) + timedelta(minutes=leg.begins)
        proposed = begins if visit.state == State.PLANNED else visit.starts_at
        if (visit.position, visit.starts_at) != (turn, proposed):
            visit.position, visit.starts_at = turn, proposed
            visit.version += 1
            tell(session, "visit.laid", visit, by=by, turn=turn)


def _route(
    team: VisitTeam | None, visits: list[HomeVisit], atlas: Atlas, rules: dict[str, Any], by: Person
) -> TeamRoute:
    visits = sorted(visits, key=lambda visit: (visit.position == 0, visit.position))
    places = {visit.id: place for visit in visits if (place := atlas.of_visit(visit)) is not None}
    known = [visit for visit in visits if visit.id in places]
    task = None
    if atlas.store is not None and known:
        stops = [_stop(visit, places[visit.id], by) for visit in known]
        task = Task(atlas.store, stops, rules["leaves"], rules["kmh"], rules["spare"])
    lost = [visit for visit in visits if visit.id not in places]
    return TeamRoute(team, visits, lost, places, atlas.store, task)


def _stop(visit: HomeVisit, place: Place, by: Person) -> Stop:
    """What was agreed with the customer stands; a time that was only proposed does not."""
    at = None
    if visit.state != State.PLANNED and visit.starts_at is not None:
        here = visit.starts_at.astimezone(by.zone)
        at = here.hour * 60 + here.minute
    return Stop(str(visit.id), place[0], place[1], visit.minutes, at)


def numbered(visits: Sequence[HomeVisit], way: Way) -> list[HomeVisit]:
    """The visits in the order of a way."""
    by_key = {str(visit.id): visit for visit in visits}
    return [by_key[leg.key] for leg in way.legs]
