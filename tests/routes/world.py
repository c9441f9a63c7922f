"""A working day: one of everything that a route can name, and visitors who have signed in once."""

from contextlib import ExitStack
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

from litestar.testing import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.app import create_app
from server.commands.demonstration import walk_arounds
from server.commands.demonstration.pictures import photo
from server.database import Base, Database, now, uuid7
from server.domain.care import Contact, presences, referrals, visit_before, visit_findings
from server.domain.care.data_handovers import DataHandover
from server.domain.care.referrals import Friend, Referral
from server.domain.care.visit_findings import VisitFinding
from server.domain.care.visit_goods import Gift
from server.domain.care.visit_teams import VisitTeam
from server.domain.care.visits import HomeVisit
from server.domain.catalogue import CarModel
from server.domain.catalogue.parts import Part
from server.domain.checklists import runs
from server.domain.checklists.runs import Photo, Run, Signature
from server.domain.customers import links
from server.domain.customers.links import CustomerLink
from server.domain.customers.relations import Relation
from server.domain.deals import Order, Quotation, TradeIn, money, trade_ins
from server.domain.deals.offering import quote
from server.domain.deals.trade_ins import OldCar
from server.domain.delivery import Delivery, handover, pdi
from server.domain.imports import Import, bringing
from server.domain.people import Person, Role, Staff, Store, absences, as_person, devices
from server.domain.people.absences import Absence
from server.domain.people.notices import Notice
from server.domain.people.staff import seal
from server.domain.showroom import (
    FollowUp,
    Prospect,
    Reception,
    TestDrive,
    follow_ups,
    lost_deals,
    receptions,
    register,
)
from server.domain.showroom.follow_ups import Talk
from server.domain.showroom.lost_deals import Loss, LostDeal
from server.domain.workshop import (
    Comeback,
    Diagnosis,
    OrderJob,
    OrderPart,
    RepairOrder,
    Settlement,
    asking,
    booking,
    customer_links,
    diagnoses,
    noting,
    walk_round,
)
from server.domain.workshop.appointments import Appointment
from server.domain.workshop.extra_works import ExtraItem, ExtraWork
from server.domain.workshop.findings import FindingPhoto
from server.domain.workshop.slots import Wish
from server.domain.workshop.walk_arounds import Damage
from tests.cast import OTHER_VIN, PASSWORD, PLACE, VIN, Cast, a_car, a_customer, gather, work
from tests.domain.deals.selling import OWN, a_choice, an_order, the_model
from tests.domain.drives import a_drive
from tests.domain.home_visits import planned
from tests.domain.home_visits.at_home import a_visit, on_the_road
from tests.domain.home_visits.planned import a_booked_visit, a_gift, a_team
from tests.domain.workshop.at_work import an_ordered_car
from tests.domain.workshop.repairing import a_job
from tests.domain.workshop.returned import a_settled_car
from tests.lists import text
from tests.visitor import Visitor

SPARE = uuid7()
"""A device that none of the visitors sits at."""
NAME, PHONE, NOTE = "欧阳建国", "13987654321", "夫人也来，想要红色脚垫"
VINS = (VIN, OTHER_VIN, "LVVDB11B3RD110232", "LVVDB11B5RD110233")
AT_HOME = "SF-9001"
"""The visit that is under way."""
BUILT_IN = "OIL-IN"
"""A part that nobody takes off any more."""
VIN_IN_THE_WORKSHOP, VIN_THAT_IS_SETTLED = "LVVDB11B7RD110234", "LVVDB11B9RD110235"
EVERYTHING, STRANGER = "jack", "stranger"
"""May do everything in Wuhu; may do everything, but in Hefei."""


