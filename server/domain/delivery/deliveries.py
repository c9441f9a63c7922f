"""Deliveries: planned, locked until the PDI has passed, handed over section by section, completed."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words, now, uuid7
from server.domain.billing import next_number
from server.domain.catalogue import CarModel
from server.domain.customers import Car, Customer
from server.domain.people import Person, Staff, notices
from server.domain.records import record
from server.domain.refusals import Invalid, N_, Stale, WrongMove


class State(StrEnum):
    """The life of a delivery."""

    PLANNED = "planned"
    READY = "ready"
    HANDING_OVER = "handing_over"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


MOVES: dict[State, set[State]] = {
    State.PLANNED: {State.READY, State.CANCELLED},
    State.READY: {State.HANDING_OVER, State.CANCELLED},
    State.HANDING_OVER: {State.COMPLETED, State.CANCELLED},
    State.COMPLETED: set(),
    State.CANCELLED: set(),
}
STATE_NAMES: dict[State, Words] = {
    State.PLANNED: {"zh": "等待 PDI", "en": "Waiting for PDI"},
    State.READY: {"zh": "可以交车", "en": "Ready to hand over"},
    State.HANDING_OVER: {"zh": "交车中", "en": "Handing over"},
    State.COMPLETED: {"zh": "已交车", "en": "Handed over"},
    State.CANCELLED: {"zh": "已取消", "en": "Cancelled"},
}
LATE_ENTRY = timedelta(hours=12)
FURTHEST = timedelta(days=366)
OPEN = (State.PLANNED, State.READY, State.HANDING_OVER)


class Delivery(OfStore, Versioned, Base):
    """One new car to be handed to one customer."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("store_id", "number"),
        Index("ix_deliveries_day", "store_id", "state", "planned_at"),
    )

    number: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.PLANNED)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    car_id: Mapped[UUID] = mapped_column(ForeignKey("cars.id"), index=True)
    model_id: Mapped[UUID] = mapped_column(ForeignKey("car_models.id"))
    consultant_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    advisor_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    planned_at: Mapped[datetime]
    place: Mapped[Words]
    note: Mapped[str]
    agent: Mapped[str | None]
    """Who takes the car over in the customer's place, with their authority."""
    handover_id: Mapped[UUID | None] = mapped_column(ForeignKey("checklist_runs.id"))
    training_id: Mapped[UUID | None] = mapped_column(ForeignKey("checklist_runs.id"))
    pdi_passed_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    cancelled_why: Mapped[str | None]
    created_at: Mapped[datetime]

    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
    car: Mapped[Car] = relationship(foreign_keys=[car_id])
    model: Mapped[CarModel] = relationship(foreign_keys=[model_id])
    consultant: Mapped[Staff] = relationship(foreign_keys=[consultant_id])
    advisor: Mapped[Staff] = relationship(foreign_keys=[advisor_id])

    @property
    def is_locked(self) -> bool:
        """Whether it waits for its PDI."""
        return self.state == State.PLANNED

    @property
    def is_open(self) -> bool:
        """Whether the car is still to be handed over."""
        return self.state in OPEN

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def energy(self) -> str:
        """`nev` with a plug, else `ice`: decides which checklist items there are."""
        return "nev" if self.model.is_charged else "ice"

    @property
    def taker(self) -> str:
        """Who takes the car over and signs."""
        return self.agent or self.customer.name


def plan(
    session: Session, *, by: Person, customer: Customer, car: Car, model: CarModel, advisor: Staff, consultant: Staff,
    planned_at: datetime, place: Words, note: str = "", agent: str = "",
) -> Delivery:  # fmt: skip
    """Promise a car. Raises Invalid at `vin` when it is promised already, at `planned_at` when that has passed."""
    _not_promised(session, car, by=by)
    _still_to_come(planned_at)
    delivery = Delivery(
        id=uuid7(), store_id=by.store_id, number=next_number(session, "JC", by=by), state=State.PLANNED,
        customer=customer, car=car, model=model, advisor=advisor, consultant=consultant, planned_at=planned_at,
        place=place, note=note, agent=agent or None, created_at=now(),
    )  # fmt: skip
    session.add(delivery)
    session.flush()  # the event points at it
    _record(session, "delivery.planned", delivery, by=by, at=planned_at, place=place)
    _tell_advisor(session, delivery, by=by)
    return delivery


def reschedule(
    session: Session, delivery: Delivery, *, by: Person, version: int, planned_at: datetime, place: Words, note: str,
    agent: str | None = None,
) -> None:  # fmt: skip
    """Another time, place or taker. Raises Stale when somebody changed it meanwhile."""
    if not delivery.is_open:
        raise WrongMove(N_("This delivery is over; it cannot be moved."))
    if planned_at != delivery.planned_at:
        _still_to_come(planned_at)
    if delivery.version != version:
        raise Stale(
            {"planned_at": planned_at.isoformat(), "note": note},
            {"planned_at": delivery.planned_at.isoformat(), "note": delivery.note},
        )
    before = delivery.planned_at
    delivery.planned_at, delivery.place, delivery.note = planned_at, place, note
    delivery.agent = delivery.agent if agent is None else agent or None
    delivery.version += 1
    _record(session, "delivery.moved", delivery, by=by, from_=before, to=planned_at)


def cancel(session: Session, delivery: Delivery, *, by: Person, why: str) -> None:
    """Give the plan up; the car is free again."""
    if not why:
        raise Invalid.at("why", N_("Please fill this in."))
    delivery.cancelled_why = why
    move(session, delivery, State.CANCELLED, "delivery.cancelled", by=by, why=why)


def move(session: Session, delivery: Delivery, to: State, verb: str, *, by: Person, **data: object) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = State(delivery.state)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This delivery is “%(now)s”; it cannot become “%(then)s”."),
            now=STATE_NAMES[before],
            then=STATE_NAMES[to],
        )
    delivery.state = to
    delivery.version += 1
    _record(session, verb, delivery, by=by, from_=before, to=to, **data)


def _not_promised(session: Session, car: Car, *, by: Person) -> None:
    query = select(Delivery.number).where(
        Delivery.store_id == by.store_id, Delivery.car_id == car.id, Delivery.state != State.CANCELLED
    )
    taken = session.scalar(query)
    if taken:
        raise Invalid.at("vin", N_("This car has the delivery %(number)s already."), number=taken)


def _still_to_come(planned_at: datetime) -> None:
    """A plan is for later; what was agreed in the morning may still be written down in the evening."""
    if planned_at < now() - LATE_ENTRY:
        raise Invalid.at("planned_at", N_("This time has passed. Choose a later one."))
    if planned_at > now() + FURTHEST:
        raise Invalid.at("planned_at", N_("This is more than a year away. Look at the year once more."))


def _record(session: Session, verb: str, delivery: Delivery, *, by: Person, **data: object) -> None:
    said = {name.rstrip("_"): value for name, value in data.items()}
    record(
        session, verb, delivery, by=by, customer_id=delivery.customer_id or delivery.customer.id,
        car_id=delivery.car_id or delivery.car.id, number=delivery.number, **said,
    )  # fmt: skip


def _tell_advisor(session: Session, delivery: Delivery, *, by: Person) -> None:
    notices.tell(
        session, delivery.advisor.id, "delivery.assigned", f"/deliveries/{delivery.number}", by=by,
        number=delivery.number, customer=delivery.customer.name, model=delivery.model.name,
        time=delivery.planned_at.isoformat(),
    )  # fmt: skip
