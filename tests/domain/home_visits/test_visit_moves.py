"""The lives of a visit and of a plan: every pair of states, legal and illegal."""

from itertools import product

import pytest
from sqlalchemy.orm import Session

from server.domain.care import visit_plans, visits
from server.domain.refusals import WrongMove
from tests.cast import Cast
from tests.domain.home_visits.planned import a_plan, a_visit

LEGAL = {
    ("planned", "booked"), ("planned", "cancelled"), ("booked", "confirmed"), ("booked", "planned"),
    ("booked", "cancelled"), ("confirmed", "on_the_way"), ("confirmed", "planned"), ("confirmed", "cancelled"),
    ("on_the_way", "there"), ("on_the_way", "cancelled"), ("there", "done"), ("there", "broken_off"),
    ("done", "closed"),
}  # fmt: skip


def test_every_pair_of_states_of_a_visit(session: Session, cast: Cast) -> None:
    visit = a_visit(session, cast)
    for before, after in product(visits.State, visits.State):
        visit.state = before
        if (before, after) in LEGAL:
            visits.move(session, visit, after, "visit.moved", by=cast.he)
            assert visit.state == after
        else:
            with pytest.raises(WrongMove):
                visits.move(session, visit, after, "visit.moved", by=cast.he)
            assert visit.state == before


def test_a_plan_is_released_once_and_for_good(session: Session, cast: Cast) -> None:
    plan = a_plan(session, cast)
    for before, after in product(visit_plans.State, visit_plans.State):
        plan.state = before
        if (before, after) == ("draft", "released"):
            visit_plans.move(session, plan, after, "visit_plan.released", by=cast.he)
            assert plan.is_released
        else:
            with pytest.raises(WrongMove):
                visit_plans.move(session, plan, after, "visit_plan.released", by=cast.he)
