"""The figures behind the gap: stock by grade, and the rates of the last months, by consultant and for the store."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Mapped, Session

from server.database import Words
from server.domain.catalogue import parameters, value_of
from server.domain.people import Person, Staff
from server.domain.showroom import gap
from server.domain.showroom.grading import GradeChange
from server.domain.showroom.prospects import Prospect, State

TARGET = "sales_target"
FEWEST = 5
"""A rate of one's own says something from so many on; before that the store's rate stands in."""
WON = (State.ORDERED, State.DELIVERED)
Tally = dict[UUID | None, dict[str, int]]


class Figures(msgspec.Struct):
    """Of one consultant, or of the store. Rates are counts of won and of all, so that they can be shown and added."""

    target: int
    ordered: int
    """In this month already."""
    stock: dict[str, int]
    by_grade: dict[str, tuple[int, int]]
    """Of those who came into the grade in the last months: how many have ordered, and how many they were."""
    closed: tuple[int, int]
    """Of those who came to an end: ordered, and all."""
    leads: tuple[int, int]
    """Of those registered: ordered, and all."""
    working_days: int
    """That are left of this month."""
    leans: bool = False
    """Whether the rates are the store's."""

    @property
    def to_go(self) -> int:
        """What the month still asks for."""
        return max(0, self.target - self.ordered)

    @property
    def on_hand(self) -> int:
        """Everybody who is still to be won."""
        return sum(self.stock.values())

    @property
    def rates(self) -> dict[str, Fraction]:
        """Of a hundred in a grade so many order."""
        return {grade: gap.rate(won, of) for grade, (won, of) in self.by_grade.items()}

    @property
    def simple(self) -> int | None:
        """The simple gap; None while nobody has ordered yet."""
        return gap.simple(self.to_go, gap.rate(*self.closed), self.on_hand) if self.closed[0] else None

    @property
    def weighted(self) -> gap.Weighted | None:
        """The weighted gap; None while no lead has ordered yet."""
        rate = gap.rate(*self.leads)
        return gap.weighted(self.to_go, self.stock, self.rates, rate, self.working_days) if rate else None


def of_person(session: Session, person: Person, at: datetime) -> Figures:
    """One's own, with the store's rates where one's own are too few."""
    own = _Reading(session, person, at, person.id).of(person.id)
    if _says_something(own):
        return own
    return _lean(own, of_store(session, person, at))


def of_store(session: Session, person: Person, at: datetime) -> Figures:
    """The whole store's."""
    return of_everybody(session, person, at)[0]


def of_everybody(session: Session, person: Person, at: datetime) -> tuple[Figures, dict[UUID, Figures]]:
    """The store's, and each consultant's who has prospects; the pool counts for the store alone."""
    reading = _Reading(session, person, at)
    store = reading.of_all()
    own = {whose: reading.of(whose) for whose in reading.everybody if whose is not None}
    return store, {whose: one if _says_something(one) else _lean(one, store) for whose, one in own.items()}


def set_target(session: Session, staff: Staff | None, month: date, cars: int, *, by: Person) -> None:
    """So many orders a month from that month on, for somebody or (None) for the store."""
    key, name = TARGET, Words(zh="门店每月订单目标（台）", en="The store's target, orders a month")
    if staff is not None:
        key = f"{TARGET}.{staff.id}"
        name = Words(zh=f"{staff.title['zh']}每月订单目标（台）", en=f"Target of {staff.title['en']}, orders a month")
    parameters.set_from(session, key, cars, name, month.replace(day=1), by=by)


