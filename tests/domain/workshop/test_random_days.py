"""Random legal days with up to fifty cars: money, stock, clock and state are consistent after every deed.

Each rule does one deed of the workshop as its people do it, whenever some car is where the deed belongs. The rules
know nothing of how the house keeps its books; the invariants read the books back from the tables.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.database import Database, now
from server.domain.billing import payments
from server.domain.catalogue.parts import Part
from server.domain.people import Person
from server.domain.refusals import Refusal
from server.domain.workshop import (
    Clocking,
    JobState,
    OrderJob,
    OrderPart,
    PartState,
    RepairOrder,
    Settlement,
    State,
    StockMove,
    cashing,
    checking,
    coming_back,
    intake,
    parts_stock,
    returning,
    settling,
    tasks,
    working,
)
from server.domain.workshop.order_lines import BILLED_JOBS, BILLED_PARTS
from tests.cast import Cast
from tests.domain.workshop import asked, checked, repairing, returned

MOST_CARS, MORNING, MOST_JOBS = 50, 12, 4
ONWARD = (State.ORDERED, State.IN_WORK, State.INSPECTION, State.WASHING, State.READY, State.SETTLED)
REACHED: Counter[str] = Counter()
"""How often a car was seen in each state: a run in which nothing gets far proves little."""
JOBS = ("M-B", "R-PADF1", "M-WIPER", "T-RADIO")
PICK = st.integers(0, 10**6)
WHO = ("zhou", "sun", "ma", "luo")


class Days(RuleBasedStateMachine):
    """One transaction that is rolled back at the end; within it every deed is a step."""

    database: Database
    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.context = self.database.session(writing=True, store=self.cast.store)
        self.session: Session = self.context.__enter__()
        self.orders: list[UUID] = []
        self.lay = {part.id: part.on_hand for part in self.session.scalars(select(Part))}

    def teardown(self) -> None:
        self.session.rollback()
        self.context.__exit__(RuntimeError, RuntimeError("over"), None)

    # --- Deeds -------------------------------------------------------------------------------

    @initialize()
    def open_the_doors(self) -> None:
        """The morning's cars are here."""
        for car in range(MORNING):
            self.sign([JOBS[car % len(JOBS)]], wash=car % 2 == 0)

    @precondition(lambda self: len(self.orders) < MOST_CARS)
    @rule(jobs=st.lists(st.sampled_from(JOBS), min_size=1, max_size=2, unique=True), wash=st.booleans())
    def sign(self, jobs: list[str], wash: bool) -> None:
        """A car is received and its order signed; some ask for no wash."""
        vin = f"LVVDB11B{len(self.orders) % 10}RD7{len(self.orders):05d}"
        order = repairing.a_signed_order(self.session, self.cast, vin, jobs=tuple(jobs))
        order.wash = wash
        self.orders.append(order.id)

    @rule(pick=PICK, steps=st.integers(6, 16))
    def go_on_far(self, pick: int, steps: int) -> None:
        """As below, at a stretch."""
        self.go_on(pick, steps)

    @rule(pick=PICK, steps=st.integers(1, 9))
    def go_on(self, pick: int, steps: int) -> None:
        """The next things are done to one car, by whoever does them: so that cars come as far as the gate."""
        if order := self._any(pick, *ONWARD):
            for _ in range(steps):
                self._step(tasks.whole(self.session, order.id)[order.id])
                self.states_agree()
                self.money_adds_up()

    def _step(self, order: RepairOrder) -> None:
        if order.state not in ONWARD:
            return
        jobs = [job for job in order.jobs if job.state in tasks.TO_DO]
        if order.state in (State.ORDERED, State.IN_WORK):
            returned.issue_reserved(self.session, self.cast, order)
            technician: Person = getattr(self.cast, _name(self.cast, jobs[0].technician_id))
            if jobs[0].state != JobState.WORKING:
                working.clock_on(self.session, jobs[0], by=technician)
            else:
                working.finish(self.session, jobs[0], by=technician)
        elif order.state == State.INSPECTION and order.inspected_at is None:
            self.look(order)
        elif order.state in (State.INSPECTION, State.WASHING):
            self.wash_one(order)
        elif order.state == State.READY and settling.standing(self.session, order):
            returned.pay(self.session, self.cast, order)
        elif order.state == State.READY:
            for part in settling.open_parts(self.session, order):
                parts_stock.not_needed(self.session, part, by=self.cast.chen)
            settling.issue(self.session, order, by=self.cast.chen)
        elif cashing.owed(self.session, order) >= 0:
            returned.sign_return(self.session, self.cast, order)
            returning.leave(self.session, order, by=self.cast.chen)

    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        if pick % 5 == 0 and (order := self._any(pick, State.ORDERED)):
            self._try(lambda: intake.cancel(self.session, order, by=self.cast.chen, why="客户改期"))

    @rule(pick=PICK, back=st.booleans())
    def issue(self, pick: int, back: bool) -> None:
        """The parts desk gives out what is asked for, or takes back what was given out."""
        state = PartState.ISSUED if back else PartState.RESERVED
        if line := self._line(pick, state):
            deed = parts_stock.give_back if back else parts_stock.issue
            self._try(lambda: deed(self.session, line, by=self.cast.pei))

    @rule(pick=PICK)
    def release_or_drop(self, pick: int) -> None:
        if line := self._line(pick, PartState.RESERVED if pick % 2 else PartState.APPROVED):
            deed = parts_stock.release if line.state == PartState.RESERVED else parts_stock.not_needed
            self._try(lambda: deed(self.session, line, by=self.cast.pei))

    @rule(pick=PICK, quantity=st.integers(1, 900))
    def receive_or_count(self, pick: int, quantity: int) -> None:
        parts = self.session.scalars(select(Part).where(Part.reserved > 0).order_by(Part.code)).all()
        if parts:
            part = parts[pick % len(parts)]
            if pick % 3:
                parts_stock.receive(self.session, part, quantity, by=self.cast.pei)
            else:
                self._try(lambda: parts_stock.count(self.session, part, quantity, by=self.cast.pei, why="盘点"))

    @rule(pick=PICK, who=st.sampled_from(WHO), deed=st.sampled_from(("on", "pause", "finish")))
    def work(self, pick: int, who: str, deed: str) -> None:
        technician: Person = getattr(self.cast, who)
        if (order := self._any(pick, State.ORDERED, State.IN_WORK)) is None:
            return
        jobs = [job for job in order.jobs if job.state in tasks.TO_DO]
        if jobs:
            job = jobs[pick % len(jobs)]
            deeds: dict[str, Callable[[], object]] = {
                "on": lambda: working.clock_on(self.session, job, by=technician),
                "pause": lambda: working.pause(self.session, job, "rest", by=technician),
                "finish": lambda: working.finish(self.session, job, by=technician),
            }
            self._try(deeds[deed])

    @rule(pick=PICK, agree=st.booleans())
    def extra_work(self, pick: int, agree: bool) -> None:
        """Something is found, sent and answered line by line."""
        order = self._any(pick, State.IN_WORK)
        if order is not None and len(order.jobs) < MOST_JOBS:
            extra = asked.a_sent(self.session, self.cast, order)
            asked.answer(self.session, extra, "agree" if agree else "decline", "decline" if agree else "agree")

    @rule(pick=PICK, faulty=st.booleans())
    def inspect(self, pick: int, faulty: bool) -> None:
        """The next of the three looks; now and then the car goes back to work."""
        order = self._any(pick, State.INSPECTION)
        if order is None or order.inspected_at is not None:
            return
        checks = checking.Checks(self.session, order)
        level = checks.turn
        assert level is not None
        mine = [name for name in WHO if getattr(self.cast, name).id in checks.workers]
        by: Person = getattr(self.cast, mine[0] if level == "self" else {"team": "wu", "final": "qin"}[level])
        done = [job for job in order.jobs if job.state == JobState.DONE]
        if faulty and pick % 3 == 0:
            self._try(lambda: checking.fail(self.session, order, level, [done[0].id], "有异响", by=by))
        else:
            self.look(order)

    def look(self, order: RepairOrder) -> None:
        """Whoever's turn it is finds everything good."""
        checks = checking.Checks(self.session, order)
        level = checks.turn
        assert level is not None
        mine = [name for name in WHO if getattr(self.cast, name).id in checks.workers]
        by: Person = getattr(self.cast, mine[0] if level == "self" else {"team": "wu", "final": "qin"}[level])
        checked.answer(self.session, order, level, by)
        self._try(lambda: checked.sign(self.session, order, level, by))

    @rule(pick=PICK)
    def wash(self, pick: int) -> None:
        if order := self._any(pick, State.INSPECTION, State.WASHING):
            self.wash_one(order)

    def wash_one(self, order: RepairOrder) -> None:
        deed = checking.end_wash if order.state == State.WASHING else checking.start_wash
        self._try(lambda: deed(self.session, order, by=self.cast.zhou))

    @rule(pick=PICK, part=st.integers(1, 100))
    def settle_and_pay(self, pick: int, part: int) -> None:
        """Issue, or pay some per cent of what is owed; a deposit before."""
        order = self._any(pick, State.ORDERED, State.IN_WORK, State.READY)
        if order is None:
            return
        standing = settling.standing(self.session, order)
        if order.state == State.READY and not standing:
            self._try(lambda: settling.issue(self.session, order, by=self.cast.chen))
            return
        owed = cashing.owed(self.session, order)
        amount = max(1, owed * part // 100) if standing else part * 1_000
        self._try(lambda: cashing.take(self.session, order, by=self.cast.chen, method="cash", amount=amount))

    @rule(pick=PICK)
    def reverse_or_refund(self, pick: int) -> None:
        order = self._any(pick, State.READY, State.SETTLED, State.CLOSED, State.CANCELLED)
        if order is None:
            return
        standing = settling.standing(self.session, order)
        if standing and pick % 3 == 0:
            self._try(lambda: settling.reverse(self.session, standing[0], by=self.cast.chen, why="开错"))
        elif (owed := cashing.owed(self.session, order)) < 0:
            self._try(lambda: cashing.refund(self.session, order, by=self.cast.chen, method="cash", amount=-owed))

    @rule(pick=PICK)
    def give_back(self, pick: int) -> None:
        if order := self._any(pick, State.SETTLED):
            returned.sign_return(self.session, self.cast, order)
            self._try(lambda: returning.leave(self.session, order, by=self.cast.chen))

    @rule(pick=PICK)
    def come_back(self, pick: int) -> None:
        """A car that left is here again with the same job, and it is said to be a comeback."""
        left = self._any(pick, State.CLOSED)
        if left is None or len(self.orders) >= MOST_CARS:
            return
        here = select(RepairOrder.id).where(RepairOrder.car_id == left.car_id, RepairOrder.state != State.CLOSED)
        if self.session.scalar(here.where(RepairOrder.state != State.CANCELLED).limit(1)) is not None:
            return
        order = intake.open_order(self.session, by=self.cast.chen, customer=left.sender, car=left.car)
        self.orders.append(order.id)
        repairing.write(self.session, self.cast, order, jobs=(left.jobs[0].code,))
        for found in coming_back.of_order(self.session, order):
            coming_back.confirm(self.session, found, by=self.cast.chen)
        repairing.sign(self.session, self.cast, order)

    # --- What always holds -------------------------------------------------------------------

    @invariant()
    def money_adds_up(self) -> None:
        for one in self.session.scalars(select(Settlement).where(Settlement.state != "draft")):
            assert one.total == one.labour + one.parts_total + one.other - one.discount + one.rounding
            assert one.labour == sum(line["amount"] for line in one.content["jobs"]) * (-1 if one.reverses_id else 1)
        for order in self._orders():
            rows = self.session.scalars(select(Settlement).where(Settlement.order_id == order.id)).all()
            standing = [row for row in rows if row.stands]
            assert sum(row.total for row in rows) == sum(row.total for row in standing)
            assert len({row.payer for row in standing}) == len(standing)
            paid = payments.balance(self.session, order.store_id, order.id)
            assert paid >= 0
            own = [row for row in standing if row.payer == "self"]
            if order.state in (State.SETTLED, State.CLOSED) and own:
                assert paid >= own[0].total or own[0].state == "issued"
                assert own[0].state == "paid" or order.state == State.CLOSED
            if standing and order.state != State.CLOSED:
                jobs, parts = intake.lines_of(self.session, order)
                charged = [*(j for j in jobs if j.state in BILLED_JOBS), *(p for p in parts if p.state in BILLED_PARTS)]
                settled = {row.payer for row in standing}
                before = sum(row.labour + row.parts_total for row in standing)
                assert before == sum(line.amount for line in charged if line.payer in settled)

    @invariant()
    def stock_adds_up(self) -> None:
        held: Counter[UUID] = Counter()
        out: Counter[UUID] = Counter()
        for line in self.session.scalars(select(OrderPart).where(OrderPart.part_id.is_not(None))):
            assert line.part_id is not None
            held[line.part_id] += line.quantity if line.state == PartState.RESERVED else 0
            out[line.part_id] += line.quantity if line.state == PartState.ISSUED else 0
        query = select(StockMove.part_id, func.sum(StockMove.on_hand), func.sum(StockMove.reserved))
        moved = {row[0]: (int(row[1]), int(row[2])) for row in self.session.execute(query.group_by(StockMove.part_id))}
        issued = select(StockMove.part_id, func.sum(StockMove.on_hand)).where(StockMove.kind.in_(("issue", "return")))
        gone = {row[0]: -int(row[1]) for row in self.session.execute(issued.group_by(StockMove.part_id))}
        for part in self.session.scalars(
            select(Part).where(Part.id.in_(moved)).execution_options(populate_existing=True)
        ):
            on_hand, reserved = moved[part.id]
            assert (part.on_hand, part.reserved) == (self.lay[part.id] + on_hand, reserved)
            assert 0 <= part.reserved <= part.on_hand
            assert reserved == held[part.id]
            assert gone.get(part.id, 0) == out[part.id]

    @invariant()
    def clocks_are_sane(self) -> None:
        rows = self.session.scalars(select(Clocking).order_by(Clocking.technician_id, Clocking.started_at)).all()
        running = [row for row in rows if row.ended_at is None]
        assert len({row.technician_id for row in running}) == len(running)
        working_now = {row.order_job_id for row in running}
        jobs = self.session.scalars(select(OrderJob.id).where(OrderJob.state == JobState.WORKING)).all()
        assert working_now == set(jobs)
        for one, after in pairwise(rows):
            assert one.ended_at is None or one.started_at <= one.ended_at <= now() + timedelta(seconds=1)
            if one.technician_id == after.technician_id:
                assert one.ended_at is not None
                assert one.ended_at <= after.started_at

    @invariant()
    def states_agree(self) -> None:
        for order in self._orders():
            jobs, _ = intake.lines_of(self.session, order)
            left = [job for job in jobs if job.state in tasks.TO_DO]
            if order.state in (State.INSPECTION, State.WASHING, State.READY, State.SETTLED, State.CLOSED):
                assert not left
            assert (order.ready_at is not None) == (order.state in (State.READY, State.SETTLED, State.CLOSED))
            assert (order.settled_at is not None) == (order.state in (State.SETTLED, State.CLOSED))
            assert (order.left_at is not None) == (order.state == State.CLOSED)
            REACHED[order.state] += 1
            moments = [order.arrived_at, order.ordered_at, order.work_started_at, order.work_ended_at, order.ready_at]
            told = [one for one in moments if one is not None]
            assert told == sorted(told) or order.state == State.IN_WORK

    # --- ---------------------------------------------------------------------------------------

    def _orders(self) -> list[RepairOrder]:
        self.session.flush()
        return list(self.session.scalars(select(RepairOrder).where(RepairOrder.id.in_(self.orders))))

    def _any(self, pick: int, *states: State) -> RepairOrder | None:
        self.session.flush()
        there = sorted((order for order in self._orders() if order.state in states), key=lambda one: one.number)
        return tasks.whole(self.session, (one := there[pick % len(there)]).id)[one.id] if there else None

    def _line(self, pick: int, state: PartState) -> OrderPart | None:
        self.session.flush()
        query = select(OrderPart).where(OrderPart.state == state, OrderPart.order_id.in_(self.orders))
        lines = self.session.scalars(query.where(OrderPart.part_id.is_not(None)).order_by(OrderPart.id)).all()
        return lines[pick % len(lines)] if lines else None

    def _try(self, deed: Callable[[], object]) -> None:
        """A refusal is an answer: then nothing has changed, as a request that is refused changes nothing."""
        try:
            with self.session.begin_nested():
                deed()
                self.session.flush()
        except Refusal:
            self.session.expire_all()


def _name(cast: Cast, staff_id: UUID | None) -> str:
    """Who is on a job, or else the first technician."""
    return next((name for name in WHO if getattr(cast, name).id == staff_id), WHO[0])


def test_random_legal_days(database: Database, cast: Cast) -> None:
    kind = type("These", (Days,), {"database": database, "cast": cast})
    some = settings(
        max_examples=4, stateful_step_count=150, deadline=None, derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    REACHED.clear()
    run_state_machine_as_test(kind, settings=some)  # type: ignore[arg-type]
    assert set(REACHED) == set(State) - {State.INTAKE}, REACHED
