"""Receiving a car: the order is opened, who sends, owns and drove it, what the customer says, and giving it up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.billing.numbers import next_number
from server.domain.catalogue.jobs import KINDS
from server.domain.checklists import runs
from server.domain.customers import Car, Customer, phones, relations
from server.domain.customers.cars import MOST_KM
from server.domain.people import Person, Right, of_store
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere, Said, WrongMove
from server.domain.workshop import intake_list
from server.domain.workshop.order_lines import JobState, OrderJob, OrderPart, PartState, move_job, move_part
from server.domain.workshop.repair_orders import OLD_PARTS, OPEN, RepairOrder, State, move, tell
from server.domain.workshop.tasks import whole

MOST_WORDS = 8
LONGEST_WORDS = 500
ALWAYS = frozenset({"waits_here", "wash", "key_number", "driver_name", "driver_phone"})
"""What may still change once the customer has signed."""


class Facts(TypedDict, total=False):
    """What is noted of a visit."""

    kind: str
    km: int | None
    energy_level: int | None
    waits_here: bool
    wash: bool
    old_parts: str
    key_number: str
    driver_name: str
    driver_phone: str
    owner_id: UUID | None


class Words(msgspec.Struct, frozen=True):
    """One thing that the customer says, in their own words."""

    what: str
    when: str = ""
    where: str = ""
    how: str = ""


def open_order(
    session: Session, *, by: Person, customer: Customer, car: Car, kind: str = "repair", id: UUID | None = None,
    appointment_id: UUID | None = None, arrived_at: datetime | None = None, advisor_id: UUID | None = None,
) -> RepairOrder:  # fmt: skip
    """Somebody brings a car: the order begins, and the list of an intake runs along.

    Raises WrongMove while the same car is here already, Invalid at `kind`.
    """
    may_write(by)
    take_turn(session, by.store_id)  # two at the door must not both find that the car is not here
    if id is not None and (known := session.get(RepairOrder, id)):
        return _known(known, by)
    _refuse_what_is_here(session, car)
    if kind not in KINDS:
        raise Invalid.at("kind", N_("Choose one of the offered."))
    owner, at = relations.owner_of(session, car), by.moment()
    if not any(one.customer_id == customer.id for one in relations.of_car(session, car)):
        relations.add(session, car, customer, "sender" if owner else "owner", by=by)
    order = RepairOrder(
        id=id or uuid7(), store_id=by.store_id, number=next_number(session, "WX", by=by), state=State.INTAKE,
        customer_id=customer.id, owner_id=owner.id if owner and owner.id != customer.id else None, car_id=car.id,
        advisor_id=advisor_id or by.id, appointment_id=appointment_id, kind=kind, created_at=now(),
        arrived_at=min(arrived_at or at, at), received_at=at,
    )  # fmt: skip
    session.add(order)
    session.flush()  # its list and the event point at it
    order.intake_run_id = runs.start(session, "C10", order, by=by, energy=car.energy or "ice").id
    tell(session, "repair_order.opened", order, by=by, kind=kind)
    return order


def note_down(session: Session, order: RepairOrder, *, by: Person, **facts: Unpack[Facts]) -> None:
    """Mileage, fuel, key, driver, owner and what was agreed about the visit. Raises Invalid, WrongMove."""
    may_write(by)
    if not order.is_open or (order.state != State.INTAKE and not facts.keys() <= ALWAYS):
        raise WrongMove(N_("The customer has signed; this stands as it is."))
    errors = _wrong(facts)
    if errors:
        raise Invalid(errors)
    owner_id = facts.get("owner_id")
    if owner_id is not None:
        of_store(session, Customer, owner_id, by.store_id)
        facts["owner_id"] = None if owner_id == order.customer_id else owner_id
    if "driver_phone" in facts:
        facts["driver_phone"] = phones.read(facts["driver_phone"]) or ""
    changed = [name for name, value in facts.items() if getattr(order, name) != value]
    for name in changed:
        setattr(order, name, facts[name])
    if changed:
        order.version += 1
        tell(session, "repair_order.noted", order, by=by, what=sorted(changed))
    intake_list.fill(session, order, by=by)


def write_words(session: Session, order: RepairOrder, words: Sequence[Words], *, by: Person) -> None:
    """What the customer says, in the order in which they say it. Raises Invalid, WrongMove."""
    may_write(by)
    require_intake(order)
    said = [msgspec.to_builtins(one) for one in words if one.what]
    if len(said) > MOST_WORDS:
        raise Invalid.at("what", N_("At most %(most)s."), most=MOST_WORDS)
    if said != order.words:
        order.words = said
        order.version += 1
        tell(session, "repair_order.heard", order, by=by, count=len(said))
    intake_list.fill(session, order, by=by)


def cancel(session: Session, order: RepairOrder, *, by: Person, why: str) -> None:
    """The car leaves as it came. Raises Invalid at `why`, WrongMove once work has begun or parts were issued."""
    may_write(by)
    if not why:
        raise Invalid.at("why", N_("Please fill this in."))
    whole(session, order.id)  # held before the first event, so that the parts desk and this do not wait for each other
    jobs, parts = lines_of(session, order)
    if any(part.state == PartState.ISSUED for part in parts):
        raise WrongMove(N_("Parts were issued for it; they have to come back to the store first."))
    move(session, order, State.CANCELLED, "repair_order.cancelled", by=by, why=why)
    order.why = why
    for job in jobs:
        if job.state in (JobState.PROPOSED, JobState.APPROVED):
            to = JobState.DECLINED if job.state == JobState.PROPOSED else JobState.CANCELLED
            move_job(session, order, job, to, f"order_job.{to}", by=by)
    for part in parts:
        if part.state in (PartState.PROPOSED, PartState.APPROVED):
            to = PartState.DECLINED if part.state == PartState.PROPOSED else PartState.CANCELLED
            move_part(session, order, part, to, f"order_part.{to}", by=by)


def may_write(by: Person) -> None:
    """Raises NotAllowed."""
    if not by.may(Right.WRITE_ORDERS):
        raise NotAllowed


def require_intake(order: RepairOrder) -> None:
    """Raises WrongMove once the customer has signed."""
    if order.state != State.INTAKE:
        raise WrongMove(N_("The customer has signed. What comes on top is extra work, which they approve."))


def lines_of(session: Session, order: RepairOrder) -> tuple[Sequence[OrderJob], Sequence[OrderPart]]:
    """The jobs and parts of an order, in their order."""
    jobs = select(OrderJob).where(OrderJob.store_id == order.store_id, OrderJob.order_id == order.id)
    parts = select(OrderPart).where(OrderPart.store_id == order.store_id, OrderPart.order_id == order.id)
    return (
        session.scalars(jobs.order_by(OrderJob.position, OrderJob.id)).all(),
        session.scalars(parts.order_by(OrderPart.position, OrderPart.id)).all(),
    )


def _known(order: RepairOrder, by: Person) -> RepairOrder:
    """An order that a device tells of once more is the one that there is."""
    if order.store_id != by.store_id:
        raise NotThere
    return order


def _refuse_what_is_here(session: Session, car: Car) -> None:
    query = select(RepairOrder.number).where(RepairOrder.store_id == car.store_id, RepairOrder.car_id == car.id)
    number = session.scalar(query.where(RepairOrder.state.in_(OPEN)).limit(1))
    if number is not None:
        raise WrongMove(N_("This car is here already, with repair order %(number)s."), number=number)


def _wrong(facts: Any) -> dict[str, Said]:
    errors: dict[str, Said] = {}
    offered = {"kind": KINDS, "old_parts": OLD_PARTS}
    for name, of in offered.items():
        if name in facts and facts[name] not in of:
            errors[name] = Said(N_("Choose one of the offered."))
    for name, most in (("km", MOST_KM), ("energy_level", 100)):
        if facts.get(name) is not None and not 0 <= facts[name] <= most:
            errors[name] = Said(N_("Between %(least)s and %(most)s."), least=0, most=most)
    try:
        phones.read(facts.get("driver_phone", ""))
    except Invalid as wrong:
        errors["driver_phone"] = wrong.errors["phone"]
    return errors
