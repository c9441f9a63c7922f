"""Repair orders: opened once for a car, written from the catalogue, signed, promised, cancelled."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from server.database import Database, now, uuid7
from server.domain.checklists import Run, runs
from server.domain.customers import relations
from server.domain.records import Event
from server.domain.records.papers import Paper
from server.domain.refusals import Invalid, NotAllowed, NotThere, WrongMove
from server.domain.workshop import (
    MOVES,
    JobState,
    OrderJob,
    PartState,
    State,
    history,
    intake,
    lines,
    lists,
    move,
    move_job,
    move_part,
    papers,
    promises,
    signing,
)
from server.domain.workshop.order_lines import JOB_MOVES, PART_MOVES
from server.domain.workshop.reach import visible_to
from tests.cast import OTHER_VIN, Cast, a_car, a_customer
from tests.domain.workshop.repairing import a_job, a_part, a_signed_order, a_written_order, an_order, sign


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_every_move_of_an_order_is_in_the_table_or_refused(
    session: Session, cast: Cast, before: State, after: State
) -> None:
    order = an_order(session, cast)
    order.state = before
    if after in MOVES[before]:
        move(session, order, after, "repair_order.tried", by=cast.chen)
        assert order.state == after
    else:
        with pytest.raises(WrongMove):
            move(session, order, after, "repair_order.tried", by=cast.chen)
        assert order.state == before


def test_every_move_of_a_job_and_of_a_part_is_in_the_table_or_refused(session: Session, cast: Cast) -> None:
    order = a_written_order(session, cast)
    (job, *_), (part, *_) = intake.lines_of(session, order)
    for line, table, step in ((job, JOB_MOVES, move_job), (part, PART_MOVES, move_part)):
        for before in table:
            for after in table:
                line.state = before
                if after in table[before]:
                    step(session, order, line, after, "line.tried", by=cast.chen)  # type: ignore[operator]
                    assert line.state == after
                else:
                    with pytest.raises(WrongMove):
                        step(session, order, line, after, "line.tried", by=cast.chen)  # type: ignore[operator]
                    assert line.state == before


def test_an_order_begins_with_its_list_and_its_number(session: Session, cast: Cast) -> None:
    order = an_order(session, cast)
    assert order.state == State.INTAKE
    assert order.number.startswith("WX-")
    assert order.owner_id is None
    assert order.intake_run_id is not None
    assert session.get_one(Run, order.intake_run_id).code == "C10"


def test_sender_and_owner_are_told_apart(session: Session, cast: Cast) -> None:
    owner = a_customer(session, cast.chen)
    car = a_car(session, cast.chen, owner)
    sender = a_customer(session, cast.chen, name="王小明", phone="13800001199")
    order = intake.open_order(session, by=cast.chen, customer=sender, car=car)
    assert (order.customer_id, order.sender_id, order.owner_id) == (sender.id, sender.id, owner.id)
    assert {(one.customer_id, one.kind) for one in relations.of_car(session, car)} == {
        (owner.id, "owner"), (sender.id, "sender"),
    }  # fmt: skip


def test_a_car_is_not_here_twice(session: Session, cast: Cast) -> None:
    order = an_order(session, cast)
    with pytest.raises(WrongMove):
        intake.open_order(session, by=cast.xu, customer=order.sender, car=order.car)
    intake.cancel(session, order, by=cast.chen, why="客户改天再来")
    assert intake.open_order(session, by=cast.xu, customer=order.sender, car=order.car).id != order.id


def test_what_a_device_tells_twice_is_one_order(session: Session, cast: Cast) -> None:
    sender = a_customer(session, cast.chen)
    car, born = a_car(session, cast.chen, sender), uuid7()
    first = intake.open_order(session, by=cast.chen, customer=sender, car=car, id=born)
    assert intake.open_order(session, by=cast.chen, customer=sender, car=car, id=born) is first
    with pytest.raises(NotThere):
        intake.open_order(session, by=msgspec.structs.replace(cast.chen, store_id=cast.tang.store_id),
                          customer=sender, car=car, id=born)  # fmt: skip


def test_only_who_writes_orders_opens_one(session: Session, cast: Cast) -> None:
    sender = a_customer(session, cast.chen)
    car = a_car(session, cast.chen, sender)
    for person in (cast.zhou, cast.lin, cast.pei, cast.qin, cast.he):
        with pytest.raises(NotAllowed):
            intake.open_order(session, by=person, customer=sender, car=car)


def test_nobody_of_another_store_and_no_consultant_sees_it(session: Session, cast: Cast) -> None:
    order = an_order(session, cast)
    assert visible_to(session, cast.zhou).one(order.id) is order
    for person in (cast.tang, cast.lin):
        with pytest.raises(NotThere):
            visible_to(session, person).one(order.id)


def test_what_is_noted_has_its_limits(session: Session, cast: Cast) -> None:
    order = an_order(session, cast)
    with pytest.raises(Invalid) as wrong:
        intake.note_down(
            session, order, by=cast.chen, km=-1, energy_level=101, kind="?", old_parts="?", driver_phone="12"
        )
    assert set(wrong.value.errors) == {"km", "energy_level", "kind", "old_parts", "driver_phone"}
    intake.note_down(session, order, by=cast.chen, km=23_000, driver_name="小李", driver_phone="138 0000 1188")
    assert (order.km, order.driver_phone) == (23_000, "+8613800001188")


def test_a_job_brings_its_hours_rate_and_parts(session: Session, cast: Cast) -> None:
    order = an_order(session, cast)
    job = lines.add_job(session, order, a_job(session, cast, "M-B"), by=cast.chen)
    assert (job.hours, job.rate, job.amount, job.payer, job.state) == (120, 16_000, 19_200, "self", "proposed")
    _, parts = intake.lines_of(session, order)
    assert [(one.code, one.quantity, one.amount) for one in parts] == [
        ("OIL-5W30", 450, 44_100), ("FLT-OIL", 100, 4_800), ("FLT-AIR", 100, 8_600), ("FLT-CAB", 100, 9_800),
        ("GSK-SUMP", 100, 600),
    ]  # fmt: skip
    assert {one.order_job_id for one in parts} == {job.id}


def test_a_job_of_the_guarantee_is_paid_by_it(session: Session, cast: Cast) -> None:
    order = an_order(session, cast)
    assert lines.add_job(session, order, a_job(session, cast, "T-SEAL"), by=cast.chen).payer == "three_guarantee"
    assert lines.add_job(session, order, a_job(session, cast, "Z-2026"), by=cast.chen).payer == "recall"


def test_the_customer_chooses_the_class_of_a_part(session: Session, cast: Cast) -> None:
    order = an_order(session, cast)
    lines.add_job(session, order, a_job(session, cast, "R-PADF1"), by=cast.chen)
    _, (pads,) = intake.lines_of(session, order)
    offered = lines.alternatives(session, cast.store, [pads])[pads.part_id]  # type: ignore[index]
    assert [(one.part_class, one.price) for one in offered] == [("original", 45_800), ("equal", 32_800)]
    lines.choose(session, order, pads, a_part(session, cast, "PAD-F1-E"), by=cast.chen)
    assert (pads.part_class, pads.price, pads.amount, pads.brand) == ("equal", 32_800, 32_800, "菲罗多")
    assert [one.code for one in lines.alternatives(session, cast.store, [pads])[pads.part_id]] == [  # type: ignore[index]
        "PAD-F1", "PAD-F1-E",
    ]  # fmt: skip
    with pytest.raises(Invalid):
        lines.choose(session, order, pads, a_part(session, cast, "PAD-R1"), by=cast.chen)


def test_quantities_and_payers_are_changed_and_lines_taken_off(session: Session, cast: Cast) -> None:
    order = an_order(session, cast)
    job = lines.add_job(session, order, a_job(session, cast, "M-A"), by=cast.chen)
    lines.set_payer(session, order, job, "goodwill", by=cast.chen)
    _, parts = intake.lines_of(session, order)
    assert {one.payer for one in parts} == {"goodwill"}
    oil = parts[0]
    lines.set_quantity(session, order, oil, 333, by=cast.chen)
    assert oil.amount == 32_634  # 3.33 l at 98.00
    for quantity in (0, -100, 10_000_000):
        with pytest.raises(Invalid):
            lines.set_quantity(session, order, oil, quantity, by=cast.chen)
    with pytest.raises(Invalid):
        lines.set_payer(session, order, job, "nobody", by=cast.chen)
    lines.remove(session, order, job, by=cast.chen)
    session.flush()
    assert intake.lines_of(session, order) == ([], [])


def test_a_part_of_the_customers_own_costs_nothing(session: Session, cast: Cast) -> None:
    order = an_order(session, cast)
    own = lines.bring_part(session, order, "自带机油", by=cast.chen)
    assert (own.own, own.amount, own.part_id) == (True, 0, None)


def test_a_line_of_another_order_is_not_there(session: Session, cast: Cast) -> None:
    mine, other = an_order(session, cast), an_order(session, cast, OTHER_VIN)
    job = lines.add_job(session, other, a_job(session, cast, "M-A"), by=cast.chen)
    with pytest.raises(NotThere):
        lines.line_of(session, mine, OrderJob, job.id)


def test_what_the_order_says_is_not_asked_again(session: Session, cast: Cast) -> None:
    order = a_written_order(session, cast)
    assert order.intake_run_id is not None
    standing = runs.progress(session, session.get_one(Run, order.intake_run_id))
    said = {q.code: standing.newest[q.id] for q in standing.sheet.questions() if q.id in standing.newest}
    assert said["C10-04"].text == "刹车有异响，早上起步，小区坡道，踩轻了才响"
    assert [said[code].choice for code in ("C10-06", "C10-11", "C10-12", "C10-13")] == [
        "retail", "original", "shop", "wash_wait",
    ]  # fmt: skip
    assert said["C10-10"].text


def test_signing_says_what_is_missing_first(session: Session, cast: Cast) -> None:
    order = an_order(session, cast)
    run = session.get_one(Run, order.intake_run_id)
    first = signing.missing(order, [], runs.progress(session, run))
    assert [one.at for one in first][:4] == ["facts", "words", "jobs", "promise"]
    assert {one.at for one in first[4:]} == {"list"}
    with pytest.raises(WrongMove):
        signing.sign(session, order, by=cast.chen, name="王建国", ink=None, seen="")
    assert order.state == State.INTAKE


def test_signing_approves_the_lines_and_issues_the_paper(session: Session, cast: Cast) -> None:
    order = a_signed_order(session, cast, jobs=("M-B", "R-PADF1"))
    jobs, parts = intake.lines_of(session, order)
    assert order.state == State.ORDERED
    assert {job.state for job in jobs} == {JobState.APPROVED}
    assert {part.state for part in parts} <= {PartState.APPROVED, PartState.RESERVED}
    assert order.estimate == sum(line.amount for line in (*jobs, *parts))
    assert order.first_promised_at == order.promised_at
    assert order.car.odometer_km == 23_456
    paper = session.scalars(select(Paper).where(Paper.subject_id == order.id)).one()
    assert (paper.kind, paper.number) == (papers.REPAIR_ORDER, order.number)
    assert paper.content["sums"]["total"] == order.estimate
    assert [one["km"] for one in paper.content["guarantees"]] == [2000]
    assert [one["name"] for one in paper.content["signatures"]] == ["王建国", "陈思"]


def test_nobody_signs_what_they_did_not_see(session: Session, cast: Cast) -> None:
    order = a_written_order(session, cast)
    seen = signing.covers(order, *intake.lines_of(session, order))
    lines.add_job(session, order, a_job(session, cast, "R-PADF1"), by=cast.xu)
    session.flush()
    with pytest.raises(Invalid) as wrong:
        signing.sign(session, order, by=cast.chen, name="王建国", ink=None, seen=seen)
    assert set(wrong.value.errors) == {"typed_name"}


def test_after_the_signature_nothing_is_added_or_changed_on_the_quiet(session: Session, cast: Cast) -> None:
    order = a_signed_order(session, cast)
    (job, *_), (part, *_) = intake.lines_of(session, order)
    deeds = [
        lambda: lines.add_job(session, order, a_job(session, cast, "M-A"), by=cast.chen),
        lambda: lines.add_part(session, order, a_part(session, cast, "KEY-R"), by=cast.chen),
        lambda: lines.remove(session, order, job, by=cast.chen),
        lambda: lines.set_payer(session, order, job, "recall", by=cast.chen),
        lambda: lines.set_quantity(session, order, part, 900, by=cast.chen),
        lambda: intake.note_down(session, order, by=cast.chen, km=1),
        lambda: intake.write_words(session, order, [], by=cast.chen),
        lambda: promises.promise(session, order, now() + timedelta(hours=9), by=cast.chen),
        lambda: sign(session, cast, order),
    ]
    for deed in deeds:
        with pytest.raises(WrongMove):
            deed()
    intake.note_down(session, order, by=cast.chen, waits_here=False, key_number="B3")
    assert (order.waits_here, order.key_number) == (False, "B3")


def test_cancelling_takes_the_lines_back_and_asks_why(session: Session, cast: Cast) -> None:
    order = a_signed_order(session, cast)
    with pytest.raises(Invalid):
        intake.cancel(session, order, by=cast.chen, why="")
    intake.cancel(session, order, by=cast.chen, why="客户临时有事")
    jobs, parts = intake.lines_of(session, order)
    assert {job.state for job in jobs} == {JobState.CANCELLED}
    assert {part.state for part in parts} == {PartState.CANCELLED}
    assert (order.state, order.why) == (State.CANCELLED, "客户临时有事")


def test_parts_that_were_issued_come_back_before_an_order_is_cancelled(session: Session, cast: Cast) -> None:
    order = a_signed_order(session, cast)
    _, (part, *_) = intake.lines_of(session, order)
    part.state = PartState.ISSUED
    session.flush()
    with pytest.raises(WrongMove):
        intake.cancel(session, order, by=cast.chen, why="不修了")


def test_a_promise_changes_with_the_customer_and_both_times_stay(session: Session, cast: Cast) -> None:
    order = a_signed_order(session, cast)
    first = order.promised_at
    assert first is not None
    later = first + timedelta(hours=2)
    promises.change(session, order, later, by=cast.chen, agreed=True, why="等配件")
    assert (order.first_promised_at, order.promised_at) == (first, later)
    promises.change(session, order, later + timedelta(hours=1), by=cast.chen, agreed=False, why="没打通电话")
    assert order.promised_at == later
    session.flush()
    changed = promises.changes(session, order)
    assert [one.agreed for one in changed] == [True, False]
    assert promises.due_at(order, changed) == later
    with pytest.raises(Invalid):
        promises.change(session, order, later + timedelta(hours=3), by=cast.chen, agreed=True, why="")


def test_a_promise_that_had_lapsed_counts_as_it_was(session: Session, cast: Cast) -> None:
    order = a_signed_order(session, cast)
    first = order.promised_at
    assert first is not None
    after = msgspec.structs.replace(cast.chen, acted_at=first + timedelta(minutes=1))
    promises.change(session, order, first + timedelta(hours=2), by=after, agreed=True, why="等配件")
    session.flush()
    assert promises.due_at(order, promises.changes(session, order)) == first


def test_changes_of_a_promise_are_only_added(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        order = a_signed_order(session, cast)
        assert order.promised_at is not None
        promises.change(session, order, order.promised_at + timedelta(hours=1), by=cast.chen, agreed=True, why="等配件")
    with pytest.raises(DatabaseError), database.work(cast.store) as session:
        session.execute(text("UPDATE promise_changes SET why = ''"))


def test_the_proposed_time_grows_with_the_load_and_stays_within_the_hours(session: Session, cast: Cast) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    order = an_order(session, cast)
    job = lines.add_job(session, order, a_job(session, cast, "M-B"), by=cast.chen)
    morning = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # nine o'clock in the store
    # 72 minutes of work, 15 to inspect, 20 to wash: 10:47, rounded up
    assert promises.propose(session, order, [job], morning, zone).astimezone(zone).strftime("%d %H:%M") == "23 11:00"
    a_signed_order(session, cast, OTHER_VIN, jobs=("R-ENG",))
    # 18 hours shared by five who work: 216 minutes before it
    assert promises.propose(session, order, [job], morning, zone).astimezone(zone).strftime("%d %H:%M") == "23 14:30"
    evening = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # half past five: half an hour is left
    assert promises.propose(session, order, [job], evening, zone).astimezone(zone).strftime("%d %H:%M") == "24 13:30"


def test_earlier_visits_and_what_was_declined_are_known(session: Session, cast: Cast) -> None:
    order = a_signed_order(session, cast)
    extra = lines.add_job(session, order, a_job(session, cast, "R-PADF1"), by=cast.chen, extra_id=uuid7())
    move_job(session, order, extra, JobState.DECLINED, "order_job.declined", by=cast.chen)
    extra.why_declined = "下次再说"
    order.state = State.CLOSED
    session.flush()
    again = intake.open_order(session, by=cast.chen, customer=order.sender, car=order.car)
    known = history.of_car(session, cast.store, order.car_id, but=again.id)
    assert [one.number for one in known.visits] == [order.number]
    assert [(one.name["zh"], one.why) for one in known.declined] == [("更换前制动片（SUV）", "下次再说")]
    lines.add_job(session, again, a_job(session, cast, "R-PADF1"), by=cast.chen)
    again.state = State.CLOSED
    session.flush()
    assert history.of_car(session, cast.store, order.car_id).declined == []


def test_a_list_is_narrowed_found_and_turned(session: Session, cast: Cast) -> None:
    mine = an_order(session, cast, arrived_at=now() - timedelta(hours=1))
    other = an_order(session, cast, OTHER_VIN, by=cast.xu)
    assert [one.id for one in lists.page(session, cast.chen, lists.Wanted()).orders] == [mine.id]
    every = lists.page(session, cast.gao, lists.Wanted("all"))
    assert [one.id for one in every.orders] == [other.id, mine.id]
    assert lists.neighbours(session, cast.gao, lists.Wanted("all"), mine) == (other, None)
    for typed in (mine.number, mine.number[-4:], VIN_TAIL, "王建国"):
        assert mine.id in [one.id for one in lists.page(session, cast.chen, lists.Wanted(q=typed)).orders]
    assert lists.page(session, cast.chen, lists.Wanted(state="closed")).orders == []


def test_the_number_of_questions_does_not_grow_with_the_lines(session: Session, cast: Cast) -> None:
    def asked(vin: str, *codes: str) -> int:
        order = a_written_order(session, cast, vin, jobs=codes)
        session.flush()
        questions: list[str] = []
        count = lambda *told: questions.append(told[2])  # noqa: E731
        event.listen(session.get_bind(), "before_cursor_execute", count)
        try:
            found = visible_to(session, cast.chen).with_lines(order.id)
            lines.alternatives(session, cast.store, found.parts)
            history.of_car(session, cast.store, found.car_id, but=found.id)
        finally:
            event.remove(session.get_bind(), "before_cursor_execute", count)
        return len(questions)

    few = asked(OTHER_VIN, "M-A")
    assert few == asked("LVVDB11B1RD110231", "M-A", "M-B", "M-C", "R-PADF1", "R-SHK1", "R-BAT", "P-PANEL") <= 7


def test_every_step_is_in_the_record(session: Session, cast: Cast) -> None:
    a_signed_order(session, cast)
    session.flush()
    verbs = set(session.scalars(select(Event.verb)))
    deeds = ("opened", "noted", "heard", "promised", "ordered")
    assert {f"repair_order.{deed}" for deed in deeds} | {"order_job.approved", "order_part.approved"} <= verbs


VIN_TAIL = "110231"
