"""What a loan costs, for any loan."""

from decimal import Decimal, getcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.deals.finance import ANNUITY, FLAT, LEAST_LOAN, MOST_MONTHS, MOST_RATE, Terms, effective_rate, lend

PRINCIPALS = st.integers(LEAST_LOAN, 500_000_000)
MONTHS = st.integers(1, MOST_MONTHS)
RATES = st.integers(0, MOST_RATE)
METHODS = st.sampled_from((ANNUITY, FLAT))
LOANS = st.builds(Terms, principal=PRINCIPALS, months=MONTHS, rate=RATES, method=METHODS)


@given(LOANS)
def test_what_is_paid_is_the_loan_and_its_interest(terms: Terms) -> None:
    """To the fen: nothing is lost by rounding, and every instalment is money."""
    loan = lend(terms)
    assert len(loan.instalments) == terms.months
    assert sum(loan.instalments) == terms.principal + loan.interest
    assert loan.interest >= 0
    assert min(loan.instalments) > 0
    assert set(loan.instalments[:-1]) <= {loan.monthly}


@given(LOANS)
def test_an_annuity_is_owed_down_to_nothing(terms: Terms) -> None:
    """Walked month by month in exact arithmetic, what is owed after the last instalment is less than a yuan off."""
    getcontext().prec = 40
    loan = lend(Terms(terms.principal, terms.months, terms.rate, ANNUITY))
    rate, owed = Decimal(terms.rate) / 12_000_000, Decimal(terms.principal)
    for instalment in loan.instalments:
        owed = owed * (1 + rate) - instalment
    growth = (1 + rate) ** terms.months
    assert abs(owed) <= growth * terms.months


@given(LOANS)
def test_at_the_effective_rate_the_instalments_are_worth_the_loan(terms: Terms) -> None:
    """Seen from the other side: their value today, by the rate that was found."""
    loan = lend(terms)
    monthly = (1 + loan.effective) ** (1 / 12)
    worth = sum(each / monthly ** (month + 1) for month, each in enumerate(loan.instalments))
    assert worth == pytest.approx(terms.principal, rel=1e-7, abs=2)


@given(PRINCIPALS, st.integers(1, MOST_RATE), st.integers(2, MOST_MONTHS))
def test_a_flat_rate_costs_more_than_it_says(principal: int, rate: int, months: int) -> None:
    """On the whole loan for the whole time: an annuity at the same rate is never dearer."""
    flat, annuity = (lend(Terms(principal, months, rate, method)) for method in (FLAT, ANNUITY))
    assert flat.interest >= annuity.interest - months
    assert flat.effective >= annuity.effective - 1e-3


@given(st.integers(1_000_000, 500_000_000), st.integers(1_000, MOST_RATE), st.integers(6, MOST_MONTHS))
def test_an_annuity_costs_its_own_rate(principal: int, rate: int, months: int) -> None:
    """The rate by the month that it is calculated with is the one that is found again."""
    found = (1 + lend(Terms(principal, months, rate, ANNUITY)).effective) ** (1 / 12) - 1
    assert found * 12 == pytest.approx(rate / 1_000_000, abs=2e-4)


@given(PRINCIPALS, MONTHS, METHODS)
def test_a_loan_without_interest_costs_nothing(principal: int, months: int, method: str) -> None:
    """Not a fen, and the rate is nothing."""
    loan = lend(Terms(principal, months, 0, method))
    assert (loan.interest, loan.effective) == (0, 0.0)


def test_figures_that_were_worked_out_by_hand() -> None:
    """100,000 yuan over 36 months at 3 % flat: 9,000 interest; one instalment in a year at 6 % costs 6.17 %."""
    flat = lend(Terms(10_000_000, 36, 30_000, FLAT))
    assert (flat.interest, flat.monthly, flat.last) == (900_000, 302_777, 302_805)
    assert flat.effective == pytest.approx(0.0583, abs=2e-4)
    annuity = lend(Terms(10_000_000, 12, 60_000, ANNUITY))
    assert annuity.monthly == 860_664
    assert annuity.interest == 327_973
    assert annuity.effective == pytest.approx(1.005**12 - 1, abs=1e-5)
    assert effective_rate(100, [101]) == pytest.approx(1.01**12 - 1, abs=1e-6)


@pytest.mark.parametrize(
    "terms",
    [
        Terms(LEAST_LOAN - 1, 12, 1), Terms(LEAST_LOAN, 0, 1), Terms(LEAST_LOAN, MOST_MONTHS + 1, 1),
        Terms(LEAST_LOAN, 12, -1), Terms(LEAST_LOAN, 12, MOST_RATE + 1), Terms(LEAST_LOAN, 12, 1, "balloon"),
    ],
)  # fmt: skip
def test_terms_that_nobody_offers(terms: Terms) -> None:
    """They are refused, not rounded to something else."""
    with pytest.raises(ValueError, match="Terms"):
        lend(terms)
