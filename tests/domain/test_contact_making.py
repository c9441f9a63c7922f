"""Making contacts: begun, tried, escalated at the third time, passed on, let go; and the next step."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.database import now
from server.domain.care import Contact, making, overdue
from server.domain.care.contacts import DROPPED, NOT_REACHED, REACHED, State, owe
from server.domain.care.making import Next
from server.domain.people import Person, Staff, Store
from server.domain.people.notices import Notice
from server.domain.records import Event
from server.domain.refusals import Invalid, NotAllowed, WrongMove
from server.domain.showroom import follow_ups, register
from server.domain.showroom.follow_ups import Talk
from tests.cast import Cast, a_customer


def owed(session: Session, cast: Cast, kind: str = "call_back") -> Contact:
    contact = owe(session, kind, a_customer(session, cast.lin), cast.lin.id, now(), by=cast.lin, about="问颜色")
    assert contact is not None
    return contact


def told(session: Session, person: Person) -> list[tuple[str, str]]:
    rows = session.execute(select(Notice.kind, Notice.address).where(Notice.staff_id == person.id))
    return [(row.kind, row.address) for row in rows]


def happened(session: Session, verb: str) -> list[Event]:
    return list(session.scalars(select(Event).where(Event.verb == verb).order_by(Event.position)))


def staff(session: Session, person: Person) -> Staff:
    return session.get_one(Staff, person.id)


def at_noon() -> clock.at:
    """Tomorrow at 12:00 in Wuhu: an hour at which people are called."""
    return clock.at((now() + timedelta(days=1)).replace(hour=4, minute=0, second=0, microsecond=0))


def test_when_a_call_was_begun_and_how_long_it_took_is_kept(session: Session, cast: Cast) -> None:
    contact = owed(session, cast)
    noon = (now() + timedelta(days=1)).replace(hour=4, minute=0, second=0, microsecond=0)
    with clock.at(noon):
        making.begin(session, contact, by=cast.lin)
    with clock.at(noon + timedelta(minutes=2, seconds=10)):
        making.make(session, contact, by=cast.lin, outcome=REACHED, note="好的")
    (tried,) = making.tries_of(session, contact)
    assert (tried.minutes, tried.outcome, tried.note, tried.made_by) == (3, REACHED, "好的", cast.lin.id)
    assert contact.begun_at is None
    with clock.at(noon), pytest.raises(WrongMove):
        making.begin(session, contact, by=cast.lin)


def test_the_third_try_in_vain_climbs_to_the_manager_and_only_once(session: Session, cast: Cast) -> None:
    contact = owed(session, cast)
    for nth in (1, 2):
        making.make(session, contact, by=cast.lin, outcome=NOT_REACHED, note="")
        assert (contact.tries, contact.escalated_at, told(session, cast.gao)) == (nth, None, [])
    making.make(session, contact, by=cast.lin, outcome=NOT_REACHED, note="")
    assert contact.is_escalated
    assert told(session, cast.gao) == [("contact.escalated", f"/contacts/{contact.id}")]
    making.make(session, contact, by=cast.lin, outcome=NOT_REACHED, note="")
    (event,) = happened(session, "contact.escalated")
    assert (event.data["tries"], len(told(session, cast.gao))) == (3, 1)
    assert [one.outcome for one in making.tries_of(session, contact)] == [NOT_REACHED] * 4


def test_a_manager_lets_it_be_tried_again_and_it_may_climb_again(session: Session, cast: Cast) -> None:
    contact = owed(session, cast)
    contact.tries, contact.escalated_at = 3, now()
    making.go_on(session, contact, by=cast.gao)
    assert (contact.tries, contact.escalated_at) == (0, None)
    assert told(session, cast.lin) == [("contact.resumed", f"/contacts/{contact.id}")]
    for _ in range(3):
        making.make(session, contact, by=cast.lin, outcome=NOT_REACHED, note="")
    assert len(told(session, cast.gao)) == 1


def test_a_manager_gives_it_to_a_colleague(session: Session, cast: Cast) -> None:
    contact = owed(session, cast)
    making.pass_on(session, contact, staff(session, cast.he), by=cast.gao)
    assert contact.owed_by == cast.he.id
    assert told(session, cast.he) == [("contact.passed_on", f"/contacts/{contact.id}")]
    for wrong in (cast.he, cast.zhou):
        with pytest.raises(WrongMove):
            making.pass_on(session, contact, staff(session, wrong), by=cast.gao)


def test_a_manager_lets_it_go_with_a_reason(session: Session, cast: Cast) -> None:
    contact = owed(session, cast)
    with pytest.raises(Invalid):
        making.let_go(session, contact, by=cast.gao, why="")
    making.let_go(session, contact, by=cast.gao, why="号码已停用")
    assert (contact.state, contact.outcome, contact.note) == (State.GIVEN_UP, DROPPED, "号码已停用")
    with pytest.raises(WrongMove):
        making.go_on(session, contact, by=cast.gao)


def test_only_a_manager_says_how_it_goes_on(session: Session, cast: Cast) -> None:
    contact = owed(session, cast)
    for person in (cast.lin, cast.he, cast.chen):
        with pytest.raises(NotAllowed):
            making.go_on(session, contact, by=person)
        with pytest.raises(NotAllowed):
            making.let_go(session, contact, by=person, why="不需要")
        with pytest.raises(NotAllowed):
            making.pass_on(session, contact, staff(session, cast.fang), by=person)


def test_the_next_step_is_owed_from_then_on(session: Session, cast: Cast) -> None:
    contact = owed(session, cast)
    noon = (now() + timedelta(days=5)).replace(hour=4, minute=0, second=0, microsecond=0)
    following = making.make(
        session, contact, by=cast.lin, outcome=REACHED, note="要报价", then=Next("发精品报价", noon)
    )
    assert following is not None
    assert (following.kind, following.about, following.due_at) == ("next_step", "发精品报价", noon)
    assert (following.follows_id, following.owed_by, following.is_owed) == (contact.id, cast.lin.id, True)
    again = owe(session, "call_back", contact.customer, cast.lin.id, now(), by=cast.lin)
    assert again is not None
    assert making.make(session, again, by=cast.lin, outcome=NOT_REACHED, note="", then=Next("改天", noon)) is None


def test_a_prospect_tried_in_vain_three_times_climbs_as_well(session: Session, cast: Cast) -> None:
    prospect = register(
        session, by=cast.lin, customer=a_customer(session, cast.lin), source="walk_in", consultant_id=cast.lin.id
    )
    for nth in range(3):
        with clock.at(now() + timedelta(days=nth)):
            follow_ups.make(session, prospect, Talk(method="phone", reached=False), by=cast.lin)
    place = f"/prospects/{prospect.number}"
    assert told(session, cast.gao) == [("contact.escalated", place)]
    contact = session.scalars(select(Contact).where(Contact.prospect_id == prospect.id, Contact.state == "owed")).one()
    assert (contact.tries, contact.is_escalated) == (3, True)
    with clock.at(now() + timedelta(days=4)):
        follow_ups.make(session, prospect, Talk(method="phone", content="聊到了"), by=cast.lin)
    contact = session.scalars(select(Contact).where(Contact.prospect_id == prospect.id, Contact.state == "owed")).one()
    assert (contact.tries, contact.is_escalated) == (0, False)


def test_what_is_overdue_for_a_day_climbs_to_the_manager_once(session: Session, cast: Cast) -> None:
    contact, store = owed(session, cast, "survey"), session.get_one(Store, cast.store)
    assert overdue.climb(session, store, contact.due_at + timedelta(hours=23)) == 0
    late = contact.due_at + timedelta(hours=25)
    assert overdue.climb(session, store, late) == 1
    assert overdue.climb(session, store, late + timedelta(hours=1)) == 0
    assert told(session, cast.gao) == [("contacts.climbed", f"/contacts?only=overdue&owner={cast.lin.id}")]
    contact.due_at = late + timedelta(days=1)
    assert overdue.climb(session, store, contact.due_at + timedelta(hours=25)) == 1
