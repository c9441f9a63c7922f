"""How a run stands: what is open, what stands in the way, what was signed."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from server.database import now, uuid7
from server.domain.checklists import Part, Progress, Question, Sheet, Tap
from server.domain.checklists.findings import FAULT, OK, WATCH, worse
from server.domain.checklists.taps import _verdict


@dataclass
class Said:
    """An answer, a photo or a signature as Progress reads it."""

    item_id: UUID
    verdict: str = OK
    number: float | None = None
    choice: str | None = None
    text: str | None = None
    note: str | None = None
    by_id: UUID = field(default_factory=uuid7)
    device_id: UUID | None = None
    device_at: Any = field(default_factory=now)
    base_id: UUID | None = None
    at: Any = field(default_factory=now)
    id: UUID = field(default_factory=uuid7)
    file_id: UUID = field(default_factory=uuid7)
    section_id: UUID | None = None
    role: str = "customer"
    covers: str = ""


def question(**how: Any) -> Question:
    """An item that is asked with ✓ ! ✕ unless said otherwise."""
    plain: dict[str, Any] = {
        "id": uuid7(), "section_id": uuid7(), "code": "X-01", "kind": "rag", "text": {"zh": "漆面", "en": "Paint"},
        "help": None, "blocking": False, "safety": False, "photo_needed": False, "applies": "any", "unit": None,
        "minimum": None, "maximum": None, "decimals": None, "choices": None, "answered_by": None,
    }  # fmt: skip
    return Question(**plain | how)


def sheet(*questions: Question, signs: bool = True) -> Sheet:
    """One section with these items."""
    part = Part(uuid7(), 1, "one", {"zh": "一", "en": "One"}, signs, questions)
    return Sheet(uuid7(), "X", 1, {"zh": "单", "en": "List"}, (part,))


def standing(of: Sheet, *answers: Said, photos: Any = (), signatures: Any = (), **given: bool) -> Progress:
    """Where it stands."""
    return Progress(of, answers, photos, signatures, given)


@pytest.mark.parametrize("one", ["", OK, WATCH, FAULT])
@pytest.mark.parametrize("other", ["", OK, WATCH, FAULT])
def test_the_more_severe_of_two(one: str, other: str) -> None:
    order = ["", OK, WATCH, FAULT]
    assert worse(one, other) == order[max(order.index(one), order.index(other))]


def test_the_newest_answer_counts() -> None:
    asked = question()
    progress = standing(sheet(asked), Said(asked.id, FAULT), Said(asked.id, OK))
    assert progress.verdict(asked) == OK
    assert len(progress.answers) == 2


@pytest.mark.parametrize(
    ("how", "answers", "is_open", "holds_up"),
    [
        ({}, [], True, False),
        ({}, [OK], False, False),
        ({}, [""], True, False),
        ({"blocking": True}, [], True, True),
        ({"blocking": True}, [OK], False, False),
        ({"blocking": True}, [WATCH], False, False),
        ({"blocking": True}, [FAULT], False, True),
        ({"blocking": True}, [FAULT, OK], False, False),
        ({"blocking": True}, [OK, ""], True, True),
        ({"blocking": False}, [FAULT], False, False),
        ({"kind": "signature", "blocking": True}, [], False, False),
        ({"photo_needed": True}, [OK], True, False),
        ({"photo_needed": True, "blocking": True}, [OK], True, True),
        ({"unit": {"zh": "V", "en": "V"}}, [OK], True, False),
    ],
)
def test_what_is_open_and_what_stands_in_the_way(
    how: dict[str, Any], answers: list[str], is_open: bool, holds_up: bool
) -> None:
    asked = question(**how)
    progress = standing(sheet(asked), *(Said(asked.id, verdict) for verdict in answers))
    assert (progress.is_open(asked), progress.holds_up(asked)) == (is_open, holds_up)
    assert bool(progress.in_the_way) == holds_up
    assert (asked in progress.untouched) == is_open


def test_a_photo_answers_a_photo_item_and_what_another_list_answers_wants_no_tap() -> None:
    picture, other = question(kind="photo", photo_needed=True), question(kind="tick", answered_by="pdi", blocking=True)
    of = sheet(picture, other)
    assert standing(of).untouched == [picture, other]
    assert standing(of, photos=[Said(picture.id)]).untouched == [other]
    assert standing(of, photos=[Said(picture.id)], pdi=True).untouched == []
    assert standing(of, pdi=False).in_the_way == [other]


def test_a_picture_that_nobody_asked_for_is_not_missed() -> None:
    picture = question(kind="photo")
    progress = standing(sheet(picture))
    assert (progress.untouched, progress.asked, progress.is_optional(picture)) == ([], 0, True)
    assert not standing(sheet(question(kind="photo", blocking=True))).is_optional(question(kind="photo", blocking=True))


@pytest.mark.parametrize(("number", "note", "is_open"), [(1.5, None, True), (1.5, "冷胎", False), (2.5, None, False)])
def test_a_number_outside_its_limits_wants_a_reason(number: float, note: str | None, is_open: bool) -> None:
    asked = question(unit={"zh": "bar", "en": "bar"}, minimum=2.0, maximum=3.5)
    progress = standing(sheet(asked), Said(asked.id, WATCH, number=number, note=note))
    assert (progress.is_open(asked), progress.wants_reason(asked)) == (is_open, is_open)


def test_a_reading_closes_an_item_that_counts() -> None:
    asked = question(unit={"zh": "V", "en": "V"}, minimum=12.4, maximum=14.8, decimals=1)
    assert asked.limits == "12.4–14.8"
    assert not standing(sheet(asked), Said(asked.id, OK, number=12.6)).untouched


@pytest.mark.parametrize(
    ("low", "high", "limits"), [(None, None, ""), (1, None, "≥ 1"), (None, 100, "≤ 100"), (0, 100, "0–100")]
)
def test_limits_in_words(low: float | None, high: float | None, limits: str) -> None:
    assert question(minimum=low, maximum=high, decimals=0).limits == limits


@pytest.mark.parametrize(("number", "inside"), [(1.9, False), (2.0, True), (2.75, True), (3.5, True), (3.6, False)])
def test_limits_are_inside(number: float, inside: bool) -> None:
    assert question(minimum=2.0, maximum=3.5).within(number) is inside


@pytest.mark.parametrize(
    ("how", "tap", "number", "verdict"),
    [
        ({}, Tap(verdict="ok"), None, OK),
        ({}, Tap(verdict="ok", note="有划痕"), None, WATCH),
        ({}, Tap(verdict="fault", note="有划痕"), None, FAULT),
        ({}, Tap(note="有划痕"), None, WATCH),
        ({}, Tap(), None, ""),
        ({"unit": {}, "minimum": 2.0}, Tap(verdict="ok"), 1.0, WATCH),
        ({"unit": {}, "minimum": 2.0}, Tap(verdict="fault"), 1.0, FAULT),
        ({"unit": {}, "minimum": 2.0}, Tap(verdict="ok"), 2.0, OK),
        ({"kind": "number", "unit": {}}, Tap(), 2.0, OK),
        ({"kind": "number", "unit": {}}, Tap(), None, ""),
        ({"kind": "number", "unit": {}, "maximum": 1}, Tap(), 2.0, WATCH),
        ({"kind": "tick"}, Tap(verdict="ok"), None, OK),
        ({"kind": "tick"}, Tap(verdict="ok", note="客户自己知道"), None, OK),
        ({"kind": "tick"}, Tap(), None, ""),
        ({"kind": "choice"}, Tap(choice="a"), None, OK),
        ({"kind": "choice"}, Tap(), None, ""),
        ({"kind": "text"}, Tap(text="无"), None, OK),
        ({"kind": "text"}, Tap(), None, ""),
    ],
)
def test_the_verdict_of_a_tap(how: dict[str, Any], tap: Tap, number: float | None, verdict: str) -> None:
    assert _verdict(question(**how), tap, number) == verdict


def test_a_signature_goes_void_with_what_it_covers() -> None:
    asked, other = question(code="X-01"), question(code="X-02")
    of = sheet(asked, other)
    part = of.parts[0]
    first = Said(asked.id)
    covers = standing(of, first).digest(part.id)
    signed = Said(asked.id, section_id=part.id, covers=covers)
    assert standing(of, first, signatures=[signed]).signature(part.id, "customer") is signed
    assert standing(of, first, signatures=[signed]).unsigned_parts("customer") == []
    for changed in (
        standing(of, first, Said(asked.id), signatures=[signed]),
        standing(of, first, Said(other.id), signatures=[signed]),
        standing(of, first, photos=[Said(asked.id)], signatures=[signed]),
        standing(of, signatures=[signed]),
    ):
        assert changed.signature(part.id, "customer") is None
        assert changed.was_changed_after_signing(part.id, "customer")
        assert changed.unsigned_parts("customer") == [part]
    assert not standing(of, first, signatures=[signed]).was_changed_after_signing(None, "customer")
    assert standing(of, first, signatures=[signed]).signature(part.id, "consultant") is None


def test_the_same_answers_on_another_version_are_signed_anew() -> None:
    asked = question()
    one, other = sheet(asked), sheet(asked)
    said = Said(asked.id)
    assert standing(one, said).digest(None) != standing(other, said).digest(None)


def test_one_comes_back_to_the_first_open_item_of_the_last_section() -> None:
    asked, other = question(), question()
    of = sheet(asked, other)
    assert standing(of).where_one_was() == (of.parts[0], None)
    assert standing(of, Said(asked.id)).where_one_was() == (of.parts[0], other)
    assert standing(of, Said(asked.id), Said(other.id)).where_one_was() == (of.parts[0], other)


def test_a_car_is_not_asked_what_it_does_not_have() -> None:
    of = sheet(question(code="A"), question(code="I", applies="ice"), question(code="N", applies="nev"))
    assert [asked.code for asked in of.without("ice").questions()] == ["A", "I"]
    assert [asked.code for asked in of.without("nev").questions()] == ["A", "N"]
