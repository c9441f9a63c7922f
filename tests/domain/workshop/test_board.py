"""The board: where each car stands, what holds it up, who may move it; always the same few questions."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from server.database import Database, now
from server.domain.people import Staff
from server.domain.people.notices import Notice
from server.domain.refusals import WrongMove
from server.domain.workshop import JobState, OrderJob, State, board, dispatch, working
from server.domain.workshop.board import Card
from server.domain.workshop.board_reading import read
from tests.cast import OTHER_VIN, Cast
from tests.domain.workshop.at_work import a_bay, an_ordered_car
from tests.domain.workshop.test_working import TWO, jobs_of

MECHANIC, ELECTRIC = {"mechanic": 100}, {"electric": 100}


def card_of(session: Session, cast: Cast, order_id: object, minutes: int = 0) -> Card:
    """The card of a car as it will be so many minutes from now."""
    session.flush()
    cards = read(session, cast.store, now() + timedelta(minutes=minutes)).cards
    return next(card for card in cards if card.id == order_id)


@pytest.mark.parametrize("state", [State.INTAKE, State.INSPECTION, State.WASHING, State.READY])
def test_a_car_that_nobody_works_on_stands_where_its_state_says(session: Session, cast: Cast, state: State) -> None:
    order = an_ordered_car(session, cast, state=state)
    card = card_of(session, cast, order.id)
    assert (card.bay, card.technician, card.task) == (state, state, None)


@pytest.mark.parametrize("state", [State.SETTLED, State.CLOSED, State.CANCELLED])
def test_a_car_that_has_left_is_not_on_it(session: Session, cast: Cast, state: State) -> None:
    an_ordered_car(session, cast, state=state)
    assert read(session, cast.store, now()).cards == ()


def test_an_ordered_car_waits_until_it_is_given_to_somebody(session: Session, cast: Cast) -> None:
    order, bay = an_ordered_car(session, cast), a_bay(session, cast.wu, "T1")
    assert card_of(session, cast, order.id).bay == board.WAITING
    dispatch.give_to_bay(session, order, bay, by=cast.wu)
    dispatch.give_to_technician(session, order, session.get_one(Staff, cast.zhou.id), MECHANIC, by=cast.wu)
    card = card_of(session, cast, order.id)
    assert (card.bay, card.technician) == (str(bay.id), str(cast.zhou.id))
    assert (card.bay_name, card.technician_name) == (bay.name, cast.zhou.title)
    (job,) = jobs_of(session, order)
    assert job.planned_start is not None
    assert job.planned_end == job.planned_start + timedelta(minutes=30)


def test_it_stands_where_it_is_worked_on(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast, *TWO)
    oil, battery = jobs_of(session, order)
    one, other = a_bay(session, cast.wu, "T1", ("mechanic",)), a_bay(session, cast.wu, "T2", ("electric",))
    dispatch.give_to_bay(session, order, one, by=cast.wu)
    dispatch.give_to_bay(session, order, other, by=cast.wu)
    assert (oil.bay_id, battery.bay_id) == (one.id, other.id)
    working.clock_on(session, battery, by=cast.sun)
    card = card_of(session, cast, order.id)
    assert (card.bay, card.technician) == (str(other.id), str(cast.sun.id))
    assert card.task is not None
    assert (card.task.name, card.done, card.jobs) == (battery.name, 0, 2)
    assert card.since is not None
    working.finish(session, battery, by=cast.sun)
    card = card_of(session, cast, order.id)
    assert (card.bay, card.done, card.since) == (str(one.id), 1, None)


def test_nothing_goes_where_it_cannot_be_done(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast)
    with pytest.raises(WrongMove):
        dispatch.give_to_bay(session, order, a_bay(session, cast.wu, "T1", ("paint",)), by=cast.wu)
    with pytest.raises(WrongMove):
        dispatch.give_to_technician(session, order, session.get_one(Staff, cast.sun.id), ELECTRIC, by=cast.wu)


def test_who_is_at_it_stays_at_it_until_they_pause(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast)
    (job,) = jobs_of(session, order)
    working.clock_on(session, job, by=cast.zhou)
    with pytest.raises(WrongMove):
        dispatch.give_to_bay(session, order, a_bay(session, cast.wu, "T1"), by=cast.wu)
    with pytest.raises(WrongMove):
        dispatch.assign(session, order, job, cast.sun.id, None, by=cast.wu)
    working.pause(session, job, "other_car", by=cast.zhou)
    dispatch.assign(session, order, job, cast.wu.id, None, by=cast.wu)
    assert job.technician_id == cast.wu.id


def test_a_car_is_taken_out_of_its_bay_and_from_its_technician(session: Session, cast: Cast) -> None:
    order, bay = an_ordered_car(session, cast), a_bay(session, cast.wu, "T1")
    zhou = session.get_one(Staff, cast.zhou.id)
    dispatch.give_to_bay(session, order, bay, by=cast.wu)
    dispatch.give_to_technician(session, order, zhou, MECHANIC, by=cast.wu)
    dispatch.give_to_technician(session, order, None, {}, by=cast.wu)
    assert card_of(session, cast, order.id).technician == board.WAITING
    dispatch.give_to_bay(session, order, None, by=cast.wu)
    (job,) = jobs_of(session, order)
    assert (job.bay_id, job.planned_start, job.planned_end) == (None, None, None)


def test_who_gets_a_job_is_told(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast)
    dispatch.give_to_technician(session, order, session.get_one(Staff, cast.zhou.id), MECHANIC, by=cast.wu)
    session.flush()
    told = session.scalars(select(Notice).where(Notice.staff_id == cast.zhou.id, Notice.kind == "job.given")).one()
    assert (told.address, told.gaps["plate"]) == ("/my-jobs", order.car.label)


# --- What holds a car up ----------------------------------------------------------------------


def test_it_warns_before_the_promised_time_and_is_late_after_it(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast, promised=timedelta(minutes=60))
    assert [card_of(session, cast, order.id, minutes).stuck for minutes in (0, 40, 70)] == [
        (), (board.SOON,), (board.LATE,),
    ]  # fmt: skip


def test_a_ready_car_is_not_late_any_more(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast, promised=-timedelta(minutes=60), state=State.READY)
    assert card_of(session, cast, order.id).stuck == ()


def test_work_over_its_planned_time_holds_it_up(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast)
    dispatch.give_to_bay(session, order, a_bay(session, cast.wu, "T1"), by=cast.wu)
    assert card_of(session, cast, order.id, 29).stuck == ()
    assert card_of(session, cast, order.id, 31).stuck == (board.OVER,)


def test_a_pause_holds_it_up_after_a_while_and_for_parts_at_once(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast)
    (job,) = jobs_of(session, order)
    working.clock_on(session, job, by=cast.zhou)
    working.pause(session, job, "rest", by=cast.zhou)
    assert [card_of(session, cast, order.id, minutes).stuck for minutes in (29, 31)] == [(), (board.PAUSED,)]
    working.clock_on(session, job, by=cast.zhou)
    working.pause(session, job, "parts", by=cast.zhou)
    card = card_of(session, cast, order.id)
    assert (card.stuck, card.tone) == ((board.PARTS,), "bad")


def test_it_waits_for_the_customers_word(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast, *TWO)
    jobs_of(session, order)[1].state = JobState.PROPOSED
    card = card_of(session, cast, order.id)
    assert (card.stuck, card.jobs, card.tone) == ((board.APPROVAL,), 1, "warn")


# --- For live screens ---------------------------------------------------------------------------


def test_a_board_that_shows_the_same_is_the_same(session: Session, cast: Cast) -> None:
    order = an_ordered_car(session, cast)
    at = now()
    session.flush()
    first, again = (read(session, cast.store, when) for when in (at, at + timedelta(minutes=5)))
    assert (first.cards, first.version) == (again.cards, again.version)
    dispatch.give_to_bay(session, order, a_bay(session, cast.wu, "T1"), by=cast.wu)
    session.flush()
    assert read(session, cast.store, at).version != first.version


def test_the_promised_first_stand_first(session: Session, cast: Cast) -> None:
    later = an_ordered_car(session, cast, promised=timedelta(hours=4))
    sooner = an_ordered_car(session, cast, vin=OTHER_VIN, promised=timedelta(hours=2))
    found = read(session, cast.store, now())
    assert [card.id for card in found.within(board.BAY)[board.WAITING]] == [sooner.id, later.id]


def test_the_store_over_there_is_not_on_it(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        an_ordered_car(session, cast)
    with database.work(cast.tang.store_id) as session:
        assert read(session, cast.tang.store_id, now()).cards == ()


def test_more_cars_ask_no_more_questions(session: Session, cast: Cast) -> None:
    asked = [_questions(session, cast, count) for count in (1, 6)]
    assert asked[0] == asked[1] <= 9


def _questions(session: Session, cast: Cast, count: int) -> int:
    for number in range(count):
        order = an_ordered_car(session, cast, *TWO, vin=f"LVVDB11B1RD1{count}9{number}{number}{count}")
        working.clock_on(session, session.scalars(select(OrderJob).where(OrderJob.order_id == order.id)).all()[0],
                         by=cast.zhou)  # fmt: skip
    session.flush()
    statements: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    read(session, cast.store, now())
    event.remove(engine, "before_cursor_execute", note)
    return len(statements)
