"""The timeline of a customer or a car: a reading of the record of events."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.domain.customers.cars import Car
from server.domain.customers.customers import Customer
from server.domain.records import Event
from server.domain.refusals import N_

PAGE = 30
FURTHEST = 2**31 - 1
SOMETHING = N_("Something was recorded")
WORDS: dict[str, str] = {
    "admin.changed": N_("Changed by the administrator"),
    "car.changed": N_("Car details corrected"),
    "car.registered": N_("Car recorded"),
    "checklist.signed": N_("Checklist signed"),
    "consent.given": N_("Consent given"),
    "consent.withdrawn": N_("Consent withdrawn"),
    "contact.done": N_("Care call made"),
    "contact.missed": N_("Care call not answered"),
    "contact.owed": N_("Care call planned"),
    "customer.changed": N_("Customer details corrected"),
    "customer.merged": N_("Two files merged"),
    "customer.registered": N_("Customer recorded"),
    "customer.unmasked": N_("Personal number read"),
    "delivery.cancelled": N_("Handover cancelled"),
    "delivery.completed": N_("Car handed over"),
    "delivery.locked": N_("Handover locked"),
    "delivery.moved": N_("Handover moved to another time"),
    "delivery.planned": N_("Handover planned"),
    "delivery.started": N_("Handover begun"),
    "delivery.unlocked": N_("Handover can begin"),
    "household.joined": N_("Joined a household"),
    "household.left": N_("Left the household"),
    "paper.issued": N_("Paper issued"),
    "pdi.failed": N_("PDI failed"),
    "pdi.passed": N_("PDI passed"),
    "pdi.rework": N_("PDI rework begun"),
    "pdi.started": N_("PDI begun"),
    "person.signed_in": N_("Signed in"),
    "relation.added": N_("Related to a car"),
    "relation.ended": N_("No longer related to a car"),
}
"""What each verb says to a reader; other rooms add theirs."""

FIELDS: dict[str, str] = {
    "name": N_("Customer's name"),
    "phone": N_("Telephone"),
    "kind": N_("Person or company"),
    "language": N_("Language"),
    "address": N_("Address"),
    "note": N_("Note"),
    "number_sealed": N_("Personal number"),
    "vin": N_("VIN"),
    "plate": N_("Plate"),
    "model": N_("Model"),
    "colour": N_("Colour"),
    "engine_no": N_("Engine number"),
    "odometer_km": N_("Odometer"),
}
"""What the fields are called, where an event or a stale form names them."""

GOOD = frozenset({"delivery.completed", "pdi.passed", "delivery.unlocked", "consent.given", "contact.done"})
BAD = frozenset({"pdi.failed", "delivery.locked", "delivery.cancelled", "contact.missed"})


class Moment(msgspec.Struct):
    """One event as it stands on the timeline."""

    event: Event

    @property
    def words(self) -> str:
        """The sentence, for the catalogue."""
        return WORDS.get(self.event.verb, SOMETHING)

    @property
    def tone(self) -> str:
        """How it is marked."""
        return "good" if self.event.verb in GOOD else "bad" if self.event.verb in BAD else ""

    @property
    def detail(self) -> dict[str, Any]:
        """What the event holds besides."""
        return self.event.data


class Timeline(msgspec.Struct):
    """One page of it, newest first; `older` is where the next page begins."""

    moments: list[Moment]
    older: int | None


def of_customer(session: Session, customer: Customer, before: int | None = None) -> Timeline:
    """Everything of this customer, and of the files that were merged into this one."""
    former = select(Customer.id).where(Customer.store_id == customer.store_id, Customer.merged_into == customer.id)
    ids: Sequence[UUID] = [customer.id, *session.scalars(former)]
    # One is asked for as one: for a list of them a database might walk the whole record backwards.
    whose = Event.customer_id.in_(ids) if len(ids) > 1 else Event.customer_id == customer.id
    return _page(session, customer.store_id, whose, before)


def of_car(session: Session, car: Car, before: int | None = None) -> Timeline:
    """Everything of this car, whoever had it."""
    return _page(session, car.store_id, Event.car_id == car.id, before)


def _page(session: Session, store_id: UUID, whose: ColumnElement[bool], before: int | None) -> Timeline:
    query = select(Event).where(Event.store_id == store_id, whose)
    if before is not None:
        query = query.where(Event.position < min(max(before, 0), FURTHEST))
    events = session.scalars(query.order_by(Event.position.desc()).limit(PAGE + 1)).all()
    shown = [Moment(event) for event in events[:PAGE]]
    return Timeline(shown, shown[-1].event.position if len(events) > PAGE else None)
