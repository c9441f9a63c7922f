"""What home visits bring, against what they cost: how many of the cars were visited, who bought again, who came.

Repurchase and referral orders are counted within three, six and twelve calendar months after the visit. Of several
visits to one owner the last one before the order gets it. All money in fen.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from server.domain.care.pieces import Effect, TopUp
from server.domain.care.presences import Presence
from server.domain.care.referrals import Consent, Referral
from server.domain.care.visits import HomeVisit, State
from server.domain.catalogue import value_of
from server.domain.deals import Order
from server.domain.deals import orders as placed
from server.domain.delivery import Delivery
from server.domain.people import Person, Right

WITHIN = (3, 6, 12)
"""Calendar months."""
MADE = (State.DONE, State.CLOSED)
COSTS = "visit_costs"
TOLD_BELOW, TOLD_ABOVE = 26, 7
"""Whom somebody tells: the disappointed 26 people, the delighted 6 to 8, the merely satisfied nobody (S3)."""
BELOW, ABOVE = 2, 4
"""A score up to here disappoints, from here on delights."""

Rules = Mapping[str, int]


class Months(msgspec.Struct, frozen=True):
    """A span of whole months on the store's calendar."""

    first: date
    after: date
    """The first day after it."""
    zone: ZoneInfo

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From and before."""
        since, until = (datetime.combine(day, time(), self.zone) for day in (self.first, self.after))
        return since, until


class Tally(msgspec.Struct):
    """Visits and what came of them; can be added."""

    visits: int = 0
    repurchases: dict[int, int] = msgspec.field(default_factory=lambda: dict.fromkeys(WITHIN, 0))
    """By months, how many visits were followed by another order of the owner."""
    referral_orders: dict[int, int] = msgspec.field(default_factory=lambda: dict.fromkeys(WITHIN, 0))
    referrals: int = 0
    agreed: int = 0
    minutes: int = 0
    """Of everybody together."""
    cost: int = 0
    scores: list[int] = msgspec.field(default_factory=list[int])

    def add(self, other: "Tally") -> None:
        """Both together."""
        for name in ("visits", "referrals", "agreed", "minutes", "cost"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for months in WITHIN:
            self.repurchases[months] += other.repurchases[months]
            self.referral_orders[months] += other.referral_orders[months]
        self.scores += other.scores

    def share(self, count: int) -> float | None:
        """Of a hundred visits; None without any."""
        return 100 * count / self.visits if self.visits else None

    @property
    def score(self) -> float | None:
        """What the teams say on average."""
        return sum(self.scores) / len(self.scores) if self.scores else None

    @property
    def told(self) -> int:
        """How many people hear well of the store, less those who hear ill of it, by the teams' own scores."""
        glad, sad = (sum(fits(one) for one in self.scores) for fits in (_delights, _disappoints))
        return TOLD_ABOVE * glad - TOLD_BELOW * sad

    def orders(self, months: int) -> int:
        """Both kinds together."""
        return self.repurchases[months] + self.referral_orders[months]

    def profit(self, months: int, rules: Rules) -> int:
        """What the orders of that time bring, less what the visits cost."""
        return self.orders(months) * rules["order_profit"] - self.cost


class Coverage(msgspec.Struct, frozen=True):
    """One month: cars handed over, visits made."""

    month: date
    sold: int
    made: int

    @property
    def percent(self) -> float | None:
        """Visits of a hundred cars; None while none was handed over."""
        return 100 * self.made / self.sold if self.sold else None


class Team(msgspec.Struct, frozen=True):
    """Who made visits: a team of the store by its name, else just these people."""

    name: str
    crew: frozenset[UUID]


