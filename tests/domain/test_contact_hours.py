"""When a customer may be called: the store's hours and the customer's own wish, at planning and at dialling."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.domain.care import Contact, calling_hours, making
from server.domain.care.calling_hours import CallingHours
from server.domain.care.contacts import owe
from server.domain.customers import Customer
from server.domain.records import Event, consents
from server.domain.refusals import Invalid, WrongMove
from server.domain.showroom import register
from tests.cast import Cast, a_customer

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
"""A Wednesday at 12:00 in Wuhu."""


def at(clock_time: str, day: int = 25) -> datetime:
    """That time of November on the store's clock."""
    hour, minute = map(int, clock_time.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def owed(session: Session, cast: Cast, customer: Customer, due: datetime, kind: str = "call_back") -> Contact:
    contact = owe(session, kind, customer, cast.lin.id, due, by=cast.lin)
    assert contact is not None
    return contact


@pytest.mark.parametrize(
    ("wanted", "due"),
    [
        (at("09:00"), at("09:00")), (at("20:29"), at("20:29")), (at("20:30"), at("09:00", 26)),
        (at("23:59"), at("09:00", 26)), (at("00:10"), at("09:00")), (at("08:59"), at("09:00")),
    ],
)  # fmt: skip
def test_what_is_planned_for_the_night_is_due_in_the_morning(
    session: Session, cast: Cast, wanted: datetime, due: datetime
) -> None:
    assert owed(session, cast, a_customer(session, cast.lin), wanted).due_at == due


def test_the_customer_s_own_hours_and_days_count_and_can_be_taken_back(session: Session, cast: Cast) -> None:
    customer = a_customer(session, cast.lin)
    with clock.at(NOON):
        calling_hours.wish(session, customer, by=cast.lin, opens=18 * 60, closes=22 * 60, weekdays=(5, 6))
    hours = CallingHours(session, cast.store, [customer.id])
    assert hours.of(customer.id).said == {"zh": "周六、周日 18:00–22:00", "en": "Sat, Sun 18:00–22:00"}
    assert hours.next_open(NOON, customer.id) == at("18:00", 28), "the next Saturday"
    assert hours.next_open(at("21:30", 28), customer.id) == at("21:30", 28), "later than the store calls, as they wish"
    assert hours.next_open(at("22:00", 29), customer.id) == datetime(2026, 12, 5, 10, 0, tzinfo=UTC)
    assert owed(session, cast, customer, NOON).due_at == at("18:00", 28)
    with clock.at(NOON + timedelta(hours=1)):
        calling_hours.wish(session, customer, by=cast.lin, opens=None, closes=None)
    assert CallingHours(session, cast.store, [customer.id]).next_open(NOON, customer.id) == NOON


@pytest.mark.parametrize(("opens", "closes"), [(None, 600), (600, None), (600, 600), (700, 600), (-1, 600), (0, 1441)])
def test_a_wish_that_makes_no_sense_is_refused(
    session: Session, cast: Cast, opens: int | None, closes: int | None
) -> None:
    with pytest.raises(Invalid) as wrong:
        calling_hours.wish(session, a_customer(session, cast.lin), by=cast.lin, opens=opens, closes=closes)
    assert set(wrong.value.errors) == {"closes"}


def test_nobody_is_dialled_at_night_and_why_is_said(session: Session, cast: Cast) -> None:
    contact = owed(session, cast, a_customer(session, cast.lin), NOON)
    with clock.at(at("21:00")), pytest.raises(WrongMove) as no:
        making.begin(session, contact, by=cast.lin)
    assert (no.value.said.gaps, contact.begun_at) == ({"hours": {"zh": "09:00–20:30", "en": "09:00–20:30"}}, None)
    with clock.at(NOON):
        making.begin(session, contact, by=cast.lin)
        assert contact.begun_at is not None


def test_who_wants_no_calls_is_owed_none_but_what_they_asked_for(session: Session, cast: Cast) -> None:
    customer = a_customer(session, cast.lin)
    for kind in ("call_back", "complaint_answer", "safety_recall", "survey"):
        owed(session, cast, customer, NOON, kind)
    consents.answer(session, customer.id, "contact", False, by=cast.lin)
    session.flush()
    left = session.scalars(select(Contact.kind).where(Contact.customer_id == customer.id, Contact.state == "owed"))
    assert set(left) == {"complaint_answer", "safety_recall"}
    assert owe(session, "call_back", customer, cast.lin.id, NOON, by=cast.lin) is None
    answer = owed(session, cast, customer, NOON, "question_answer")
    with clock.at(NOON), pytest.raises(WrongMove):
        making.begin(session, answer, by=cast.lin)


def test_a_safety_recall_may_be_called_all_the_same_by_right_and_with_a_reason(session: Session, cast: Cast) -> None:
    customer = a_customer(session, cast.lin)
    consents.answer(session, customer.id, "contact", False, by=cast.lin)
    recall = owed(session, cast, customer, NOON, "safety_recall")
    assert [making.may_override(recall, person) for person in (cast.he, cast.gao, cast.lin)] == [True, True, False]
    with clock.at(at("22:00")):
        with pytest.raises(WrongMove):
            making.begin(session, recall, by=cast.lin, why="制动有风险")
        with pytest.raises(Invalid) as wrong:
            making.begin(session, recall, by=cast.he)
        assert set(wrong.value.errors) == {"why"}
        making.begin(session, recall, by=cast.he, why="制动有风险")
    said = session.scalars(select(Event).where(Event.verb == "contact.overridden")).one()
    assert (said.actor_id, said.data["why"]) == (cast.he.id, "制动有风险")
    other = owed(session, cast, customer, NOON, "question_answer")
    assert not making.may_override(other, cast.gao), "only for safety"


def test_a_prospect_s_next_contact_at_night_is_owed_in_the_morning(session: Session, cast: Cast) -> None:
    customer = a_customer(session, cast.lin)
    calling_hours.wish(session, customer, by=cast.lin, opens=14 * 60, closes=16 * 60)
    prospect = register(session, by=cast.lin, customer=customer, source="walk_in", consultant_id=cast.lin.id)
    contact = session.scalars(select(Contact).where(Contact.prospect_id == prospect.id)).one()
    assert prospect.next_contact_at.astimezone(cast.lin.zone).hour == 10
    assert contact.due_at.astimezone(cast.lin.zone).hour == 14
