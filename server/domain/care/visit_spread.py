"""Which team goes where on which day: those of one area on one day, never more in a day than a team can do."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from server.database import Words
from server.domain.care.visit_places import Atlas, km
from server.domain.care.visit_teams import VisitTeam

FAR = 1e9
"""Kilometres to a place that nobody knows."""


@dataclass
class TeamDay:
    """One team on one day, and in which areas it is then; a team of None where the store has entered none."""

    day: date
    team: VisitTeam | None
    room: int
    areas: list[str] = field(default_factory=list[str])

    @property
    def is_full(self) -> bool:
        """Whether it can take no more visits."""
        return len(self.areas) >= self.room


def working_days(first: date, last: date, weekdays: Sequence[int]) -> list[date]:
    """The days from the first to the last on which teams go; 0 is Monday."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() in weekdays]


def team_days(days: Iterable[date], teams: Sequence[VisitTeam], room: int) -> list[TeamDay]:
    """Every team on every one of these days, day by day."""
    return [TeamDay(day, team, room) for day in days for team in (teams or (None,))]


def place(areas: Sequence[Words], free: list[TeamDay], atlas: Atlas) -> list[TeamDay | None]:
    """For each visit, by its area, a team's day; None where no day has room.

    The areas with most visits choose first. A visit joins a day on which a team is in its area, else it takes an
    empty day, else the day whose areas are nearest.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for number, area in enumerate(areas):
        groups[area["zh"]].append(number)
    found: list[TeamDay | None] = [None] * len(areas)
    for _, numbers in sorted(groups.items(), key=lambda group: (-len(group[1]), group[1][0])):
        for number in numbers:
            found[number] = day = _best(areas[number], free, atlas)
            if day is not None:
                day.areas.append(areas[number]["zh"])
    return found


def _best(area: Words, free: list[TeamDay], atlas: Atlas) -> TeamDay | None:
    open_days = [day for day in free if not day.is_full]
    return min(open_days, key=lambda day: _distance(area, day, atlas), default=None)


def _distance(area: Words, day: TeamDay, atlas: Atlas) -> tuple[int, float, int]:
    """Together with its own area first, then alone, then with what is near; of equals the emptier day."""
    if area["zh"] in day.areas:
        return 0, 0.0, 0
    if not day.areas:
        return 1, 0.0, 0
    here = atlas.of_area(area)
    there = [atlas.of_area({"zh": other}) for other in set(day.areas)]
    ways = [km(here, one) if here and one else FAR for one in there]
    return 2, max(ways), len(day.areas)
