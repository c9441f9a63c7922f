"""Repair orders: a car comes, the customer signs what is to be done, it is worked on, inspected and returned."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, synonym

from server.database import Base, OfStore, Versioned, Words
from server.domain.customers import Car, Customer
from server.domain.people import Staff
from server.domain.records import record
from server.domain.records.events import Actor, Clock
from server.domain.refusals import N_, WrongMove

if TYPE_CHECKING:
    from server.domain.workshop.order_lines import OrderJob, OrderPart


class State(StrEnum):
    """The life of a repair order."""

    INTAKE = "intake"
    ORDERED = "ordered"
    IN_WORK = "in_work"
    INSPECTION = "inspection"
    WASHING = "washing"
    READY = "ready"
    SETTLED = "settled"
    CLOSED = "closed"
    CANCELLED = "cancelled"


MOVES: dict[State, set[State]] = {
    State.INTAKE: {State.ORDERED, State.CANCELLED},
    State.ORDERED: {State.IN_WORK, State.CANCELLED},
    State.IN_WORK: {State.INSPECTION},
    State.INSPECTION: {State.IN_WORK, State.WASHING, State.READY},
    State.WASHING: {State.READY},
    State.READY: {State.SETTLED, State.IN_WORK},
    State.SETTLED: {State.CLOSED, State.READY},
    State.CLOSED: set(),
    State.CANCELLED: set(),
}
STATE_NAMES: dict[State, Words] = {
    State.INTAKE: {"zh": "接车中", "en": "Being taken in"},
    State.ORDERED: {"zh": "已委托待派工", "en": "Ordered, waits for a technician"},
    State.IN_WORK: {"zh": "维修中", "en": "In work"},
    State.INSPECTION: {"zh": "检验中", "en": "Being inspected"},
    State.WASHING: {"zh": "洗车中", "en": "Being washed"},
    State.READY: {"zh": "待交车", "en": "Ready"},
    State.SETTLED: {"zh": "已结算", "en": "Settled"},
    State.CLOSED: {"zh": "已出厂", "en": "Has left"},
    State.CANCELLED: {"zh": "已取消", "en": "Cancelled"},
}
OPEN = tuple(state for state, onward in MOVES.items() if onward)
RETURN, LEAVE = "return", "leave"
OLD_PARTS: dict[str, Words] = {
    RETURN: {"zh": "客户带走", "en": "The customer takes them along"},
    LEAVE: {"zh": "由门店处理", "en": "The store disposes of them"},
}


class RepairOrder(OfStore, Versioned, Base):
    """One visit of one car to the workshop. Who sends it, who owns it and who drove it are told apart."""

    __tablename__ = "repair_orders"
    __table_args__ = (
        UniqueConstraint("store_id", "number"),
        Index("ix_repair_orders_state", "store_id", "state", "promised_at", "id"),
        Index("ix_repair_orders_arrived", "store_id", "arrived_at", "id"),
        Index("ix_repair_orders_whose", "store_id", "advisor_id", "arrived_at", "id"),
        Index("ix_repair_orders_car", "store_id", "car_id", "arrived_at"),
        Index("ix_repair_orders_customer", "store_id", "customer_id", "arrived_at"),
        Index("ix_repair_orders_appointment", "store_id", "appointment_id"),
        Index("ix_repair_orders_left", "store_id", "left_at"),
    )

    number: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.INTAKE)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    """Who sends the car and signs."""
    sender_id: Mapped[UUID] = synonym("customer_id")
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    """None: the sender owns it."""
    driver_name: Mapped[str] = mapped_column(default="")
    driver_phone: Mapped[str] = mapped_column(default="")
    car_id: Mapped[UUID] = mapped_column(ForeignKey("cars.id"))
    advisor_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    appointment_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(default="repair")
    """As in `catalogue.jobs.KINDS`."""
    km: Mapped[int | None]
    energy_level: Mapped[int | None]
    """Fuel or charge in per cent."""
    words: Mapped[list[Any]] = mapped_column(default=list)
    """The customer's own words: `{"what", "when", "where", "how"}` each."""
    promised_at: Mapped[datetime | None]
    first_promised_at: Mapped[datetime | None]
    waits_here: Mapped[bool] = mapped_column(default=False)
    wash: Mapped[bool] = mapped_column(default=True)
    old_parts: Mapped[str] = mapped_column(default=LEAVE)
    key_number: Mapped[str] = mapped_column(default="")
    estimate: Mapped[int] = mapped_column(default=0)
    """Fen, as the customer signed it."""
    why: Mapped[str] = mapped_column(default="")
    """Why it was cancelled."""
    created_at: Mapped[datetime]
    arrived_at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    """When somebody turned to the customer."""
    ordered_at: Mapped[datetime | None]
    work_started_at: Mapped[datetime | None]
    work_ended_at: Mapped[datetime | None]
    inspected_at: Mapped[datetime | None]
    wash_started_at: Mapped[datetime | None]
    washed_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    comeback_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("repair_orders.id"))
    walk_run_id: Mapped[UUID | None] = mapped_column(ForeignKey("checklist_runs.id"))
    intake_run_id: Mapped[UUID | None] = mapped_column(ForeignKey("checklist_runs.id"))
    inspection_run_id: Mapped[UUID | None] = mapped_column(ForeignKey("checklist_runs.id"))
    return_run_id: Mapped[UUID | None] = mapped_column(ForeignKey("checklist_runs.id"))
    next_service_on: Mapped[date | None]
    next_service_km: Mapped[int | None]
    rating: Mapped[int | None]
    """One to five, given by the customer."""

    sender: Mapped[Customer] = relationship(foreign_keys=[customer_id])
    owner: Mapped[Customer | None] = relationship(foreign_keys=[owner_id])
    car: Mapped[Car] = relationship(foreign_keys=[car_id])
    advisor: Mapped[Staff] = relationship(foreign_keys=[advisor_id])
    jobs: Mapped[list["OrderJob"]] = relationship(order_by="OrderJob.position", lazy="raise", back_populates="order")
    parts: Mapped[list["OrderPart"]] = relationship(order_by="OrderPart.position", lazy="raise", back_populates="order")

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def is_open(self) -> bool:
        """Whether the car is still here."""
        return self.state in OPEN

    @property
    def address(self) -> str:
        """Its page."""
        return f"/repair-orders/{self.id}"


def move(session: Session, order: RepairOrder, to: State, verb: str, *, by: Actor | Clock, **data: Any) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = State(order.state)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This repair order is “%(now)s”; it cannot become “%(then)s”."),
            now=STATE_NAMES[before],
            then=STATE_NAMES[to],
        )
    order.state = to
    order.version += 1
    tell(session, verb, order, by=by, from_=before, to=to, **data)


def tell(session: Session, verb: str, order: RepairOrder, *, by: Actor | Clock, **data: Any) -> None:
    """Write into the record of events what happened to a repair order."""
    said = {name.rstrip("_"): value for name, value in data.items()}
    record(
        session, verb, order, by=by, customer_id=order.customer_id, car_id=order.car_id, number=order.number, **said
    )  # fmt: skip
