"""Capacity: technicians × shift × attendance × efficiency, shared out by skill and by hour."""

import pytest

from server.domain.workshop.capacity import NOBODY, Load, Worker, added, hours_of, spread, tightest

ONE = Worker({"mechanic": 100}, 480, 510, 1050)
QUICK = Worker({"mechanic": 110}, 480, 510, 1050)
BOTH = Worker({"mechanic": 90, "electric": 100}, 480, 510, 1050)


@pytest.mark.parametrize(
    ("workers", "attendance", "skills", "hours"),
    [
        ([ONE], 100, {"mechanic"}, 800),
        ([ONE, ONE, ONE], 90, {"mechanic"}, 2160),
        ([QUICK], 92, {"mechanic"}, 810),
        ([BOTH], 100, {"mechanic"}, 720),
        ([BOTH], 100, {"mechanic", "electric"}, 800),
        ([ONE, BOTH], 100, {"mechanic", "electric"}, 1600),
        ([ONE], 100, {"paint"}, 0),
        ([], 100, {"mechanic"}, 0),
    ],
)
def test_hours_are_technicians_times_shift_times_attendance_times_efficiency(
    workers: list[Worker], attendance: int, skills: set[str], hours: int
) -> None:
    assert hours_of(workers, attendance, skills) == hours


def test_an_hour_of_the_day_has_its_share_of_a_shift() -> None:
    # Eight hours of work within nine hours here: each hour of them holds eight ninths of an hour.
    assert hours_of([ONE], 100, {"mechanic"}, 540, 600) == 89
    assert hours_of([ONE], 100, {"mechanic"}, 480, 540) == 44
    assert hours_of([ONE], 100, {"mechanic"}, 1080, 1140) == 0


@pytest.mark.parametrize(
    ("demand", "capacity", "percent", "tone"),
    [(850, 1000, 85, "good"), (851, 1000, 86, "warn"), (1000, 1000, 100, "warn"), (1001, 1000, 101, "bad"),
     (0, 0, 0, "good"), (1, 0, NOBODY, "bad")],
)  # fmt: skip
def test_above_85_warns_and_above_100_is_over(demand: int, capacity: int, percent: int, tone: str) -> None:
    load = Load(demand, capacity)
    assert (load.percent, load.tone, load.is_over) == (percent, tone, percent > 100)


def test_the_day_is_as_full_as_its_fullest_set_of_skills() -> None:
    # Each skill alone would fit, both together do not: the one who can do both is there once.
    load = tightest([ONE, BOTH], 100, {"mechanic": 1200, "electric": 700})
    assert (load.skills, load.percent) == (("electric", "mechanic"), 119)
    # The electrician alone is the bottleneck, however free the mechanics are.
    assert tightest([ONE, ONE, BOTH], 100, {"mechanic": 100, "electric": 790}).skills == ("electric",)


def test_nothing_asked_is_no_load() -> None:
    load = tightest([ONE], 100, {})
    assert (load.percent, load.capacity) == (0, 800)


def test_work_that_nobody_can_do_is_over_whatever_the_rest() -> None:
    assert tightest([ONE], 100, {"paint": 10}).is_over


def test_one_car_is_worked_on_from_its_time_on_one_job_after_the_other() -> None:
    assert spread({"mechanic": 150, "electric": 50}, 570, 1050) == {
        9: {"mechanic": 50}, 10: {"mechanic": 100}, 11: {"electric": 50}
    }  # fmt: skip


def test_what_does_not_fit_before_the_end_of_the_day_stands_in_its_last_hour() -> None:
    falls = spread({"body": 600}, 990, 1050)
    assert falls == {16: {"body": 50}, 17: {"body": 550}}
    assert sum(hours for one in falls.values() for hours in one.values()) == 600


def test_demands_add_up_by_skill() -> None:
    assert added({"mechanic": 100}, {"mechanic": 50, "wash": 30}, {}) == {"mechanic": 150, "wash": 30}
