"""Comebacks: proposed by the same job or the same words, said by the advisor, free within the guarantee."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy.orm import Session

from server.database import now
from server.domain.refusals import Invalid, NotAllowed, WrongMove
from server.domain.workshop import Comeback, ComebackState, Diagnosis, RepairOrder, comebacks, diagnoses, intake, lines
from server.domain.workshop.comebacks import COMEBACK_MOVES
from server.domain.workshop.coming_back import confirm, dismiss, likeness, of_order
from server.domain.workshop.diagnoses import DIAGNOSIS_MOVES, STEPS, DiagnosisState
from server.domain.workshop.intake import Words
from tests.cast import Cast
from tests.domain.workshop.repairing import a_job, a_signed_order, an_order
from tests.domain.workshop.returned import a_car_that_left

PADS = "R-PADF1"


def back(
    session: Session, cast: Cast, *, days: int = 5, km: int = 300, jobs: tuple[str, ...] = (PADS,),
    words: str = "空调不凉",
) -> tuple[RepairOrder, RepairOrder]:  # fmt: skip
    """A car that left some days ago is here again; the earlier visit and this one."""
    earlier = a_car_that_left(session, cast, jobs=(PADS,))
    earlier.left_at = now() - timedelta(days=days)
    earlier.arrived_at = now() - timedelta(days=days, hours=3)
    session.flush()
    order = intake.open_order(session, by=cast.chen, customer=earlier.sender, car=earlier.car)
    intake.note_down(session, order, by=cast.chen, km=(earlier.km or 0) + km)
    intake.write_words(session, order, [Words(words)], by=cast.chen)
    for code in jobs:
        lines.add_job(session, order, a_job(session, cast, code), by=cast.chen)
    session.flush()
    return earlier, order


def test_the_same_job_so_soon_is_proposed_and_free_once_it_is_confirmed(session: Session, cast: Cast) -> None:
    earlier, order = back(session, cast)
    (found,) = of_order(session, order)
    assert (found.earlier_id, found.same_job, found.in_guarantee) == (earlier.id, True, True)
    assert found.technician_id == cast.zhou.id
    assert order.comeback_of_id is None, "a proposal changes nothing"
    confirm(session, found, by=cast.chen)
    assert order.comeback_of_id == earlier.id
    assert {line.payer for part in intake.lines_of(session, order) for line in part} == {"comeback"}
    dismiss(session, found, by=cast.chen, why="另一侧的制动片")
    assert order.comeback_of_id is None
    assert {line.payer for part in intake.lines_of(session, order) for line in part} == {"self"}


def test_the_same_words_are_proposed_when_the_job_is_another(session: Session, cast: Cast) -> None:
    earlier, order = back(session, cast, jobs=("R-DIAGE", "M-B"), words="刹车还是有异响")
    (found,) = of_order(session, order)
    assert (found.earlier_id, found.same_job, found.code) == (earlier.id, False, PADS)
    confirm(session, found, by=cast.chen)
    payers = {job.code: job.payer for job in intake.lines_of(session, order)[0]}
    assert payers == {"R-DIAGE": "comeback", "M-B": "self"}, "maintenance is paid as ever"


@pytest.mark.parametrize(("days", "km", "proposed", "free"), [
    (9, 100, True, True), (12, 100, True, False), (9, 2_001, True, False), (30, 100, True, False),
    (31, 100, False, False),
])  # fmt: skip
def test_after_the_guarantee_it_is_a_comeback_that_is_paid_and_after_a_month_none(
    session: Session, cast: Cast, days: int, km: int, proposed: bool, free: bool
) -> None:
    _, order = back(session, cast, days=days, km=km)
    found = of_order(session, order)
    assert [one.in_guarantee for one in found] == ([free] if proposed else [])
    for one in found:
        confirm(session, one, by=cast.chen)
        payers = {job.payer for job in intake.lines_of(session, order)[0]}
        assert payers == ({"comeback"} if free else {"self"})


def test_what_the_words_proposed_is_the_same_job_once_it_is_ordered(session: Session, cast: Cast) -> None:
    _, order = back(session, cast, jobs=(), words="刹车还是有异响")
    (by_words,) = of_order(session, order)
    assert not by_words.same_job
    lines.add_job(session, order, a_job(session, cast, PADS), by=cast.chen)
    assert [(one.id, one.same_job) for one in of_order(session, order)] == [(by_words.id, True)]


def test_another_fault_is_no_comeback(session: Session, cast: Cast) -> None:
    assert of_order(session, back(session, cast, jobs=("R-DIAGE",), words="雨刮不动了")[1]) == []


@pytest.mark.parametrize(("one", "other", "alike"), [
    ("刹车有异响", "刹车还是有异响", True), ("刹车有异响", "空调不凉", False), ("", "", False), ("a", "a", False),
    ("Brakes squeal", "brakes squeal again", True),
])  # fmt: skip
def test_how_alike_two_descriptions_are(one: str, other: str, alike: bool) -> None:
    assert (likeness(one, other) >= 0.5) is alike


@pytest.mark.parametrize(("before", "after"), list(product(ComebackState, ComebackState)))
def test_a_comeback_goes_only_where_the_table_says(
    session: Session, cast: Cast, before: ComebackState, after: ComebackState
) -> None:
    order = an_order(session, cast)
    one = Comeback(store_id=cast.store, version=1, order_id=order.id, code=PADS, state=before)
    with session.no_autoflush:
        if after in COMEBACK_MOVES[before]:
            comebacks.move(session, one, after, "comeback.moved", by=cast.chen)
            assert one.state == after
        else:
            with pytest.raises(WrongMove):
                comebacks.move(session, one, after, "comeback.moved", by=cast.chen)


def test_dismissing_wants_a_reason_and_what_was_signed_stays(session: Session, cast: Cast) -> None:
    _, order = back(session, cast)
    (found,) = of_order(session, order)
    with pytest.raises(Invalid):
        dismiss(session, found, by=cast.chen, why="")
    with pytest.raises(NotAllowed):
        confirm(session, found, by=cast.zhou)
    confirm(session, found, by=cast.chen)
    order.state = "ordered"
    with pytest.raises(WrongMove):
        dismiss(session, found, by=cast.chen, why="不是")


# --- The diagnosis in five steps ------------------------------------------------------------


def test_a_diagnosis_is_written_step_by_step_and_closed_with_a_confirmed_cause(session: Session, cast: Cast) -> None:
    order = a_signed_order(session, cast)
    record = diagnoses.begin(session, order, by=cast.zhou)
    assert diagnoses.begin(session, order, by=cast.zhou, id=record.id) is record
    names = [name for name, _, _ in STEPS]
    for place, name in enumerate(names):
        for later in names[place + 1 :]:
            with pytest.raises(WrongMove):
                diagnoses.write(session, record, later, "跳过", by=cast.zhou)
        with pytest.raises(WrongMove):
            diagnoses.close(session, record, by=cast.wu)
        with pytest.raises(Invalid):
            diagnoses.write(session, record, name, "  ", by=cast.zhou)
        diagnoses.write(session, record, name, "蓄电池亏电\n\n发电机不发电\n蓄电池亏电", by=cast.zhou)
    assert [one["cause"] for one in record.causes] == ["蓄电池亏电", "发电机不发电"]
    with pytest.raises(WrongMove):
        diagnoses.close(session, record, by=cast.wu)
    diagnoses.judge(session, record, 0, "confirmed", by=cast.zhou)
    diagnoses.judge(session, record, 1, "confirmed", by=cast.zhou)
    assert [one["verdict"] for one in record.causes] == ["suspected", "confirmed"]
    diagnoses.judge(session, record, 0, "ruled_out", by=cast.zhou)
    diagnoses.write(session, record, "causes", "发电机不发电\n搭铁不良", by=cast.zhou)
    assert record.confirmed == "发电机不发电", "what was tested keeps its verdict"
    diagnoses.close(session, record, by=cast.wu)
    with pytest.raises(WrongMove):
        diagnoses.write(session, record, "proof", "改写", by=cast.zhou)
    with pytest.raises(WrongMove):
        diagnoses.judge(session, record, 0, "ruled_out", by=cast.zhou)
    assert (record.state, record.closed_by) == (DiagnosisState.CLOSED, cast.wu.id)


@pytest.mark.parametrize(("before", "after"), list(product(DiagnosisState, DiagnosisState)))
def test_a_diagnosis_goes_only_where_the_table_says(
    session: Session, cast: Cast, before: DiagnosisState, after: DiagnosisState
) -> None:
    record = Diagnosis(store_id=cast.store, version=1, state=before, causes=[])
    if after in DIAGNOSIS_MOVES[before]:
        diagnoses.move(session, record, after, "diagnosis.moved", by=cast.zhou)
        assert record.state == after
    else:
        with pytest.raises(WrongMove):
            diagnoses.move(session, record, after, "diagnosis.moved", by=cast.zhou)


def test_a_consultant_writes_no_diagnosis(session: Session, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        diagnoses.begin(session, an_order(session, cast), by=cast.lin)
