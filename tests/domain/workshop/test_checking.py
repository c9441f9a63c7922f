"""Three different people look at a car in order; a fault sends it back and counts; then it is washed and ready."""

from itertools import permutations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from server.domain.checklists import Tap, taps
from server.domain.people.notices import Notice
from server.domain.records import Paper
from server.domain.refusals import Invalid, NotAllowed, WrongMove
from server.domain.workshop import JobState, State, checking, working
from server.domain.workshop.checking import Checks
from server.domain.workshop.reworks import FINAL, LEVELS, SELF, TEAM, Rework
from tests.cast import OTHER_VIN, Cast
from tests.domain.workshop.asked import a_sent
from tests.domain.workshop.checked import WHO, a_finished_car, answer, check, finish, sign


def test_the_list_is_there_when_the_work_has_ended(session: Session, cast: Cast) -> None:
    order = a_finished_car(session, cast)
    assert order.state == State.INSPECTION
    checks = Checks(session, order)
    assert (checks.turn, checks.workers) == (SELF, {cast.zhou.id})
    assert checking.begin(session, order, by=cast.zhou).id == checks.run.id, "begun once"


def test_three_people_in_order_and_the_car_waits_for_its_wash(session: Session, cast: Cast) -> None:
    order = a_finished_car(session, cast)
    for level in LEVELS:
        assert Checks(session, order).turn == level
        check(session, cast, order, level)
    assert (order.state, order.inspected_at is None) == (State.INSPECTION, False)
    checking.start_wash(session, order, by=cast.zhou)
    checking.end_wash(session, order, by=cast.zhou)
    assert order.state == State.READY
    assert order.inspected_at is not None
    assert order.wash_started_at is not None
    assert order.inspected_at <= order.wash_started_at
    assert order.washed_at == order.ready_at
    ready = session.scalars(select(Notice).where(Notice.kind == "repair_order.ready")).one()
    assert ready.staff_id == cast.chen.id


def test_a_car_that_wants_no_wash_is_ready_at_once(session: Session, cast: Cast) -> None:
    order = a_finished_car(session, cast, wash=False)
    check(session, cast, order, *LEVELS)
    assert (order.state, order.ready_at) == (State.READY, order.inspected_at)


def test_in_a_hurry_it_is_ready_without_a_wash(session: Session, cast: Cast) -> None:
    order = a_finished_car(session, cast)
    with pytest.raises(WrongMove):
        checking.skip_wash(session, order, by=cast.chen)
    check(session, cast, order, *LEVELS)
    checking.skip_wash(session, order, by=cast.chen)
    assert (order.state, order.washed_at) == (State.READY, None)


@pytest.mark.parametrize("levels", [order for order in permutations(LEVELS) if order != LEVELS])
def test_no_level_before_the_one_before_it(session: Session, cast: Cast, levels: tuple[str, ...]) -> None:
    order = a_finished_car(session, cast)
    signed = 0
    for level in levels:
        by = getattr(cast, WHO[level])
        answer(session, order, level, by)
        if level == LEVELS[signed]:
            sign(session, order, level, by)
            signed += 1
        else:
            with pytest.raises(WrongMove):
                sign(session, order, level, by)
    assert order.inspected_at is None


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", ["zhou", "sun", "wu", "qin", "chen", "gao", "pei", "he", "lin"])
def test_each_level_is_for_one_kind_of_person(session: Session, cast: Cast, level: str, name: str) -> None:
    order = a_finished_car(session, cast)
    check(session, cast, order, *LEVELS[: LEVELS.index(level)])
    answer(session, order, level, cast.zhou)
    may = {SELF: {"zhou"}, TEAM: {"wu", "gao"}, FINAL: {"qin", "gao"}}[level]
    if name in may:
        sign(session, order, level, getattr(cast, name))
        assert Checks(session, order).signed(level)
    else:
        with pytest.raises((NotAllowed, WrongMove)):
            sign(session, order, level, getattr(cast, name))
        assert Checks(session, order).signed(level) is None


def test_nobody_signs_two_levels(session: Session, cast: Cast) -> None:
    order = a_finished_car(session, cast)
    check(session, cast, order, SELF)
    for level in (TEAM, FINAL):
        answer(session, order, level, cast.gao)
    sign(session, order, TEAM, cast.gao)
    with pytest.raises(WrongMove):
        sign(session, order, FINAL, cast.gao)
    sign(session, order, FINAL, cast.qin)


def test_a_leader_who_worked_on_the_car_does_not_check_it(session: Session, cast: Cast) -> None:
    order = a_finished_car(session, cast)
    order.jobs[0].technician_id = cast.wu.id
    check(session, cast, order, SELF)
    answer(session, order, TEAM, cast.wu)
    with pytest.raises(WrongMove):
        sign(session, order, TEAM, cast.wu)
    sign(session, order, TEAM, cast.gao)


def test_nothing_open_or_at_fault_is_signed(session: Session, cast: Cast) -> None:
    order = a_finished_car(session, cast)
    with pytest.raises(WrongMove):
        sign(session, order, SELF, cast.zhou)
    answer(session, order, SELF, cast.zhou, but={"C11-04": "fault"})
    with pytest.raises(WrongMove):
        sign(session, order, SELF, cast.zhou)
    answer(session, order, SELF, cast.zhou)
    sign(session, order, SELF, cast.zhou)


