"""Who should be visited next: owners of cars of this store, ranked by points whose reasons are told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from server.database import Words, now
from server.domain.care.complaints import COMPLAINT_ANSWER
from server.domain.care.contacts import Contact
from server.domain.care.visit_places import ELSEWHERE, Atlas
from server.domain.care.visits import UNFINISHED, HomeVisit, State
from server.domain.catalogue import value_of
from server.domain.customers import Car, Customer
from server.domain.customers.relations import Relation
from server.domain.deals import Order
from server.domain.delivery import Delivery, deliveries
from server.domain.people import Person
from server.domain.records import consents
from server.domain.refusals import N_, Said
from server.domain.showroom import Prospect, StepRating
from server.domain.showroom.ratings import CUSTOMER
from server.domain.workshop import Comeback, ComebackState, JobState, OrderJob, RepairOrder

MOST = 400
"""Owners that are looked at, those whose car was handed over last first."""
YUAN_100_000 = 10_000_000
"""In fen."""
MONTH_DAYS, QUARTER_DAYS = 30, 90
UNMADE = (State.CANCELLED, State.BROKEN_OFF)
"""Whoever was not visited after all may be visited next."""
LOW = 2
"""Of five: a customer who said so of a step was not pleased."""
WORDS = {
    "never": N_("Never visited"),
    "long_ago": N_("Last visited on %(day)s"),
    "amiss": N_("Something is amiss: %(count)s"),
    "value": N_("A car of %(amount)s"),
    "cars": N_("%(count)s cars of ours"),
    "month": N_("Has the car for %(days)s days"),
    "quarter": N_("Has the car for %(days)s days"),
    "area": N_("Others in %(area)s are visited too"),
}


@dataclass(frozen=True)
class Owner:
    """A customer with their newest car; `delivery` is None for one whose car was not handed over by this house."""

    customer: Customer
    car: Car
    delivery: Delivery | None = None

    @property
    def since(self) -> datetime | None:
        """When the car was handed over."""
        return self.delivery.completed_at if self.delivery is not None else None


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be visited, and what speaks for it."""

    owner: Owner
    area: Words
    reasons: list[dict[str, Any]]
    """As a visit keeps them: `[{"code": "never", "points": 30}]`."""

    @property
    def customer(self) -> Customer:
        """Whom."""
        return self.owner.customer

    @property
    def points(self) -> int:
        """How much speaks for it."""
        return sum(one["points"] for one in self.reasons)


def ranked(session: Session, by: Person, day: date | None = None) -> list[Candidate]:
    """Everybody who may be visited, those for whom most speaks first; of equals whose car is older."""
    day = day or now().astimezone(by.zone).date()
    owners = _owners(session, by)
    facts = _Facts(session, by, [one.customer.id for one in owners], day)
    atlas = Atlas(session, by.store_id)
    found = [
        Candidate(one, area := atlas.area_of(one.customer.address), facts.reasons(one, area))
        for one in owners if facts.may_be_visited(one.customer.id)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.points, one.owner.since or now(), one.customer.id))


def said(reason: dict[str, Any]) -> Said:
    """A reason in words."""
    return Said(WORDS[reason["code"]], **{name: gap for name, gap in reason.items() if name not in ("code", "points")})


def _owners(session: Session, by: Person) -> list[Owner]:
    """Each customer with the last car that was handed over to them, or else the last one that they own."""
    query = select(Delivery).where(Delivery.store_id == by.store_id, Delivery.state == deliveries.State.COMPLETED)
    query = query.options(joinedload(Delivery.customer), joinedload(Delivery.car))
    found: dict[UUID, Owner] = {}
    for row in session.scalars(query.order_by(Delivery.completed_at.desc(), Delivery.id.desc()).limit(MOST)):
        found.setdefault(row.customer_id, Owner(row.customer, row.car, row))
    owned = select(Customer, Car).join(Relation, Relation.customer_id == Customer.id)
    owned = owned.join(Car, Relation.car_id == Car.id).where(
        Relation.store_id == by.store_id, Relation.kind == "owner", Relation.until.is_(None),
        ~exists().where(Delivery.car_id == Car.id, Delivery.state.in_(deliveries.OPEN)),  # they wait for it
    )  # fmt: skip
    for customer, car in session.execute(owned.order_by(Relation.since.desc(), Relation.id.desc()).limit(MOST)):
        found.setdefault(customer.id, Owner(customer, car))
    return [one for one in found.values() if not one.customer.is_merged]


