"""The inspection before a handover: its moves, its rework, and that it passes only when everything was looked at."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import pictures
from server.domain.checklists import Question, Run, Tap, runs, taps
from server.domain.delivery import Delivery, Inspection, deliveries, pdi
from server.domain.delivery.pdi import MOVES, STATE_NAMES, State
from server.domain.people.notices import Notice
from server.domain.records import Event, Paper
from server.domain.refusals import Invalid, WrongMove
from tests.cast import OTHER_VIN, Cast, a_completed_delivery, a_delivery, a_ready_delivery, work

LIFE = {
    (State.WAITING, State.CHECKING), (State.CHECKING, State.FAILED), (State.CHECKING, State.PASSED),
    (State.FAILED, State.CHECKING),
}  # fmt: skip


def test_the_table_of_moves_is_the_life_of_an_inspection() -> None:
    assert {(before, after) for before, all_after in MOVES.items() for after in all_after} == LIFE
    assert set(MOVES) == set(STATE_NAMES) == set(State)


def test_every_pair_of_states(session: Session, cast: Cast) -> None:
    inspection = pdi.of(session, a_delivery(session, cast))
    for before in State:
        for after in State:
            inspection.state = before
            if (before, after) in LIFE:
                pdi._move(session, inspection, after, "pdi.tried", by=cast.zhou)
                assert inspection.state == after
            else:
                with pytest.raises(WrongMove) as refused:
                    pdi._move(session, inspection, after, "pdi.tried", by=cast.zhou)
                assert refused.value.said.gaps == {"now": STATE_NAMES[before], "then": STATE_NAMES[after]}
                assert inspection.state == before


@pytest.fixture
def failed(session: Session, cast: Cast) -> Inspection:
    """A noise on the road test: a blocking fault, the car is in rework."""
    delivery = a_delivery(session, cast)
    work.inspect(session, cast.of_wuhu, delivery, fault="左前有异响")
    return pdi.of(session, delivery)


def test_fail_rework_check_again_pass(session: Session, cast: Cast, failed: Inspection) -> None:
    delivery = failed.delivery
    assert (failed.state, failed.rounds, delivery.is_locked) == (State.FAILED, 1, True)
    told = session.scalars(select(Notice).where(Notice.staff_id == cast.lin.id)).all()
    assert [notice.kind for notice in told] == ["delivery.locked"]
    pdi.rework(session, failed, "紧固左前下摆臂", by=cast.wu)
    assert (failed.state, failed.rounds) == (State.CHECKING, 2)
    with pytest.raises(WrongMove, match="cannot pass yet"):
        pdi.sign_off(session, failed, by=cast.zhou, name="周强", ink=None)
    run, noise = _noise(session, failed)
    taps.answer(session, run, noise.id, Tap("ok", note="返工后复检合格"), by=cast.zhou)
    session.flush()
    pdi.sign_off(session, failed, by=cast.zhou, name="周强", ink=pictures.signature("周强"))
    assert (failed.state, failed.inspector_id, delivery.state) == (State.PASSED, cast.zhou.id, "ready")
    assert (failed.passed_at, run.state) == (delivery.pdi_passed_at, runs.CLOSED)
    said = [answer.verdict for answer in runs.progress(session, run).answers if answer.item_id == noise.id]
    assert said == ["ok", "fault", "watch"], "what was found before stays readable"
    sheet = session.scalars(select(Paper).where(Paper.number == failed.number)).one()
    facts = {fact["label"]["en"]: fact["value"] for fact in sheet.content["facts"]}
    assert facts == {"Rounds of rework": "1", "Put right": "紧固左前下摆臂"}
    verbs = session.scalars(select(Event.verb).where(Event.subject == "pdi_inspections").order_by(Event.position))
    assert list(verbs) == ["pdi.started", "pdi.failed", "pdi.rework", "pdi.passed"]


def test_a_fault_may_come_up_twice(session: Session, cast: Cast, failed: Inspection) -> None:
    pdi.rework(session, failed, "紧固", by=cast.zhou)
    pdi.fail(session, failed, by=cast.zhou)
    pdi.rework(session, failed, "换件", by=cast.zhou)
    assert ([one["what"] for one in failed.reworks], failed.rounds) == (["紧固", "换件"], 3)


def test_rework_says_what_was_put_right(session: Session, cast: Cast, failed: Inspection) -> None:
    with pytest.raises(Invalid) as wrong:
        pdi.rework(session, failed, "", by=cast.zhou)
    assert (set(wrong.value.errors), failed.state, failed.rounds) == ({"what"}, State.FAILED, 1)


def test_a_failed_inspection_is_not_signed(session: Session, cast: Cast, failed: Inspection) -> None:
    with pytest.raises(WrongMove):
        pdi.sign_off(session, failed, by=cast.zhou, name="周强", ink=None)


def test_what_is_not_at_fault_does_not_fail(session: Session, cast: Cast) -> None:
    inspection = pdi.of(session, a_delivery(session, cast))
    with pytest.raises(WrongMove, match="not begun"):
        pdi.fail(session, inspection, by=cast.zhou)
    run = pdi.start(session, inspection, by=cast.zhou)
    plain = next(one for one in runs.sheet_of(session, run).questions() if not one.blocking)
    taps.answer(session, run, plain.id, Tap("fault"), by=cast.zhou)
    session.flush()
    with pytest.raises(WrongMove, match="Nothing blocking"):
        pdi.fail(session, inspection, by=cast.zhou)


def test_it_passes_only_when_everything_was_looked_at(session: Session, cast: Cast) -> None:
    inspection = pdi.of(session, a_delivery(session, cast))
    run = pdi.start(session, inspection, by=cast.zhou)
    questions = [one for one in runs.sheet_of(session, run).questions() if one.kind != "signature"]
    for left, one in reversed(list(enumerate(reversed(questions), 1))):
        with pytest.raises(WrongMove) as refused:
            pdi.sign_off(session, inspection, by=cast.zhou, name="周强", ink=None)
        assert refused.value.said.gaps["why"].gaps == {"count": left}
        _look_at(session, cast, run, one)
    pdi.sign_off(session, inspection, by=cast.zhou, name="周强", ink=None)
    assert inspection.state == State.PASSED


def test_a_missing_photo_keeps_it_open(session: Session, cast: Cast) -> None:
    inspection = pdi.of(session, a_delivery(session, cast))
    run = pdi.start(session, inspection, by=cast.zhou)
    wanted = next(one for one in runs.sheet_of(session, run).questions() if one.photo_needed)
    taps.answer(session, run, wanted.id, Tap("ok"), by=cast.zhou)
    session.flush()
    assert runs.progress(session, run).is_open(wanted)
    taps.add_photo(session, run, wanted.id, pictures.photo(2), by=cast.zhou)
    session.flush()
    assert not runs.progress(session, run).is_open(wanted)


def test_it_begins_once_and_only_for_a_car_that_is_still_promised(session: Session, cast: Cast) -> None:
    delivery, given_up = a_delivery(session, cast), a_delivery(session, cast, OTHER_VIN)
    pdi.start(session, pdi.of(session, delivery), by=cast.zhou)
    with pytest.raises(WrongMove):
        pdi.start(session, pdi.of(session, delivery), by=cast.wu)
    deliveries.cancel(session, given_up, by=cast.lin, why="改主意")
    with pytest.raises(WrongMove):
        pdi.start(session, pdi.of(session, given_up), by=cast.zhou)


def test_who_signs_is_who_inspected(session: Session, cast: Cast) -> None:
    delivery = a_ready_delivery(session, cast)
    inspection = pdi.of(session, delivery)
    signature = runs.progress(session, pdi.run_of(session, inspection)).signature(None, "technician")
    assert signature is not None
    assert (signature.name, signature.by_id) == ("周强", cast.zhou.id)
    sheet = session.scalars(select(Paper).where(Paper.number == inspection.number)).one()
    assert (sheet.content["customer"], sheet.content["verdict"]) == (None, "passed")


def test_the_queue_is_what_waits_in_the_order_of_the_customers(session: Session, cast: Cast) -> None:
    first, second = a_delivery(session, cast), a_delivery(session, cast, OTHER_VIN)
    first.planned_at, second.planned_at = second.planned_at, first.planned_at
    session.flush()
    assert [one.delivery.number for one in pdi.queue(session, cast.store)] == [second.number, first.number]
    work.inspect(session, cast.of_wuhu, second)
    session.flush()
    assert [one.delivery.number for one in pdi.queue(session, cast.store)] == [first.number]
    assert not pdi.queue(session, cast.tang.store_id)


def test_nothing_changes_after_the_handover(session: Session, cast: Cast) -> None:
    delivery: Delivery = a_completed_delivery(session, cast)
    inspection = pdi.of(session, delivery)
    for deed in (
        lambda: pdi.start(session, inspection, by=cast.zhou),
        lambda: pdi.rework(session, inspection, "换件", by=cast.zhou),
        lambda: pdi.fail(session, inspection, by=cast.zhou),
        lambda: pdi.sign_off(session, inspection, by=cast.zhou, name="周强", ink=None),
    ):
        with pytest.raises(WrongMove):
            deed()


def _noise(session: Session, inspection: Inspection) -> tuple[Run, Question]:
    run = pdi.run_of(session, inspection)
    return run, next(one for one in runs.sheet_of(session, run).questions() if one.code == work.NOISE)


def _look_at(session: Session, cast: Cast, run: Run, asked: Question) -> None:
    if asked.photo_needed:
        taps.add_photo(session, run, asked.id, pictures.photo(1), by=cast.zhou)
    taps.answer(session, run, asked.id, work.tap_of(asked), by=cast.zhou)
    session.flush()