class Figures(msgspec.Struct, frozen=True):
    """Everything of a span of months."""

    coverage: list[Coverage]
    whole: Tally
    by_team: dict[Team, Tally]
    """Most visits first."""
    rules: Rules
    share: int
    """Visits wanted of a hundred cars."""

    @property
    def sold(self) -> int:
        """Cars handed over."""
        return sum(one.sold for one in self.coverage)

    @property
    def wanted(self) -> int:
        """Visits wanted, month by month, each rounded up."""
        return sum(-(-one.sold * self.share // 100) for one in self.coverage)


def read(session: Session, person: Person, span: Months) -> Figures:
    """In a number of questions that does not grow with the visits."""
    rules: Rules = value_of(session, person.store_id, COSTS)
    share: int = value_of(session, person.store_id, "visits.share")
    visits = _visits(session, person, span)
    by_team: defaultdict[Team, Tally] = defaultdict(Tally)
    whole = Tally()
    for visit, tally in _tallies(session, person.store_id, visits, rules, span.zone).items():
        by_team[_team(visit)].add(tally)
        whole.add(tally)
    teams = dict(sorted(by_team.items(), key=lambda pair: (-pair[1].visits, pair[0].name, sorted(pair[0].crew))))
    return Figures(_coverage(session, person, span, visits), whole, teams, rules, share)


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (after - date(year, month + 1, 1)).days))


def _team(visit: HomeVisit) -> Team:
    return Team(visit.team.name, frozenset()) if visit.team else Team("", visit.crew)


def _visits(session: Session, person: Person, span: Months) -> Sequence[HomeVisit]:
    query = select(HomeVisit).where(HomeVisit.store_id == person.store_id, HomeVisit.state.in_(MADE))
    query = query.where(HomeVisit.day >= span.first, HomeVisit.day < span.after)
    if not person.may(Right.PLAN_VISITS):
        query = query.where(HomeVisit.id.is_(None))
    told = (selectinload(HomeVisit.members), joinedload(HomeVisit.team))
    return session.scalars(query.options(*told).order_by(HomeVisit.day, HomeVisit.id)).unique().all()


def _coverage(session: Session, person: Person, span: Months, visits: Sequence[HomeVisit]) -> list[Coverage]:
    since, until = span.moments
    query = select(Delivery.completed_at).where(Delivery.store_id == person.store_id)
    query = query.where(Delivery.completed_at >= since, Delivery.completed_at < until)
    sold = _counted(at.astimezone(span.zone).date() for at in session.scalars(query) if at)
    made = _counted(visit.day for visit in visits)
    found: list[Coverage] = []
    month = span.first
    while month < span.after:
        found.append(Coverage(month, sold[month], made[month]))
        month = months_later(month, 1)
    return found


def _counted(days: Iterable[date]) -> defaultdict[date, int]:
    counts: defaultdict[date, int] = defaultdict(int)
    for day in days:
        counts[day.replace(day=1)] += 1
    return counts


def _tallies(
    session: Session, store_id: UUID, visits: Sequence[HomeVisit], rules: Rules, zone: ZoneInfo
) -> dict[HomeVisit, Tally]:
    ids = [visit.id for visit in visits]
    minutes, scores = _minutes(session, store_id, ids), _scores(session, store_id, ids)
    litres, referrals = _millilitres(session, store_id, ids), _referrals(session, store_id, ids)
    bought = _repurchases(session, store_id, visits, zone)
    came = _referral_orders(session, store_id, visits, referrals, zone)
    return {
        visit: Tally(
            visits=1, repurchases=bought[visit.id], referral_orders=came[visit.id],
            referrals=len(referrals[visit.id]),
            agreed=sum(one.consent == Consent.GIVEN for one in referrals[visit.id]), minutes=minutes[visit.id],
            cost=_cost(minutes[visit.id], litres[visit.id], rules), scores=scores[visit.id],
        )
        for visit in visits
    }  # fmt: skip


def _cost(minutes: int, millilitres: int, rules: Rules) -> int:
    """Working time, the way, the gift, and what was topped up; halves are rounded up."""
    work = (2 * minutes * rules["hour"] + 60) // 120
    fluids = (2 * millilitres * rules["litre"] + 1000) // 2000
    return work + fluids + rules["way_km"] * rules["km"] + rules["gift"]