class World:
    """What the routes show, by the names that their addresses use."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.cast = gather(database)
        self.app = create_app(database)
        self._open = ExitStack()
        self._visitors: dict[str, Visitor] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def visitor(self, name: str | None) -> Visitor:
        """Always the same one, signed in at the first time; None is anybody from the street."""
        if (key := name or "") not in self._visitors:
            visitor = Visitor(self._open.enter_context(TestClient(self.app, raise_server_exceptions=False)))
            self._visitors[key] = visitor.sign_in(name) if name else visitor
        return self._visitors[key]

    def everybody_leaves(self) -> None:
        """Whoever comes next signs in anew."""
        self._visitors.clear()

    def one(self, kind: Any, *criteria: Any) -> Any:
        """The first row of Wuhu that fits."""
        with self.database.work(self.cast.store) as session:
            query = select(kind).where(kind.store_id == self.cast.store, *criteria).order_by(kind.id)
            return session.scalars(query.limit(1)).one()

    def person(self, name: str) -> Person:
        """Who that is, as the verbs want it."""
        with self.database.work() as session:
            query = select(Staff, Store).join(Store, Store.id == Staff.store_id).where(Staff.name == name)
            return as_person(*session.execute(query).one())

    def newest(self, kind: Any) -> Any:
        """The row that was written last."""
        with self.database.work(self.cast.store) as session:
            return session.scalars(select(kind).order_by(kind.id.desc()).limit(1)).one()

    def delivery(self, state: str) -> Delivery:
        """The delivery that is there now."""
        return self.one(Delivery, Delivery.state == state)

    def visits(self) -> list[UUID]:
        """Every visit at home, whatever its state."""
        with self.database.work(self.cast.store) as session:
            return list(session.scalars(select(HomeVisit.id).where(HomeVisit.store_id == self.cast.store)))

    def counts(self) -> dict[str, int]:
        """How many rows each table has; receipts and tries at the door are written on purpose."""
        left_out = {"receipts", "sign_in_attempts"}
        with self.database.work() as session:
            tables = [table for table in Base.metadata.sorted_tables if table.name not in left_out]
            each = [select(func.count()).select_from(table).scalar_subquery().label(table.name) for table in tables]
            return dict(session.execute(select(*each)).mappings().one())

    def examples(self) -> dict[str, Any]:
        """What can stand in an address, by the parameter's name."""
        under_way = self.delivery("handing_over")
        run: Run = self.one(Run, Run.id == under_way.handover_id)
        with self.database.work(self.cast.store) as session:
            part = runs.sheet_of(session, run).parts[1]
        notice: Notice = self.one(Notice, Notice.staff_id == self.cast.chen.id)
        contact: Contact = self.one(Contact, Contact.owed_by == self.cast.he.id)
        relation: Relation = self.one(Relation)
        given_up: LostDeal = self.one(LostDeal)
        return {
            "customer_id": under_way.customer_id, "car_id": under_way.car_id, "number": under_way.number,
            "run_id": run.id, "section_id": part.id, "item_id": part.questions[0].id, "notice_id": notice.id,
            "absence_id": self.one(Absence).id, "handover_id": self.one(DataHandover).id,
            "contact_id": contact.id, "relation_id": relation.id, "file_id": self.one(Photo).file_id,
            "signature_id": self.one(Signature, Signature.role == "customer").id, "device_id": SPARE,
            "prospect_number": self.one(Prospect, Prospect.id == given_up.prospect_id).number, "deal_id": given_up.id,
            "follow_up_id": self.one(FollowUp).id,
            "quotation_number": self.one(Quotation, Quotation.note == NOTE).number,
            "order_number": self.one(Order).number, "trade_in_id": self.one(TradeIn).id,
            "reception_id": self.one(Reception).id, "drive_id": self.one(TestDrive).id, "topic": "use",
            "step": "delivery", "who": "customer",
            "import_id": self.one(Import).id, "order_id": self.one(RepairOrder).id, "job_id": self.one(OrderJob).id,
            "line_id": self.one(OrderJob).id,
            "part_line_id": self.one(OrderPart, OrderPart.code == BUILT_IN).id,
            "part_id": self.one(Part).id, "payer": "self",
            "settlement_id": self.one(Settlement).id, "comeback_id": self.one(Comeback).id,
            "diagnosis_id": self.one(Diagnosis).id,
            "appointment_id": self.one(Appointment).id, "damage_id": self.one(Damage).id,
            "token": self.one(CustomerLink, CustomerLink.kind == "extra").token, "extra_id": self.one(ExtraWork).id,
            "level": "self", "staff_id": self.cast.zhou.id,
            "visit_id": self.one(HomeVisit, HomeVisit.number == AT_HOME).id, "team_id": self.one(VisitTeam).id,
            "gift_id": self.one(Gift).id, "thing": "oil", "month": f"{now():%Y-%m}", "day": f"{now():%Y-%m-%d}",
            "visit_finding_id": self.one(VisitFinding).id,
            "referral_id": self.one(Referral, Referral.name == NAME).id, "model_id": self.one(CarModel).id,
            "code": "greet",
            "extra_item_id": self.one(ExtraItem).id, "picture_id": self.one(FindingPhoto).file_id,
        }  # fmt: skip


