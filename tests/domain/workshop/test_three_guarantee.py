"""The three guarantees by day and kilometres, days in repair, repeated faults; and sums to the fen."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from server.database import now
from server.domain.refusals import Invalid
from server.domain.workshop import OrderJob, estimates, intake, lines, three_guarantee
from server.domain.workshop.sums import half_up, labour, material, tax_share
from server.domain.workshop.three_guarantee import CarSale, after_months, days_in_repair, periods
from tests.cast import Cast
from tests.domain.workshop.repairing import a_job, a_signed_order, an_order

ZONE = ZoneInfo("Asia/Shanghai")
RULES = {"repair_months": 36, "repair_km": 60_000, "months": 24, "km": 50_000, "main_days": 60, "main_km": 3_000}
SOLD = date(2024, 2, 29)


def sold(invoiced: date | None = SOLD, delivered: date | None = None, *, private: bool = True) -> CarSale:
    return CarSale(invoiced_on=invoiced, delivered_on=delivered, private=private)


@pytest.mark.parametrize(
    ("day", "km", "holds"),
    [
        (date(2024, 3, 1), 100, (True, True, True)),
        (date(2024, 4, 29), 3_000, (True, True, True)),
        (date(2024, 4, 30), 3_000, (True, True, False)),
        (date(2024, 4, 29), 3_001, (True, True, False)),
        (date(2026, 2, 28), 50_000, (True, True, False)),
        (date(2026, 3, 1), 50_000, (True, False, False)),
        (date(2026, 2, 28), 50_001, (True, False, False)),
        (date(2027, 2, 28), 60_000, (True, False, False)),
        (date(2027, 3, 1), 60_000, (False, False, False)),
        (date(2027, 2, 28), 60_001, (False, False, False)),
    ],
)
def test_in_or_out_by_what_is_reached_first(day: date, km: int, holds: tuple[bool, ...]) -> None:
    assert tuple(one.holds for one in periods(sold(), RULES, km, day)) == holds


def test_the_day_of_the_delivery_counts_when_it_is_another(session: Session, cast: Cast) -> None:
    first, *_ = periods(sold(SOLD, date(2024, 3, 10)), RULES, 0, SOLD)
    assert first.until == date(2027, 3, 10)
    order = an_order(session, cast)
    with pytest.raises(Invalid):
        three_guarantee.set_sale(
            session, order.car, by=cast.chen, invoiced_on=SOLD, delivered_on=SOLD - timedelta(days=1)
        )


def test_without_a_day_or_for_business_nothing_is_promised() -> None:
    assert periods(None, RULES, 0, SOLD) == ()
    assert periods(sold(None), RULES, 0, SOLD) == ()
    assert periods(sold(private=False), RULES, 0, SOLD) == ()


def test_without_mileage_it_is_not_known_unless_the_days_are_over() -> None:
    assert [one.holds for one in periods(sold(), RULES, None, date(2026, 6, 1))] == [None, False, False]


def test_months_end_with_the_month() -> None:
    assert after_months(date(2024, 8, 31), 6) == date(2025, 2, 28)
    assert after_months(date(2024, 11, 22), 36) == date(2027, 11, 22)
    assert after_months(date(2023, 12, 31), 2) == date(2024, 2, 29)


@pytest.mark.parametrize(("hours", "days"), [(0, 0), (1, 1), (24, 1), (24.01, 2), (48, 2), (120.5, 6)])
def test_a_day_in_repair_is_24_hours_and_what_is_left_is_one(hours: float, days: int) -> None:
    since = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert days_in_repair(since, since + timedelta(hours=hours)) == days


def test_days_and_repeated_faults_are_counted_over_all_visits(session: Session, cast: Cast) -> None:
    sender = car = None
    for visit in range(5):
        order = an_order(session, cast) if car is None else intake.open_order(
            session, by=cast.chen, customer=sender, car=car  # type: ignore[arg-type]
        )  # fmt: skip
        sender, car = order.sender, order.car
        job = lines.add_job(session, order, a_job(session, cast, "T-SEAL"), by=cast.chen)
        job.state, order.state = "done", "closed"
        order.arrived_at = now() - timedelta(days=60 - visit * 8)
        order.ready_at = order.arrived_at + timedelta(days=6, hours=5)
        session.flush()
    standing = three_guarantee.standing(session, order.car, 10_000, now(), ZONE)
    assert standing.days == 5 * 7
    assert [(name["zh"], count) for name, count in standing.faults] == [("三包：更换油封（渗油）", 5)]
    assert standing.may_return
    assert not three_guarantee.standing(session, an_order(session, cast, "LVVDC21B9RD210368").car, 0, now(), ZONE).days


def test_from_the_sixth_day_a_loan_car_is_due(session: Session, cast: Cast) -> None:
    order = a_signed_order(session, cast, jobs=("T-SEAL",))

    def due(days: float) -> bool:
        order.arrived_at = now() - timedelta(days=days)
        session.flush()
        return three_guarantee.standing(session, order.car, 1, now(), ZONE, now_in=order.id).loan_due

    assert not due(4.9)
    assert due(5.1)


def test_sums_are_rounded_half_up_to_the_fen() -> None:
    assert [half_up(one, 100) for one in (49, 50, 149, 150)] == [0, 1, 1, 2]
    assert labour(125, 16_001) == 20_001
    assert material(333, 9_800) == 32_634
    assert [tax_share(total, 13) for total in (0, 113, 11_300, 100, 161_700)] == [0, 13, 1_300, 12, 18_603]


def test_an_estimate_is_split_by_who_pays(session: Session, cast: Cast) -> None:
    order = an_order(session, cast)
    lines.add_job(session, order, a_job(session, cast, "M-A"), by=cast.chen)
    brakes = lines.add_job(session, order, a_job(session, cast, "R-PADF1"), by=cast.chen)
    lines.set_payer(session, order, brakes, "goodwill", by=cast.chen)
    jobs, parts = intake.lines_of(session, order)
    summed = estimates.estimate(jobs, parts, 13)
    assert [(one.payer, one.labour, one.parts, one.tax) for one in summed.shares] == [
        ("self", 12_800, 49_500, 7_167), ("goodwill", 12_800, 45_800, 6_742),
    ]  # fmt: skip
    assert summed.total == 12_800 + 49_500 + 12_800 + 45_800
    assert summed.of("insurance") == 0
    assert isinstance(jobs[0], OrderJob)
