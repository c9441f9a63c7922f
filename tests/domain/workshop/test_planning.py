"""The day as it stands becomes a schedule, and what is proposed of it is given out."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.catalogue.bays import Bay
from server.domain.workshop import Clocking, JobState, planning, working
from server.domain.workshop.capacity import TechnicianSkill
from server.domain.workshop.planning import Given
from tests.cast import OTHER_VIN, Cast
from tests.domain.workshop.at_work import a_bay, an_ordered_car, at_minute
from tests.domain.workshop.test_working import TWO, jobs_of


def test_what_is_agreed_to_and_not_done_is_on_the_agenda_with_the_wash(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast, *TWO)
    at = now()
    found = planning.agenda(session, cast.store, at)
    assert [(task.skill, task.minutes) for task in found.day.tasks] == [
        ("mechanic", 30), ("electric", 18), ("wash", 20),
    ]  # fmt: skip
    assert {task.car for task in found.day.tasks} == {str(order.id)}
    assert {task.due for task in found.day.tasks} == {179}
    assert found.cars[str(order.id)].number == order.number


def test_where_washing_is_nobodys_trade_whoever_is_free_washes(session: Session, cast: Cast) -> None:
    hands = planning.agenda(session, cast.store, now()).day.hands
    assert {dict(hand.skills).get("wash") for hand in hands} == {100}
    own = {"id": uuid7(), "store_id": cast.store, "staff_id": cast.sun.id, "skill": "wash", "efficiency": 90}
    session.add(TechnicianSkill(**own))
    session.flush()  # the agenda reads it back
    hands = planning.agenda(session, cast.store, now()).day.hands
    washers = {hand.key: dict(hand.skills)["wash"] for hand in hands if "wash" in dict(hand.skills)}
    assert washers == {str(cast.sun.id): 90}


def test_a_car_that_wants_no_wash_gets_none(session: Session, cast: Cast) -> None:
    an_ordered_car(session, cast, wash=False)
    assert [task.skill for task in planning.agenda(session, cast.store, now()).day.tasks] == ["mechanic"]


def test_who_is_at_work_is_free_when_the_job_should_be_done(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast, *TWO)
    oil, battery = jobs_of(session, order)
    oil.bay_id = a_bay(session, cast.wu, "T1").id
    at = now()
    working.clock_on(session, oil, by=at_minute(cast.zhou, -10, at))
    day = planning.agenda(session, cast.store, at).day
    free = {hand.key: hand.free_at for hand in day.hands}
    assert (free[str(cast.zhou.id)], free[str(cast.sun.id)]) == (20, 0)
    assert next(place.free_at for place in day.places if place.key == str(oil.bay_id)) == 20
    assert [(task.key, task.free_at) for task in day.tasks] == [(str(battery.id), 20), (f"wash {order.id}", 20)]


def test_a_paused_job_stays_with_who_began_it(session: Session, cast: Cast) -> None:
    (job,) = jobs_of(session, an_ordered_car(session, cast, wash=False))
    working.clock_on(session, job, by=cast.zhou)
    working.pause(session, job, "rest", by=cast.zhou)
    (task,) = planning.agenda(session, cast.store, now()).day.tasks
    assert task.by == str(cast.zhou.id)


def test_a_proposal_is_taken_over_but_for_what_was_begun_meanwhile(session: Session, cast: Cast) -> None:
    (first,) = jobs_of(session, an_ordered_car(session, cast))
    (second,) = jobs_of(session, an_ordered_car(session, cast, vin=OTHER_VIN))
    working.clock_on(session, second, by=cast.zhou)
    bay, at = session.scalars(select(Bay).where(Bay.store_id == cast.store)).first(), now()
    assert bay is not None
    given = [Given(job.id, cast.wu.id, bay.id, at, at + timedelta(minutes=30)) for job in (first, second)]
    assert planning.take_over(session, given, by=cast.wu) == 1
    assert (first.technician_id, first.bay_id, first.planned_end) == (cast.wu.id, bay.id, at + timedelta(minutes=30))
    assert (second.technician_id, second.state) == (cast.zhou.id, JobState.WORKING)
    assert len(session.scalars(select(Clocking)).all()) == 1


def test_another_stores_jobs_are_not_given(session: Session, cast: Cast) -> None:
    (job,) = jobs_of(session, an_ordered_car(session, cast))
    given = [Given(job.id, cast.tang.id, job.id, now(), now())]
    assert planning.take_over(session, given, by=cast.tang) == 0
