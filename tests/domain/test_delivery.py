"""A delivery from its plan to the keys: its moves, its lock, what holds it up, and what follows from it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.commands.demonstration import pictures
from server.database import Database, now
from server.domain import reactions
from server.domain.care import Contact
from server.domain.checklists import Question, Run, Tap, runs, taps
from server.domain.checklists.runs import Signature
from server.domain.delivery import Delivery, Inspection, deliveries, handover, papers, pdi, visible_to
from server.domain.delivery.deliveries import MOVES, STATE_NAMES, State
from server.domain.people import Staff
from server.domain.people.notices import Notice
from server.domain.records import Event, Paper, events
from server.domain.refusals import Invalid, NotThere, Stale, WrongMove
from tests.cast import OTHER_VIN, PLACE, Cast, a_completed_delivery, a_delivery, a_ready_delivery, work

LIFE = {
    (State.PLANNED, State.READY), (State.PLANNED, State.CANCELLED), (State.READY, State.HANDING_OVER),
    (State.READY, State.CANCELLED), (State.HANDING_OVER, State.COMPLETED), (State.HANDING_OVER, State.CANCELLED),
}  # fmt: skip


# --- Moves ----------------------------------------------------------------------------------------


def test_the_table_of_moves_is_the_life_of_a_delivery() -> None:
    assert {(before, after) for before, all_after in MOVES.items() for after in all_after} == LIFE
    assert set(MOVES) == set(STATE_NAMES) == set(State)


def test_every_pair_of_states(session: Session, cast: Cast) -> None:
    delivery = a_delivery(session, cast)
    for before in State:
        for after in State:
            delivery.state = before
            version = delivery.version
            if (before, after) in LIFE:
                deliveries.move(session, delivery, after, "delivery.tried", by=cast.gao)
                assert (delivery.state, delivery.version) == (after, version + 1)
            else:
                with pytest.raises(WrongMove) as refused:
                    deliveries.move(session, delivery, after, "delivery.tried", by=cast.gao)
                assert refused.value.said.gaps == {"now": STATE_NAMES[before], "then": STATE_NAMES[after]}
                assert delivery.state == before


# --- The plan -------------------------------------------------------------------------------------


def test_a_plan_owes_an_inspection_and_tells_the_advisor(session: Session, cast: Cast) -> None:
    delivery = a_delivery(session, cast)
    session.flush()
    assert (delivery.state, delivery.is_locked, delivery.is_open) == (State.PLANNED, True, True)
    assert pdi.of(session, delivery).state == pdi.State.WAITING
    notice = session.scalars(select(Notice).where(Notice.staff_id == cast.chen.id)).one()
    assert (notice.kind, notice.address) == ("delivery.assigned", f"/deliveries/{delivery.number}")


def test_a_car_is_promised_once_unless_the_plan_was_given_up(session: Session, cast: Cast) -> None:
    delivery = a_delivery(session, cast)
    with pytest.raises(Invalid) as refused:
        _again(session, cast, delivery)
    assert refused.value.errors["vin"].gaps == {"number": delivery.number}
    deliveries.cancel(session, delivery, by=cast.lin, why="改色")
    assert _again(session, cast, delivery).number != delivery.number


def _again(session: Session, cast: Cast, delivery: Delivery) -> Delivery:
    return deliveries.plan(
        session, by=cast.lin, customer=delivery.customer, car=delivery.car, model=delivery.model, planned_at=now(),
        advisor=session.get_one(Staff, cast.chen.id), consultant=session.get_one(Staff, cast.lin.id), place=PLACE,
    )  # fmt: skip


def test_a_plan_is_given_up_with_a_reason(session: Session, cast: Cast) -> None:
    delivery = a_delivery(session, cast)
    with pytest.raises(Invalid):
        deliveries.cancel(session, delivery, by=cast.lin, why="")
    assert delivery.state == State.PLANNED


def test_a_plan_seen_in_an_older_version_is_not_overwritten(session: Session, cast: Cast) -> None:
    delivery = a_delivery(session, cast)
    seen, tomorrow = delivery.version, now() + timedelta(days=1)
    deliveries.reschedule(session, delivery, by=cast.lin, version=seen, planned_at=tomorrow, place=PLACE, note="带家人")
    with pytest.raises(Stale) as stale:
        deliveries.reschedule(
            session, delivery, by=cast.gao, version=seen, planned_at=tomorrow, place=PLACE, note="贴膜"
        )
    assert (stale.value.mine["note"], stale.value.theirs["note"]) == ("贴膜", "带家人")
    assert (delivery.planned_at, delivery.note) == (tomorrow, "带家人")


@pytest.mark.parametrize("state", [State.COMPLETED, State.CANCELLED])
def test_what_is_over_is_not_moved(session: Session, cast: Cast, state: State) -> None:
    delivery = a_delivery(session, cast)
    delivery.state = state
    with pytest.raises(WrongMove):
        deliveries.reschedule(
            session, delivery, by=cast.lin, version=delivery.version, planned_at=now(), place=PLACE, note=""
        )


# --- The lock -------------------------------------------------------------------------------------


def test_a_locked_delivery_does_not_begin(session: Session, cast: Cast) -> None:
    delivery = a_delivery(session, cast)
    for stage in ("waiting", "checking"):
        assert pdi.of(session, delivery).state == stage
        with pytest.raises(WrongMove, match="locked"):
            handover.start(session, delivery, by=cast.lin)
        with pytest.raises(WrongMove):
            handover.complete(session, delivery, by=cast.lin)
        if stage == "waiting":
            pdi.start(session, pdi.of(session, delivery), by=cast.zhou)
    assert delivery.handover_id is None


def test_a_passed_inspection_unlocks_it_once(session: Session, cast: Cast) -> None:
    delivery = a_ready_delivery(session, cast)
    assert (delivery.state, delivery.is_locked) == (State.READY, False)
    handover.start(session, delivery, by=cast.lin)
    with pytest.raises(WrongMove):
        handover.start(session, delivery, by=cast.lin)
    walk = handover.Walk(session, delivery)
    assert (walk.handover_run.code, walk.training_run.code) == ("C06", "C07")


def test_the_handover_has_not_begun(session: Session, cast: Cast) -> None:
    with pytest.raises(WrongMove):
        handover.Walk(session, a_ready_delivery(session, cast))


# --- Completion -----------------------------------------------------------------------------------

Spoil = Callable[[Session, Cast, Delivery], None]


@pytest.fixture
def signed(session: Session, cast: Cast) -> Delivery:
    """Everything answered and signed by both; only the keys are still here."""
    delivery = a_ready_delivery(session, cast)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handover, "complete", lambda *_, **__: None)
        work.hand_over(session, cast.of_wuhu, delivery)
    assert delivery.state == State.HANDING_OVER
    return delivery


def test_it_completes_when_nothing_is_in_the_way(session: Session, cast: Cast, signed: Delivery) -> None:
    assert not handover.Walk(session, signed).reasons()
    handover.complete(session, signed, by=cast.lin)
    assert (signed.state, signed.completed_at is not None) == (State.COMPLETED, True)
    walk = handover.Walk(session, signed)
    assert {walk.handover_run.state, walk.training_run.state} == {runs.CLOSED}


@pytest.mark.parametrize(
    ("code", "verdict"), [("C06-07", ""), ("C06-02", "fault"), ("C07-15", ""), ("C06-12", "ok"), ("C06-16", "")]
)
def test_an_answer_after_the_signatures_holds_it_up(
    session: Session, cast: Cast, signed: Delivery, code: str, verdict: str
) -> None:
    """What is blocking stands in the way; anything else makes the signature void, so it is signed again."""
    run, asked = _find(session, signed, code)
    taps.answer(session, run, asked.id, Tap(verdict=verdict), by=cast.lin)
    session.flush()
    assert handover.Walk(session, signed).reasons()
    with pytest.raises(WrongMove):
        handover.complete(session, signed, by=cast.lin)
    assert signed.state == State.HANDING_OVER


def test_signed_again_it_completes(session: Session, cast: Cast, signed: Delivery) -> None:
    run, asked = _find(session, signed, "C06-12")
    taps.answer(session, run, asked.id, Tap("ok"), by=cast.lin)
    session.flush()
    part = next(one for one in handover.Walk(session, signed).handover.unsigned_parts("customer"))
    handover.sign_section(session, signed, run, part.id, by=cast.lin, name="王建国", ink=None)
    with pytest.raises(WrongMove, match="cannot be completed"):
        handover.complete(session, signed, by=cast.lin)
    with pytest.raises(WrongMove, match="customer signs first"):
        handover.sign_whole(session, signed, by=cast.lin, role="consultant", name="林悦", ink=None)
    for role, name in (("customer", "王建国"), ("consultant", "林悦")):
        handover.sign_whole(session, signed, by=cast.lin, role=role, name=name, ink=pictures.signature(name))
    handover.complete(session, signed, by=cast.lin)
    assert signed.state == State.COMPLETED


def _find(session: Session, delivery: Delivery, code: str) -> tuple[Run, Question]:
    walk = handover.Walk(session, delivery)
    for run in (walk.handover_run, walk.training_run):
        for asked in runs.sheet_of(session, run).questions():
            if asked.code == code:
                return run, asked
    raise LookupError(code)


def test_a_section_is_not_signed_while_something_blocking_is_open(session: Session, cast: Cast) -> None:
    delivery = a_ready_delivery(session, cast)
    handover.start(session, delivery, by=cast.lin)
    walk = handover.Walk(session, delivery)
    part = walk.handover.sheet.parts[1]
    with pytest.raises(WrongMove, match="Before signing"):
        handover.sign_section(session, delivery, walk.handover_run, part.id, by=cast.lin, name="王建国", ink=None)
    with pytest.raises(WrongMove):
        handover.sign_whole(session, delivery, by=cast.lin, role="customer", name="王建国", ink=None)
    assert session.scalar(select(func.count()).where(Signature.run_id == walk.handover_run.id)) == 0


def test_training_and_inspection_answer_their_items(session: Session, cast: Cast, signed: Delivery) -> None:
    walk = handover.Walk(session, signed)
    by_itself = {one.code: walk.handover.verdict(one) for one in walk.handover.sheet.questions() if one.answered_by}
    assert by_itself == {"C06-01": "ok", "C06-14": "ok"}
    run, asked = _find(session, signed, "C07-16")
    taps.answer(session, run, asked.id, Tap(verdict=""), by=cast.lin)
    session.flush()
    again = handover.Walk(session, signed)
    assert not again.training_done
    assert "C06-14" in {one.code for one in again.handover.in_the_way}


# --- What follows ---------------------------------------------------------------------------------


def test_what_follows_from_a_completed_delivery(session: Session, cast: Cast) -> None:
    delivery = a_completed_delivery(session, cast)
    paper = session.scalars(select(Paper).where(Paper.number == delivery.number)).one()
    assert (paper.kind, paper.revision, paper.subject_id) == (papers.CONFIRMATION, 1, delivery.id)
    told = session.scalars(select(Notice).where(Notice.staff_id == cast.chen.id).order_by(Notice.id)).all()
    assert [notice.kind for notice in told] == ["delivery.assigned", "delivery.completed"]
    owed = session.scalars(select(Contact).order_by(Contact.due_at)).all()
    assert [contact.kind for contact in owed] == ["care_0", "care_3", "care_7", "care_30"]
    verbs = list(session.scalars(select(Event.verb).order_by(Event.position)))
    assert verbs.index("delivery.completed") < verbs.index("contact.owed")
    assert events.first_break(session, cast.store) is None


@pytest.mark.parametrize("broken", ["issue_confirmation", "owe_care_calls"])
def test_a_fault_in_what_follows_takes_the_completion_back(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    with database.work(cast.store) as session:
        number = a_ready_delivery(session, cast).number
    before = _kept(database, cast)

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    room = reactions.papers if broken == "issue_confirmation" else reactions.delivery_calls
    monkeypatch.setattr(room, broken, fail)
    with pytest.raises(OSError, match="disk"), database.work(cast.store) as session:
        work.hand_over(session, cast.of_wuhu, visible_to(session, cast.lin).one(number))
    assert _kept(database, cast) == before
    monkeypatch.undo()
    with database.work(cast.store) as session:
        work.hand_over(session, cast.of_wuhu, visible_to(session, cast.lin).one(number))
        assert session.scalars(select(Paper).where(Paper.number == number)).one().revision == 1


def _kept(database: Database, cast: Cast) -> list[object]:
    with database.work(cast.store) as session:
        states = session.scalars(select(Delivery.state)).all()
        counted = [session.scalar(select(func.count()).select_from(t)) for t in (Event, Paper, Contact, Notice, Run)]
        return [*states, *counted]


# --- Reach ----------------------------------------------------------------------------------------


def test_who_sees_which_delivery(session: Session, cast: Cast) -> None:
    there, gone = a_delivery(session, cast), a_delivery(session, cast, OTHER_VIN)
    deliveries.cancel(session, gone, by=cast.lin, why="改主意")
    session.flush()
    for person in (cast.lin, cast.chen, cast.he, cast.gao, cast.admin):
        assert visible_to(session, person).one(gone.number) is gone
    for person in (cast.zhou, cast.wu):
        assert visible_to(session, person).of_id(there.id) is there
        with pytest.raises(NotThere):
            visible_to(session, person).one(gone.number)
    for ask in (lambda reach: reach.one(there.number), lambda reach: reach.of_id(there.id)):
        with pytest.raises(NotThere):
            ask(visible_to(session, cast.tang))
    assert not visible_to(session, cast.tang).open()
    assert list(visible_to(session, cast.lin).open()) == [there]
    assert list(visible_to(session, cast.lin).done()) == [gone]
    soon = now() + timedelta(days=1)
    for person, mine in ((cast.lin, [there]), (cast.chen, [there]), (cast.gao, [])):
        assert list(visible_to(session, person).mine(person, soon)) == mine


def test_an_agent_takes_over_in_the_customer_s_place(session: Session, cast: Cast) -> None:
    delivery = a_delivery(session, cast)
    assert delivery.taker == delivery.customer.name
    delivery.agent = "李梅"
    assert delivery.taker == "李梅"


def test_a_charged_car_is_asked_more(session: Session, cast: Cast) -> None:
    burning, charged = a_delivery(session, cast), a_delivery(session, cast, OTHER_VIN, energy="phev")
    assert (burning.energy, charged.energy) == ("ice", "nev")
    asked: dict[str, set[str]] = {}
    for one in (burning, charged):
        run = pdi.start(session, pdi.of(session, one), by=cast.zhou)
        asked[one.energy] = {question.code for question in runs.sheet_of(session, run).questions()}
    assert asked["nev"] - asked["ice"] == {"C05-07"}
    assert session.scalar(select(func.count()).select_from(Inspection)) == 2