class _Reading:
    """All counts in five questions, whether for one consultant or for everybody."""

    def __init__(self, session: Session, person: Person, at: datetime, only: UUID | None = None) -> None:
        today = at.astimezone(person.zone).date()
        self.rules: dict[str, int] = value_of(session, person.store_id, "gap_rules", today)
        self.targets = parameters.values_beginning(session, person.store_id, TARGET, today)
        self.working_days = gap.days_left(today, self.rules["working_days"])
        self._session, self._within = session, [Prospect.store_id == person.store_id]
        self._within += [Prospect.consultant_id == only] if only else []
        month = datetime.combine(today.replace(day=1), time(), person.zone)
        since = at - timedelta(days=30 * self.rules["months"])
        self.stock = self._count(Prospect.grade, Prospect.state == State.OPEN)
        self.ended = self._count(Prospect.state, Prospect.ended_at >= since)
        self.begun = self._count(Prospect.state, Prospect.created_at >= since)
        self.ordered = self._count(Prospect.state, Prospect.ended_at >= month)
        self.graded = self._grades(since)

    @property
    def everybody(self) -> set[UUID | None]:
        """Who has or had prospects; None is the pool."""
        return {*self.stock, *self.ended, *self.begun}

    def of(self, whose: UUID | None) -> Figures:
        """One consultant's."""
        ended, begun, ordered = (tally.get(whose, {}) for tally in (self.ended, self.begun, self.ordered))
        return Figures(
            target=self.targets.get(f"{TARGET}.{whose}", 0), ordered=_won(ordered),
            stock=dict(self.stock.get(whose, {})), by_grade=dict(self.graded.get(whose, {})),
            closed=(_won(ended), sum(ended.values())), leads=(_won(begun), sum(begun.values())),
            working_days=self.working_days,
        )  # fmt: skip

    def of_all(self) -> Figures:
        """Everybody's together, against the store's own target."""
        all_of_them = [self.of(whose) for whose in self.everybody]
        stock: Counter[str] = Counter()
        by_grade: dict[str, tuple[int, int]] = {}
        for one in all_of_them:
            stock.update(one.stock)
            for grade, pair in one.by_grade.items():
                by_grade[grade] = _plus(by_grade.get(grade, (0, 0)), pair)
        return Figures(
            target=self.targets.get(TARGET, 0), ordered=sum(one.ordered for one in all_of_them), stock=dict(stock),
            by_grade=by_grade, closed=_plus(*(one.closed for one in all_of_them)),
            leads=_plus(*(one.leads for one in all_of_them)), working_days=self.working_days,
        )  # fmt: skip

    def _count(self, column: Mapped[str], when: ColumnElement[bool]) -> Tally:
        query = select(Prospect.consultant_id, column, func.count()).where(*self._within, when)
        found: Tally = defaultdict(dict)
        for whose, key, count in self._session.execute(query.group_by(Prospect.consultant_id, column)):
            found[whose][key] = count
        return found

    def _grades(self, since: datetime) -> dict[UUID | None, dict[str, tuple[int, int]]]:
        there = func.count(Prospect.id.distinct())
        query = select(Prospect.consultant_id, GradeChange.after, there.filter(Prospect.state.in_(WON)), there)
        query = query.join(GradeChange, GradeChange.prospect_id == Prospect.id)
        query = query.where(*self._within, GradeChange.store_id == Prospect.store_id, GradeChange.at >= since)
        found: dict[UUID | None, dict[str, tuple[int, int]]] = defaultdict(dict)
        for whose, grade, won, of in self._session.execute(query.group_by(Prospect.consultant_id, GradeChange.after)):
            found[whose][grade] = (won, of)
        return found


def _won(states: Mapping[str, int]) -> int:
    return sum(states.get(state, 0) for state in WON)


def _plus(*pairs: tuple[int, int]) -> tuple[int, int]:
    return sum(won for won, _ in pairs), sum(of for _, of in pairs)


def _says_something(own: Figures) -> bool:
    return min(own.closed[1], own.leads[1]) >= FEWEST and bool(own.closed[0] and own.leads[0])


def _lean(own: Figures, store: Figures) -> Figures:
    """Own stock and target, the store's rates."""
    return msgspec.structs.replace(
        own, by_grade=store.by_grade, closed=store.closed, leads=store.leads, leans=True
    )  # fmt: skip