def live(database: Database) -> None:
    """One car handed over, one being handed over, one being inspected, one waiting; and two who may do everything."""
    cast = gather(database)
    with database.work() as session:
        for name, of in ((EVERYTHING, cast.lin), (STRANGER, cast.tang)):
            session.add(_may_do_everything(name, of.store_id))
    with database.work(cast.store) as session:
        _live(session, cast)


def _may_do_everything(name: str, store_id: UUID) -> Staff:
    return Staff(
        id=uuid7(), store_id=store_id, name=name, title={"zh": "全能", "en": "Jack"}, roles=list(Role),
        password_hash=seal(PASSWORD), pin_hash=None, language="zh", phone=None, active=True,
    )  # fmt: skip


def _live(session: Session, cast: Cast) -> None:
    done, under_way, inspected, _ = (_planned(session, cast, vin) for vin in VINS)
    for delivery in (done, under_way):
        work.inspect(session, cast.of_wuhu, delivery)
    work.hand_over(session, cast.of_wuhu, done)
    handover.start(session, under_way, by=cast.lin)
    pdi.start(session, pdi.of(session, inspected), by=cast.zhou)
    devices.trust(session, SPARE, by=cast.lin)
    receptions.begin(session, by=cast.lin)
    _away_next_month(session, cast)
    a_drive(session, cast)
    _given_up(session, cast)
    _sold(session, cast)
    in_the_workshop = an_ordered_car(session, cast, vin=VIN_IN_THE_WORKSHOP, name=NAME)
    _returned(session, cast, in_the_workshop)
    _expected(session, cast, in_the_workshop)
    _asked(session, cast, in_the_workshop)
    _at_home(session, cast, under_way)
    _to_be_visited(session, cast)
    bringing.begin(session, "prospects", "名单.csv", text([[NAME, PHONE]], ("姓名", "电话")), by=cast.gao)


def _away_next_month(session: Session, cast: Cast) -> None:
    """Lin will be away, and Fang stands in."""
    lin, fang = (session.get_one(Staff, one.id) for one in (cast.lin, cast.fang))
    first = now().date() + timedelta(days=30)
    absences.leave(session, lin, fang, first, first + timedelta(days=4), by=cast.lin)


def _returned(session: Session, cast: Cast, order: RepairOrder) -> None:
    """Another car is settled; this one may be back because of it, and is looked at step by step."""
    settled = a_settled_car(session, cast, VIN_THAT_IS_SETTLED)
    job = settled.jobs[0]
    session.add(
        Comeback(
            id=uuid7(), store_id=cast.store, version=1, order_id=order.id, earlier_id=settled.id, earlier_job_id=job.id,
            code=job.code, technician_id=job.technician_id, same_job=True, in_guarantee=True, state="proposed", why="",
            found_at=now(),
        )
    )  # fmt: skip
    session.add(
        OrderPart(
            id=uuid7(), store_id=cast.store, order_id=order.id, code=BUILT_IN, name={"zh": "机油", "en": "Oil"},
            brand="", part_class="original", unit={"zh": "升", "en": "l"}, quantity=100, price=100,
            amount=100, state="issued",
        )
    )  # fmt: skip
    settled.left_at = now()
    diagnoses.begin(session, order, by=cast.zhou)


