"""Lists of owed contacts: the weightiest first with its reasons, narrowed, counted, leafed through."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from server.database import Database
from server.domain.care import Contact, ContactKind, lists
from server.domain.care.contacts import owe
from server.domain.care.lists import Lists, Wanted
from server.domain.customers import Customer
from server.domain.people import Person
from server.domain.showroom import register
from tests.cast import OTHER_VIN, Cast, a_car, a_customer

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
"""A Wednesday at 12:00 in Wuhu."""


def someone(session: Session, cast: Cast, nth: int) -> Customer:
    return a_customer(session, cast.lin, name=f"客户{nth}", phone=f"1390000{nth:04}")


def owed(session: Session, cast: Cast, nth: int, kind: str, due: datetime, by: Person | None = None) -> Contact:
    contact = owe(session, kind, someone(session, cast, nth), (by or cast.lin).id, due, by=cast.lin)
    assert contact is not None
    contact.due_at = due
    return contact


def due(session: Session, person: Person, **wanted: Any) -> list[Contact]:
    return list(Lists(session, person, NOON).page(Wanted(**wanted)).contacts)


def test_what_matters_comes_first_and_says_why(session: Session, cast: Cast) -> None:
    later = NOON + timedelta(hours=2)
    plain = owed(session, cast, 1, "care_30", later)
    late = owed(session, cast, 2, "care_30", NOON - timedelta(days=2, hours=1))
    promised = owed(session, cast, 3, "call_back", later)
    recall = owed(session, cast, 4, "safety_recall", later)
    valued = owed(session, cast, 5, "care_30", later)
    for vin in ("LVVDB11B3RD110232", OTHER_VIN):
        a_car(session, cast.lin, valued.customer, vin)
    in_vain = owed(session, cast, 6, "care_30", later)
    in_vain.escalated_at = NOON
    session.flush()
    page = Lists(session, cast.lin, NOON).page(Wanted())
    assert list(page.contacts) == [recall, promised, late, in_vain, valued, plain]
    parts = {
        one.customer.name: {part: points for part, points in page.weights[one.id].parts.items() if points}
        for one in page.contacts
    }
    assert parts == {
        "客户4": {"safety": 60}, "客户3": {"promised": 30}, "客户2": {"overdue": 20, "later": 15},
        "客户6": {"escalated": 25}, "客户5": {"value": 15}, "客户1": {},
    }  # fmt: skip
    weights = dict(session.execute(select(ContactKind.code, ContactKind.weight)).all())
    for one in page.contacts:
        weight = page.weights[one.id]
        assert weight.total == weights[one.kind] + sum(weight.parts.values())
    assert [said.message for said in page.weights[recall.id].reasons] == ["Safety"]


def test_a_promise_that_is_late_outweighs_one_that_is_not_and_days_count_up_to_a_limit(
    session: Session, cast: Cast
) -> None:
    contacts = [
        owed(session, cast, days, "call_back", NOON - timedelta(days=days, minutes=1)) for days in (0, 5, 9, 40)
    ]
    page = Lists(session, cast.lin, NOON).page(Wanted())
    assert [page.weights[one.id].parts["later"] for one in contacts] == [5, 30, 50, 50]
    assert list(page.contacts) == contacts[:1:-1][::1] + contacts[1::-1]


def test_follow_ups_of_prospects_stand_in_the_same_list(session: Session, cast: Cast) -> None:
    call = owed(session, cast, 1, "care_3", NOON)
    prospect = register(
        session, by=cast.lin, customer=someone(session, cast, 2), source="walk_in", consultant_id=cast.lin.id
    )
    session.flush()
    contact = session.scalars(select(Contact).where(Contact.prospect_id == prospect.id)).one()
    contact.due_at = NOON
    assert set(due(session, cast.lin)) == {call, contact}


def test_it_is_narrowed_by_way_owner_and_what_presses(session: Session, cast: Cast) -> None:
    call = owed(session, cast, 1, "care_3", NOON + timedelta(hours=1))
    answer = owed(session, cast, 2, "question_answer", NOON - timedelta(hours=1), by=cast.he)
    visit = owed(session, cast, 3, "promised_visit", NOON - timedelta(hours=2))
    visit.escalated_at = NOON
    session.flush()
    gao = cast.gao
    assert due(session, gao, way="call") == [call]
    assert due(session, gao, way="answer") == [answer]
    assert due(session, gao, owner=cast.he.id) == [answer]
    assert set(due(session, gao, only="overdue")) == {answer, visit}
    assert due(session, gao, only="promised") == [answer]
    assert due(session, gao, only="escalated") == [visit]
    both = Lists(session, gao, NOON)
    assert both.counts() == {"due": 3, "overdue": 2, "escalated": 1}
    assert both.ways(Wanted(way="call")) == {"call": 1, "visit": 1, "answer": 1}
    assert Lists(session, cast.he, NOON).counts() == {"due": 1, "overdue": 1, "escalated": 0}


@pytest.mark.parametrize("show", ["due", "later", "done"])
def test_lists_are_leafed_through_without_loss(
    session: Session, cast: Cast, show: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 3)
    day = NOON + timedelta(days=2) if show == "later" else NOON
    contacts = [owed(session, cast, nth, "care_3", day + timedelta(minutes=nth % 3)) for nth in range(8)]
    if show == "done":
        for contact in contacts:
            contact.state, contact.outcome, contact.done_at = "done", "reached", NOON
    session.flush()
    found, wanted = Lists(session, cast.lin, NOON), Wanted(show=show)
    seen, leaf, page = list[Contact](), 1, found.page(wanted)
    seen += page.contacts
    while len(page.contacts) == 3:
        leaf += 1
        page = found.page(wanted, leaf) if show == "due" else found.page(wanted, place=page.later)
        seen += page.contacts
    assert (len(seen), set(seen)) == (8, set(contacts))
    before, after = found.neighbours(wanted, seen[3])
    assert (before, after) == (seen[2].id, seen[4].id)
    assert found.neighbours(wanted, seen[0])[0] is None
    assert found.neighbours(wanted, seen[-1])[1] is None


def test_how_often_the_database_is_asked_does_not_grow(database: Database, session: Session, cast: Cast) -> None:
    for nth in range(12):
        owed(session, cast, nth, "care_3", NOON)
    session.flush()
    session.expire_all()
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    for contact in Lists(session, cast.lin, NOON).page(Wanted()).contacts:
        assert all((contact.customer.name, contact.name, contact.owner.title))
    assert len(asked) <= 5, asked
