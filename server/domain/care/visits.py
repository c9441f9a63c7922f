"""Visits at an owner's home: planned, booked, confirmed, on the way, there, done, closed."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words
from server.domain.care.visit_plans import VisitPlan
from server.domain.care.visit_teams import Vehicle, VisitTeam
from server.domain.catalogue import DemoCar
from server.domain.customers import Car, Customer
from server.domain.people import Person, Staff
from server.domain.records import record
from server.domain.refusals import N_, WrongMove


class State(StrEnum):
    """The life of a visit."""

    PLANNED = "planned"
    BOOKED = "booked"
    CONFIRMED = "confirmed"
    ON_THE_WAY = "on_the_way"
    THERE = "there"
    DONE = "done"
    CLOSED = "closed"
    BROKEN_OFF = "broken_off"
    CANCELLED = "cancelled"


MOVES: dict[State, set[State]] = {
    State.PLANNED: {State.BOOKED, State.CANCELLED},
    State.BOOKED: {State.CONFIRMED, State.PLANNED, State.CANCELLED},
    State.CONFIRMED: {State.ON_THE_WAY, State.PLANNED, State.CANCELLED},
    State.ON_THE_WAY: {State.THERE, State.CANCELLED},
    State.THERE: {State.DONE, State.BROKEN_OFF},
    State.DONE: {State.CLOSED},
    State.CLOSED: set(),
    State.BROKEN_OFF: set(),
    State.CANCELLED: set(),
}
STATE_NAMES: dict[State, Words] = {
    State.PLANNED: {"zh": "待预约", "en": "To be booked"},
    State.BOOKED: {"zh": "已预约", "en": "Booked"},
    State.CONFIRMED: {"zh": "已确认", "en": "Confirmed"},
    State.ON_THE_WAY: {"zh": "在路上", "en": "On the way"},
    State.THERE: {"zh": "已上门", "en": "There"},
    State.DONE: {"zh": "已离开，待收尾", "en": "Done, to be closed"},
    State.CLOSED: {"zh": "已完成", "en": "Closed"},
    State.BROKEN_OFF: {"zh": "中途结束", "en": "Broken off"},
    State.CANCELLED: {"zh": "已取消", "en": "Cancelled"},
}
BEFORE = (State.PLANNED, State.BOOKED, State.CONFIRMED)
"""While it can still be moved to another day, team or car."""
LIVE = (*BEFORE, State.ON_THE_WAY, State.THERE)
"""While it holds its people and cars."""
UNFINISHED = (*LIVE, State.DONE)
"""While somebody still has to do something about it."""


class HomeVisit(OfStore, Versioned, Base):
    """One visit of a team at one customer's home; its list is C08."""

    __tablename__ = "home_visits"
    __table_args__ = (
        UniqueConstraint("store_id", "number"),
        Index("ix_home_visits_day", "store_id", "day", "position"),
        Index("ix_home_visits_customer", "store_id", "customer_id"),
        Index("ix_home_visits_plan", "store_id", "plan_id"),
        Index("ix_home_visits_state", "store_id", "state", "day"),
        Index("ix_home_visits_leader", "store_id", "leader_id", "state"),
    )

    number: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.PLANNED)
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit_plans.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    car_id: Mapped[UUID] = mapped_column(ForeignKey("cars.id"))
    delivery_id: Mapped[UUID | None] = mapped_column(ForeignKey("deliveries.id"))
    leader_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    """Whose it is: books it, confirms it, closes it."""
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit_teams.id"))
    vehicle_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit_vehicles.id"))
    demo_car_id: Mapped[UUID | None] = mapped_column(ForeignKey("demo_cars.id"))
    """The demonstration car that is shown there."""
    day: Mapped[date]
    """On the store's calendar."""
    starts_at: Mapped[datetime | None]
    """None until a time was thought of; agreed with the customer once it is booked."""
    minutes: Mapped[int]
    address: Mapped[str]
    area: Mapped[Words]
    """The district, by which visits of a day are kept together."""
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    """Where the address is, when somebody gave it; else the middle of the district stands for it."""
    position: Mapped[int] = mapped_column(default=0)
    """Its turn on the team's way of that day, from 1; 0 while no way was worked out."""
    reasons: Mapped[list[Any]]
    """Why this customer was chosen: `[{"code": ..., "points": ..., **gaps}]`."""
    note: Mapped[str] = mapped_column(default="")
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("checklist_runs.id"))
    """Its list C08, begun with the visit."""
    booked_at: Mapped[datetime | None]
    booked_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    set_out_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]
    signed_out_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="")
    """Why it was cancelled or broken off."""
    created_at: Mapped[datetime]

    plan: Mapped[VisitPlan | None] = relationship(foreign_keys=[plan_id])
    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
    car: Mapped[Car] = relationship(foreign_keys=[car_id])
    leader: Mapped[Staff] = relationship(foreign_keys=[leader_id])
    team: Mapped[VisitTeam | None] = relationship(foreign_keys=[team_id])
    vehicle: Mapped[Vehicle | None] = relationship(foreign_keys=[vehicle_id])
    demo_car: Mapped[DemoCar | None] = relationship(foreign_keys=[demo_car_id])
    members: Mapped[list["VisitMember"]] = relationship(
        order_by="VisitMember.id", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def is_draft(self) -> bool:
        """Whether only those who plan know of it yet."""
        return self.plan is not None and not self.plan.is_released

    @property
    def is_movable(self) -> bool:
        """Whether day, time, people and cars may still change."""
        return self.state in BEFORE

    @property
    def is_live(self) -> bool:
        """Whether it holds its people and cars."""
        return self.state in LIVE

    @property
    def ends_at(self) -> datetime | None:
        """When it is over by plan."""
        return self.starts_at and self.starts_at + timedelta(minutes=self.minutes)

    @property
    def place(self) -> tuple[float, float] | None:
        """Longitude and latitude of the address, when they are known."""
        return None if self.longitude is None or self.latitude is None else (self.longitude, self.latitude)

    @property
    def crew(self) -> frozenset[UUID]:
        """Everybody who goes."""
        return frozenset(member.staff_id for member in self.members)

    @property
    def roles(self) -> dict[UUID, str]:
        """Who goes as what."""
        return {member.staff_id: member.role for member in self.members}

    def role_of(self, staff_id: UUID) -> str | None:
        """As what somebody goes; None who stays."""
        return next((member.role for member in self.members if member.staff_id == staff_id), None)


class VisitMember(OfStore, Base):
    """Somebody who goes on a visit, and as what."""

    __tablename__ = "visit_members"
    __table_args__ = (
        UniqueConstraint("visit_id", "staff_id"),
        Index("ix_visit_members_staff", "store_id", "staff_id"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits.id"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[str]
    """A code of the list `visit_role`."""

    staff: Mapped[Staff] = relationship(lazy="joined")


def move(session: Session, visit: HomeVisit, to: State, verb: str, *, by: Person, **data: Any) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = State(visit.state)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This visit is “%(now)s”; it cannot become “%(then)s”."),
            now=STATE_NAMES[before], then=STATE_NAMES[to],
        )  # fmt: skip
    visit.state = to
    visit.version += 1
    tell(session, verb, visit, by=by, **data)


def tell(session: Session, verb: str, visit: HomeVisit, *, by: Person, **data: Any) -> None:
    """Write into the record of events what happened to a visit."""
    record(session, verb, visit, by=by, customer_id=visit.customer_id, car_id=visit.car_id, number=visit.number, **data)
