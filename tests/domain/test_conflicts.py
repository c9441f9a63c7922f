"""Two devices at one item: what stands, what is shown beside it, and that the order of arrival decides nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.database import uuid7
from server.domain.checklists.conflicts import Standing, standing
from tests.domain.test_progress import question

A, B, C = (uuid7() for _ in range(3))
DESK = None
"""The house's own door, where the page is as it stands."""
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Given:
    """An answer as the fold reads it; `base` is the answer that was on the screen."""

    verdict: str
    device_id: UUID | None = A
    minute: int = 0
    base: "Given | None" = None
    note: str | None = None
    number: float | None = None
    choice: str | None = None
    text: str | None = None
    item_id: UUID | None = None
    id: UUID = field(default_factory=uuid7)

    @property
    def device_at(self) -> datetime:
        return NOON + timedelta(minutes=self.minute)

    @property
    def base_id(self) -> UUID | None:
        return self.base.id if self.base else None


def fold(*answers: Given, safety: bool = False) -> Standing[Given]:
    """What stands after they arrived in this order."""
    found = standing(question(safety=safety), answers)
    assert found is not None
    return found


def said(found: Standing[Given]) -> tuple[str, list[str]]:
    """The verdict that stands, and those beside it."""
    return found.answer.verdict, [other.verdict for other in found.others]


def test_nothing_stands_where_nobody_answered() -> None:
    assert standing(question(), ()) is None


