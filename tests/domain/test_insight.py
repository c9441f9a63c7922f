"""Figures of the sale: what is counted, how long the middle one took, who sees what, and where a curve falls."""

from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import msgspec
import pytest
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.database import now
from server.domain.catalogue import parameters
from server.domain.deals import money, placing
from server.domain.deals.offering import quote
from server.domain.insight import Excitement, Scope, cases, excitement, funnel
from server.domain.insight.excitement import Point, Value
from server.domain.people import Person, Right
from server.domain.showroom import Prospect, needs, outcomes, ratings, receptions, register
from tests.cast import Cast, a_customer
from tests.domain.deals.selling import a_choice

USE = {"purchase": "first"}
AGO = timedelta(days=3)


def lately(**more: object) -> Scope:
    """The last ten days."""
    scope = Scope(since=now() - timedelta(days=10), until=now() + timedelta(days=1))
    return msgspec.structs.replace(scope, **more)


def prospects(session: Session, by: Person, count: int, source: str = "walk_in") -> list[Prospect]:
    """Registered three days ago, all in the same minute."""
    found: list[Prospect] = []
    for number in range(count):
        customer = a_customer(session, by, phone=f"1380{by.id.int % 1000:03}{number:04}")
        with clock.at(now() - AGO):
            found.append(register(session, by=by, customer=customer, source=source, consultant_id=by.id))
    return found


def asked(session: Session, prospect: Prospect, by: Person, minutes: int) -> None:
    """Their needs, so many minutes after they were registered."""
    with clock.at(prospect.created_at + timedelta(minutes=minutes)):
        needs.keep(session, prospect, "use", USE, by=by)


def middle(session: Session, by: Person, step: str) -> float | None:
    """Whole minutes."""
    stage = next(stage for stage in funnel.read(session, by, lately()).stages if stage.step == step)
    return stage.lasting and round(stage.lasting.total_seconds() / 60, 1)


@pytest.mark.parametrize(
    ("took", "expected"), [((), None), ((9,), 9), ((9, 1), 5), ((30, 1, 4), 4), ((1, 2, 8, 99), 5)]
)
def test_the_middle_of_an_odd_and_of_an_even_number(
    session: Session, cast: Cast, took: tuple[int, ...], expected: float | None
) -> None:
    for prospect, minutes in zip(prospects(session, cast.lin, 5), took, strict=False):
        asked(session, prospect, cast.lin, minutes)
    assert middle(session, cast.lin, "prospect") == expected


def test_the_first_time_counts_however_often_a_step_is_taken(session: Session, cast: Cast) -> None:
    (one,) = prospects(session, cast.lin, 1)
    asked(session, one, cast.lin, 10)
    asked(session, one, cast.lin, 500)
    assert middle(session, cast.lin, "prospect") == 10


def test_who_takes_a_later_step_first_went_on_but_says_nothing_of_the_time(session: Session, cast: Cast) -> None:
    """Quoted on the day before they were asked what they need."""
    (one,) = prospects(session, cast.lin, 1)
    with clock.at(one.created_at + timedelta(hours=1)):
        quote(session, one, a_choice(session, cast.lin), by=cast.lin)
    asked(session, one, cast.lin, 1500)
    seen = funnel.read(session, cast.lin, lately())
    assert seen.total.reached == dict.fromkeys(cases.STEPS, 0) | {"prospect": 1, "needs": 1, "quotation": 1}
    assert {stage.step: stage.percent for stage in seen.stages if stage.count} == {
        "prospect": 100, "needs": 0, "quotation": 0,
    }  # fmt: skip
    assert {stage.step: stage.joined for stage in seen.stages if stage.joined} == {"prospect": 1, "quotation": 1}


def test_a_cancelled_order_is_none(session: Session, cast: Cast) -> None:
    won, lost = prospects(session, cast.lin, 2)
    offers = [quote(session, one, a_choice(session, cast.lin), by=cast.lin) for one in (won, lost)]
    orders = [placing.place(session, offer, by=cast.lin) for offer in offers]
    session.flush()
    assert funnel.read(session, cast.lin, lately()).total.reached["order"] == 2
    money.cancel(session, orders[1], by=cast.lin, reason="changed_mind")
    session.flush()
    seen = funnel.read(session, cast.lin, lately())
    assert (seen.total.reached["order"], seen.total.won) == (1, 50)
    assert seen.total.outcomes["open"] == 1


def test_who_has_the_car_has_ordered_it_whatever_was_written_down(session: Session, cast: Cast) -> None:
    (one,) = prospects(session, cast.lin, 1)
    outcomes.delivered(session, cast.store, one.customer_id, by=cast.lin)
    seen = funnel.read(session, cast.lin, lately()).total
    assert (seen.reached["order"], seen.reached["delivery"], seen.went_on["order"]) == (1, 1, 1)


