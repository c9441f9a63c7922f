"""The excitement of a sale step by step, the customer's beside the consultant's, from what both tapped."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

import msgspec
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from server.domain.catalogue import parameters
from server.domain.insight.scope import Scope, narrowed
from server.domain.people import Person
from server.domain.showroom import Prospect, StepRating
from server.domain.showroom.ratings import CONSULTANT, CUSTOMER, DELIVERY, MOST, STEPS, WHO

TOP = 10
"""The curve goes from nought to ten: a mean of five is ten."""
USUAL = {CUSTOMER: (3, 4, 5, 6, 8, 6, 10), CONSULTANT: (4, 5, 6, 7, 7, 10, 5)}
"""How it usually goes (domain §3.2), shown where nobody has tapped; a parameter of the store goes before it."""
GAP = 2
"""From so far below the customer on, the consultant is told."""
Sums = dict[tuple[str, str], tuple[int, int]]
"""By step and who: the sum of the scores and how many they are."""


class Value(msgspec.Struct, frozen=True):
    """One point of a curve: from 0 to 10, and from how many taps; from none it is the usual one."""

    value: float
    count: int


class Point(msgspec.Struct, frozen=True):
    """One step."""

    step: str
    customer: Value
    consultant: Value

    @property
    def gap(self) -> float | None:
        """The consultant's less the customer's, each as it is shown; None until both have tapped."""
        if not (self.customer.count and self.consultant.count):
            return None
        return round(round(self.consultant.value, 1) - round(self.customer.value, 1), 1)


class Excitement(msgspec.Struct, frozen=True):
    """The curve of one scope, and what to look at."""

    points: list[Point]
    limit: float
    by_consultant: dict[UUID, Point]
    """Everybody's delivery, where the book says it goes wrong."""

    @property
    def count(self) -> int:
        """All taps behind it."""
        return sum(point.customer.count + point.consultant.count for point in self.points)

    @property
    def behind(self) -> list[Point]:
        """Where the consultant stays too far below the customer."""
        return [point for point in self.points if self.lags(point)]

    @property
    def falls(self) -> Point | None:
        """Where the customer warms up and the consultant cools off too far below; the widest, if there are several."""
        rated = [point for point in self.points if point.gap is not None]
        found = [
            after for before, after in pairwise(rated)
            if self.lags(after) and after.customer.value > before.customer.value
            and after.consultant.value < before.consultant.value
        ]  # fmt: skip
        return min(found, key=lambda point: point.gap or 0.0, default=None)

    def lags(self, point: Point) -> bool:
        """Whether the consultant stays too far below."""
        return point.gap is not None and point.gap <= -self.limit


def read(session: Session, person: Person, scope: Scope) -> Excitement:
    """In two questions, however many taps there are."""
    today = scope.until.astimezone(person.zone).date()
    own = parameters.values_beginning(session, person.store_id, "excitement", today)
    usual = own.get("excitement_usual", USUAL)
    sums: dict[UUID, Sums] = {}
    total: Sums = {}
    for consultant, step, who, added, count in session.execute(_question(person, scope)):
        key = (step, who)
        sums.setdefault(consultant, {})[key] = (added, count)
        before = total.get(key, (0, 0))
        total[key] = (before[0] + added, before[1] + count)
    points = [_point(total, step, usual, place) for place, step in enumerate(STEPS)]
    last = len(STEPS) - 1
    theirs = {one: _point(own_sums, DELIVERY, usual, last) for one, own_sums in sums.items()}
    rated = {one: point for one, point in theirs.items() if point.gap is not None}
    return Excitement(points, own.get("excitement_gap", GAP), dict(sorted(rated.items(), key=_widest_first)))


def of_one(scores: Mapping[tuple[str, str], int]) -> list[Point]:
    """The curve of a single sale."""
    sums = {key: (score, 1) for key, score in scores.items()}
    return [_point(sums, step, USUAL, place) for place, step in enumerate(STEPS)]


def _question(person: Person, scope: Scope) -> Select[UUID, str, str, int, int]:
    wanted = narrowed(person, scope, StepRating, StepRating.rated_at, Prospect.source)
    sums = (func.sum(StepRating.score), func.count())
    query = select(StepRating.consultant_id, StepRating.step, StepRating.who, *sums).where(*wanted)
    if scope.source:
        query = query.join(Prospect, Prospect.id == StepRating.prospect_id)
    return query.group_by(StepRating.consultant_id, StepRating.step, StepRating.who)


def _point(sums: Sums, step: str, usual: Mapping[str, tuple[int, ...]], place: int) -> Point:
    customer, consultant = (_value(sums.get((step, who)), usual[who][place]) for who in WHO)
    return Point(step, customer, consultant)


def _value(sum_: tuple[int, int] | None, usual: float) -> Value:
    if sum_ is None:
        return Value(usual, 0)
    added, count = sum_
    return Value(float(Fraction(added * TOP, count * MOST)), count)


def _widest_first(pair: tuple[UUID, Point]) -> tuple[float, str]:
    return (pair[1].gap or 0.0, str(pair[0]))