def _expected(session: Session, cast: Cast, order: RepairOrder) -> None:
    """The car was walked round and has a scratch; its customer comes again next week, and has a link for it."""
    walk_round.begin(session, order, by=cast.chen)
    walk = walk_arounds.of_order(session, order)
    scratch = walk_arounds.damage(session, walk, by=cast.chen, note=NOTE)
    walk_arounds.damage(session, walk, by=cast.chen, panel="roof", side="top").known_from_id = scratch.id
    here = now().astimezone(cast.chen.zone)
    monday = (here + timedelta(days=14 - here.weekday())).replace(hour=10, minute=0, second=0, microsecond=0)
    wish = Wish(kind="maintenance", starts_at=monday, said=NOTE)
    booking.book(session, wish, by=cast.chen, customer=order.sender, car=order.car)
    # The first link is for a car whose own links nobody closes.
    other = session.scalars(select(Delivery).where(Delivery.store_id == cast.store).limit(1)).one()
    for car_id, customer_id in ((other.car_id, other.customer_id), (order.car_id, order.customer_id)):
        customer_links.give(session, links.APPOINTMENT, car_id, customer_id, by=cast.chen)


def _asked(session: Session, cast: Cast, order: RepairOrder) -> None:
    """The customer follows the car, and is asked about what was found on it."""
    finding = noting.note(session, order, by=cast.zhou, verdict="fault", name="前制动片")
    noting.add_photo(session, order, finding, photo(5), by=cast.zhou)
    extra = asking.draft(session, order, [finding], by=cast.chen)
    for code in ("R-PADF3", "M-WIPER"):
        asking.add_item(session, extra, a_job(session, cast, code), by=cast.chen, finding=finding)
    for kind in (links.FOLLOW, links.SETTLEMENT):
        customer_links.give(session, kind, order.id, order.customer_id, by=cast.chen)
    asking.send(session, extra, by=cast.chen)


def _to_be_visited(session: Session, cast: Cast) -> None:
    """Three more owners: one to be called, one who agreed to tomorrow, one whom the team may leave for."""
    a_gift(session, cast, 40)
    team = a_team(session, cast)
    planned.a_visit(session, cast, 901, team)
    a_booked_visit(session, cast, 902, team, 20)
    visit_before.confirm(session, a_booked_visit(session, cast, 903, team, 22), by=cast.he)


def _at_home(session: Session, cast: Cast, delivery: Delivery) -> None:
    """A team is at an owner's: something was found, and somebody was recommended."""
    visit = on_the_road(session, cast, a_visit(session, cast, delivery.customer, delivery.car, number=9001))
    presences.sign_in(session, visit, by=cast.zhou)
    finding = visit_findings.note(session, visit, by=cast.zhou, way="mechanical", verdict="watch", name="前制动片")
    visit_findings.add_photo(session, visit, finding, photo(6), by=cast.zhou)
    referrals.recommend(session, visit, Friend(name=NAME, wish=NOTE), by=cast.lin)


def _sold(session: Session, cast: Cast) -> None:
    """An order with its deposit; another customer's discount and old car wait for the manager."""
    order = an_order(session, cast.lin)
    money.take(session, order, by=cast.lin, method="card", amount=100_000)
    old = OldCar(model="大众 朗逸", year=2018, mileage_km=86_000, condition="fair", note=NOTE)
    trade_ins.register(session, order.prospect, old, by=cast.lin)
    quote(session, order.prospect, a_choice(session, cast.lin, OWN + 1, why=NOTE, note=NOTE), by=cast.lin)


def _given_up(session: Session, cast: Cast) -> None:
    """Lin has spoken to a prospect and gives them up; the manager has still to decide."""
    customer = a_customer(session, cast.lin, NAME, PHONE[:-2] + "99")
    prospect = register(
        session, by=cast.lin, customer=customer, source="walk_in", consultant_id=cast.lin.id,
        model=the_model(session, cast.lin),
    )  # fmt: skip
    follow_ups.make(session, prospect, Talk(method="phone", content=NOTE), by=cast.lin)
    lost_deals.apply(session, prospect, Loss(reason="budget", story=NOTE), by=cast.lin)


def _planned(session: Session, cast: Cast, vin: str) -> Delivery:
    customer = a_customer(session, cast.lin, NAME, PHONE[:-1] + vin[-1])
    car = a_car(session, cast.lin, customer, vin)
    delivery = work.plan(session, cast.of_wuhu, customer, car, now() + timedelta(hours=1), PLACE)
    delivery.note = customer.note = NOTE
    return delivery
