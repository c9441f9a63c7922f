"""A technician's day: clocked on to one job at a time, paused with a reason, finished; the car goes on by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from server.database import now, uuid7
from server.domain.refusals import WrongMove
from server.domain.workshop import Clocking, JobState, OrderJob, RepairOrder, State, tasks, working
from tests.cast import OTHER_VIN, Cast
from tests.domain.workshop.at_work import an_ordered_car, at_minute

TWO = (("oil", "mechanic", 50), ("battery", "electric", 30))


def jobs_of(session: Session, order: RepairOrder) -> list[OrderJob]:
    query = select(OrderJob).where(OrderJob.order_id == order.id).options(selectinload(OrderJob.order))
    return list(session.scalars(query.order_by(OrderJob.position)))


def spent(session: Session) -> list[tuple[float, str]]:
    """Minutes and reason of every clocking that has ended."""
    ended = session.scalars(select(Clocking).where(Clocking.ended_at.is_not(None)).order_by(Clocking.started_at))
    return [((one.ended_at - one.started_at).total_seconds() / 60, one.why) for one in ended if one.ended_at]


def test_the_first_clock_on_begins_the_work_on_the_car(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast)
    (job,) = jobs_of(session, order)
    working.clock_on(session, job, by=cast.zhou)
    assert (order.state, job.state, job.technician_id) == (State.IN_WORK, JobState.WORKING, cast.zhou.id)
    assert order.work_started_at is not None
    running = working.running_of(session, cast.zhou)
    assert running is not None
    assert running.order_job_id == job.id


def test_the_last_finish_sends_the_car_to_inspection(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast, *TWO)
    oil, battery = jobs_of(session, order)
    working.clock_on(session, oil, by=cast.zhou)
    working.clock_on(session, battery, by=cast.sun)
    working.finish(session, oil, by=cast.zhou)
    assert (order.state, order.work_ended_at) == (State.IN_WORK, None)
    working.finish(session, battery, by=cast.sun)
    assert order.state == State.INSPECTION
    assert order.work_ended_at is not None
    assert working.running_of(session, cast.zhou) is None


def test_whoever_begins_another_job_has_paused_the_one_before(session: Session, cast: Cast) -> None:
    one, other = an_ordered_car(session, cast), an_ordered_car(session, cast, vin=OTHER_VIN)
    (first,), (second,) = jobs_of(session, one), jobs_of(session, other)
    begun = now() - timedelta(minutes=50)
    working.clock_on(session, first, by=at_minute(cast.zhou, 0, begun))
    working.clock_on(session, second, by=at_minute(cast.zhou, 20, begun))
    assert (first.state, second.state) == (JobState.PAUSED, JobState.WORKING)
    assert spent(session) == [(20, "other_car")]


def test_a_day_that_waited_on_the_phone_is_told_in_its_own_time(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast)
    (job,) = jobs_of(session, order)
    begun = now() - timedelta(minutes=55)
    working.clock_on(session, job, by=at_minute(cast.zhou, 0, begun))
    working.pause(session, job, "parts", by=at_minute(cast.zhou, 10, begun))
    working.clock_on(session, job, by=at_minute(cast.zhou, 30, begun))
    working.finish(session, job, by=at_minute(cast.zhou, 45, begun))
    assert spent(session) == [(10, "parts"), (15, "")]
    assert working.worked(session, job, now()) == timedelta(minutes=25)
    assert (order.work_started_at, order.work_ended_at) == (begun, begun + timedelta(minutes=45))


def test_a_phone_whose_clock_is_ahead_works_in_no_future(session: Session, cast: Cast) -> None:
    (job,) = jobs_of(session, an_ordered_car(session, cast))
    clocking = working.clock_on(session, job, by=at_minute(cast.zhou, 90, now()))
    assert clocking.started_at <= now()


def test_nobody_is_clocked_on_twice_at_a_time(session: Session, cast: Cast) -> None:
    """What the verbs do not do, the database refuses, whoever asks it."""
    (job,) = jobs_of(session, an_ordered_car(session, cast))
    working.clock_on(session, job, by=cast.zhou)
    session.add(Clocking(
        id=uuid7(), store_id=cast.store, order_job_id=job.id, technician_id=cast.zhou.id, started_at=now(),
        ended_at=None,
    ))  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize("state", [JobState.PROPOSED, JobState.DECLINED, JobState.CANCELLED])
def test_what_the_customer_did_not_agree_to_is_not_worked_on(session: Session, cast: Cast, state: JobState) -> None:
    order = an_ordered_car(session, cast, *TWO)
    oil, _ = jobs_of(session, order)
    oil.state = state
    with pytest.raises(WrongMove):
        working.clock_on(session, oil, by=cast.zhou)


@pytest.mark.parametrize("state", sorted(set(State) - {State.ORDERED, State.IN_WORK}))
def test_nobody_works_on_a_car_that_is_not_in_work(session: Session, cast: Cast, state: State) -> None:
    (job,) = jobs_of(session, an_ordered_car(session, cast, state=state))
    with pytest.raises(WrongMove):
        working.clock_on(session, job, by=cast.zhou)


def test_a_colleagues_job_is_the_colleagues(session: Session, cast: Cast) -> None:
    (job,) = jobs_of(session, an_ordered_car(session, cast))
    working.clock_on(session, job, by=cast.zhou)
    for deed in (working.clock_on, working.finish):
        with pytest.raises(WrongMove):
            deed(session, job, by=cast.sun)
    with pytest.raises(WrongMove):
        working.pause(session, job, "parts", by=cast.sun)
    working.pause(session, job, "other_car", by=cast.wu)
    assert job.state == JobState.PAUSED


def test_what_is_not_running_is_not_paused(session: Session, cast: Cast) -> None:
    (job,) = jobs_of(session, an_ordered_car(session, cast))
    with pytest.raises(WrongMove):
        working.pause(session, job, "rest", by=cast.zhou)


def test_a_technician_has_their_own_jobs_the_promised_first_and_those_of_nobody(session: Session, cast: Cast) -> None:
    later = an_ordered_car(session, cast, promised=timedelta(hours=5))
    sooner = an_ordered_car(session, cast, *TWO, vin=OTHER_VIN, promised=timedelta(hours=1))
    (theirs,), (soon, free) = jobs_of(session, later), jobs_of(session, sooner)
    theirs.technician_id = soon.technician_id = cast.zhou.id
    session.flush()
    mine = tasks.visible_to(session, cast.zhou)
    assert [job.id for job in mine.mine()] == [soon.id, theirs.id]
    assert [job.id for job in mine.nobodys()] == [free.id]
    assert tasks.visible_to(session, cast.lin).mine() == []
