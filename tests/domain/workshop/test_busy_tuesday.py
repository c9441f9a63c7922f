"""One busy Tuesday: 60 cars, 8 technicians, 12 answers about extra work, 3 comebacks; every figure is known.

Cars are counted from 0 to 59 and come every eight minutes from eight o'clock, to the technicians in turn. Each is
turned to after 5 minutes and signed for after 15. It is worked on for 40 minutes, every third for 55, as soon as its
technician is free; what comes on top takes another 20. The three checks are 2, 4 and 6 minutes later. Every second car
is washed from minute 8 to 20. The customer pays 10 minutes after it is ready and leaves 5 minutes later.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from statistics import fmean
from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.database import Database, now, uuid7
from server.domain.care import Contact
from server.domain.catalogue.jobs import Job
from server.domain.catalogue.parts import Part
from server.domain.customers import Car, relations
from server.domain.people import Person, Staff, Store, as_person
from server.domain.records import events
from server.domain.workshop import (
    JobState,
    OrderJob,
    RepairOrder,
    StockMove,
    answering,
    asking,
    cashing,
    checking,
    coming_back,
    figures,
    intake,
    lines,
    noting,
    parts_stock,
    promises,
    returning,
    settling,
    signing,
    tasks,
    working,
)
from server.domain.workshop.intake import Words
from server.domain.workshop.sums import labour, material
from tests.cast import Cast, a_car, a_customer
from tests.domain.workshop import asked, checked, repairing, returned

CARS, TECHNICIANS, COMEBACKS = 60, 8, (57, 58, 59)
JOBS = ("M-B", "R-PADF1", "M-WIPER")
ON_TOP, DECLINED = "R-PADF3", "M-CAB"
PADS = "R-PADF1"


def arrives(car: int) -> int:
    """Minutes after eight."""
    return 8 * car


def takes(car: int) -> int:
    return 55 if car % 3 == 0 else 40


def on_top(car: int) -> bool:
    return car % 5 == 0


def is_washed(car: int) -> bool:
    return car % 2 == 0


def job_of(car: int) -> str:
    return PADS if car in COMEBACKS else JOBS[car % len(JOBS)]


@dataclass
class Plan:
    """When what happens to each car, in minutes after eight, worked out without the house."""

    start: dict[int, int] = field(default_factory=dict[int, int])
    end: dict[int, int] = field(default_factory=dict[int, int])

    def __post_init__(self) -> None:
        free = [0] * TECHNICIANS
        for car in range(CARS):
            begins = max(arrives(car) + 15, free[car % TECHNICIANS])
            self.start[car], self.end[car] = begins, begins + takes(car) + (20 if on_top(car) else 0)
            free[car % TECHNICIANS] = self.end[car]

    def ready(self, car: int) -> int:
        return self.end[car] + (20 if is_washed(car) else 6)

    def promised(self, car: int) -> int:
        """65 minutes from the signature; every second one with extra work agrees to half an hour more in time."""
        return arrives(car) + 80 + (30 if car % 10 == 0 else 0)

    @property
    def punctual(self) -> int:
        return sum(self.ready(car) <= self.promised(car) for car in range(CARS))


class Tuesday:
    """Deeds by the minute after eight; `live` does each in a transaction of its own, in the order of time."""

    def __init__(self, database: Database, cast: Cast) -> None:
        self.database, self.cast, self.plan = database, cast, Plan()
        today = now().astimezone(cast.chen.zone).date()
        self.day = today + timedelta(days=(1 - today.weekday()) % 7 or 7)
        self.opens = datetime.combine(self.day, time(8), cast.chen.zone)
        self.deeds: list[tuple[int, int, Callable[[Session], None]]] = []
        self.orders: dict[int, UUID] = {}
        with database.work(cast.store) as session:
            self.technicians = [*(getattr(cast, name) for name in ("zhou", "sun", "ma", "luo"))]
            self.technicians += [_hired(session, cast, f"t{number}") for number in range(4)]

    def at(self, minute: int, deed: Callable[[Session], None]) -> None:
        self.deeds.append((minute, len(self.deeds), deed))

    def live(self) -> None:
        for minute, _, deed in sorted(self.deeds, key=lambda one: one[:2]):
            with clock.at(self.moment(minute)), self.database.work(self.cast.store) as session:
                self.minute = minute
                deed(session)
        self.deeds.clear()

    def moment(self, minute: int) -> datetime:
        return self.opens + timedelta(minutes=minute)

    def of(self, person: Person) -> Person:
        """Somebody whose deed counts from exactly this minute."""
        return replace(person, acted_at=self.moment(self.minute))

    @property
    def chen(self) -> Person:
        return self.of(self.cast.chen)

    def order(self, session: Session, car: int) -> RepairOrder:
        return tasks.whole(session, self.orders[car])[self.orders[car]]

    # --- What is done to a car ---------------------------------------------------------------

    def plan_car(self, car: int, at: int, start: int, end: int, ready: int) -> None:
        """Everything from the door to the gate."""
        self.at(at + 5, lambda session: self.open(session, car, at))
        self.at(at + 15, lambda session: self.sign(session, car))
        self.at(start, lambda session: self.begin(session, car))
        if on_top(car):
            self.at(start + 10, lambda session: self.ask(session, car))
            self.at(start + 20, lambda session: self.answer(session, car))
            self.at(end - 20, lambda session: self.go_on(session, car))
        self.at(end, lambda session: self.finish(session, car))
        for minute, level in ((2, "self"), (4, "team"), (6, "final")):
            self.at(end + minute, lambda session, level=level: self.check(session, car, level))
        if is_washed(car):
            self.at(end + 8, lambda session: checking.start_wash(session, self.order(session, car), by=self.chen))
            self.at(end + 20, lambda session: checking.end_wash(session, self.order(session, car), by=self.chen))
        self.at(ready + 10, lambda session: self.settle(session, car))
        self.at(ready + 15, lambda session: self.leave(session, car))

    def open(self, session: Session, car: int, at: int) -> None:
        by = self.chen
        vin = f"LVVDB11B{(car + 100) % 10}RD5{car + 100:05d}"
        vehicle = session.scalar(select(Car).where(Car.vin == vin))
        sender = relations.owner_of(session, vehicle) if vehicle else None
        sender = sender or a_customer(session, self.cast.chen, phone=f"139{car + 100:08d}")
        vehicle = vehicle or a_car(session, self.cast.chen, sender, vin)
        order = intake.open_order(session, by=by, customer=sender, car=vehicle, arrived_at=self.moment(at))
        self.orders[car] = order.id

    def sign(self, session: Session, car: int) -> None:
        order, by = self.order(session, car), self.chen
        intake.note_down(session, order, by=by, km=20_000 + car, wash=is_washed(car))
        intake.write_words(session, order, [Words(f"客户描述{car}")], by=by)
        lines.add_job(session, order, repairing.a_job(session, self.cast, job_of(car)), by=by)
        promises.promise(session, order, self.moment(self.minute + 65), by=by)
        session.flush()
        for comeback in coming_back.of_order(session, order):
            coming_back.confirm(session, comeback, by=by)
        repairing.walk(session, order, by=by)
        seen = signing.covers(order, *intake.lines_of(session, order))
        signing.sign(session, order, by=by, name=order.sender.name, ink=None, seen=seen)
        if car % 4 == 0:
            cashing.take(session, order, by=by, method="wechat", amount=1_000)

    def begin(self, session: Session, car: int) -> None:
        order = self.order(session, car)
        self._issue(session, order)
        working.clock_on(session, order.jobs[0], by=self.of(self.technicians[car % TECHNICIANS]))

    def ask(self, session: Session, car: int) -> None:
        order, technician = self.order(session, car), self.of(self.technicians[car % TECHNICIANS])
        found = [
            noting.note(session, order, by=technician, verdict="fault", name=name) for name in ("制动片", "空调滤芯")
        ]
        extra = asking.draft(session, order, found, by=self.chen)
        for finding, code in zip(found, (ON_TOP, DECLINED), strict=True):
            asking.add_item(session, extra, repairing.a_job(session, self.cast, code), by=self.chen, finding=finding)
        asking.send(session, extra, by=self.chen)

    def answer(self, session: Session, car: int) -> None:
        (extra,) = asking.of_order(session, self.order(session, car))
        asked.answer(session, answering.held(session, extra.id), "agree", "decline")
        if car % 10 == 0:
            order = self.order(session, car)
            assert order.promised_at is not None
            longer = order.promised_at + timedelta(minutes=30)
            promises.change(session, order, longer, by=self.chen, agreed=True, why="增项")

    def go_on(self, session: Session, car: int) -> None:
        """The ordered job is done; what came on top begins."""
        order, technician = self.order(session, car), self.of(self.technicians[car % TECHNICIANS])
        first, *others = order.jobs
        self._issue(session, order)
        working.finish(session, first, by=technician)
        (extra,) = [job for job in others if job.state == JobState.APPROVED]
        working.clock_on(session, extra, by=technician)

    def finish(self, session: Session, car: int) -> None:
        technician = self.of(self.technicians[car % TECHNICIANS])
        (running,) = [job for job in self.order(session, car).jobs if job.state == JobState.WORKING]
        working.finish(session, running, by=technician)

    def check(self, session: Session, car: int, level: str) -> None:
        who = {"self": self.technicians[car % TECHNICIANS], "team": self.cast.wu, "final": self.cast.qin}[level]
        order = self.order(session, car)
        checked.answer(session, order, level, self.of(who))
        checked.sign(session, order, level, self.of(who))

    def settle(self, session: Session, car: int) -> None:
        order = self.order(session, car)
        settling.issue(session, order, by=self.chen)
        if (owed := cashing.owed(session, order)) > 0:
            cashing.take(session, order, by=self.chen, method="cash", amount=owed)
        elif owed < 0:
            cashing.refund(session, order, by=self.chen, method="cash", amount=-owed)

    def leave(self, session: Session, car: int) -> None:
        order = self.order(session, car)
        session.flush()
        returned.sign_return(session, _as_chen(self.cast, self.chen), order)
        returning.rate(session, order, 4 + car % 2, by=self.chen)
        returning.leave(session, order, by=self.chen)

    def _issue(self, session: Session, order: RepairOrder) -> None:
        for part in intake.lines_of(session, order)[1]:
            if part.state == "reserved":
                parts_stock.issue(session, part, by=self.of(self.cast.pei))
        session.flush()


def _as_chen(cast: Cast, chen: Person) -> Cast:
    return Cast(**(vars(cast) | {"chen": chen}))


def _hired(session: Session, cast: Cast, name: str) -> Person:
    staff = Staff(
        id=uuid7(), store_id=cast.store, name=name, title={"zh": name, "en": name}, roles=["technician"],
        password_hash="", pin_hash=None, language="zh", phone=None, active=True,
    )  # fmt: skip
    session.add(staff)
    session.flush()
    return as_person(staff, session.get_one(Store, cast.store))


@pytest.fixture
def tuesday(database: Database, cast: Cast) -> Tuesday:
    """The day, after three cars were here five days before and came back on it."""
    day = Tuesday(database, cast)
    with clock.at(day.moment(-60)), database.work(cast.store) as session:
        for part in session.scalars(select(Part).where(Part.store_id == cast.store)).all():
            parts_stock.receive(session, part, 20_000, by=cast.pei)
    before = -5 * 24 * 60
    for number, car in enumerate(COMEBACKS):
        at = before + 100 * number
        day.plan_car(car, at, at + 15, at + 15 + takes(car), at + 15 + takes(car) + (20 if is_washed(car) else 6))
    day.live()
    for car in range(CARS):
        day.plan_car(car, arrives(car), day.plan.start[car], day.plan.end[car], day.plan.ready(car))
    day.live()
    return day


def amounts(session: Session, cast: Cast, code: str) -> int:
    """What a job with its parts costs by the marked prices, in fen."""
    job = session.scalars(select(Job).where(Job.store_id == cast.store, Job.code == code)).one()
    rates = {"mechanic": 16_000, "electric": 18_000, "body": 20_000, "paint": 22_000, "wash": 8_000}
    total = labour(job.hours, rates[job.skill])
    for one in job.parts:
        part = session.scalars(select(Part).where(Part.store_id == cast.store, Part.code == one["code"])).one()
        total += material(one["quantity"], part.price)
    return total


def test_one_busy_tuesday(tuesday: Tuesday, database: Database, cast: Cast) -> None:
    plan, zone = tuesday.plan, cast.chen.zone
    with clock.at(tuesday.moment(24 * 60)), database.work(cast.store) as session:
        since = datetime.combine(tuesday.day, time(), zone)
        day = figures.read(session, cast.store, since, since + timedelta(days=1), zone)
        week = figures.read(session, cast.store, since - timedelta(days=6), since + timedelta(days=1), zone)

        assert (day.left, week.left) == (60, 63)
        assert (day.punctual.count, day.punctual.of) == (plan.punctual, 60)
        assert day.punctual.count == ON_TIME
        assert (week.right_at_once.count, week.right_at_once.of) == (60, 63), "three of 63 came back"
        assert (day.right_at_once.count, day.right_at_once.of) == (60, 60)
        assert {back.name["en"]: (back.rate.count, back.rate.of) for back in week.by_job} == {
            repairing.a_job(session, cast, PADS).name["en"]: (3, 3 + sum(job_of(car) == PADS for car in range(CARS)))
        }

        found = {kind.name: kind for kind in day.waits.kinds}
        bay = [plan.start[car] - arrives(car) - 15 for car in range(CARS)]
        assert {name: (found[name].count, round(found[name].mean, 6), found[name].longest) for name in found} == {
            "arrival": (60, 5, 5),
            "reception": (60, 10, 10),
            "bay": (60, round(fmean(bay), 6), max(bay)),
            "wash": (30, 2, 2),
            "cashier": (60, 10, 10),
        }
        assert (sum(bay), max(bay)) == BAY

        own, free = Counter[str](), 0
        for car in range(CARS):
            total = amounts(session, cast, job_of(car))
            if car in COMEBACKS:
                free += total
                total = 0
            total += amounts(session, cast, ON_TOP) if on_top(car) else 0
            own["self"] += total - total % 10
        assert dict(day.money) == {"self": own["self"], "comeback": free}
        assert day.unpaid == 0
        assert (own["self"], free) == MONEY
        taken = sum(cashing.paid(session, session.get_one(RepairOrder, one)) for one in tuesday.orders.values())
        assert taken == own["self"]

        clocked = {worker.staff_id: worker.clocked for worker in day.workers}
        expected = Counter[UUID]()
        for car in range(CARS):
            expected[tuesday.technicians[car % TECHNICIANS].id] += plan.end[car] - plan.start[car]
        assert clocked == {one: round(minutes * 100 / 60) for one, minutes in expected.items()}
        assert sum(worker.jobs for worker in day.workers) == 60 + 12
        assert sum(worker.comebacks for worker in week.workers) == 3
        assert day.marks == {4: 30, 5: 30}

        declined = select(func.count()).select_from(OrderJob).where(OrderJob.state == JobState.DECLINED)
        assert session.scalar(declined) == 12
        owed = Counter(session.scalars(select(Contact.kind).where(Contact.store_id == cast.store)))
        assert (owed["declined_work"], owed["after_service"]) == (12, 63)
        _stock_adds_up(session, cast)
        assert events.first_break(session, cast.store) is None


def _stock_adds_up(session: Session, cast: Cast) -> None:
    """Nothing is kept for anybody, and what lies there is what came less what went."""
    parts = session.scalars(select(Part).where(Part.store_id == cast.store)).all()
    assert sum(part.reserved for part in parts) == 0
    query = select(StockMove.part_id, func.sum(StockMove.reserved)).group_by(StockMove.part_id)
    assert {row[1] for row in session.execute(query)} == {0}
    issued = -sum(session.scalars(select(StockMove.on_hand).where(StockMove.kind == "issue")))
    used = Counter[str]()
    for car in range(CARS):
        used[job_of(car)] += 1
        used[ON_TOP] += on_top(car)
    used[PADS] += len(COMEBACKS)
    wanted = sum(
        one["quantity"] * count for code, count in used.items() for one in repairing.a_job(session, cast, code).parts
    )
    assert issued == wanted


ON_TIME, BAY, MONEY = 44, (44, 11), (3_667_500, 175_800)
"""As they follow from the plan above and the marked prices: cars, minutes at the bay in all and at most, fen."""
