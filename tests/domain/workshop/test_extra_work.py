"""Extra work: priced from the catalogue, asked by link, answered line by line; nothing unapproved is done or billed."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.care import Contact
from server.domain.checklists.ink import Dot, Stroke
from server.domain.customers import links
from server.domain.people.notices import Notice
from server.domain.records import Paper
from server.domain.refusals import Invalid, NotAllowed, WrongMove
from server.domain.workshop import (
    JobState,
    PartState,
    PromiseChange,
    RepairOrder,
    State,
    answering,
    asking,
    history,
    lines,
    tasks,
    working,
)
from server.domain.workshop.answering import AGREE, DECLINE, Consent
from server.domain.workshop.extra_works import EXTRA_MOVES, UNANSWERED, ExtraState, ExtraWork, move_extra
from server.domain.workshop.findings import FindingState
from tests.cast import OTHER_VIN, Cast
from tests.domain.workshop.asked import (
    BRAKES,
    WIPERS,
    a_car_in_work,
    a_draft,
    a_sent,
    a_word,
    answer,
    the_guest,
    two_findings,
)
from tests.domain.workshop.repairing import a_job, a_part, a_signed_order


def states(session: Session, extra: ExtraWork) -> tuple[set[str], set[str]]:
    """Of its jobs and of its parts, in the tables."""
    session.flush()
    jobs, parts = asking.lines_of(session, extra)
    return {job.state for job in jobs}, {part.state for part in parts}


@pytest.mark.parametrize(("before", "to"), list(product(ExtraState, ExtraState)))
def test_every_pair_of_moves(session: Session, cast: Cast, before: ExtraState, to: ExtraState) -> None:
    extra = a_draft(session, cast)
    extra.state = before
    if to in EXTRA_MOVES[before]:
        move_extra(session, extra, to, "extra_work.tried", by=cast.chen)
        assert extra.state == to
    else:
        with pytest.raises(WrongMove):
            move_extra(session, extra, to, "extra_work.tried", by=cast.chen)
        assert extra.state == before


# --- Asking ---------------------------------------------------------------------------------


def test_a_finding_is_priced_with_the_job_its_parts_and_its_own_words(session: Session, cast: Cast) -> None:
    extra = a_draft(session, cast)
    pads, wipers = answering.lines_of(session, extra)
    assert (pads.item.words, pads.item.urgency) == ("前制动片；2.1 mm", "safety")
    assert wipers.item.urgency == "soon"
    assert [part.code for part in pads.parts] == [one["code"] for one in a_job(session, cast, BRAKES).parts]
    assert pads.amount == pads.own == pads.job.amount + sum(part.amount for part in pads.parts) > 0
    assert {line.item.finding.state for line in (pads, wipers) if line.item.finding} == {FindingState.PRICED}
    assert states(session, extra) == ({JobState.PROPOSED}, {PartState.PROPOSED})
    assert extra.number.startswith("ZX-")


def test_nothing_is_sent_that_is_empty_late_or_for_a_car_that_is_done(session: Session, cast: Cast) -> None:
    order = a_car_in_work(session, cast)
    extra = asking.draft(session, order, (), by=cast.chen)
    with pytest.raises(WrongMove):
        asking.send(session, extra, by=cast.chen)
    asking.add_item(session, extra, a_job(session, cast, WIPERS), by=cast.chen)
    with pytest.raises(Invalid, match="marked"):
        asking.send(session, extra, by=cast.chen, promised_at=now() - timedelta(minutes=1))
    for state in set(State) - set(asking.WHILE):
        order.state = state
        with pytest.raises(WrongMove):
            asking.send(session, extra, by=cast.chen)
        with pytest.raises(WrongMove):
            asking.draft(session, order, (), by=cast.chen)


def test_what_is_asked_stands_as_it_is(session: Session, cast: Cast) -> None:
    extra = a_sent(session, cast)
    (item, _) = asking.items_of(session, extra)
    for change in (
        lambda: asking.add_item(session, extra, a_job(session, cast, WIPERS), by=cast.chen),
        lambda: asking.remove_item(session, extra, item, by=cast.chen),
        lambda: asking.describe(session, extra, item, words="x", urgency="soon", by=cast.chen),
    ):
        with pytest.raises(WrongMove):
            change()


def test_only_who_writes_orders_asks(session: Session, cast: Cast) -> None:
    extra = a_draft(session, cast)
    lines_ = answering.lines_of(session, extra)
    for person in (cast.zhou, cast.wu, cast.he, cast.qin, cast.pei):
        for deed in (
            lambda by=person: asking.draft(session, extra.order, (), by=by),
            lambda by=person: asking.send(session, extra, by=by),
            lambda by=person: asking.drop(session, extra, by=by, why="x"),
            lambda by=person: answering.hear(session, extra, a_word(extra, lines_, AGREE, AGREE), by=by),
        ):
            with pytest.raises(NotAllowed):
                deed()


def test_a_line_taken_off_takes_its_job_and_parts_along(session: Session, cast: Cast) -> None:
    extra = a_draft(session, cast)
    pads, wipers = asking.items_of(session, extra)
    asking.remove_item(session, extra, pads, by=cast.chen)
    session.flush()
    assert [item.id for item in asking.items_of(session, extra)] == [wipers.id]
    jobs, parts = asking.lines_of(session, extra)
    assert [job.code for job in jobs] == [WIPERS]
    assert {part.order_job_id for part in parts} == {jobs[0].id}


def test_withdrawn_its_findings_can_be_priced_anew_and_the_link_is_closed(session: Session, cast: Cast) -> None:
    extra = a_sent(session, cast)
    found = [item.finding for item in asking.items_of(session, extra)]
    with pytest.raises(Invalid):
        asking.drop(session, extra, by=cast.chen, why="")
    asking.drop(session, extra, by=cast.chen, why="配件无货")
    assert extra.state == ExtraState.DROPPED
    assert states(session, extra) == ({JobState.DECLINED}, {PartState.DECLINED})
    assert {(one.state, one.extra_id) for one in found if one} == {(FindingState.NEW, None)}
    assert links.current(session, cast.store, links.EXTRA, extra.id) is None


def test_a_draft_that_is_withdrawn_leaves_nothing_behind(session: Session, cast: Cast) -> None:
    extra = a_draft(session, cast)
    asking.drop(session, extra, by=cast.chen, why="弄错车了")
    session.flush()
    assert asking.lines_of(session, extra) == ([], [])
    assert asking.items_of(session, extra) == []


def test_unanswered_in_time_it_expires_and_the_advisor_is_told(session: Session, cast: Cast) -> None:
    extra, other = a_sent(session, cast), a_sent(session, cast, a_car_in_work_of(session, cast))
    assert asking.expire(session, cast.store, now()) == 0
    extra.expires_at = now() - timedelta(minutes=1)
    session.flush()
    assert asking.expire(session, cast.store, now()) == 1
    assert (extra.state, other.state) == (ExtraState.EXPIRED, ExtraState.SENT)
    told = session.scalars(select(Notice).where(Notice.kind == "extra_work.expired")).one()
    assert told.staff_id == cast.chen.id
    asking.send(session, extra, by=cast.chen)
    assert extra.state == ExtraState.SENT


def a_car_in_work_of(session: Session, cast: Cast) -> RepairOrder:
    """Another car, on which nobody is clocked on."""
    return a_signed_order(session, cast, OTHER_VIN)


# --- Answering ------------------------------------------------------------------------------


def test_line_by_line_what_is_agreed_to_is_approved_and_the_rest_declined(session: Session, cast: Cast) -> None:
    extra = a_sent(session, cast)
    answer(session, extra, AGREE, DECLINE)
    assert (extra.state, extra.how, extra.said_by) == (ExtraState.ANSWERED, "link", "王建国")
    pads, wipers = answering.lines_of(session, extra)
    assert pads.job.state == JobState.APPROVED
    assert {part.state for part in pads.parts} <= {PartState.APPROVED, PartState.RESERVED}
    assert (wipers.job.state, {part.state for part in wipers.parts}) == (JobState.DECLINED, {PartState.DECLINED})
    assert (wipers.job.why_declined, pads.job.why_declined) == ("下次再说", "")
    assert pads.job.technician_id == cast.zhou.id, "who found it does it"
    told = set(session.execute(select(Notice.kind, Notice.staff_id).where(Notice.kind.startswith("extra_work."))))
    assert told == {("extra_work.answered", cast.chen.id), ("extra_work.approved", cast.zhou.id)}


def test_every_line_wants_a_word_and_the_whole_a_name(session: Session, cast: Cast) -> None:
    extra = a_sent(session, cast)
    asked, guest = answering.lines_of(session, extra), the_guest(session, extra)
    full = a_word(extra, asked, AGREE, DECLINE)
    one = asked[0].item.id
    for wrong, where in (
        (Consent({one: AGREE}, "王建国", seen=full.seen), {f"item-{asked[1].item.id}"}),
        (Consent({}, "", seen=full.seen), {f"item-{line.item.id}" for line in asked} | {"typed_name"}),
        (Consent({**full.decisions, one: "maybe"}, "王建国", seen=full.seen), {f"item-{one}"}),
        (Consent(full.decisions, "", seen=full.seen), {"typed_name"}),
    ):
        with pytest.raises(Invalid) as refused:
            answering.sign(session, extra, wrong, by=guest)
        assert set(refused.value.errors) == where
    assert states(session, extra) == ({JobState.PROPOSED}, {PartState.PROPOSED})


def test_a_page_with_old_prices_is_not_signed(session: Session, cast: Cast) -> None:
    extra = a_sent(session, cast)
    word = a_word(extra, answering.lines_of(session, extra), AGREE, AGREE)
    answering.want_call(session, extra, "能便宜吗", by=the_guest(session, extra))
    item = asking.items_of(session, extra)[1]
    asking.remove_item(session, extra, item, by=cast.chen)
    asking.send(session, extra, by=cast.chen)
    session.flush()
    with pytest.raises(WrongMove):
        answering.sign(session, extra, word, by=the_guest(session, extra))
    answer(session, extra, AGREE)
    assert extra.state == ExtraState.ANSWERED


@pytest.mark.parametrize("change", ["words", "price", "payer", "time"])
def test_what_was_answered_is_sealed(session: Session, cast: Cast, change: str) -> None:
    extra = a_sent(session, cast)
    asked = answering.lines_of(session, extra)
    before = answering.digest(extra, asked)
    if change == "words":
        asked[0].item.words = "别的话"
    if change == "price":
        asked[0].parts[0].amount += 1
    if change == "payer":
        asked[1].job.payer = "goodwill"
    if change == "time":
        extra.promised_at = now()
    assert answering.digest(extra, asked) != before


@pytest.mark.parametrize("state", sorted(set(ExtraState) - {ExtraState.SENT, ExtraState.CALL_WANTED}))
def test_only_what_is_asked_is_signed(session: Session, cast: Cast, state: str) -> None:
    extra = a_sent(session, cast)
    word = a_word(extra, answering.lines_of(session, extra), AGREE, AGREE)
    guest = the_guest(session, extra)
    extra.state = state
    with pytest.raises(WrongMove):
        answering.sign(session, extra, word, by=guest)


def test_the_customer_asks_for_a_call_once(session: Session, cast: Cast) -> None:
    extra = a_sent(session, cast)
    for words in ("能便宜吗", "又问一次"):
        answering.want_call(session, extra, words, by=the_guest(session, extra))
    assert (extra.state, extra.call_words) == (ExtraState.CALL_WANTED, "能便宜吗")
    session.flush()
    assert len(session.scalars(select(Notice).where(Notice.kind == "extra_work.call_wanted")).all()) == 1
    answer(session, extra, DECLINE, AGREE)
    assert extra.state == ExtraState.ANSWERED


def test_a_word_on_the_telephone_is_written_down_with_who_and_where(session: Session, cast: Cast) -> None:
    extra = a_sent(session, cast)
    asked = answering.lines_of(session, extra)
    with pytest.raises(Invalid) as refused:
        answering.hear(session, extra, a_word(extra, asked, AGREE, AGREE, name=""), by=cast.chen)
    assert set(refused.value.errors) == {"name", "phone"}
    answering.hear(session, extra, a_word(extra, asked, AGREE, DECLINE, phone="138 0000 1101"), by=cast.chen)
    assert (extra.how, extra.taken_by, extra.said_on) == ("phone", cast.chen.id, "138 0000 1101")
    assert extra.ink is None
    assert links.current(session, cast.store, links.EXTRA, extra.id) is None, "nobody answers it a second time"
    paper = session.scalars(select(Paper).where(Paper.number == extra.number)).one()
    assert "138 0000 1101" in str(paper.content["facts"])


def test_what_was_agreed_moves_the_promise_and_the_customer_agreed_to_it(session: Session, cast: Cast) -> None:
    extra = a_draft(session, cast)
    order, later = extra.order, now() + timedelta(hours=5)
    asking.send(session, extra, by=cast.chen, promised_at=later)
    answer(session, extra, AGREE, DECLINE)
    changed = session.scalars(select(PromiseChange).where(PromiseChange.order_id == order.id)).one()
    assert (order.promised_at, changed.after, changed.agreed, changed.by_id) == (later, later, True, cast.chen.id)


def test_all_declined_moves_nothing(session: Session, cast: Cast) -> None:
    extra = a_draft(session, cast)
    promised = extra.order.promised_at
    asking.send(session, extra, by=cast.chen, promised_at=now() + timedelta(hours=5))
    answer(session, extra, DECLINE, DECLINE)
    assert extra.order.promised_at == promised
    assert session.scalars(select(PromiseChange)).all() == []


def test_a_car_that_was_done_goes_back_to_work_for_what_is_agreed(session: Session, cast: Cast) -> None:
    extra = a_sent(session, cast)
    order = extra.order
    working.finish(session, tasks.whole(session, order.id)[order.id].jobs[0], by=cast.zhou)
    assert order.state == State.INSPECTION
    answer(session, extra, DECLINE, AGREE)
    assert order.state == State.IN_WORK


def test_a_car_that_left_the_workshop_takes_nothing_on(session: Session, cast: Cast) -> None:
    extra = a_sent(session, cast)
    for state in set(State) - set(asking.WHILE):
        extra.order.state = state
        with pytest.raises(WrongMove):
            answer(session, extra, AGREE, AGREE)


# --- Nothing unapproved ---------------------------------------------------------------------


@pytest.mark.parametrize("word", [None, DECLINE])
def test_nothing_unapproved_is_worked_reserved_or_billed(session: Session, cast: Cast, word: str | None) -> None:
    extra = a_sent(session, cast)
    if word:
        answer(session, extra, word, word)
    jobs, parts = asking.lines_of(session, extra)
    held = tasks.whole(session, extra.order_id)[extra.order_id]
    for job in (one for one in held.jobs if one.extra_id == extra.id):
        with pytest.raises(WrongMove):
            working.clock_on(session, job, by=cast.zhou)
        with pytest.raises(WrongMove):
            working.finish(session, job, by=cast.zhou)
    assert not any(line.is_billed for line in (*jobs, *parts))


def test_what_is_approved_can_be_worked_on_and_is_billed(session: Session, cast: Cast) -> None:
    extra = a_sent(session, cast)
    answer(session, extra, AGREE, DECLINE)
    pads, _ = answering.lines_of(session, extra)
    job = next(one for one in tasks.whole(session, extra.order_id)[extra.order_id].jobs if one.id == pads.job.id)
    working.clock_on(session, job, by=cast.zhou)
    assert job.state == JobState.WORKING
    assert all(line.is_billed for line in (pads.job, *pads.parts))


def test_a_signed_order_takes_no_line_without_extra_work(session: Session, cast: Cast) -> None:
    order = a_car_in_work(session, cast)
    with pytest.raises(WrongMove):
        lines.add_job(session, order, a_job(session, cast, WIPERS), by=cast.chen)
    with pytest.raises(WrongMove):
        lines.add_part(session, order, a_part(session, cast, "WIP-F"), by=cast.chen)


# --- What follows ---------------------------------------------------------------------------


def test_what_is_declined_makes_a_contact_owed_once(session: Session, cast: Cast) -> None:
    extra = a_sent(session, cast)
    answer(session, extra, DECLINE, DECLINE)
    owed = session.scalars(select(Contact).where(Contact.kind == "declined_work")).one()
    assert (owed.customer_id, owed.car_id) == (extra.order.customer_id, extra.order.car_id)
    assert owed.owed_by == cast.chen.id
    assert owed.due_at > now() + timedelta(days=6)


def test_what_is_declined_comes_back_at_the_next_visit(session: Session, cast: Cast) -> None:
    extra = a_sent(session, cast)
    answer(session, extra, AGREE, DECLINE)
    shown = history.of_car(session, cast.store, extra.order.car_id).declined
    codes = {job.code: job.name for job in asking.lines_of(session, extra)[0]}
    assert codes[WIPERS] in [one.name for one in shown]
    assert codes[BRAKES] not in [one.name for one in shown]
    assert {one.why for one in shown} == {"下次再说"}


def test_all_agreed_owes_no_call(session: Session, cast: Cast) -> None:
    answer(session, a_sent(session, cast), AGREE, AGREE)
    assert session.scalars(select(Contact).where(Contact.kind == "declined_work")).all() == []


def test_the_paper_says_who_agreed_to_what_for_how_much(session: Session, cast: Cast) -> None:
    extra = a_sent(session, cast)
    asked = answering.lines_of(session, extra)
    word = a_word(extra, asked, AGREE, DECLINE)
    ink = [Stroke([Dot(1, 2), Dot(30, 40)])]
    signed = Consent(word.decisions, word.name, ink, word.whys, seen=word.seen)
    answering.sign(session, extra, signed, by=the_guest(session, extra))
    paper = session.scalars(select(Paper).where(Paper.number == extra.number)).one()
    assert [line["agreed"] for line in paper.content["extra"]] == [True, False]
    assert paper.content["sums"]["total"] == asked[0].own
    customer = paper.content["signatures"][0]
    assert (customer["name"], customer["typed"]) == ("王建国", False)
    assert customer["ink"][0]["points"][1] == {"x": 30, "y": 40}


def test_an_order_is_read_with_as_many_questions_however_long_the_list(session: Session, cast: Cast) -> None:
    extra = a_draft(session, cast)

    def questions() -> int:
        session.flush()
        seen: list[str] = []
        counts = lambda *said: seen.append(said[2])  # noqa: E731 -- the listener has to be the same object to be removed
        event.listen(session.get_bind(), "before_cursor_execute", counts)
        answering.lines_of(session, extra)
        event.remove(session.get_bind(), "before_cursor_execute", counts)
        return len(seen)

    few = questions()
    for _ in range(5):
        finding = two_findings(session, cast, extra.order)[0]
        asking.take_finding(session, extra, finding, by=cast.chen)
        asking.add_item(session, extra, a_job(session, cast, BRAKES), by=cast.chen, finding=finding, id=uuid7())
    assert questions() == few


def test_unanswered_are_all_states_that_go_on(session: Session, cast: Cast) -> None:
    extra = a_sent(session, cast)
    for state in ExtraState:
        extra.state = state
        assert bool(asking.unanswered(session, extra.order)) == (state in UNANSWERED)