class _Facts:
    """What is known of these customers, asked for all of them at once."""

    def __init__(self, session: Session, by: Person, ids: Collection[UUID], day: date) -> None:
        self._day, self._zone = day, by.zone
        self.rules: dict[str, Any] = value_of(session, by.store_id, "visit_rules")
        self.points: dict[str, int] = value_of(session, by.store_id, "visit_points")
        self.silent = consents.refusing(session, by.store_id, ids, "contact")
        self._visits(session, by.store_id, ids)
        paid = select(Order.delivery_id, Order.total).where(
            Order.store_id == by.store_id, Order.customer_id.in_(ids), Order.delivery_id.is_not(None)
        )
        self.paid = {row.delivery_id: row.total for row in session.execute(paid)}
        self.cars = _counted(session, _of(Delivery, by, ids).where(Delivery.state == deliveries.State.COMPLETED))
        self.amiss = _amiss(session, by, ids)

    def _visits(self, session: Session, store_id: UUID, ids: Collection[UUID]) -> None:
        query = select(HomeVisit.customer_id, HomeVisit.state, HomeVisit.day, HomeVisit.area)
        rows = session.execute(query.where(HomeVisit.store_id == store_id, HomeVisit.state.not_in(UNMADE))).all()
        self.to_come = {row.customer_id for row in rows if row.state in UNFINISHED}
        self.areas = {row.area["zh"] for row in rows if row.state in UNFINISHED} - {ELSEWHERE["zh"]}
        self.last = {row.customer_id: row.day for row in sorted(rows, key=lambda row: row.day)}

    def may_be_visited(self, customer_id: UUID) -> bool:
        """Whether they want contact, are not visited already, and were not lately."""
        last = self.last.get(customer_id)
        lately = last is not None and _months(last, self._day) < self.rules["again_months"]
        return customer_id not in self.silent and customer_id not in self.to_come and not lately

    def reasons(self, one: Owner, area: Words) -> list[dict[str, Any]]:
        """What speaks for visiting them, in the order in which it is told."""
        told: list[dict[str, Any]] = []
        last = self.last.get(one.customer.id)
        told.append(self._reason("long_ago", day=last.isoformat()) if last else self._reason("never"))
        if amiss := self.amiss.get(one.customer.id):
            told.append(self._reason("amiss", count=amiss))
        price = self.paid.get(one.delivery.id, 0) if one.delivery is not None else 0
        if steps := price // YUAN_100_000:
            told.append(self._reason("value", times=steps, amount=f"¥{price / 100:,.0f}"))
        if (cars := self.cars.get(one.customer.id, 0)) > 1:
            told.append(self._reason("cars", count=cars))
        days = (self._day - (one.since or now()).astimezone(self._zone).date()).days
        if days >= MONTH_DAYS:
            told.append(self._reason("quarter" if days >= QUARTER_DAYS else "month", days=days))
        if area["zh"] in self.areas:
            told.append(self._reason("area", area=area))
        return [reason for reason in told if reason["points"]]

    def _reason(self, code: str, times: int = 1, **gaps: Any) -> dict[str, Any]:
        return {"code": code, "points": self.points[code] * times} | gaps


def _amiss(session: Session, by: Person, ids: Collection[UUID]) -> dict[UUID, int]:
    """Cars that came back, work that was declined, steps of the sale that did not please, complaints."""
    came_back = _of(RepairOrder, by, ids).join(Comeback, Comeback.order_id == RepairOrder.id)
    came_back = came_back.where(Comeback.state != ComebackState.DISMISSED)
    declined = _of(RepairOrder, by, ids).join(OrderJob, OrderJob.order_id == RepairOrder.id)
    declined = declined.where(OrderJob.state == JobState.DECLINED)
    displeased = _of(Prospect, by, ids).join(StepRating, StepRating.prospect_id == Prospect.id)
    displeased = displeased.where(StepRating.who == CUSTOMER, StepRating.score <= LOW)
    total: dict[UUID, int] = {}
    complained = _of(Contact, by, ids).where(Contact.kind == COMPLAINT_ANSWER)
    for query in (came_back, declined, displeased, complained):
        for customer_id, count in _counted(session, query).items():
            total[customer_id] = total.get(customer_id, 0) + count
    return total


def _of(table: Any, by: Person, ids: Collection[UUID]) -> Select[Any, int]:
    query = select(table.customer_id, func.count().label("number"))
    return query.where(table.store_id == by.store_id, table.customer_id.in_(ids)).group_by(table.customer_id)


def _counted(session: Session, query: Select[Any, int]) -> dict[UUID, int]:
    return {row.customer_id: row.number for row in session.execute(query)}


def _months(since: date, until: date) -> int:
    """Whole months between two days."""
    return (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)
