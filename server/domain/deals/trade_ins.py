"""Trade-ins: the customer's old car with photos, what they hope for, what it is valued at and by whom."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words, uuid7
from server.domain.catalogue import entries
from server.domain.customers import plates, vins
from server.domain.customers.cars import MOST_KM
from server.domain.people import Person, Right, Staff, notices
from server.domain.people.staff import with_right
from server.domain.records import record
from server.domain.refusals import Invalid, N_, NotAllowed, Said, WrongMove
from server.domain.showroom import Prospect

TO_VALUE, VALUED = "trade_in.registered", "trade_in.valued"
OLDEST = 1980


class State(StrEnum):
    """The life of a trade-in."""

    WAITING = "waiting"
    VALUED = "valued"
    TAKEN = "taken"
    DECLINED = "declined"


MOVES: dict[State, set[State]] = {
    State.WAITING: {State.VALUED, State.DECLINED},
    State.VALUED: {State.TAKEN, State.DECLINED},
    State.TAKEN: {State.VALUED},
    State.DECLINED: set(),
}
STATE_NAMES: dict[State, Words] = {
    State.WAITING: {"zh": "待评估", "en": "To be valued"},
    State.VALUED: {"zh": "已评估", "en": "Valued"},
    State.TAKEN: {"zh": "已抵价", "en": "Taken in payment"},
    State.DECLINED: {"zh": "不置换", "en": "Not traded in"},
}


class OldCar(msgspec.Struct, kw_only=True):
    """What is said of the car."""

    model: str
    year: int
    mileage_km: int
    condition: str
    plate: str = ""
    vin: str = ""
    expected: int | None = None
    """Fen that the customer hopes for."""
    note: str = ""


class TradeIn(OfStore, Versioned, Base):
    """One old car that a prospect would give in payment."""

    __tablename__ = "trade_ins"
    __table_args__ = (
        Index("ix_trade_ins_prospect", "store_id", "prospect_id"),
        Index("ix_trade_ins_state", "store_id", "state", "created_at"),
    )

    state: Mapped[str] = mapped_column(default=State.WAITING)
    prospect_id: Mapped[UUID] = mapped_column(ForeignKey("prospects.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    model: Mapped[str]
    """Brand and model in their own words."""
    year: Mapped[int]
    mileage_km: Mapped[int]
    condition: Mapped[str]
    """A code of the list `trade_in_condition`."""
    plate: Mapped[str]
    vin: Mapped[str]
    note: Mapped[str]
    expected: Mapped[int | None]
    valued: Mapped[int | None]
    """Fen."""
    valued_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    valued_at: Mapped[datetime | None]
    value_note: Mapped[str] = mapped_column(default="")
    registered_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]

    prospect: Mapped[Prospect] = relationship(foreign_keys=[prospect_id])
    valuer: Mapped[Staff | None] = relationship(foreign_keys=[valued_by])

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def is_open(self) -> bool:
        """Whether photos and a value may still be added."""
        return self.state in (State.WAITING, State.VALUED)

    @property
    def line_name(self) -> Words:
        """How it stands in a quotation."""
        return {"zh": f"旧车置换抵价：{self.model} {self.year} 年", "en": f"Trade-in: {self.model}, {self.year}"}


def register(session: Session, prospect: Prospect, car: OldCar, *, by: Person, id: UUID | None = None) -> TradeIn:
    """Write an old car down; who may value it is told. Raises Invalid."""
    _check(session, car, by)
    trade_in = TradeIn(
        id=id or uuid7(), store_id=by.store_id, state=State.WAITING, prospect=prospect,
        customer_id=prospect.customer_id, model=car.model, year=car.year, mileage_km=car.mileage_km,
        condition=car.condition, plate=plates.read(car.plate) or "",
        vin=vins.read(car.vin) or "", note=car.note, expected=car.expected,
        registered_by=by.id, created_at=by.moment(),
    )  # fmt: skip
    session.add(trade_in)
    session.flush()  # the event points at it
    _tell(session, TO_VALUE, trade_in, by=by)
    managers = [staff.id for staff in with_right(session, by.store_id, Right.APPROVE)]
    notices.tell_all(
        session, managers, TO_VALUE, f"/trade-ins/{trade_in.id}", by=by, what=f"{car.model} {car.year}", who=by.title
    )
    return trade_in


def value(session: Session, trade_in: TradeIn, *, by: Person, amount: int, note: str = "") -> None:
    """What the store pays for it, in fen; valued again, the later value stands. Whoever asked is told."""
    if not by.may(Right.APPROVE):
        raise NotAllowed
    require_open(trade_in)
    trade_in.valued, trade_in.valued_by, trade_in.valued_at = amount, by.id, by.moment()
    trade_in.value_note = note
    if trade_in.state == State.WAITING:
        move(session, trade_in, State.VALUED, VALUED, by=by, amount=amount)
    else:
        trade_in.version += 1
        _tell(session, VALUED, trade_in, by=by, amount=amount)
    place = f"/trade-ins/{trade_in.id}"
    notices.settle(session, TO_VALUE, place, by=by)
    notices.tell(
        session, trade_in.registered_by, VALUED, place, by=by, what=f"{trade_in.model} {trade_in.year}",
    )  # fmt: skip


def decline(session: Session, trade_in: TradeIn, *, by: Person, why: str) -> None:
    """The customer keeps it, or the store does not want it."""
    if not why:
        raise Invalid.at("why", N_("Please fill this in."))
    move(session, trade_in, State.DECLINED, "trade_in.declined", by=by, why=why)
    notices.settle(session, TO_VALUE, f"/trade-ins/{trade_in.id}", by=by)


def move(session: Session, trade_in: TradeIn, to: State, verb: str, *, by: Person, **data: Any) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = State(trade_in.state)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This trade-in is “%(now)s”; it cannot become “%(then)s”."),
            now=STATE_NAMES[before],
            then=STATE_NAMES[to],
        )
    trade_in.state = to
    trade_in.version += 1
    _tell(session, verb, trade_in, by=by, from_=before, to=to, **data)


def of_prospect(session: Session, prospect: Prospect) -> Sequence[TradeIn]:
    """All of them, newest first."""
    query = select(TradeIn).where(TradeIn.store_id == prospect.store_id, TradeIn.prospect_id == prospect.id)
    return session.scalars(query.options(joinedload(TradeIn.valuer)).order_by(TradeIn.created_at.desc())).all()


def require_open(trade_in: TradeIn) -> None:
    """Raises WrongMove when it is decided."""
    if not trade_in.is_open:
        raise WrongMove(N_("This trade-in is decided; nothing can be added."))


def _check(session: Session, car: OldCar, by: Person) -> None:
    errors: dict[str, Said] = {}
    year = by.moment().astimezone(by.zone).year
    if not car.model:
        errors["model"] = Said(N_("Please fill this in."))
    if not OLDEST <= car.year <= year:
        errors["year"] = Said(N_("Between %(least)s and %(most)s."), least=OLDEST, most=year)
    if not 0 <= car.mileage_km <= MOST_KM:
        errors["mileage_km"] = Said(N_("Between %(least)s and %(most)s."), least=0, most=MOST_KM)
    if car.condition not in {entry.code for entry in entries(session, by.store_id, "trade_in_condition")}:
        errors["condition"] = Said(N_("Choose one of the offered."))
    if errors:
        raise Invalid(errors)


def _tell(session: Session, verb: str, trade_in: TradeIn, *, by: Person, **data: Any) -> None:
    said = {name.rstrip("_"): value for name, value in data.items()}
    record(session, verb, trade_in, by=by, customer_id=trade_in.customer_id, what=trade_in.model, **said)
