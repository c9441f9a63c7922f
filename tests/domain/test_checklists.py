"""The checklist engine: what an answer means, what stands in the way, and that nothing said is ever changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.commands.demonstration import pictures
from server.database import now
from server.domain.checklists import MOST_INK, Sheet, Tap, read_ink, runs, taps
from server.domain.checklists.findings import FAULT, OK
from server.domain.checklists.runs import Answer, Run
from server.domain.checklists.templates import Item, Section, Template, draft_from, enter, in_force, publish
from server.domain.people import Store
from server.domain.refusals import Invalid, NotThere, WrongMove
from tests.cast import Cast

CODES = [f"C{number:02}" for number in range(1, 13)]
Walked = tuple[Run, Sheet]


@pytest.fixture
def walk(session: Session, cast: Cast) -> Callable[..., Walked]:
    """`walk("C05")`: a run of that list, about the store, for want of a car."""

    def begin(code: str, energy: str = "ice") -> Walked:
        run = runs.start(session, code, session.get_one(Store, cast.store), by=cast.zhou, energy=energy)
        return run, runs.sheet_of(session, run)

    return begin


def test_every_list_is_published_in_both_languages(session: Session, cast: Cast) -> None:
    for template in (in_force(session, cast.store, code) for code in CODES):
        rows = session.scalars(select(Item).where(Item.template_id == template.id)).all()
        sections = session.scalars(select(Section).where(Section.template_id == template.id)).all()
        assert rows, template.code
        for words in [template.title, *(row.text for row in rows), *(section.title for section in sections)]:
            zh, en = words["zh"].strip(), words["en"].strip()
            assert len({"", zh, en}) == 3, words
        assert len({row.code for row in rows}) == len(rows)


def test_answers_are_added_and_the_state_is_read_from_them(session: Session, cast: Cast, walk: Any) -> None:
    run, of = walk("C05")
    asked = of.parts[1].questions[1]
    for verdict in ("fault", "ok"):
        taps.answer(session, run, asked.id, Tap(verdict=verdict), by=cast.zhou)
        session.flush()
    kept = session.scalars(select(Answer).where(Answer.run_id == run.id).order_by(Answer.id)).all()
    assert [answer.verdict for answer in kept] == ["fault", "ok"]
    assert runs.progress(session, run).verdict(asked) == OK
    assert {answer.by_id for answer in kept} == {cast.zhou.id}


def test_a_number_is_rounded_as_asked_and_read_in_chinese_too(session: Session, cast: Cast, walk: Any) -> None:
    run, of = walk("C05")
    asked = next(one for one in of.questions() if one.decimals == 1)
    for typed, number in (("2.44", 2.4), ("2。5", 2.5), (" 3 ".strip(), 3.0), ("1,000", 1000.0)):
        assert taps.answer(session, run, asked.id, Tap(verdict="ok", number=typed), by=cast.zhou).number == number
    for typed in ("two", "nan", "inf", "1e99"):
        with pytest.raises(Invalid) as wrong:
            taps.answer(session, run, asked.id, Tap(verdict="ok", number=typed), by=cast.zhou)
        assert set(wrong.value.errors) == {"number"}


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ([Tap("", "9.9"), Tap("watch", "2.4")], "ok"),
        ([Tap("ok"), Tap("ok", "9.9"), Tap("watch", "9.8"), Tap("watch", "2.4")], "ok"),
        ([Tap("ok", "9.9"), Tap("watch", ""), Tap("ok", "2.4")], "ok"),
        ([Tap("watch"), Tap("watch", "9.9"), Tap("watch", "2.4")], "watch"),
        ([Tap("ok", "9.9"), Tap("watch", "2.4"), Tap("watch", "2.4")], "watch"),
        ([Tap("ok", "9.9"), Tap("watch", "2.4", note="胎压偏高")], "watch"),
        ([Tap("fault", "9.9"), Tap("fault", "2.4")], "fault"),
    ],
)
def test_a_number_put_right_takes_back_only_its_own_watch(
    session: Session, cast: Cast, walk: Any, said: list[Tap], stands: str
) -> None:
    run, of = walk("C05")
    asked = next(one for one in of.questions() if one.kind == "rag" and one.counts and not one.within(9.9))
    for tap in said:
        taps.answer(session, run, asked.id, tap, by=cast.zhou)
        session.flush()
    assert runs.progress(session, run).verdict(asked) == stands


def test_the_device_s_clock_is_kept_but_not_believed(session: Session, cast: Cast, walk: Any) -> None:
    run, of = walk("C05")
    asked, an_hour_ago = of.parts[0].questions[0], now() - timedelta(hours=1)
    run.started_at = begun = now() - timedelta(hours=2)
    answer = taps.answer(session, run, asked.id, Tap("ok", device_at=an_hour_ago), by=cast.zhou)
    assert (answer.device_at, answer.at > an_hour_ago) == (an_hour_ago, True)
    for odd, kept in ((now() + timedelta(days=1), now()), (now() - timedelta(days=1), begun), (None, now())):
        answer = taps.answer(session, run, asked.id, Tap("ok", device_at=odd), by=cast.zhou)
        assert abs(answer.device_at - kept) < timedelta(minutes=1)


def test_the_untouched_rest_leaves_what_wants_a_look_of_its_own(session: Session, cast: Cast, walk: Any) -> None:
    run, of = walk("C05")
    taps.answer(session, run, next(q for q in of.questions() if q.code == "C05-11").id, Tap("fault"), by=cast.zhou)
    session.flush()
    ticked: set[UUID] = set()
    for part in of.parts:
        ticked |= {answer.item_id for answer in taps.all_good(session, run, part.id, by=cast.zhou)}
    by_code = {one.code: one for one in of.questions()}
    assert {code for code, one in by_code.items() if one.id in ticked} == {
        "C05-03", "C05-05", "C05-12", "C05-14", "C05-15", "C05-17", "C05-19", "C05-21", "C05-23", "C05-24",
    }  # fmt: skip
    for one in by_code.values():
        if one.blocking or one.safety or one.photo_needed or one.counts:
            assert one.id not in ticked, one.code
    session.flush()
    assert runs.progress(session, run).verdict(by_code["C05-11"]) == FAULT
    assert not taps.all_good(session, run, of.parts[1].id, by=cast.zhou), "twice ticks nothing more"


def test_what_answers_itself_takes_no_tap(session: Session, cast: Cast, walk: Any) -> None:
    run, of = walk("C06")
    for asked in of.questions():
        if asked.answered_by or asked.kind in ("photo", "signature"):
            with pytest.raises(WrongMove):
                taps.answer(session, run, asked.id, Tap("ok"), by=cast.lin)


def test_a_choice_is_one_of_the_offered(session: Session, cast: Cast, walk: Any) -> None:
    code, asked = next(
        (code, one)
        for code in CODES
        for one in walk(code)[1].questions()
        if one.kind == "choice"
    )  # fmt: skip
    run, _ = walk(code)
    with pytest.raises(Invalid):
        taps.answer(session, run, asked.id, Tap(choice="made up"), by=cast.zhou)
    assert taps.answer(session, run, asked.id, Tap(choice=asked.choices[0]["code"]), by=cast.zhou).verdict == OK


def test_an_item_of_another_list_is_not_there(session: Session, cast: Cast, walk: Any) -> None:
    (run, _), (_, other) = walk("C05"), walk("C07")
    with pytest.raises(NotThere):
        taps.answer(session, run, other.parts[0].questions[0].id, Tap("ok"), by=cast.zhou)
    with pytest.raises(NotThere):
        taps.all_good(session, run, other.parts[0].id, by=cast.zhou)


def test_an_item_that_the_car_does_not_have_is_not_there(session: Session, cast: Cast, walk: Any) -> None:
    (run, _), (_, charged) = walk("C05", "ice"), walk("C05", "nev")
    battery = next(one for one in charged.questions() if one.applies == "nev")
    with pytest.raises(NotThere):
        taps.answer(session, run, battery.id, Tap("ok"), by=cast.zhou)


def test_the_same_photo_twice_is_two_rows_and_one_file(session: Session, cast: Cast, walk: Any) -> None:
    run, of = walk("C05")
    one, other = (
        taps.add_photo(session, run, of.parts[0].questions[0].id, pictures.photo(1), by=cast.zhou) for _ in "12"
    )
    assert (one.id != other.id, one.file_id == other.file_id) == (True, True)


def test_a_name_or_strokes_are_wanted(session: Session, cast: Cast, walk: Any) -> None:
    run, _ = walk("C05")
    with pytest.raises(Invalid) as wrong:
        taps.sign(session, run, by=cast.zhou, role="technician", name="", ink=None)
    assert set(wrong.value.errors) == {"typed_name"}
    typed = taps.sign(session, run, by=cast.zhou, role="technician", name="周强", ink=None)
    drawn = taps.sign(session, run, by=cast.zhou, role="technician", name="周强", ink=pictures.signature("周强"))
    assert (typed.ink, bool(drawn.ink)) == (None, True)


@pytest.mark.parametrize("nothing", ["", "[]", '[{"points":[]}]', '[{"points":[{"x":1,"y":1}]}]'])
def test_a_dot_is_no_signature(nothing: str) -> None:
    assert read_ink(nothing) is None


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[1]",
        '[{"points":[{"x":"1","y":1}]}]',
        '[{"points":[{"x":1e6,"y":1},{"x":1,"y":1}]}]',
        " " * (MOST_INK + 1),
    ],
)
def test_ink_that_is_none_is_told(bad: str) -> None:
    with pytest.raises(Invalid):
        read_ink(bad)


def test_nothing_is_added_to_a_closed_list(session: Session, cast: Cast, walk: Any) -> None:
    run, of = walk("C05")
    runs.close(run)
    asked = of.parts[0].questions[0]
    for deed in (
        lambda: taps.answer(session, run, asked.id, Tap("ok"), by=cast.zhou),
        lambda: taps.all_good(session, run, of.parts[0].id, by=cast.zhou),
        lambda: taps.add_photo(session, run, asked.id, pictures.photo(1), by=cast.zhou),
        lambda: taps.sign(session, run, by=cast.zhou, role="technician", name="周强", ink=None),
        lambda: runs.close(run),
    ):
        with pytest.raises(WrongMove):
            deed()
    assert session.scalar(select(func.count()).where(Answer.run_id == run.id)) == 0


def test_a_run_keeps_its_version(session: Session, cast: Cast, walk: Any) -> None:
    run, before = walk("C05")
    draft = draft_from(session, in_force(session, cast.store, "C05"), by=cast.admin)
    session.flush()
    first = session.scalars(select(Item).where(Item.template_id == draft.id).limit(1)).one()
    first.text = {"zh": "新的问法", "en": "A new question"}
    session.flush()
    publish(session, draft, by=cast.admin)
    session.flush()
    assert runs.sheet_of(session, run) == before
    later, after = walk("C05")
    assert (after.version, later.template_id) == (before.version + 1, draft.id)
    assert "新的问法" in {one.text["zh"] for one in after.questions()}
    assert "新的问法" not in {one.text["zh"] for one in before.questions()}


def test_a_version_is_published_once_and_drafted_once(session: Session, cast: Cast) -> None:
    published = in_force(session, cast.store, "C05")
    with pytest.raises(WrongMove):
        publish(session, published, by=cast.admin)
    draft_from(session, published, by=cast.admin)
    session.flush()
    with pytest.raises(WrongMove):
        draft_from(session, published, by=cast.admin)


def test_a_list_without_items_is_not_published(session: Session, cast: Cast) -> None:
    bare: dict[str, Any] = {"code": "X99", "title": {"zh": "空", "en": "Empty"}, "sections": []}
    with pytest.raises(Invalid):
        publish(session, enter(session, cast.store, bare), by=cast.admin)
    with pytest.raises(NotThere):
        in_force(session, cast.store, "X99")


def test_lists_of_another_store_are_not_ours(session: Session, cast: Cast, walk: Any) -> None:
    run, _ = walk("C05")
    with pytest.raises(NotThere):
        runs.one(session, run.id, store_id=cast.tang.store_id)
    assert session.get_one(Template, run.template_id).store_id == cast.store
