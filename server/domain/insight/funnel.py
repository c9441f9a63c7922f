"""The funnel of a sale: how many come how far, who goes on from each step to the next, and how long that takes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import CTE, Select, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from server.database import Elapsed
from server.domain.insight.cases import DELIVERY, ORDER, PROSPECT, RECEPTION, STEPS, WON, cases
from server.domain.insight.scope import Scope, narrowed
from server.domain.people import Person
from server.domain.showroom import Reception, prospects, receptions

PAIRS = tuple(pairwise(STEPS))
OUTCOMES = tuple(prospects.State)
Key = TypeVar("Key")


class Tally(msgspec.Struct):
    """Counts that can be added. `went_on` is who reached a step and also the next one, in whatever order."""

    reached: dict[str, int]
    went_on: dict[str, int]
    outcomes: dict[str, int]
    unnamed: int = 0
    """Visits of whom nothing was written down; they count as received."""

    @property
    def won(self) -> float | None:
        """Orders of a hundred registered; None while nobody is."""
        registered = self.reached[PROSPECT]
        return 100 * self.reached[ORDER] / registered if registered else None


class Stage(msgspec.Struct, frozen=True):
    """One step: how many reached it, how many of them the next one, and the middle time between the two."""

    step: str
    count: int
    went_on: int
    joined: int
    """How many reached it without the step before: who called in was never received. Nobody at the top."""
    lasting: timedelta | None
    """Of those who took the next step afterwards half were quicker; None while nobody was, and at the end."""

    @property
    def percent(self) -> float | None:
        """Who goes on, of a hundred; None while nobody has come so far, and at the end."""
        return 100 * self.went_on / self.count if self.count and self.step != DELIVERY else None


class Funnel(msgspec.Struct, frozen=True):
    """Everything of one scope."""

    total: Tally
    stages: list[Stage]
    by_consultant: dict[UUID | None, Tally]
    by_source: dict[str, Tally]


def read(session: Session, person: Person, scope: Scope) -> Funnel:
    """In three questions, however many prospects there are."""
    total = _nothing()
    by_consultant: defaultdict[UUID | None, Tally] = defaultdict(_nothing)
    by_source: defaultdict[str, Tally] = defaultdict(_nothing)
    for consultant, source, tally in [*_named(session, person, scope), *_unnamed(session, person, scope)]:
        for sum_ in (total, by_consultant[consultant], by_source[source]):
            _add(sum_, tally)
    lasting = _lasting(session, person, scope)
    came = {after: total.reached[after] - total.went_on.get(step, 0) for step, after in PAIRS} | {RECEPTION: 0}
    stages = [
        Stage(step, total.reached[step], total.went_on.get(step, 0), came[step], lasting.get(step)) for step in STEPS
    ]
    return Funnel(total, stages, _most_first(by_consultant), _most_first(by_source))


def unnamed(session: Session, person: Person, scope: Scope) -> int:
    """Visits of whom nothing was written down."""
    return sum(tally.unnamed for _, _, tally in _unnamed(session, person, scope))


def _named(session: Session, person: Person, scope: Scope) -> list[tuple[UUID | None, str, Tally]]:
    known = _cases(person, scope)
    there = {step: _there(known, step) for step in STEPS}
    counts = [func.count().filter(there[step]) for step in STEPS]
    counts += [func.count().filter(there[step], there[after]) for step, after in PAIRS]
    counts += [func.count().filter(known.c.state == state) for state in OUTCOMES]
    query = select(known.c.consultant_id, known.c.source, *counts).group_by(known.c.consultant_id, known.c.source)
    found: list[tuple[UUID | None, str, Tally]] = []
    rows: Sequence[Any] = session.execute(query).all()
    for consultant, source, *numbers in rows:
        reached, rest = numbers[: len(STEPS)], numbers[len(STEPS) :]
        tally = Tally(
            dict(zip(STEPS, reached, strict=True)), dict(zip(STEPS, rest[: len(PAIRS)], strict=False)),
            dict(zip(OUTCOMES, rest[len(PAIRS) :], strict=True)),
        )  # fmt: skip
        found.append((consultant, source, tally))
    return found


def _unnamed(session: Session, person: Person, scope: Scope) -> list[tuple[UUID | None, str, Tally]]:
    """Who came in and was not written down."""
    wanted = narrowed(person, scope, Reception, Reception.arrived_at, Reception.source)
    query = select(Reception.consultant_id, Reception.source, func.count()).where(
        *wanted, Reception.prospect_id.is_(None), Reception.state != receptions.State.ABANDONED
    )
    rows: Sequence[Any] = session.execute(query.group_by(Reception.consultant_id, Reception.source)).all()
    return [(consultant, source, Tally({RECEPTION: count}, {}, {}, count)) for consultant, source, count in rows]


def _lasting(session: Session, person: Person, scope: Scope) -> dict[str, timedelta]:
    """The one or two in the middle of each pair of steps; what lies between them is worked out exactly here."""
    known = _cases(person, scope)
    middle = union_all(*(_middle(known, step, after) for step, after in PAIRS))
    found: dict[str, list[timedelta]] = defaultdict(list)
    rows: Sequence[Any] = session.execute(middle).all()
    for step, since, until in rows:
        found[step].append(until - since)
    return {step: sum(times, timedelta()) / len(times) for step, times in found.items()}


def _cases(person: Person, scope: Scope) -> CTE:
    """Worked out once for all that is asked of it; left to itself SQLite would do so for each count anew."""
    return cases(person, scope).cte("cases").prefix_with("MATERIALIZED")


def _middle(known: CTE, step: str, after: str) -> Select[Any, Any, Any]:
    since, until = known.c[step], known.c[after]
    took = Elapsed(since, until)
    both = select(
        since.label("since"), until.label("until"), func.row_number().over(order_by=took).label("place"),
        func.count().over().label("all"),
    ).where(since.is_not(None), until.is_not(None), until >= since).subquery()  # fmt: skip
    within = or_(both.c.place == (both.c.all + 1) // 2, both.c.place == (both.c.all + 2) // 2)
    return select(literal(step), both.c.since, both.c.until).where(within)


def _there(known: CTE, step: str) -> Any:
    return known.c.state.in_(WON) if step == ORDER else known.c[step].is_not(None)


def _nothing() -> Tally:
    return Tally(dict.fromkeys(STEPS, 0), {}, {})


def _add(sum_: Tally, more: Tally) -> None:
    for kept, new in ((sum_.reached, more.reached), (sum_.went_on, more.went_on), (sum_.outcomes, more.outcomes)):
        for key, count in new.items():
            kept[key] = kept.get(key, 0) + count
    sum_.unnamed += more.unnamed


def _most_first(tallies: dict[Key, Tally]) -> dict[Key, Tally]:
    return dict(sorted(tallies.items(), key=lambda pair: (-pair[1].reached[PROSPECT], str(pair[0]))))
