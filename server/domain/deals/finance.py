"""What a loan costs: flat rate or annuity, its instalments to the fen, and the effective annual rate of either.

Rounding: interest is rounded half up to the fen; an instalment is rounded down, and the last one takes what is
left, so that the instalments sum to the loan and its interest exactly.
"""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal, localcontext

import msgspec

FLAT, ANNUITY = "flat", "annuity"
METHODS = (ANNUITY, FLAT)
MILLION = 1_000_000
MOST_MONTHS = 120
MOST_RATE = 360_000
LEAST_LOAN = 100_000
"""Fen. Below a thousand yuan nobody lends, and a fen more or less would be felt in the rate."""


class Terms(msgspec.Struct, frozen=True):
    """A loan of `principal` fen over `months`, at `rate` millionths a year."""

    principal: int
    months: int
    rate: int
    method: str = ANNUITY


class Loan(msgspec.Struct, frozen=True):
    """What the customer pays, in fen."""

    terms: Terms
    instalments: Sequence[int]
    effective: float
    """The effective annual rate: what the money costs in a year with interest on interest. 0.06 is 6 %."""

    @property
    def monthly(self) -> int:
        """Every instalment but perhaps the last."""
        return self.instalments[0]

    @property
    def last(self) -> int:
        """The last instalment."""
        return self.instalments[-1]

    @property
    def paid(self) -> int:
        """All of them."""
        return sum(self.instalments)

    @property
    def interest(self) -> int:
        """What is paid beyond the loan."""
        return self.paid - self.terms.principal


def lend(terms: Terms) -> Loan:
    """The instalments of a loan. Raises ValueError for terms that nobody offers."""
    fits = terms.principal >= LEAST_LOAN and 1 <= terms.months <= MOST_MONTHS and 0 <= terms.rate <= MOST_RATE
    if not fits or terms.method not in METHODS:
        raise ValueError(terms)
    instalments = _flat(terms) if terms.method == FLAT else _annuity(terms)
    return Loan(terms, instalments, effective_rate(terms.principal, instalments))


def effective_rate(principal: int, instalments: Sequence[int]) -> float:
    """By bisection: the rate at which the monthly instalments are worth the loan, over a year."""
    if sum(instalments) <= principal:
        return 0.0
    low, high = 0.0, 1.0
    while high - low > 1e-13:
        middle = (low + high) / 2
        if _worth(instalments, middle) > principal:
            low = middle
        else:
            high = middle
    return (1 + high) ** 12 - 1


def _flat(terms: Terms) -> Sequence[int]:
    """Interest on the whole loan for the whole time, in equal parts."""
    paid = terms.principal + half_up(terms.principal * terms.rate * terms.months, 12 * MILLION)
    each = paid // terms.months
    return (*[each] * (terms.months - 1), paid - each * (terms.months - 1))


def _annuity(terms: Terms) -> Sequence[int]:
    """Equal instalments; interest each month on what is still owed."""
    each, owed = _instalment(terms), terms.principal
    for _ in range(terms.months - 1):
        owed += half_up(owed * terms.rate, 12 * MILLION) - each
    return (*[each] * (terms.months - 1), owed + half_up(owed * terms.rate, 12 * MILLION))


def _instalment(terms: Terms) -> int:
    if not terms.rate:
        return terms.principal // terms.months
    with localcontext() as context:
        context.prec = 40
        rate = Decimal(terms.rate) / (12 * MILLION)
        each = terms.principal * rate / (1 - (1 + rate) ** -terms.months)
        return int(each.to_integral_value(ROUND_FLOOR))


def _worth(instalments: Sequence[int], rate: float) -> float:
    worth = 0.0
    for each in reversed(instalments):
        worth = (worth + each) / (1 + rate)
    return worth


def half_up(amount: int, divisor: int) -> int:
    """`amount / divisor` to the whole, halves upward; for amounts of nothing and more."""
    return (2 * amount + divisor) // (2 * divisor)
