"""What matters most: every owed contact weighed by the store's own weights, each with its reasons."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, case, func, literal, or_, select
from sqlalchemy.orm import Session

from server.domain.care.contacts import Contact
from server.domain.care.kinds import ANSWER, PROMISE, ContactKind
from server.domain.catalogue import value_of
from server.domain.customers.relations import Relation
from server.domain.refusals import N_, Said
from server.domain.workshop import RepairOrder, Settlement
from server.domain.workshop.settlements import STANDING

OVERDUE, LATER, PROMISED, SAFETY, ESCALATED, VALUE = "overdue", "later", "promised", "safety", "escalated", "value"
WORDS = {
    OVERDUE: N_("Overdue"), PROMISED: N_("Promised"), SAFETY: N_("Safety"),
    ESCALATED: N_("Tried in vain too often"), VALUE: N_("Valued customer"),
}  # fmt: skip


class Weight(msgspec.Struct, frozen=True):
    """How much one contact matters, and why."""

    total: int
    parts: Mapping[str, int]

    @property
    def reasons(self) -> list[Said]:
        """The reasons that count, for the catalogue; overdue is told by its days elsewhere."""
        return [Said(words) for part, words in WORDS.items() if self.parts.get(part)]


class Weights:
    """The weights of one store at one moment, as the database reckons with them."""

    def __init__(self, session: Session, store_id: UUID, at: datetime) -> None:
        rule: dict[str, int] = value_of(session, store_id, "contact_weights")
        late = Contact.due_at < at
        promised = ContactKind.way.in_((PROMISE, ANSWER))
        self.parts: dict[str, ColumnElement[Any]] = {
            OVERDUE: _if(late, rule["overdue"]),
            LATER: _days_late(at, rule["most_days"]) * rule["day"],
            PROMISED: _if(promised, rule["promised"]),
            SAFETY: _if(ContactKind.safety, rule["safety"]),
            ESCALATED: _if(Contact.escalated_at.is_not(None), rule["escalated"]),
            VALUE: _if(_is_valued(store_id, rule), rule["value"]),
        }
        self.total = sum(self.parts.values(), ContactKind.weight)

    def columns(self) -> list[ColumnElement[Any]]:
        """Everything of it, to be selected with the contact."""
        return [self.total.label("total"), *(part.label(name) for name, part in self.parts.items())]

    def read(self, row: Any) -> Weight:
        """What was selected."""
        return Weight(row.total, {name: getattr(row, name) for name in self.parts})


def _if(condition: Any, points: int) -> ColumnElement[Any]:
    return case((condition, literal(points)), else_=literal(0))


def _days_late(at: datetime, most: int) -> ColumnElement[Any]:
    """Begun days past due; as a list of cases it is the same in every database."""
    return case(
        *((Contact.due_at < at - timedelta(days=days), literal(days + 1)) for days in range(most - 1, -1, -1)),
        else_=literal(0),
    )


def _is_valued(store_id: UUID, rule: Mapping[str, int]) -> ColumnElement[bool]:
    """Who has several cars, or has left enough money in the workshop."""
    cars = select(func.count(Relation.car_id.distinct())).where(
        Relation.store_id == store_id, Relation.customer_id == Contact.customer_id, Relation.until.is_(None)
    )
    spent = (
        select(func.coalesce(func.sum(Settlement.total), 0))
        .join(RepairOrder, RepairOrder.id == Settlement.order_id)
        .where(Settlement.store_id == store_id, Settlement.state.in_(STANDING))
        .where(RepairOrder.customer_id == Contact.customer_id, Settlement.payer == "self")
    )
    return or_(cars.scalar_subquery() >= rule["cars"], spent.scalar_subquery() >= rule["spent"])
