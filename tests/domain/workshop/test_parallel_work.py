"""Several technicians and a leader at the same cars at the same moment: nothing is lost, nobody waits for ever."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import Database
from server.domain.catalogue.bays import Bay
from server.domain.people import Person
from server.domain.refusals import WrongMove
from server.domain.workshop import Clocking, JobState, OrderJob, RepairOrder, State, dispatch, tasks, working
from tests.cast import OTHER_VIN, Cast
from tests.domain.workshop.at_work import an_ordered_car
from tests.domain.workshop.test_working import TWO, jobs_of

Deed = Callable[[Session], object]


def at_once(database: Database, store: UUID, deeds: Sequence[Deed]) -> list[bool]:
    """Each in a transaction of its own, all begun together; whether it was done or refused."""
    start = Barrier(len(deeds))

    def do(deed: Deed) -> bool:
        start.wait()
        try:
            with database.work(store) as session:
                deed(session)
        except WrongMove:
            return False
        return True

    with ThreadPoolExecutor(len(deeds)) as people:
        return list(people.map(do, deeds))


def deed(what: Callable[..., object], job: UUID, by: Person, *more: object) -> Deed:
    return lambda session: what(session, tasks.visible_to(session, by).one(job), *more, by=by)


def cars(database: Database, cast: Cast) -> tuple[list[UUID], list[UUID]]:
    """Two cars with two jobs each."""
    with database.work(cast.store) as session:
        orders = [an_ordered_car(session, cast, *TWO, vin=vin) for vin in ("LVVDB11B1RD110231", OTHER_VIN)]
        return [order.id for order in orders], [job.id for order in orders for job in jobs_of(session, order)]


def test_of_two_who_finish_the_last_jobs_together_one_sends_the_car_on(database: Database, cast: Cast) -> None:
    orders, (oil, battery, *_) = cars(database, cast)
    for job, who in ((oil, cast.zhou), (battery, cast.sun)):
        assert at_once(database, cast.store, [deed(working.clock_on, job, who)]) == [True]
    done = at_once(
        database, cast.store, [deed(working.finish, oil, cast.zhou), deed(working.finish, battery, cast.sun)]
    )
    assert done == [True, True]
    with database.work(cast.store) as session:
        order = session.get_one(RepairOrder, orders[0])
        assert (order.state, order.work_ended_at is not None) == (State.INSPECTION, True)


def test_one_technician_on_two_devices_works_on_one_job(database: Database, cast: Cast) -> None:
    _, (oil, _, other, _) = cars(database, cast)
    for _ in range(3):
        at_once(database, cast.store, [deed(working.clock_on, job, cast.zhou) for job in (oil, other, oil, other)])
        with database.work(cast.store) as session:
            running = session.scalars(select(Clocking).where(Clocking.ended_at.is_(None))).all()
            at_work = session.scalars(select(OrderJob).where(OrderJob.state == JobState.WORKING)).all()
            assert [one.order_job_id for one in running] == [job.id for job in at_work]
            assert len(running) == 1


def test_two_who_want_the_same_job_do_not_both_get_it(database: Database, cast: Cast) -> None:
    _, (oil, *_) = cars(database, cast)
    got = at_once(database, cast.store, [deed(working.clock_on, oil, who) for who in (cast.zhou, cast.sun, cast.wu)])
    assert sum(got) == 1


def test_a_busy_minute_leaves_every_clock_and_every_car_in_order(database: Database, cast: Cast) -> None:
    """Everybody does what they can at both cars at once, the leader moves them meanwhile; refusals are allowed."""
    orders, jobs = cars(database, cast)
    with database.work(cast.store) as session:
        bay = session.scalars(select(Bay).where(Bay.store_id == cast.store).order_by(Bay.code)).first()
        assert bay is not None
        session.expunge(bay)

    def give(order: UUID) -> Deed:
        return lambda session: dispatch.give_to_bay(session, session.get_one(RepairOrder, order), bay, by=cast.wu)

    for who in ((cast.zhou, cast.sun), (cast.sun, cast.zhou)):
        deeds = [deed(working.clock_on, job, who[nth % 2]) for nth, job in enumerate(jobs)]
        at_once(database, cast.store, [*deeds, *(give(order) for order in orders)])
        at_once(database, cast.store, [deed(working.pause, job, cast.wu, "rest") for job in jobs])
        at_once(database, cast.store, [deed(working.finish, job, who[nth % 2]) for nth, job in enumerate(jobs)])
    with database.work(cast.store) as session:
        stretches = session.scalars(select(Clocking).order_by(Clocking.technician_id, Clocking.started_at)).all()
        for earlier, later in pairwise(stretches):
            if earlier.technician_id == later.technician_id:
                assert earlier.ended_at is not None
                assert earlier.started_at <= earlier.ended_at <= later.started_at
        for order_id in orders:
            order = session.get_one(RepairOrder, order_id)
            left = [job for job in jobs_of(session, order) if job.state != JobState.DONE]
            assert (order.state == State.INSPECTION) == (not left)
