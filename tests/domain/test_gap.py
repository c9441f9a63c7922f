"""The prospect gap: the worked numbers of the trade, and its edges."""

from datetime import date
from fractions import Fraction

import pytest

from server.domain.showroom import gap

STOCK = {"H": 20, "A": 40, "B": 60, "C": 80}
RATES = {"H": Fraction(6, 10), "A": Fraction(3, 10), "B": Fraction(1, 10), "C": Fraction(3, 100)}


def test_the_simple_gap_as_the_trade_works_it_out() -> None:
    assert gap.simple(100, Fraction(20, 100), 320) == 180


def test_the_weighted_gap_as_the_trade_works_it_out() -> None:
    found = gap.weighted(50, STOCK, RATES, Fraction(12, 100), 26)
    assert found.expected == Fraction("32.4")
    assert found.new_leads == 147
    assert round(float(found.a_day), 1) == 5.7


THIRDS = [(100, "1/3", 300, 0), (1, "1/3", 0, 3), (0, "1/5", 7, -7)]


@pytest.mark.parametrize(("target", "conversion", "on_hand", "short"), THIRDS)
def test_a_third_is_a_third(target: int, conversion: str, on_hand: int, short: int) -> None:
    """Rates are exact: a rounding fault under a ceiling would ask for one prospect too many."""
    assert gap.simple(target, Fraction(conversion), on_hand) == short


def test_a_stock_that_is_enough_asks_for_nobody() -> None:
    assert gap.weighted(32, STOCK, RATES, Fraction(0), 26).new_leads == 0


def test_without_a_rate_no_number_of_prospects_reaches_a_target() -> None:
    with pytest.raises(ValueError, match="0"):
        gap.simple(1, Fraction(0), 0)
    with pytest.raises(ValueError, match="0"):
        gap.weighted(1, {}, {}, Fraction(0), 26)


def test_a_grade_without_a_rate_brings_nothing() -> None:
    assert gap.weighted(1, {"N": 500}, {}, Fraction(1, 2), 26).new_leads == 2


@pytest.mark.parametrize("typed", ["12.5", "12.5 %", "0", "100", " 7 "])
def test_a_rate_as_it_is_typed(typed: str) -> None:
    assert gap.percent(typed) == Fraction(typed.strip().rstrip("% ")) / 100


@pytest.mark.parametrize("typed", ["", "-1", "101", "1e9", "1e999999999", "12,5", "abc", "١٢", "1/3"])
def test_what_is_no_rate(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- Fraction says it in its own words
        gap.percent(typed)


@pytest.mark.parametrize(
    ("day", "left"),
    [(date(2026, 11, 1), 26), (date(2026, 11, 23), 7), (date(2026, 11, 30), 1), (date(2026, 2, 15), 13)],
)
def test_of_twenty_six_working_days_those_that_are_left(day: date, left: int) -> None:
    """On the 23rd of November eight of thirty days are left: a week of work, not a month's."""
    assert gap.days_left(day, 26) == left
