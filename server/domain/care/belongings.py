"""What is alive and in somebody's hands: every kind of it, whose it is, and who could take it over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.database import Words
from server.domain.care import data_handovers, visits
from server.domain.care.contacts import Contact
from server.domain.care.contacts import State as ContactState
from server.domain.care.data_handovers import DataHandover
from server.domain.care.visit_teams import TeamMember, VisitTeam
from server.domain.care.visits import HomeVisit, VisitMember
from server.domain.customers import Customer
from server.domain.deals import Order, Quotation, orders, quotations
from server.domain.delivery import Delivery, Inspection, deliveries, pdi
from server.domain.people import Right
from server.domain.people.absences import Absence
from server.domain.showroom import Prospect, Reception, TestDrive
from server.domain.showroom.prospects import State as ProspectState
from server.domain.workshop import JobState, OrderJob, RepairOrder, repair_orders
from server.domain.workshop.appointments import Appointment

SALES, SERVICE, WORKSHOP, VISITS, CALLS = "sales", "service", "workshop", "visits", "calls"
GROUPS: dict[str, Words] = {
    SALES: {"zh": "销售", "en": "Sales"},
    SERVICE: {"zh": "服务", "en": "Service"},
    WORKSHOP: {"zh": "车间", "en": "Workshop"},
    VISITS: {"zh": "上门拜访", "en": "Home visits"},
    CALLS: {"zh": "联系事项", "en": "Contacts owed"},
}
RIGHTS: dict[str, frozenset[Right]] = {
    SALES: frozenset({Right.KEEP_PROSPECTS, Right.SELL, Right.HAND_OVER}),
    SERVICE: frozenset({Right.WRITE_ORDERS}),
    WORKSHOP: frozenset({Right.WORK}),
    VISITS: frozenset({Right.GO_ON_VISITS}),
    CALLS: frozenset({Right.MAKE_CONTACTS}),
}
"""What somebody must be able to do to take a group over."""


@dataclass(frozen=True)
class Belonging:
    """One kind of thing that is somebody's while it is alive."""

    code: str
    name: Words
    group: str
    table: type[Any]
    owner: InstrumentedAttribute[Any]
    alive: ColumnElement[bool]
    called: InstrumentedAttribute[Any] | None = None
    """By what people name one of them."""
    needs_owner: ColumnElement[bool] | None = field(default=None)
    """Of those that are alive, which may not be nobody's; None: nobody's is nobody's fault."""
    told: ColumnElement[str] | InstrumentedAttribute[str] | None = field(default=None)
    """What one of them is about, where it has no name of its own."""
    opened: ColumnElement[Any] | InstrumentedAttribute[Any] | None = field(default=None)
    """What its page is known by, where that is neither its name nor itself."""

    def of(self, store_id: UUID, owner_id: UUID) -> Select[Any]:
        """What is alive of it in one person's hands."""
        query = select(self.table).where(self.table.store_id == store_id, self.owner == owner_id, self.alive)
        return query.order_by(self.table.id)

    def count(self, session: Session, store_id: UUID, owner_id: UUID) -> int:
        """How many that are."""
        query = select(func.count()).select_from(self.table).where(self.table.store_id == store_id)
        return session.scalar(query.where(self.owner == owner_id, self.alive)) or 0


def _delivered_to() -> ColumnElement[bool]:
    """Who has a car of this store, and is not just on the way from sales to service."""
    has_one = exists().where(Delivery.customer_id == Customer.id, Delivery.state == deliveries.State.COMPLETED)
    on_the_way = exists().where(
        DataHandover.customer_id == Customer.id, DataHandover.state == data_handovers.State.OFFERED
    )
    return and_(Customer.merged_into.is_(None), has_one, ~on_the_way)


