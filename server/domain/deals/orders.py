"""Orders: an accepted quotation, a deposit, a car of the stock, a delivery; or cancelled, and what is given back."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words, now
from server.domain.catalogue import CarModel
from server.domain.catalogue.stock_cars import StockCar
from server.domain.customers import Customer
from server.domain.deals.quotations import Quotation
from server.domain.people import Person, Right, Staff
from server.domain.records import record
from server.domain.refusals import N_, NotAllowed, WrongMove
from server.domain.showroom import Prospect


class State(StrEnum):
    """The life of an order."""

    PLACED = "placed"
    CAR_ASSIGNED = "car_assigned"
    DELIVERY_PLANNED = "delivery_planned"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


MOVES: dict[State, set[State]] = {
    State.PLACED: {State.CAR_ASSIGNED, State.CANCELLED},
    State.CAR_ASSIGNED: {State.DELIVERY_PLANNED, State.PLACED, State.CANCELLED},
    State.DELIVERY_PLANNED: {State.DELIVERED, State.CAR_ASSIGNED},
    State.DELIVERED: set(),
    State.CANCELLED: set(),
}
STATE_NAMES: dict[State, Words] = {
    State.PLACED: {"zh": "已下单，待配车", "en": "Waits for a car"},
    State.CAR_ASSIGNED: {"zh": "已配车", "en": "Has a car"},
    State.DELIVERY_PLANNED: {"zh": "已安排交车", "en": "Delivery planned"},
    State.DELIVERED: {"zh": "已交车", "en": "Handed over"},
    State.CANCELLED: {"zh": "已退订", "en": "Cancelled"},
}
OPEN = (State.PLACED, State.CAR_ASSIGNED, State.DELIVERY_PLANNED)
_RESERVED = text("stock_car_id IS NOT NULL")


class Order(OfStore, Versioned, Base):
    """One car sold to one customer."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("store_id", "number"),
        UniqueConstraint("quotation_id"),
        Index(
            "ux_orders_stock_car", "store_id", "stock_car_id", unique=True, sqlite_where=_RESERVED,
            postgresql_where=_RESERVED,
        ),
        Index("ix_orders_placed", "store_id", "placed_at", "id"),
        Index("ix_orders_state", "store_id", "state", "placed_at", "id"),
        Index("ix_orders_whose", "store_id", "consultant_id", "placed_at", "id"),
        Index("ix_orders_prospect", "store_id", "prospect_id", "placed_at"),
        Index("ix_orders_customer", "store_id", "customer_id"),
        Index("ix_orders_delivery", "store_id", "delivery_id"),
    )  # fmt: skip

    number: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.PLACED)
    quotation_id: Mapped[UUID] = mapped_column(ForeignKey("quotations.id"))
    prospect_id: Mapped[UUID] = mapped_column(ForeignKey("prospects.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    consultant_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    model_id: Mapped[UUID] = mapped_column(ForeignKey("car_models.id"))
    colour: Mapped[str]
    total: Mapped[int]
    stock_car_id: Mapped[UUID | None] = mapped_column(ForeignKey("stock_cars.id"))
    """The car that is kept for it: no other order can have it."""
    delivery_id: Mapped[UUID | None] = mapped_column(ForeignKey("deliveries.id"))
    refundable: Mapped[int] = mapped_column(default=0)
    """Fen that may be given back without another word, once it is cancelled."""
    cancel_reason: Mapped[str] = mapped_column(default="")
    cancel_note: Mapped[str] = mapped_column(default="")
    promised_on: Mapped[date | None]
    """The day by which the car was promised when the order was placed."""
    placed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    quotation: Mapped[Quotation] = relationship(foreign_keys=[quotation_id])
    prospect: Mapped[Prospect] = relationship(foreign_keys=[prospect_id])
    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
    consultant: Mapped[Staff] = relationship(foreign_keys=[consultant_id])
    model: Mapped[CarModel] = relationship(foreign_keys=[model_id])
    stock_car: Mapped[StockCar | None] = relationship(foreign_keys=[stock_car_id])

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def is_open(self) -> bool:
        """Whether the car is still to be handed over."""
        return self.state in OPEN

    @property
    def address(self) -> str:
        """Its page."""
        return f"/orders/{self.number}"


def move(session: Session, order: Order, to: State, verb: str, *, by: Person, **data: Any) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = State(order.state)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This order is “%(now)s”; it cannot become “%(then)s”."),
            now=STATE_NAMES[before],
            then=STATE_NAMES[to],
        )
    order.state = to
    order.ended_at = None if to in OPEN else now()
    order.version += 1
    tell(session, verb, order, by=by, from_=before, to=to, **data)


def tell(session: Session, verb: str, order: Order, *, by: Person, **data: Any) -> None:
    """Write into the record of events what happened to an order."""
    said = {name.rstrip("_"): value for name, value in data.items()}
    record(session, verb, order, by=by, customer_id=order.customer_id, number=order.number, **said)


def may_sell(by: Person) -> None:
    """Raises NotAllowed."""
    if not by.may(Right.SELL):
        raise NotAllowed


def of_delivery(session: Session, store_id: UUID, delivery_id: UUID) -> Order | None:
    """The order that a delivery fulfils."""
    query = select(Order).where(Order.store_id == store_id, Order.delivery_id == delivery_id)
    return session.scalars(query.limit(1)).first()


def others_stand(session: Session, order: Order) -> bool:
    """Whether another order of the same prospect is still to be fulfilled."""
    query = select(Order.id).where(Order.store_id == order.store_id, Order.prospect_id == order.prospect_id)
    return session.scalar(query.where(Order.id != order.id, Order.state.in_(OPEN)).limit(1)) is not None


def of_quotations(session: Session, store_id: UUID, quotation_ids: Sequence[UUID]) -> Order | None:
    """The order that one of these versions became."""
    query = select(Order).where(Order.store_id == store_id, Order.quotation_id.in_(quotation_ids))
    return session.scalars(query.limit(1)).first()
