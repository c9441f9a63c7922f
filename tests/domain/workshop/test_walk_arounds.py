"""Walk-arounds: what was known is carried over, damages are noted where they are, and the customer signs the sheet."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from server.commands.demonstration import pictures, walk_arounds
from server.database import now, uuid7
from server.domain.checklists import Run, runs
from server.domain.people import Person
from server.domain.records import Event
from server.domain.records.papers import Paper
from server.domain.refusals import Invalid, NotAllowed, NotThere, WrongMove
from server.domain.workshop import RepairOrder, damages, intake, walk_round, walk_signing
from server.domain.workshop.bodies import PANELS
from server.domain.workshop.walk_arounds import WALK_MOVES, Damage, DamagePhoto, WalkState, move
from tests.cast import OTHER_VIN, Cast
from tests.domain.workshop.repairing import an_order


@pytest.fixture
def order(session: Session, cast: Cast) -> RepairOrder:
    """A car has just come."""
    return an_order(session, cast)


def come_again(session: Session, cast: Cast, order: RepairOrder) -> RepairOrder:
    """The same car leaves and is back."""
    intake.cancel(session, order, by=cast.chen, why="客户改天再来")
    session.flush()  # the next one is told from it
    return intake.open_order(session, by=cast.chen, customer=order.sender, car=order.car)


def seen(**other: Any) -> Any:
    return walk_arounds.SCRATCH | other


@pytest.mark.parametrize("before", WalkState)
@pytest.mark.parametrize("after", WalkState)
def test_every_move_of_a_walk_is_in_the_table_or_refused(
    session: Session, cast: Cast, order: RepairOrder, before: WalkState, after: WalkState
) -> None:
    walk = walk_arounds.of_order(session, order)
    walk.state = before
    if after in WALK_MOVES[before]:
        move(session, walk, after, "walk_around.tried", by=cast.chen)
        assert walk.state == after
    else:
        with pytest.raises(WrongMove):
            move(session, walk, after, "walk_around.tried", by=cast.chen)
        assert walk.state == before


def test_a_walk_begins_with_the_order_and_is_drawn_as_the_model_is(
    session: Session, cast: Cast, order: RepairOrder
) -> None:
    walk = walk_arounds.of_order(session, order)
    assert (walk.state, walk.damages, walk.km) == (WalkState.OPEN, [], None)
    assert order.walk_run_id is not None
    assert session.get_one(Run, order.walk_run_id).code == "C09"
    assert walk_round.begin(session, order, by=cast.chen).id == walk.id


def test_a_damage_told_twice_by_a_device_is_one(session: Session, cast: Cast, order: RepairOrder) -> None:
    walk, born = walk_arounds.of_order(session, order), uuid7()
    for _ in range(2):
        damages.note(session, walk, by=cast.chen, id=born, **seen())
    assert [damage.id for damage in walk_arounds.of_order(session, order).standing] == [born]
    other = walk_arounds.of_order(session, an_order(session, cast, OTHER_VIN))
    with pytest.raises(NotThere):
        damages.note(session, other, by=cast.chen, id=born, **seen())


@pytest.mark.parametrize(
    ("field", "value"),
    [("panel", "wing"), ("kind", "hole"), ("size", 4), ("side", "under"), ("kind", "bulge")],
)
def test_a_damage_that_is_none_is_told_at_its_field(
    session: Session, cast: Cast, order: RepairOrder, field: str, value: object
) -> None:
    walk = walk_arounds.of_order(session, order)
    with pytest.raises(Invalid) as wrong:
        damages.note(session, walk, by=cast.chen, **seen(**{field: value}))
    assert list(wrong.value.errors) == [field]


def test_a_tyre_bulges(session: Session, cast: Cast, order: RepairOrder) -> None:
    walk = walk_arounds.of_order(session, order)
    tyre = walk_arounds.damage(session, walk, by=cast.chen, panel="rear_wheel_right", kind="bulge", side="right")
    assert tyre.code == "GB2"


def test_a_place_beyond_the_drawing_is_none(session: Session, cast: Cast, order: RepairOrder) -> None:
    walk = walk_arounds.of_order(session, order)
    with pytest.raises(Invalid):
        damages.note(session, walk, by=cast.chen, **seen(x=1001))


def test_what_the_last_visit_showed_is_known(session: Session, cast: Cast, order: RepairOrder) -> None:
    walk = walk_arounds.of_order(session, order)
    kept = walk_arounds.damage(session, walk, by=cast.chen, note="停车场刮的")
    slip = walk_arounds.damage(session, walk, by=cast.chen, panel="roof", side="top")
    damages.strike(session, walk, slip, by=cast.chen)
    walk.body = "suv"
    again = walk_arounds.of_order(session, come_again(session, cast, order))
    (known,) = again.standing
    assert (known.known_from_id, known.panel, known.note, again.body) == (
        kept.id,
        "front_door_left",
        "停车场刮的",
        "suv",
    )
    with pytest.raises(WrongMove):
        damages.strike(session, again, known, by=cast.chen)
    damages.repaired(session, again, known, True, by=cast.chen)
    assert again.standing == []
    third = walk_arounds.of_order(session, come_again(session, cast, again.order))
    assert third.damages == []


def test_what_was_said_to_be_repaired_can_be_there_after_all(session: Session, cast: Cast, order: RepairOrder) -> None:
    walk_arounds.damage(session, walk_arounds.of_order(session, order), by=cast.chen)
    again = walk_arounds.of_order(session, come_again(session, cast, order))
    (known,) = again.standing
    for is_gone in (True, True, False):
        damages.repaired(session, again, known, is_gone, by=cast.chen)
    assert known.stands
    told = session.scalars(select(Event).where(Event.verb == "walk_around.damage_gone")).all()
    assert [event.data["gone"] for event in told] == [True, False]
    fresh = walk_arounds.damage(session, again, by=cast.chen, panel="roof", side="top")
    with pytest.raises(WrongMove):
        damages.repaired(session, again, fresh, True, by=cast.chen)


def test_what_is_read_answers_the_lists_and_the_order(session: Session, cast: Cast, order: RepairOrder) -> None:
    walk = walk_arounds.of_order(session, order)
    tread = {"front_left": 52, "front_right": 50, "rear_left": 14, "rear_right": 61}
    walk_round.note_facts(session, walk, by=cast.chen, km=23_456, energy_level=60, lamps=["engine"], tread=tread)
    assert (order.km, order.energy_level, walk.worn) == (23_456, 60, ["rear_left"])
    session.flush()  # what was answered by itself is read back
    assert order.walk_run_id is not None
    said = runs.progress(session, session.get_one(Run, order.walk_run_id))
    answers = {question.code: said.newest.get(question.id) for question in said.sheet.questions()}
    clock, tyres = answers["C09-03"], answers["C09-14"]
    assert clock is not None
    assert tyres is not None
    assert (clock.verdict, clock.number, clock.note) == ("watch", 23_456, "发动机故障")
    assert (tyres.verdict, tyres.number) == ("fault", 1.4)
    before = len(session.scalars(select(Event)).all())
    walk_round.note_facts(session, walk, by=cast.chen, km=23_456, tread=tread)
    session.flush()  # nothing was said anew
    assert len(session.scalars(select(Event)).all()) == before


def test_what_was_read_for_the_order_is_not_read_again(session: Session, cast: Cast, order: RepairOrder) -> None:
    intake.note_down(session, order, by=cast.chen, km=23_456, energy_level=40)
    walk = walk_arounds.of_order(session, order)
    assert (walk.km, walk.energy_level) == (23_456, 40)
    walk_round.note_facts(session, walk, by=cast.chen, km=23_465)
    assert (order.km, walk.km) == (23_465, 23_465)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"km": -1}, "km"), ({"energy_level": 101}, "energy_level"), ({"body": "truck"}, "body"),
        ({"lamps": ["disco"]}, "lamps"), ({"tread": {"front_left": 900}}, "tread_front_left"),
        ({"tread": {"fifth": 50}}, "tread_fifth"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_field(
    session: Session, cast: Cast, order: RepairOrder, facts: Any, field: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        walk_round.note_facts(session, walk_arounds.of_order(session, order), by=cast.chen, **facts)
    assert list(wrong.value.errors) == [field]


def test_a_photo_of_a_damage_is_kept_once_and_never_changed(session: Session, cast: Cast, order: RepairOrder) -> None:
    walk = walk_arounds.of_order(session, order)
    damage = walk_arounds.damage(session, walk, by=cast.chen)
    for _ in range(2):
        damages.add_photo(session, walk, damage, pictures.photo(1), by=cast.chen)
    session.flush()  # the rows are counted
    assert len(session.scalars(select(DamagePhoto)).all()) == 1
    with pytest.raises(DatabaseError):
        session.execute(text("UPDATE damage_photos SET original_hash = 'x'"))


def test_the_customer_signs_when_everything_is_seen(session: Session, cast: Cast, order: RepairOrder) -> None:
    walk = walk_arounds.of_order(session, order)
    walk_arounds.damage(session, walk, by=cast.chen)
    with pytest.raises(WrongMove):
        walk_signing.sign(session, walk, by=cast.chen, name="王建国", ink=None)
    walk_arounds.walk(session, walk, by=cast.chen, valuables="行车记录仪")
    walk = walk_arounds.sign(session, order, by=cast.chen)
    assert walk.state == WalkState.SIGNED
    assert walk.signed_at is not None
    paper = session.scalars(select(Paper).where(Paper.number == f"{order.number}-HC")).one()
    assert paper.kind == "walk_around_sheet"
    assert [(mark["no"], mark["code"], mark["known"]) for mark in paper.content["marks"]] == [(1, "HH2", False)]
    assert order.intake_run_id is not None
    session.flush()  # the list of the intake is read back
    intake_list = runs.progress(session, session.get_one(Run, order.intake_run_id))
    done = next(question for question in intake_list.sheet.questions() if question.code == "C10-08")
    assert intake_list.verdict(done) == "ok"


def test_nothing_is_added_to_what_was_signed(session: Session, cast: Cast, order: RepairOrder) -> None:
    walk = walk_arounds.of_order(session, order)
    damage = walk_arounds.damage(session, walk, by=cast.chen)
    walk_arounds.walk(session, walk, by=cast.chen)
    walk = walk_arounds.sign(session, order, by=cast.chen)
    deeds: list[Any] = [
        lambda: damages.note(session, walk, by=cast.chen, **seen()),
        lambda: walk_round.note_facts(session, walk, by=cast.chen, km=1),
        lambda: damages.strike(session, walk, damage, by=cast.chen),
        lambda: damages.add_photo(session, walk, damage, pictures.photo(2), by=cast.chen),
        lambda: walk_signing.sign(session, walk, by=cast.chen, name="王建国", ink=None),
    ]
    for deed in deeds:
        with pytest.raises(WrongMove):
            deed()


def test_what_a_colleague_noted_meanwhile_was_not_signed(session: Session, cast: Cast, order: RepairOrder) -> None:
    walk = walk_arounds.of_order(session, order)
    walk_arounds.walk(session, walk, by=cast.chen)
    page_made = now() - timedelta(seconds=1)
    walk_arounds.damage(session, walk, by=cast.xu)
    walk = walk_arounds.of_order(session, order)
    with pytest.raises(Invalid) as wrong:
        walk_signing.sign(session, walk, by=cast.chen, name="王建国", ink=None, seen_at=page_made)
    assert list(wrong.value.errors) == ["typed_name"]
    walk_signing.sign(session, walk, by=cast.chen, name="王建国", ink=None, seen_at=now())
    assert walk.state == WalkState.SIGNED


def test_a_damage_done_on_a_device_has_the_time_of_the_device(session: Session, cast: Cast, order: RepairOrder) -> None:
    walk, earlier = walk_arounds.of_order(session, order), now() - timedelta(hours=2)
    late: Person = msgspec.structs.replace(cast.chen, acted_at=earlier)
    damage = walk_arounds.damage(session, walk, by=late)
    assert damage.noted_at == earlier


def test_a_technician_looks_and_does_not_note(session: Session, cast: Cast, order: RepairOrder) -> None:
    walk = walk_arounds.of_order(session, order)
    with pytest.raises(NotAllowed):
        damages.note(session, walk, by=cast.zhou, **seen())


def test_the_walk_of_another_order_has_other_damages(session: Session, cast: Cast, order: RepairOrder) -> None:
    damage = walk_arounds.damage(session, walk_arounds.of_order(session, order), by=cast.chen)
    other = walk_arounds.of_order(session, an_order(session, cast, OTHER_VIN))
    with pytest.raises(NotThere):
        damages.one(session, other, damage.id)


def test_every_panel_has_its_words(session: Session, cast: Cast, order: RepairOrder) -> None:
    walk = walk_arounds.of_order(session, order)
    for panel in PANELS:
        walk_arounds.damage(session, walk, by=cast.chen, panel=panel)
    named = [damage.panel_name["zh"] for damage in session.scalars(select(Damage)).all()]
    assert len(set(named)) == len(PANELS)
