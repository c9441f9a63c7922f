"""How long one waits before several desks, against a table worked out by hand."""

import pytest

from server.domain.workshop.queueing import Queue, around

TABLE = [
    # an hour come, one desk serves, desks; load, nobody there, share who wait, in line, wait and stay in minutes
    (4, 5, 1, 0.8, 0.2, 0.8, 3.2, 48, 60),
    (8, 5, 2, 0.8, 0.1111, 0.7111, 2.8444, 21.33, 33.33),
    (10, 4, 3, 0.8333, 0.0449, 0.7022, 3.5112, 21.07, 36.07),
    (10, 4, 4, 0.625, 0.0737, 0.3199, 0.5331, 3.20, 18.20),
    (5, 1, 6, 0.8333, 0.0045, 0.5875, 2.9376, 35.25, 95.25),
    (5, 1, 8, 0.625, 0.0065, 0.1673, 0.2788, 3.35, 63.35),
]


@pytest.mark.parametrize("row", TABLE)
def test_a_queue_is_as_the_table_says(row: tuple[float, ...]) -> None:
    arrivals, service, desks, load, nobody, waits, in_line, wait, stay = row
    queue = Queue(arrivals, service, int(desks))
    found = (queue.load, queue.nobody, queue.waits, queue.in_line)
    assert found == pytest.approx((load, nobody, waits, in_line), abs=0.00006)
    assert (queue.wait, queue.stay) == pytest.approx((wait, stay), abs=0.006)


def test_half_of_the_customers_wait_longer_than_ten_minutes_for_three_advisors() -> None:
    assert Queue(10, 4, 3).waits_longer(10) == pytest.approx(0.5031, abs=0.0001)


def test_whoever_waits_longer_than_nothing_waits() -> None:
    queue = Queue(10, 4, 3)
    assert queue.waits_longer(0) == pytest.approx(queue.waits)


@pytest.mark.parametrize(("arrivals", "desks"), [(12, 3), (13, 3), (5, 1)])
def test_more_than_can_be_served_wait_without_end(arrivals: float, desks: int) -> None:
    assert Queue(arrivals, 4, desks).is_endless


def test_a_fourth_advisor_cuts_the_wait_to_a_seventh() -> None:
    two, three, four, five = around(10, 4, 3)
    assert two.is_endless
    assert (round(three.wait), round(four.wait), round(five.wait)) == (21, 3, 1)