def _customer(of: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    return select(Customer.name).where(Customer.id == of).correlate_except(Customer).scalar_subquery()


def _delivery() -> ColumnElement[str]:
    return select(Delivery.number).where(Delivery.id == Inspection.delivery_id).scalar_subquery()


OPEN_QUOTATIONS = (quotations.State.ASKED, quotations.State.OFFERED)
OPEN_JOBS = (JobState.PROPOSED, JobState.APPROVED, JobState.WORKING, JobState.PAUSED)
ALL: Sequence[Belonging] = (
    Belonging(
        "prospects", {"zh": "潜客", "en": "Prospects"}, SALES, Prospect, Prospect.consultant_id,
        Prospect.state != ProspectState.DELIVERED, Prospect.number,
        # Who is still open without a consultant lies in the pool, where everybody sees them.
        Prospect.state == ProspectState.ORDERED,
    ),
    Belonging(
        "quotations", {"zh": "报价", "en": "Quotations"}, SALES, Quotation, Quotation.consultant_id,
        Quotation.state.in_(OPEN_QUOTATIONS), Quotation.number, Quotation.id.is_not(None),
    ),
    Belonging(
        "orders", {"zh": "订单", "en": "Orders"}, SALES, Order, Order.consultant_id, Order.state.in_(orders.OPEN),
        Order.number, Order.id.is_not(None),
    ),
    Belonging(
        "test_drives", {"zh": "试驾", "en": "Test drives"}, SALES, TestDrive, TestDrive.consultant_id,
        TestDrive.state.in_(("booked", "out", "back")), TestDrive.number, TestDrive.id.is_not(None),
    ),
    Belonging(
        "receptions", {"zh": "接待中的来客", "en": "People being received"}, SALES, Reception, Reception.consultant_id,
        Reception.state == "receiving", None, Reception.id.is_not(None), told=_customer(Reception.customer_id),
    ),
    Belonging(
        "deliveries", {"zh": "交车（销售）", "en": "Deliveries, sales"}, SALES, Delivery, Delivery.consultant_id,
        Delivery.state.in_(deliveries.OPEN), Delivery.number, Delivery.id.is_not(None),
    ),
    Belonging(
        "deliveries_served", {"zh": "交车（服务）", "en": "Deliveries, service"}, SERVICE, Delivery,
        Delivery.advisor_id, Delivery.state.in_(deliveries.OPEN), Delivery.number, Delivery.id.is_not(None),
    ),
    Belonging(
        "appointments", {"zh": "服务预约", "en": "Appointments"}, SERVICE, Appointment, Appointment.advisor_id,
        Appointment.state.in_(("booked", "confirmed")), Appointment.number,
    ),
    Belonging(
        "repair_orders", {"zh": "维修委托书", "en": "Repair orders"}, SERVICE, RepairOrder, RepairOrder.advisor_id,
        RepairOrder.state.in_(repair_orders.OPEN), RepairOrder.number, RepairOrder.id.is_not(None),
    ),
    Belonging(
        "customers", {"zh": "车主", "en": "Owners looked after"}, SERVICE, Customer, Customer.advisor_id,
        Customer.merged_into.is_(None), None, _delivered_to(), told=Customer.name,
    ),
    Belonging(
        "data_handovers", {"zh": "待接收的客户", "en": "Customers to be taken over"}, SERVICE, DataHandover,
        DataHandover.to_id, DataHandover.state == data_handovers.State.OFFERED, DataHandover.number,
        DataHandover.id.is_not(None),
    ),
    Belonging(
        "jobs", {"zh": "维修项目", "en": "Jobs"}, WORKSHOP, OrderJob, OrderJob.technician_id,
        OrderJob.state.in_(OPEN_JOBS), OrderJob.code, opened=OrderJob.order_id,
    ),
    Belonging(
        "inspections", {"zh": "PDI", "en": "PDI"}, WORKSHOP, Inspection, Inspection.inspector_id,
        # It has no number of its own before it is passed.
        Inspection.state.in_((pdi.State.CHECKING, pdi.State.FAILED)), told=_delivery(), opened=_delivery(),
    ),
    Belonging(
        "visit_seats", {"zh": "上门成员", "en": "Seats on home visits"}, VISITS, VisitMember, VisitMember.staff_id,
        exists().where(HomeVisit.id == VisitMember.visit_id, HomeVisit.state.in_(visits.LIVE)), None,
        VisitMember.id.is_not(None), opened=VisitMember.visit_id,
        told=select(HomeVisit.number).where(HomeVisit.id == VisitMember.visit_id).scalar_subquery(),
    ),
    Belonging(
        "visits", {"zh": "上门拜访（带队）", "en": "Home visits, led"}, VISITS, HomeVisit, HomeVisit.leader_id,
        HomeVisit.state.in_(visits.UNFINISHED), HomeVisit.number, HomeVisit.id.is_not(None),
    ),
    Belonging(
        "team_seats", {"zh": "上门小组成员", "en": "Seats in visiting teams"}, VISITS, TeamMember, TeamMember.staff_id,
        exists().where(VisitTeam.id == TeamMember.team_id, VisitTeam.active), None, TeamMember.id.is_not(None),
        opened=TeamMember.team_id,
    ),
    Belonging(
        "contacts", {"zh": "联系事项", "en": "Contacts owed"}, CALLS, Contact, Contact.owed_by,
        and_(Contact.state == ContactState.OWED, Contact.prospect_id.is_(None)), None, Contact.id.is_not(None),
        told=_customer(Contact.customer_id),
    ),
    Belonging(
        "absences", {"zh": "代班", "en": "Standing in for others"}, CALLS, Absence, Absence.stand_in_id,
        and_(Absence.called_off_at.is_(None), Absence.last_day >= func.current_date()), None,
        Absence.id.is_not(None),
    ),
)  # fmt: skip
"""In the order in which they are handed over; the contacts of prospects go with their prospects."""
BY_CODE = {one.code: one for one in ALL}


def in_hands(session: Session, store_id: UUID, owner_id: UUID) -> dict[str, int]:
    """What one person holds: how many of each kind."""
    counts = {one.code: one.count(session, store_id, owner_id) for one in ALL}
    return {code: count for code, count in counts.items() if count}