SEEN = Given("fault", A)
TABLE: dict[str, tuple[list[Given], tuple[str, list[str]]]] = {
    "one answer": ([Given("ok")], ("ok", [])),
    "a device's own chain goes by arrival, not by its clock": (
        [Given("ok", A, 9), Given("fault", A, 5)], ("fault", []),
    ),
    "a device that has seen the other's answer replaces it, whatever its clock says": (
        [SEEN, Given("ok", B, -90, base=SEEN)], ("ok", []),
    ),
    "at the house's own door everything was seen": ([Given("fault", A, 9), Given("ok", DESK, 1)], ("ok", [])),
    "of two that knew nothing of each other the later one stands": (
        [Given("fault", A, 5), Given("ok", B, 9)], ("ok", ["fault"]),
    ),
    "also when it arrives first": ([Given("ok", B, 9), Given("fault", A, 5)], ("ok", ["fault"])),
    "the same said twice is said once": ([Given("watch", A, 5), Given("watch", B, 9)], ("watch", [])),
    "another number is another answer": (
        [Given("ok", A, 5, number=2.4), Given("ok", B, 9, number=2.5)], ("ok", ["ok"]),
    ),
    "another text is another answer": ([Given("ok", A, 5, text="两把"), Given("ok", B, 9)], ("ok", ["ok"])),
    "a remark of one's own is not swallowed": (
        [Given("fault", A, 5, note="左前划痕"), Given("fault", B, 9)], ("fault", ["fault"]),
    ),
    "a remark that stands in the other one is": (
        [Given("fault", A, 5, note="划痕"), Given("fault", B, 9, note="左前划痕")], ("fault", []),
    ),
    "only a device's last word competes": (
        [Given("fault", A, 1), Given("watch", A, 2), Given("ok", B, 9)], ("ok", ["watch"]),
    ),
    "its earlier word does not come back between": (
        [Given("fault", A, 20), Given("ok", B, 9), Given("ok", A, 1)], ("ok", []),
    ),
    "each of three": (
        [Given("ok", A, 1), Given("watch", B, 2), Given("fault", C, 3)], ("fault", ["ok", "watch"]),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("answers", "wanted"), TABLE.values(), ids=TABLE)
def test_what_stands(answers: list[Given], wanted: tuple[str, list[str]]) -> None:
    assert said(fold(*answers)) == wanted


ORDER = ["ok", "", "watch", "fault"]


@pytest.mark.parametrize(("better", "worse"), list(combinations(ORDER, 2)))
@pytest.mark.parametrize("later", ["better", "worse"])
def test_of_a_safety_item_the_worse_stands(better: str, worse: str, later: str) -> None:
    good = Given(better, A, 9 if later == "better" else 1)
    bad = Given(worse, B, 5)
    for arrival in ((good, bad), (bad, good)):
        assert said(fold(*arrival, safety=True)) == (worse, [better])


def test_it_stands_until_somebody_who_saw_both_decides() -> None:
    bad, good = Given("fault", A, 1), Given("ok", B, 2)
    assert said(fold(bad, good, safety=True)) == ("fault", ["ok"])
    again = Given("ok", B, 3)
    assert said(fold(bad, good, again, safety=True)) == ("fault", ["ok"]), "said again without having looked"
    half = Given("ok", C, 4, base=bad)
    assert said(fold(bad, good, half, safety=True)) == ("ok", []), "C saw the fault and says what is so; B agrees"
    decided = Given("ok", B, 4, base=again)
    assert said(fold(bad, good, again, decided, safety=True)) == ("ok", [])
    late = Given("watch", A, 5, base=bad)
    assert said(fold(bad, good, again, decided, late, safety=True)) == ("watch", ["ok"]), "a new one has come up"


def test_a_base_that_is_not_there_has_seen_nothing() -> None:
    assert said(fold(Given("fault", A, 1), Given("ok", B, 2, base=Given("ok")))) == ("ok", ["fault"])


def test_a_decision_is_not_undone_by_what_it_had_seen() -> None:
    one, other = Given("fault", A, 50), Given("ok", B, 40)
    decided = Given("watch", DESK, 45)
    assert said(fold(one, other, decided)) == ("watch", [])


# --- Any two or three queues, in any order of arrival ------------------------------------------------


SEVERAL = settings(deadline=None, derandomize=True, database=None)
VERDICTS = st.sampled_from(["", "ok", "watch", "fault"])


@st.composite
def queues(draw: st.DrawFn, devices: Sequence[UUID] = (A, B, C)) -> list[list[Given]]:
    """What several devices did apart from each other, all having seen the same; no two at one moment."""
    sizes = [draw(st.integers(1, 4)) for _ in devices]
    minutes = iter(draw(st.permutations(range(sum(sizes)))))
    return [
        [Given(draw(VERDICTS), device, next(minutes), note=draw(st.sampled_from([None, "划痕"]))) for _ in range(size)]
        for device, size in zip(devices, sizes, strict=True)
    ]


def shuffled(draw: Callable[[Any], Any], waiting: list[list[Given]]) -> Iterator[Given]:
    """One order of arrival; each device's own order is kept."""
    left = [list(queue) for queue in waiting]
    while any(left):
        yield draw(st.sampled_from([queue for queue in left if queue])).pop(0)


@SEVERAL
@given(st.data(), queues(), st.booleans())
def test_the_order_of_arrival_of_queues_made_apart_decides_nothing(
    data: st.DataObject, waiting: list[list[Given]], safety: bool
) -> None:
    one, other = (fold(*shuffled(data.draw, waiting), safety=safety) for _ in range(2))
    assert one.answer is other.answer
    assert {id(given) for given in one.others} == {id(given) for given in other.others}


@SEVERAL
@given(st.data(), queues(), st.booleans())
def test_only_last_words_compete_and_none_of_them_is_passed_over(
    data: st.DataObject, waiting: list[list[Given]], safety: bool
) -> None:
    last = [queue[-1] for queue in waiting]
    found = fold(*shuffled(data.draw, waiting), safety=safety)
    assert found.answer in last
    for one in last:
        nothing_new = one.verdict == found.answer.verdict and one.note in (None, found.answer.note)
        assert (one in found.others) is not nothing_new
    worst = max(last, key=lambda one: ORDER.index(one.verdict)).verdict
    latest = max(last, key=lambda one: one.minute)
    assert found.answer.verdict == worst if safety else found.answer is latest


@SEVERAL
@given(st.data(), queues(), st.booleans(), st.integers(-2000, 2000))
def test_who_has_seen_everything_settles_it_whatever_the_clock_says(
    data: st.DataObject, waiting: list[list[Given]], safety: bool, minute: int
) -> None:
    arrived = list(shuffled(data.draw, waiting))
    for device in (A, uuid7()):
        decided = Given("ok", device, minute, base=arrived[-1])
        assert fold(*arrived, decided, safety=safety) == Standing(decided)


@SEVERAL
@given(st.lists(st.tuples(VERDICTS, st.integers(-2000, 2000)), min_size=1), st.booleans())
def test_one_device_alone_is_never_in_conflict(chain: list[tuple[str, int]], safety: bool) -> None:
    answers = [Given(verdict, A, minute) for verdict, minute in chain]
    assert fold(*answers, safety=safety) == Standing(answers[-1])


@SEVERAL
@given(st.lists(st.tuples(VERDICTS, st.sampled_from([A, B, C]), st.integers(-99, 99)), min_size=1), st.booleans())
def test_devices_that_always_look_first_are_never_in_conflict(deeds: list[tuple[str, UUID, int]], safety: bool) -> None:
    def looked(before: list[Given], deed: tuple[str, UUID, int]) -> list[Given]:
        return [*before, Given(*deed, base=before[-1] if before else None)]

    start: list[Given] = []
    answers = reduce(looked, deeds, start)
    assert fold(*answers, safety=safety) == Standing(answers[-1])
