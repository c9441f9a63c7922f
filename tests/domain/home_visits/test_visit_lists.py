"""Lists of visits run by day and hour, page by page and record by record."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.care.visit_reach import IN_TURN, OVER, TO_COME, visible_to
from server.domain.care.visits import HomeVisit
from server.paging import Place
from tests.cast import Cast
from tests.domain.home_visits.planned import a_booked_visit, a_team, a_visit


@pytest.fixture
def visits(session: Session, cast: Cast) -> list[HomeVisit]:
    """In the order in which they are looked for: ten, two, some time tomorrow; and the day after."""
    team = a_team(session, cast)
    later, sooner = (a_booked_visit(session, cast, number, team, hour) for number, hour in ((1, 14), (2, 10)))
    some_time, next_day = a_visit(session, cast, 3, team), a_visit(session, cast, 4, team)
    next_day.day += timedelta(days=1)
    session.flush()  # the lists ask for it
    return [sooner, later, some_time, next_day]


def test_a_day_is_listed_by_its_hours(session: Session, cast: Cast, visits: list[HomeVisit]) -> None:
    reach = visible_to(session, cast.he)
    assert list(reach.page(TO_COME, False, None).rows) == visits
    latest = [one.id for one in reversed(visits)]
    for visit in visits:
        visit.state = "cancelled"
    session.flush()
    assert [one.id for one in reach.page(OVER, False, None).rows] == latest


def test_one_goes_from_page_to_page_and_from_visit_to_visit(
    session: Session, cast: Cast, visits: list[HomeVisit]
) -> None:  # fmt: skip
    reach = visible_to(session, cast.he)
    query, met, place = reach.listed(TO_COME, mine=False), [], None
    for _ in visits:
        leaf = IN_TURN.page(lambda asked: session.scalars(asked).unique().all(), query, 1, place)
        met += leaf.rows
        place = Place(leaf.rows[-1].day, leaf.rows[-1].id)
    assert met == visits
    assert not leaf.after
    ids = [None, *(one.id for one in visits), None]
    for turn, visit in enumerate(visits, 1):
        assert reach.neighbours(visit, TO_COME, False) == (ids[turn - 1], ids[turn + 1])
    back = Place(visits[2].day, visits[2].id, backwards=True)
    leaf = IN_TURN.page(lambda asked: session.scalars(asked).unique().all(), query, 5, back)
    assert list(leaf.rows) == visits[:2]
