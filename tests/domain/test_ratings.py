"""Ratings: one tap each for customer and consultant, at the seven steps of a sale."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import entries
from server.domain.people import Person
from server.domain.records import Event
from server.domain.refusals import Invalid, NotAllowed
from server.domain.showroom import Prospect, hands, ratings
from server.domain.showroom.ratings import CONSULTANT, CUSTOMER, STEPS
from tests.cast import Cast
from tests.domain.deals.selling import a_prospect


def earlier(person: Person, minutes: int) -> Person:
    """The same person, whose tap waited on a device."""
    return msgspec.structs.replace(person, acted_at=now() - timedelta(minutes=minutes))


@pytest.fixture
def prospect(session: Session, cast: Cast) -> Prospect:
    return a_prospect(session, cast.lin)


def test_there_are_seven_steps_in_the_order_of_the_sale() -> None:
    assert list(STEPS) == ["preparation", "reception", "needs", "presentation", "drive", "closing", "delivery"]


def test_a_tap_is_kept_and_the_next_one_takes_its_place(session: Session, cast: Cast, prospect: Prospect) -> None:
    ratings.rate(session, prospect, "drive", CUSTOMER, 4, by=cast.lin)
    ratings.rate(session, prospect, "drive", CONSULTANT, 2, by=cast.lin)
    ratings.rate(session, prospect, "drive", CUSTOMER, 5, by=cast.lin)
    assert ratings.of(session, prospect) == {("drive", CUSTOMER): 5, ("drive", CONSULTANT): 2}


def test_a_tap_that_arrives_late_does_not_undo_a_later_one(session: Session, cast: Cast, prospect: Prospect) -> None:
    ratings.rate(session, prospect, "needs", CUSTOMER, 5, by=earlier(cast.lin, 5))
    ratings.rate(session, prospect, "needs", CUSTOMER, 1, by=earlier(cast.lin, 30))
    assert ratings.of(session, prospect) == {("needs", CUSTOMER): 5}


@pytest.mark.parametrize(("step", "who", "score"), [("", CUSTOMER, 3), ("drive", "nobody", 3), ("drive", CUSTOMER, 0)])
def test_only_what_is_offered_is_taken(
    session: Session, cast: Cast, prospect: Prospect, step: str, who: str, score: int
) -> None:
    with pytest.raises(Invalid):
        ratings.rate(session, prospect, step, who, score, by=cast.lin)
    assert ratings.of(session, prospect) == {}


def test_whoever_looks_after_them_takes_it_down_or_a_manager(session: Session, cast: Cast, prospect: Prospect) -> None:
    for stranger in (cast.fang, cast.chen, cast.he):
        with pytest.raises(NotAllowed):
            ratings.rate(session, prospect, "drive", CUSTOMER, 5, by=stranger)
    ratings.rate(session, prospect, "drive", CUSTOMER, 5, by=cast.gao)
    kept = session.scalars(select(ratings.StepRating)).one()
    assert kept.consultant_id == cast.lin.id


def test_it_stays_with_who_did_the_step_when_they_are_handed_over(
    session: Session, cast: Cast, prospect: Prospect
) -> None:
    ratings.rate(session, prospect, "reception", CUSTOMER, 5, by=cast.lin)
    hands.give_back(session, prospect, by=cast.lin, why=_a_reason(session, cast))
    hands.take(session, prospect, by=cast.fang)
    ratings.rate(session, prospect, "drive", CUSTOMER, 3, by=cast.fang)
    kept = {row.step: row.consultant_id for row in session.scalars(select(ratings.StepRating))}
    assert kept == {"reception": cast.lin.id, "drive": cast.fang.id}


def test_each_tap_stands_in_the_record_of_events(session: Session, cast: Cast, prospect: Prospect) -> None:
    ratings.rate(session, prospect, "closing", CONSULTANT, 5, by=cast.lin)
    told = session.scalars(select(Event).where(Event.verb == "prospect.step_rated")).one()
    assert told.subject_id == prospect.id
    assert {name: told.data[name] for name in ("step", "who", "score")} == {
        "step": "closing", "who": "consultant", "score": 5,
    }  # fmt: skip


def _a_reason(session: Session, cast: Cast) -> str:
    return entries(session, cast.store, "give_back")[0].code
