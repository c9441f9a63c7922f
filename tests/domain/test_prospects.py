"""Prospects: registered once, graded by their day, moved in one way."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.database import now
from server.domain.customers import Customer
from server.domain.people import Person
from server.domain.refusals import Invalid, NotThere, WrongMove
from server.domain.showroom import LookedAfter, Prospect, prospects, register, visible_to
from server.domain.showroom.prospects import MOVES, State
from tests.cast import Cast, a_customer


def a_prospect(session: Session, by: Person, customer: Customer | None = None, days: int | None = 20) -> Prospect:
    """Somebody who means to buy in so many days, looked after by who registered them."""
    customer = customer or a_customer(session, by, phone="13800008800")
    day = None if days is None else now().astimezone(by.zone).date() + timedelta(days=days)
    return register(session, by=by, customer=customer, source="walk_in", consultant_id=by.id, expected_on=day)


@pytest.mark.parametrize(
    ("days", "grade"),
    [(0, "H"), (7, "H"), (8, "A"), (15, "A"), (16, "B"), (30, "B"), (31, "C"), (90, "C"), (200, "C"), (None, "N")],
)
def test_the_grade_follows_from_the_day(session: Session, cast: Cast, days: int | None, grade: str) -> None:
    """The table of the store decides, both ends of each window."""
    prospect = a_prospect(session, cast.lin, days=days)
    assert (prospect.grade, prospect.first_grade) == (grade, grade)


def test_they_are_spoken_to_again_on_the_next_day(session: Session, cast: Cast) -> None:
    """Whatever the grade."""
    prospect = a_prospect(session, cast.lin, days=80)
    tomorrow = now().astimezone(cast.lin.zone).date() + timedelta(days=1)
    assert prospect.next_contact_at.astimezone(cast.lin.zone).date() == tomorrow


def test_a_day_that_has_passed_is_no_day_to_buy(session: Session, cast: Cast) -> None:
    """It is told at the field."""
    with pytest.raises(Invalid) as wrong:
        a_prospect(session, cast.lin, days=-1)
    assert set(wrong.value.errors) == {"expected_on"}


def test_nobody_takes_a_colleagues_prospect_by_registering_again(session: Session, cast: Cast) -> None:
    """Who looks after them is told, and nothing is written."""
    prospect = a_prospect(session, cast.lin)
    with pytest.raises(LookedAfter) as refused:
        a_prospect(session, cast.gao, prospect.customer)
    assert refused.value.consultant is not None
    assert refused.value.consultant.id == cast.lin.id


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_every_pair_of_states(session: Session, cast: Cast, before: State, after: State) -> None:
    """Only what the table of moves has."""
    prospect = a_prospect(session, cast.lin)
    prospect.state = before
    if after in MOVES[before]:
        prospects.move(session, prospect, after, "prospect.tried", by=cast.lin)
        assert prospect.state == after
    else:
        with pytest.raises(WrongMove):
            prospects.move(session, prospect, after, "prospect.tried", by=cast.lin)


def test_a_consultant_sees_their_own_and_the_pool(session: Session, cast: Cast) -> None:
    """The manager and customer care see all, other stores and the workshop nothing."""
    own = a_prospect(session, cast.lin)
    theirs = a_prospect(session, cast.gao, a_customer(session, cast.gao, "孙倩", "13800008801"))
    pooled = register(
        session, by=cast.gao, customer=a_customer(session, cast.gao, "郑爽", "13800008802"), source="online"
    )
    assert visible_to(session, cast.lin).one(own.number) is own
    assert visible_to(session, cast.lin).one(pooled.number) is pooled
    for who, what in ((cast.lin, theirs), (cast.tang, own), (cast.zhou, own), (cast.chen, own)):
        with pytest.raises(NotThere):
            visible_to(session, who).one(what.number)
    for who in (cast.gao, cast.he):
        assert visible_to(session, who).one(theirs.number) is theirs
