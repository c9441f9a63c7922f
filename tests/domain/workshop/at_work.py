"""Cars in the workshop for tests: an order that was signed, with jobs that were agreed to."""

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.billing.numbers import next_number
from server.domain.catalogue.bays import Bay
from server.domain.checklists import runs
from server.domain.people import Person
from server.domain.workshop import JobState, OrderJob, RepairOrder, State
from tests.cast import VIN, Cast, a_car, a_customer

NAMES = {"oil": "更换机油机滤", "brakes": "更换前制动片", "battery": "更换蓄电池", "paint": "前保险杠喷漆"}


def an_ordered_car(
    session: Session, cast: Cast, *jobs: tuple[str, str, int], vin: str = VIN, promised: timedelta | None = None,
    state: str = State.ORDERED, name: str = "王建国", **facts: Any,
) -> RepairOrder:  # fmt: skip
    """Signed by the customer an hour ago. `jobs`: what, skill and hundredths of an hour; else an oil change."""
    customer = a_customer(session, cast.chen, name, phone=f"1390000{vin[-4:]}")
    at = now()
    order = RepairOrder(
        id=uuid7(), store_id=cast.store, number=next_number(session, "WX", by=cast.chen), state=state,
        customer_id=customer.id, car_id=a_car(session, cast.chen, customer, vin).id, advisor_id=cast.chen.id,
        kind="maintenance", km=20_000, created_at=at, arrived_at=at - timedelta(minutes=90),
        received_at=at - timedelta(minutes=80), ordered_at=at - timedelta(minutes=60),
        promised_at=at + (promised or timedelta(hours=3)), **facts,
    )  # fmt: skip
    session.add(order)
    session.flush()  # its list and its jobs point at it
    order.intake_run_id = runs.start(session, "C10", order, by=cast.chen, energy="ice").id
    for position, (what, skill, hours) in enumerate(jobs or (("oil", "mechanic", 50),), 1):
        session.add(a_job(order, what, skill, hours, position))
    session.flush()  # whoever looks at the order sees them
    return order


def a_job(order: RepairOrder, name: str, skill: str, hours: int, position: int) -> OrderJob:
    """Agreed to by the customer, given to nobody."""
    return OrderJob(
        id=uuid7(), store_id=order.store_id, order_id=order.id, code=name, name={"zh": NAMES[name], "en": name},
        skill=skill, hours=hours, rate=16_000, amount=160 * hours, state=JobState.APPROVED, position=position,
    )  # fmt: skip


def a_bay(session: Session, by: Person, code: str = "B1", skills: tuple[str, ...] = ("mechanic", "electric")) -> Bay:
    """One more bay."""
    bay = Bay(id=uuid7(), store_id=by.store_id, code=code, name={"zh": code, "en": code}, skills=list(skills))
    session.add(bay)
    session.flush()  # jobs point at it
    return bay


def at_minute(person: Person, minute: int, of: datetime) -> Person:
    """Somebody whose deed waited on their phone since that minute after `of`."""
    return replace(person, acted_at=of + timedelta(minutes=minute))
