"""The prospect gap 有望客户缺口: how many more prospects a target asks for. Pure arithmetic."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import ceil

import msgspec

HUNDRED = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?)\s*%?")
Rate = Fraction
"""Of a hundred prospects so many order; exact, because a ceiling makes one more car of a rounding fault."""


class Weighted(msgspec.Struct, frozen=True):
    """The weighted reading: what the stock brings, and what has to be won anew."""

    expected: Fraction
    new_leads: int
    a_day: Fraction


def simple(target: int, conversion: Rate, on_hand: int) -> int:
    """`ceil(target / conversion) - on hand`; below nought there are more than enough.

    Raises ValueError without a conversion: then no number of prospects reaches the target.
    """
    if conversion <= 0:
        raise ValueError(conversion)
    return ceil(Fraction(target) / conversion) - on_hand


def weighted(
    target: int, stock: Mapping[str, int], rates: Mapping[str, Rate], new_lead_rate: Rate, working_days: int
) -> Weighted:
    """`expected = sum(stock x rate)`; `new = ceil(max(0, target - expected) / new-lead rate)`, and so many a day.

    Raises ValueError when something is missing but new leads never order.
    """
    expected = sum((count * rates.get(grade, Fraction(0)) for grade, count in stock.items()), Fraction(0))
    missing = max(Fraction(0), target - expected)
    if missing and new_lead_rate <= 0:
        raise ValueError(new_lead_rate)
    new_leads = ceil(missing / new_lead_rate) if missing else 0
    return Weighted(expected, new_leads, Fraction(new_leads, max(1, working_days)))


def days_left(day: date, of_month: int) -> int:
    """Working days from this day to the month's end, itself among them, of so many in the whole month; rounded up."""
    days = monthrange(day.year, day.month)[1]
    return ceil(Fraction(of_month * (days - day.day + 1), days))


def rate(won: int, of: int) -> Rate:
    """Won of all that came to an end; nought while nothing has."""
    return Fraction(won, of) if of else Fraction(0)


def percent(typed: str) -> Rate:
    """`12.5` as it is typed for a hundred. Raises ValueError outside nought and a hundred."""
    number = HUNDRED.fullmatch(typed.strip())
    if number is None or Fraction(number[1]) > 100:
        raise ValueError(typed)
    return Fraction(number[1]) / 100
