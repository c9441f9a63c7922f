"""Appointments: a customer's car is expected at a time, for work of known hours."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words
from server.domain.catalogue.jobs import KINDS
from server.domain.customers import Car, Customer
from server.domain.people import Person, Right, Staff
from server.domain.records import record
from server.domain.records.events import Actor, Clock
from server.domain.refusals import N_, NotThere, WrongMove


class State(StrEnum):
    """The life of an appointment."""

    BOOKED = "booked"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


MOVES: dict[State, set[State]] = {
    State.BOOKED: {State.CONFIRMED, State.ARRIVED, State.CANCELLED, State.NO_SHOW},
    State.CONFIRMED: {State.BOOKED, State.ARRIVED, State.CANCELLED, State.NO_SHOW},
    State.ARRIVED: set(),
    State.CANCELLED: set(),
    State.NO_SHOW: {State.ARRIVED},
}
"""At another time they have to say once more that they come; who was counted as a no-show may come after all."""
STATE_NAMES: dict[State, Words] = {
    State.BOOKED: {"zh": "已预约", "en": "Booked"},
    State.CONFIRMED: {"zh": "客户已确认", "en": "Confirmed"},
    State.ARRIVED: {"zh": "已到店", "en": "Arrived"},
    State.CANCELLED: {"zh": "已取消", "en": "Cancelled"},
    State.NO_SHOW: {"zh": "未到店", "en": "Did not come"},
}
EXPECTED = (State.BOOKED, State.CONFIRMED)
COUNTED = (State.BOOKED, State.CONFIRMED, State.ARRIVED)
"""What takes up hours of its day."""
WAITS, LEAVES, FETCHED = "waits", "leaves", "fetched"
STAYS: dict[str, str] = {
    WAITS: N_("Waits in the lounge"),
    LEAVES: N_("Leaves the car here"),
    FETCHED: N_("We fetch the car and bring it back"),
}
DESK, LINK = "desk", "link"
MOST_A_DAY = 400


class Appointment(OfStore, Versioned, Base):
    """One car expected at one time."""

    __tablename__ = "appointments"
    __table_args__ = (
        UniqueConstraint("store_id", "number"),
        Index("ix_appointments_starts", "store_id", "starts_at", "id"),
        Index("ix_appointments_state", "store_id", "state", "starts_at"),
        Index("ix_appointments_customer", "store_id", "customer_id", "starts_at"),
        Index("ix_appointments_car", "store_id", "car_id", "starts_at"),
    )

    number: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.BOOKED)
    kind: Mapped[str]
    """As in `catalogue.jobs.KINDS`."""
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    car_id: Mapped[UUID] = mapped_column(ForeignKey("cars.id"))
    advisor_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    """Who receives them; None: whoever is there."""
    starts_at: Mapped[datetime]
    stay: Mapped[str] = mapped_column(default=LEAVES)
    jobs: Mapped[list[Any]] = mapped_column(default=list)
    """`{"job_id", "code", "name": {"zh", "en"}, "skill", "hours"}` each, as the catalogue had it when it was booked."""
    hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Hundredths of a labour hour by skill."""
    said: Mapped[str] = mapped_column(default="")
    """What the customer says is wrong, or wishes."""
    short: Mapped[list[Any]] = mapped_column(default=list)
    """Parts that are not in stock: `{"code", "name", "wanted", "free"}`, hundredths of the unit."""
    load: Mapped[int] = mapped_column(default=0)
    """How full the day became by it, in per cent."""
    source: Mapped[str] = mapped_column(default=DESK)
    moved: Mapped[int] = mapped_column(default=0)
    """How often it was put to another time."""
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    """None: the customer, by a link."""
    confirmed_at: Mapped[datetime | None]
    day_reminded_at: Mapped[datetime | None]
    hour_reminded_at: Mapped[datetime | None]
    """When the call of the day before, and of the hour before, was owed."""
    arrived_at: Mapped[datetime | None]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("repair_orders.id"))
    why: Mapped[str] = mapped_column(default="")
    """Why it was cancelled."""

    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
    car: Mapped[Car] = relationship(foreign_keys=[car_id])
    advisor: Mapped[Staff | None] = relationship(foreign_keys=[advisor_id])

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def kind_name(self) -> str:
        """What the car comes for, for the catalogue."""
        return KINDS[self.kind]

    @property
    def is_expected(self) -> bool:
        """Whether they are still to come."""
        return self.state in EXPECTED

    @property
    def may_arrive(self) -> bool:
        """Whether it can be turned into a repair order."""
        return State.ARRIVED in MOVES[State(self.state)]

    @property
    def labour(self) -> int:
        """All hours together, in hundredths."""
        return sum(self.hours.values())

    @property
    def address(self) -> str:
        """Its page."""
        return f"/appointments/{self.id}"

    def is_late(self, at: datetime) -> bool:
        """Whether they should be here."""
        return self.is_expected and self.starts_at < at


class Reach:
    """Whoever has to do with the workshop sees the appointments of the store."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session, self.person = session, person
        query = select(Appointment).where(Appointment.store_id == person.store_id)
        if not person.may(Right.SEE_WORKSHOP):
            query = query.where(Appointment.id.is_(None))
        self.query = query.options(
            joinedload(Appointment.customer), joinedload(Appointment.car), joinedload(Appointment.advisor)
        )

    def one(self, appointment_id: UUID) -> Appointment:
        """By its identity. Raises NotThere."""
        found = self.session.scalar(self.query.where(Appointment.id == appointment_id))
        if found is None:
            raise NotThere
        return found

    def on(self, day: date) -> Sequence[Appointment]:
        """Everything of a day, by its time; what was cancelled last."""
        begins = datetime.combine(day, time(), self.person.zone)
        query = self.query.where(Appointment.starts_at >= begins, Appointment.starts_at < begins + timedelta(days=1))
        query = query.order_by(Appointment.state == State.CANCELLED, Appointment.starts_at, Appointment.id)
        return self.session.scalars(query.limit(MOST_A_DAY)).all()

    def of_customer(self, customer_id: UUID) -> Sequence[Appointment]:
        """A customer's, the newest first."""
        query = self.query.where(Appointment.customer_id == customer_id)
        return self.session.scalars(query.order_by(Appointment.starts_at.desc()).limit(20)).all()


def visible_to(session: Session, person: Person) -> Reach:
    """Where a person's look-ups of appointments begin."""
    return Reach(session, person)


def move(
    session: Session, appointment: Appointment, to: State, verb: str, *, by: Actor | Clock, **data: Any
) -> None:  # fmt: skip
    """The one way from state to state. Raises WrongMove."""
    before = State(appointment.state)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This appointment is “%(now)s”; it cannot become “%(then)s”."),
            now=STATE_NAMES[before], then=STATE_NAMES[to],
        )  # fmt: skip
    appointment.state = to
    appointment.version += 1
    tell(session, verb, appointment, by=by, from_=before, to=to, **data)


def tell(session: Session, verb: str, appointment: Appointment, *, by: Actor | Clock, **data: Any) -> None:
    """Write into the record of events what happened to an appointment."""
    said = {name.rstrip("_"): value for name, value in data.items()}
    record(
        session, verb, appointment, by=by, customer_id=appointment.customer_id, car_id=appointment.car_id,
        number=appointment.number, **said,
    )  # fmt: skip