def test_what_was_started_by_mistake_counts_nowhere(session: Session, cast: Cast) -> None:
    for keep in (True, False):
        reception = receptions.begin(session, by=cast.lin)
        if not keep:
            receptions.abandon(session, reception, by=cast.lin)
    assert funnel.read(session, cast.lin, lately()).total.reached["reception"] == 1


def test_a_time_begins_and_ends(session: Session, cast: Cast) -> None:
    prospects(session, cast.lin, 1)
    begun = now() - AGO - timedelta(minutes=1)
    for since, until, there in ((0, 2, 1), (2, 4, 0), (-2, 0, 0)):
        scope = Scope(since=begun + timedelta(minutes=since), until=begun + timedelta(minutes=until))
        assert funnel.read(session, cast.lin, scope).total.reached["prospect"] == there


def test_a_consultant_sees_their_own_a_manager_everybodys_and_others_nothing(session: Session, cast: Cast) -> None:
    prospects(session, cast.lin, 2)
    prospects(session, cast.fang, 1, "online")

    def count(by: Person, **more: object) -> int:
        found = cases.people(session, by, scope := lately(**more), "prospect").prospects
        assert len(found) == funnel.read(session, by, scope).total.reached["prospect"]
        return len(found)

    assert [count(by) for by in (cast.lin, cast.fang, cast.gao, cast.chen, cast.zhou, cast.tang)] == [2, 1, 3, 0, 0, 0]
    assert count(cast.gao, consultant=cast.fang.id) == 1
    assert count(cast.lin, consultant=cast.fang.id) == 2, "whatever they ask for"
    assert (count(cast.gao, source="online"), count(cast.lin, source="online")) == (1, 0)


def test_the_taps_become_a_mean_between_nought_and_ten(session: Session, cast: Cast) -> None:
    one, other, third = prospects(session, cast.lin, 3)
    for prospect, score in ((one, 5), (other, 4), (third, 4)):
        ratings.rate(session, prospect, "drive", "customer", score, by=cast.lin)
    ratings.rate(session, one, "drive", "consultant", 3, by=cast.lin)
    seen = excitement.read(session, cast.gao, lately())
    drive = next(point for point in seen.points if point.step == "drive")
    assert drive == Point("drive", Value(float(Fraction(26, 3)), 3), Value(6.0, 1))
    assert [point.customer for point in seen.points if not point.customer.count] == [
        Value(usual, 0) for usual in (3, 4, 5, 6, 6, 10)
    ]
    assert [seen.count, seen.by_consultant] == [4, {}]
    assert excitement.read(session, cast.fang, lately()).count == 0
    assert excitement.read(session, cast.gao, lately(source="online")).count == 0


def test_the_store_says_what_is_usual_and_from_where_on_it_is_told(session: Session, cast: Cast) -> None:
    own = {"customer": [1] * 7, "consultant": [2] * 7}
    day = now().date() - timedelta(days=1)
    for key, value in (("excitement_usual", own), ("excitement_gap", 5)):
        parameters.set_from(session, key, value, {"zh": key, "en": key}, day, by=cast.gao)
    seen = excitement.read(session, cast.gao, lately())
    assert ({point.customer.value for point in seen.points}, seen.limit) == ({1}, 5)


def a_curve(*pairs: tuple[float, float]) -> Excitement:
    """Customer and consultant at each step; all of them tapped."""
    names = list(ratings.STEPS)[-len(pairs) :]
    points = [Point(step, Value(ours, 1), Value(theirs, 1)) for step, (ours, theirs) in zip(names, pairs, strict=True)]
    by_consultant: dict[UUID, Point] = {}
    return Excitement(points, 2, by_consultant)


@pytest.mark.parametrize(
    ("pairs", "falls"),
    [
        (((8, 7), (6, 10), (10, 5)), "delivery"),  # as the book has it: five below
        (((8, 7), (6, 10), (10, 9)), None),  # cooling, but near enough
        (((8, 7), (6, 4), (10, 5)), None),  # far below, but warming
        (((10, 5), (6, 10), (8, 8)), None),  # nothing went before the peak
        (((6, 9), (10, 7), (8, 8)), "closing"),
    ],
)  # fmt: skip
def test_a_warning_stands_where_the_consultant_cools_off_as_the_customer_warms_up(
    pairs: tuple[tuple[float, float], ...], falls: str | None
) -> None:
    found = a_curve(*pairs).falls
    assert (found.step if found else None) == falls


def test_without_the_right_there_are_no_figures(session: Session, cast: Cast) -> None:
    prospects(session, cast.lin, 1)
    blind = msgspec.structs.replace(cast.gao, rights=cast.gao.rights - {Right.SEE_FIGURES})
    assert funnel.read(session, blind, lately()).total.reached["prospect"] == 0
