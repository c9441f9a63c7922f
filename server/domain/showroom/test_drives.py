"""Test drives: a car, a consultant and a route held together for a time; out, back, evaluated."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words
from server.domain.catalogue import DemoCar
from server.domain.customers import Customer, personal_numbers
from server.domain.people import Person, Right, Staff
from server.domain.records import record
from server.domain.refusals import N_, WrongMove
from server.domain.showroom.licences import Licence
from server.domain.showroom.prospects import Prospect


class State(StrEnum):
    """The life of a test drive."""

    BOOKED = "booked"
    OUT = "out"
    BACK = "back"
    EVALUATED = "evaluated"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


MOVES: dict[State, set[State]] = {
    State.BOOKED: {State.OUT, State.CANCELLED, State.NO_SHOW},
    State.OUT: {State.BACK},
    State.BACK: {State.EVALUATED},
    State.EVALUATED: set(),
    State.CANCELLED: set(),
    State.NO_SHOW: set(),
}
STATE_NAMES: dict[State, Words] = {
    State.BOOKED: {"zh": "已预约", "en": "Booked"},
    State.OUT: {"zh": "试驾中", "en": "On the road"},
    State.BACK: {"zh": "已还车，待评价", "en": "Back, to be evaluated"},
    State.EVALUATED: {"zh": "已评价", "en": "Evaluated"},
    State.CANCELLED: {"zh": "已取消", "en": "Cancelled"},
    State.NO_SHOW: {"zh": "客户未到", "en": "Did not come"},
}
DRIVE, RIDE = "drive", "ride"
KINDS: dict[str, Words] = {
    DRIVE: {"zh": "试驾", "en": "Drive"},
    RIDE: {"zh": "试乘", "en": "Ride"},
}
LIVE = (State.BOOKED, State.OUT)
"""While the car, the consultant and the route are held."""


class TestDrive(OfStore, Versioned, Base):
    """One test drive of one customer; its three lists are C02 before, C03 on the road, C04 after."""

    __test__ = False  # the test runner takes the name for one of its own
    __tablename__ = "test_drives"
    __table_args__ = (
        UniqueConstraint("store_id", "number"),
        Index("ix_test_drives_starts", "store_id", "starts_at"),
        Index("ix_test_drives_prospect", "store_id", "prospect_id"),
        Index("ix_test_drives_customer", "store_id", "customer_id"),
        Index("ix_test_drives_photos", "store_id", "photos_gone_at", "ends_at"),
    )

    number: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.BOOKED)
    kind: Mapped[str] = mapped_column(default=DRIVE)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    prospect_id: Mapped[UUID | None] = mapped_column(ForeignKey("prospects.id"))
    consultant_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    car_id: Mapped[UUID] = mapped_column(ForeignKey("demo_cars.id"))
    route: Mapped[str]
    """A code of the list `drive_route`."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    licence_class: Mapped[str] = mapped_column(default="")
    licence_first_on: Mapped[date | None]
    licence_until: Mapped[date | None]
    licence_sealed: Mapped[str | None]
    photos_gone_at: Mapped[datetime | None]
    """When the photos of the licence were deleted."""
    before_id: Mapped[UUID | None] = mapped_column(ForeignKey("checklist_runs.id"))
    during_id: Mapped[UUID | None] = mapped_column(ForeignKey("checklist_runs.id"))
    after_id: Mapped[UUID | None] = mapped_column(ForeignKey("checklist_runs.id"))
    out_at: Mapped[datetime | None]
    back_at: Mapped[datetime | None]
    km_out: Mapped[int | None]
    km_back: Mapped[int | None]
    energy_out: Mapped[int | None]
    energy_back: Mapped[int | None]
    """Fuel or charge in per cent."""
    damage: Mapped[str] = mapped_column(default="")
    marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The ten items of the evaluation, each `poor`, `fair` or `good`."""
    impressions: Mapped[list[Any]] = mapped_column(default=list)
    helped: Mapped[str] = mapped_column(default="")
    opinion: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    """Why it was cancelled."""
    created_at: Mapped[datetime]

    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
    prospect: Mapped[Prospect | None] = relationship(foreign_keys=[prospect_id])
    consultant: Mapped[Staff] = relationship(foreign_keys=[consultant_id])
    car: Mapped[DemoCar] = relationship(foreign_keys=[car_id])

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def kind_name(self) -> Words:
        """Whether the customer drives or rides along."""
        return KINDS[self.kind]

    @property
    def is_live(self) -> bool:
        """Whether it holds its car, consultant and route."""
        return self.state in LIVE

    @property
    def licence(self) -> Licence | None:
        """What is known of the driver's licence, without its number."""
        if self.licence_first_on is None or self.licence_until is None:
            return None
        return Licence(self.licence_class, self.licence_first_on, self.licence_until)

    @property
    def masked_licence(self) -> str:
        """The licence's number with its middle hidden."""
        if self.licence_sealed is None:
            return ""
        return personal_numbers.masked(personal_numbers.unseal(self.licence_sealed, self.id))

    @property
    def km(self) -> int | None:
        """How far they drove."""
        return None if self.km_out is None or self.km_back is None else self.km_back - self.km_out

    def is_of(self, person: Person) -> bool:
        """Whether they look after the customer or drove along; for a manager every drive is."""
        looks_after = self.prospect is not None and self.prospect.consultant_id == person.id
        return person.may(Right.SEE_ALL_PROSPECTS) or looks_after or self.consultant_id == person.id

    def is_late(self, at: datetime) -> bool:
        """Whether it should be over, or should have begun."""
        due = self.starts_at if self.state == State.BOOKED else self.ends_at
        return self.is_live and due < at


def move(session: Session, drive: TestDrive, to: State, verb: str, *, by: Person, **data: Any) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = State(drive.state)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This test drive is “%(now)s”; it cannot become “%(then)s”."),
            now=STATE_NAMES[before], then=STATE_NAMES[to],
        )  # fmt: skip
    drive.state = to
    drive.version += 1
    tell(session, verb, drive, by=by, **data)


def tell(session: Session, verb: str, drive: TestDrive, *, by: Person, **data: Any) -> None:
    """Write into the record of events what happened to a test drive."""
    record(session, verb, drive, by=by, customer_id=drive.customer_id, car_id=None, number=drive.number, **data)
