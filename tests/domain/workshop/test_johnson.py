"""Two stages one after the other: the shortest day, and who is late for it."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from server.domain.workshop.scheduling.johnson import TwoStage, by_promise, passage, shortest

SIX = [TwoStage(*job) for job in (
    ("A", 30, 15), ("B", 60, 20), ("C", 20, 20), ("D", 45, 25), ("E", 10, 30), ("F", 25, 10),
)]  # fmt: skip
FIVE = [TwoStage(*job) for job in (("1", 5, 2), ("2", 1, 6), ("3", 9, 7), ("4", 3, 8), ("5", 10, 4))]
JOBS = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), max_size=6)


def names(order: tuple[TwoStage, ...]) -> str:
    return "".join(job.name for job in order)


def test_six_cars_are_done_after_two_hundred_minutes() -> None:
    plan = shortest(SIX)
    assert (names(plan.order), plan.makespan, plan.idle) == ("ECDBAF", 200, 80)


def test_as_they_came_they_take_twenty_minutes_longer() -> None:
    plan = passage(SIX)
    assert (names(plan.order), plan.makespan, plan.idle) == ("ABCDEF", 220, 100)


def test_five_cars_take_thirty_minutes_instead_of_thirty_four() -> None:
    plan = shortest(FIVE)
    assert (names(plan.order), plan.makespan, passage(FIVE).makespan) == ("24351", 30, 34)


def test_nobody_finds_a_shorter_day_by_trying_all_orders() -> None:
    assert shortest(SIX).makespan == min(passage(order).makespan for order in permutations(SIX))


@given(JOBS)
def test_no_order_is_shorter(stages: list[tuple[int, int]]) -> None:
    jobs = [TwoStage(str(nth), *stage) for nth, stage in enumerate(stages)]
    assert shortest(jobs).makespan == min(passage(order).makespan for order in permutations(jobs))


def test_who_is_made_late_by_the_shortest_day_is_named() -> None:
    jobs = [TwoStage("A", 30, 15, due=45), TwoStage("E", 10, 30)]
    assert names(shortest(jobs).late) == "A"
    assert by_promise(jobs).late == ()


def test_by_promise_who_has_none_comes_last() -> None:
    jobs = [TwoStage("x", 5, 5), TwoStage("later", 5, 5, due=90), TwoStage("soon", 5, 5, due=20)]
    assert [job.name for job in by_promise(jobs).order] == ["soon", "later", "x"]


def test_no_job_takes_no_time() -> None:
    assert (shortest([]).makespan, shortest([]).late) == (0, ())