def _minutes(session: Session, store_id: UUID, ids: Sequence[UUID]) -> defaultdict[UUID, int]:
    query = select(Presence.visit_id, Presence.in_at, Presence.out_at).where(Presence.store_id == store_id)
    query = query.where(Presence.visit_id.in_(ids), Presence.out_at.is_not(None))
    found: defaultdict[UUID, int] = defaultdict(int)
    for visit_id, since, until in session.execute(query):
        found[visit_id] += int((until - since).total_seconds() // 60) if until else 0
    return found


def _scores(session: Session, store_id: UUID, ids: Sequence[UUID]) -> defaultdict[UUID, list[int]]:
    query = select(Effect.visit_id, Effect.score).where(Effect.store_id == store_id, Effect.visit_id.in_(ids))
    found: defaultdict[UUID, list[int]] = defaultdict(list)
    for visit_id, score in session.execute(query.order_by(Effect.at)):
        found[visit_id].append(score)
    return found


def _millilitres(session: Session, store_id: UUID, ids: Sequence[UUID]) -> defaultdict[UUID, int]:
    query = select(TopUp.visit_id, func.sum(TopUp.amount)).where(TopUp.store_id == store_id, TopUp.visit_id.in_(ids))
    found: defaultdict[UUID, int] = defaultdict(int)
    found.update({visit_id: int(amount) for visit_id, amount in session.execute(query.group_by(TopUp.visit_id))})
    return found


def _referrals(session: Session, store_id: UUID, ids: Sequence[UUID]) -> defaultdict[UUID, list[Referral]]:
    query = select(Referral).where(Referral.store_id == store_id, Referral.visit_id.in_(ids))
    found: defaultdict[UUID, list[Referral]] = defaultdict(list)
    for referral in session.scalars(query):
        found[referral.visit_id].append(referral)
    return found


def _repurchases(
    session: Session, store_id: UUID, visits: Sequence[HomeVisit], zone: ZoneInfo
) -> defaultdict[UUID, dict[int, int]]:
    """Whether each visit was followed by an order of the same owner; every visit counts one at most."""
    found: defaultdict[UUID, dict[int, int]] = defaultdict(lambda: dict.fromkeys(WITHIN, 0))
    theirs: defaultdict[UUID, list[HomeVisit]] = defaultdict(list)
    for visit in visits:  # by day
        theirs[visit.customer_id].append(visit)
    query = select(Order.customer_id, Order.placed_at).where(Order.store_id == store_id)
    query = query.where(Order.state != placed.State.CANCELLED, Order.customer_id.in_(list(theirs)))
    for customer_id, at in session.execute(query):
        day = at.astimezone(zone).date()
        known = theirs[customer_id]
        before = bisect_right(known, day, key=lambda visit: visit.day)
        if before and at > _over(known[before - 1], zone):
            _count_once(found[known[before - 1].id], known[before - 1].day, day)
    return found


def _referral_orders(
    session: Session, store_id: UUID, visits: Sequence[HomeVisit], referrals: Mapping[UUID, Sequence[Referral]],
    zone: ZoneInfo,
) -> defaultdict[UUID, dict[int, int]]:  # fmt: skip
    """How many of the recommended ordered; each of them counts."""
    found: defaultdict[UUID, dict[int, int]] = defaultdict(lambda: dict.fromkeys(WITHIN, 0))
    days = {visit.id: visit.day for visit in visits}
    merit = {
        one.prospect_id: one.visit_id for several in referrals.values() for one in several
        if one.is_new and one.prospect_id
    }  # fmt: skip
    query = select(Order.prospect_id, func.min(Order.placed_at)).where(Order.store_id == store_id)
    query = query.where(Order.state != placed.State.CANCELLED, Order.prospect_id.in_(list(merit)))
    for prospect_id, at in session.execute(query.group_by(Order.prospect_id)):
        visit_id = merit[prospect_id]
        for months in WITHIN:
            found[visit_id][months] += at.astimezone(zone).date() <= months_later(days[visit_id], months)
    return found


def _count_once(counts: dict[int, int], since: date, day: date) -> None:
    for months in WITHIN:
        if day <= months_later(since, months):
            counts[months] = 1


def _over(visit: HomeVisit, zone: ZoneInfo) -> Any:
    """When the owner was spoken to: an order of the same morning is not its merit."""
    return visit.signed_in_at or datetime.combine(visit.day, time(), zone)


def _delights(score: int) -> bool:
    return score >= ABOVE


def _disappoints(score: int) -> bool:
    return score <= BELOW