def test_what_is_changed_after_signing_wants_another_signature(session: Session, cast: Cast) -> None:
    order = a_finished_car(session, cast)
    check(session, cast, order, SELF, TEAM)
    checks = Checks(session, order)
    taps.answer(session, checks.run, checks.part(SELF).questions[0].id, Tap(verdict="watch", note="再紧"), by=cast.zhou)
    session.flush()
    assert Checks(session, order).turn == SELF


def test_a_fault_sends_the_car_back_counts_and_wants_all_three_again(session: Session, cast: Cast) -> None:
    order = a_finished_car(session, cast)
    check(session, cast, order, SELF, TEAM)
    answer(session, order, FINAL, cast.qin, but={"C11-12": "fault"})
    (job,) = order.jobs
    with pytest.raises(Invalid):
        checking.fail(session, order, FINAL, [job.id], "", by=cast.qin)
    with pytest.raises(Invalid):
        checking.fail(session, order, FINAL, [], "异响还在", by=cast.qin)
    checking.fail(session, order, FINAL, [job.id], "异响还在", by=cast.qin)
    session.flush()
    assert (order.state, job.state) == (State.IN_WORK, JobState.PAUSED)
    counted = session.scalars(select(Rework)).one()
    assert (counted.level, counted.why, counted.technician_id) == (FINAL, "异响还在", cast.zhou.id)
    told = session.scalars(select(Notice).where(Notice.kind == "check.failed")).one()
    assert told.staff_id == cast.zhou.id
    working.clock_on(session, job, by=cast.zhou)
    finish(session, order, by=cast.zhou)
    checks = Checks(session, order)
    assert (order.state, checks.turn) == (State.INSPECTION, SELF)
    assert [question.code for question in checks.faults()] == ["C11-12"]
    check(session, cast, order, *LEVELS)
    assert order.inspected_at is not None


def test_whoever_has_no_turn_sends_nothing_back(session: Session, cast: Cast) -> None:
    order = a_finished_car(session, cast)
    jobs = [order.jobs[0].id]
    for level, person in ((TEAM, cast.wu), (FINAL, cast.qin), (SELF, cast.sun), (SELF, cast.chen)):
        with pytest.raises((NotAllowed, WrongMove)):
            checking.fail(session, order, level, jobs, "x", by=person)
    assert session.scalars(select(Rework)).all() == []


def test_a_car_that_is_ready_goes_back_as_well(session: Session, cast: Cast) -> None:
    order = a_finished_car(session, cast, wash=False)
    check(session, cast, order, *LEVELS)
    first = order.inspection_run_id
    with pytest.raises(NotAllowed):
        checking.fail(session, order, FINAL, [order.jobs[0].id], "漏油", by=cast.chen)
    checking.fail(session, order, FINAL, [order.jobs[0].id], "漏油", by=cast.qin)
    assert (order.state, order.ready_at, order.inspected_at) == (State.IN_WORK, None, None)
    working.clock_on(session, order.jobs[0], by=cast.zhou)
    finish(session, order, by=cast.zhou)
    assert order.inspection_run_id != first, "what was signed and closed is not walked again"
    check(session, cast, order, *LEVELS)
    assert order.state == State.READY
    papers = session.scalars(select(Paper).where(Paper.kind == "inspection_report").order_by(Paper.revision)).all()
    assert [paper.revision for paper in papers] == [1, 2]


def test_a_rework_is_never_rewritten(session: Session, cast: Cast) -> None:
    order = a_finished_car(session, cast)
    answer(session, order, SELF, cast.zhou)
    (rework,) = checking.fail(session, order, SELF, [order.jobs[0].id], "漏装卡扣", by=cast.zhou)
    session.flush()
    rework.why = "别的"
    with pytest.raises(DatabaseError):
        session.flush()


def test_it_does_not_pass_while_the_customer_is_asked(session: Session, cast: Cast) -> None:
    order = a_finished_car(session, cast)
    a_sent(session, cast, order)
    check(session, cast, order, SELF, TEAM)
    answer(session, order, FINAL, cast.qin)
    with pytest.raises(WrongMove):
        sign(session, order, FINAL, cast.qin)


@pytest.mark.parametrize("state", sorted(set(State) - {State.INSPECTION, State.READY}))
def test_nothing_is_checked_in_another_state(session: Session, cast: Cast, state: str) -> None:
    order = a_finished_car(session, cast)
    answer(session, order, SELF, cast.zhou)
    order.state = state
    session.flush()
    for deed in (
        lambda: sign(session, order, SELF, cast.zhou),
        lambda: checking.fail(session, order, SELF, [order.jobs[0].id], "x", by=cast.zhou),
        lambda: checking.begin(session, order, by=cast.zhou),
        lambda: checking.start_wash(session, order, by=cast.zhou),
    ):
        with pytest.raises(WrongMove):
            deed()


def test_the_report_has_what_three_signed_and_no_customer(session: Session, cast: Cast) -> None:
    order = a_finished_car(session, cast, OTHER_VIN)
    check(session, cast, order, *LEVELS)
    paper = session.scalars(select(Paper).where(Paper.kind == "inspection_report")).one()
    sections = paper.content["lists"][0]["sections"]
    assert [len(section["signatures"]) for section in sections] == [1, 1, 1]
    assert "C11-17" not in {item["no"] for section in sections for item in section["items"]}
    assert paper.content["customer"] is None
    assert order.sender.name not in str(paper.content)
