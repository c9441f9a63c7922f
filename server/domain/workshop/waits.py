"""How long customers wait, measured by what was done to their cars: nobody writes a time down for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import fmean, median
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.people import Right
from server.domain.people.staff import with_right
from server.domain.refusals import N_
from server.domain.workshop.repair_orders import RepairOrder, State

WAITS: dict[str, tuple[str, str, str]] = {
    "arrival": ("arrived_at", "received_at", N_("Until somebody turned to them")),
    "reception": ("received_at", "ordered_at", N_("Until they had signed")),
    "bay": ("ordered_at", "work_started_at", N_("Until work on the car began")),
    "wash": ("inspected_at", "wash_started_at", N_("Until the car was washed")),
    "cashier": ("ready_at", "settled_at", N_("From ready until paid")),
}
"""From when to when, and what it is called."""
MOST = 5_000
"""Visits of a period that are looked at: the newest."""


@dataclass(frozen=True)
class Wait:
    """One kind of wait over the visits of a period; minutes."""

    name: str
    count: int
    mean: float
    middle: float
    """Half of them waited no longer."""
    most: float
    """Nine of ten waited no longer."""
    longest: float


@dataclass(frozen=True)
class Desk:
    """What the queue at the reception is reckoned from: an hour's arrivals, what an advisor serves, advisors."""

    arrivals: float
    service: float
    desks: int


@dataclass(frozen=True)
class Waits:
    """A period."""

    visits: int
    kinds: tuple[Wait, ...]
    desk: Desk


def of_period(session: Session, store_id: UUID, since: datetime, until: datetime) -> Waits:
    """The waits of everybody who came then and was not sent away."""
    moments = [getattr(RepairOrder, name) for name in dict.fromkeys(n for one in WAITS.values() for n in one[:2])]
    query = select(*moments).where(RepairOrder.store_id == store_id, RepairOrder.state != State.CANCELLED)
    query = query.where(RepairOrder.arrived_at >= since, RepairOrder.arrived_at < until)
    rows = session.execute(query.order_by(RepairOrder.arrived_at.desc()).limit(MOST)).all()
    kinds: list[Wait] = []
    for kind, (begins, ends, _) in WAITS.items():
        spans = [_between(getattr(row, begins), getattr(row, ends)) for row in rows]
        kinds.append(summed(kind, [span for span in spans if span is not None]))
    advisors = len(with_right(session, store_id, Right.WRITE_ORDERS))
    return Waits(len(rows), tuple(kinds), _desk([row.arrived_at for row in rows], kinds, advisors))


def summed(name: str, minutes: Sequence[float]) -> Wait:
    """The figures of one kind. The ninth of ten is the smallest one that nine tenths do not exceed."""
    if not minutes:
        return Wait(name, 0, 0, 0, 0, 0)
    ordered = sorted(minutes)
    ninth = ordered[-(-len(ordered) * 9 // 10) - 1]
    return Wait(name, len(ordered), fmean(ordered), median(ordered), ninth, ordered[-1])


def _between(begins: datetime | None, ends: datetime | None) -> float | None:
    return None if begins is None or ends is None else max(0.0, (ends - begins).total_seconds() / 60)


def _desk(arrived: Sequence[datetime], kinds: Sequence[Wait], advisors: int) -> Desk:
    """From the visits themselves: pauses of more than three hours between two cars are no opening time."""
    ordered = sorted(arrived)
    gaps = [gap for one, other in pairwise(ordered) if (gap := other - one) < timedelta(hours=3)]
    hours = sum(gaps, timedelta()).total_seconds() / 3600
    reception = next(kind for kind in kinds if kind.name == "reception")
    service = 60 / reception.mean if reception.mean else 4.0
    return Desk(len(gaps) / hours if hours else 0.0, service, max(1, advisors))
