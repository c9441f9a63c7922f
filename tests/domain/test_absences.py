"""Absences: who stands in sees and makes what falls due, and it goes back by itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.domain.care import Contact, making, overdue, reach
from server.domain.care.contacts import REACHED, owe
from server.domain.people import Person, Staff, absences
from server.domain.people.absences import Absence
from server.domain.people.notices import Notice
from server.domain.refusals import Invalid, NotAllowed, NotThere, WrongMove
from server.domain.showroom import follow_ups, register, visible_to
from server.domain.showroom.follow_ups import Talk
from tests.cast import Cast, a_customer

MONDAY = date(2026, 11, 30)
SUNDAY = MONDAY - timedelta(days=1)


def noon(day: date) -> datetime:
    """12:00 of that day in Wuhu."""
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)


def away(
    session: Session, who: Person, other: Person, by: Person | None = None, first: date = MONDAY, days: int = 3
) -> Absence:
    """From Monday to Wednesday, told on the day before."""
    staff, stand_in = (session.get(Staff, one.id) or elsewhere(one) for one in (who, other))
    with clock.at(noon(SUNDAY)):
        return absences.leave(session, staff, stand_in, first, first + timedelta(days=days - 1), by=by or who)


def elsewhere(person: Person) -> Staff:
    """One of another store, whose row may not be there to be seen."""
    return Staff(id=person.id, store_id=person.store_id, active=True)


def owed(session: Session, cast: Cast, due: datetime) -> Contact:
    customer = a_customer(session, cast.lin, phone=f"1380000{due:%m%d}")
    contact = owe(session, "care_3", customer, cast.lin.id, due, by=cast.lin)
    assert contact is not None
    return contact


def seen(session: Session, person: Person, at: datetime) -> list[Contact]:
    with clock.at(at):
        return list(reach.visible_to(session, person).owed(until=noon(MONDAY + timedelta(days=60))))


def test_what_falls_due_is_the_stand_in_s_for_these_days_and_goes_back(session: Session, cast: Cast) -> None:
    before, during, after = (owed(session, cast, noon(MONDAY + timedelta(days=days))) for days in (-2, 1, 3))
    away(session, cast.lin, cast.fang)
    assert seen(session, cast.fang, noon(SUNDAY)) == []
    assert seen(session, cast.fang, noon(MONDAY)) == [before, during], "not what is due when Lin is back"
    assert seen(session, cast.fang, noon(MONDAY + timedelta(days=2))) == [before, during]
    assert seen(session, cast.fang, noon(MONDAY + timedelta(days=3))) == []
    assert seen(session, cast.lin, noon(MONDAY)) == [before, during, after]
    assert {one.owed_by for one in (before, during, after)} == {cast.lin.id}


def test_the_stand_in_makes_it_in_their_own_name(session: Session, cast: Cast) -> None:
    contact = owed(session, cast, noon(MONDAY))
    away(session, cast.lin, cast.fang)
    with clock.at(noon(MONDAY)):
        mine = reach.visible_to(session, cast.fang).one(contact.id)
        making.begin(session, mine, by=cast.fang)
        making.make(session, mine, by=cast.fang, outcome=REACHED, note="很满意")
    assert [one.made_by for one in making.tries_of(session, contact)] == [cast.fang.id]
    with clock.at(noon(MONDAY)), pytest.raises(NotThere):
        reach.visible_to(session, cast.chen).one(contact.id)


def test_prospects_are_reached_and_followed_up_by_the_stand_in(session: Session, cast: Cast) -> None:
    with clock.at(noon(SUNDAY)):
        customer = a_customer(session, cast.lin)
        prospect = register(session, by=cast.lin, customer=customer, source="walk_in", consultant_id=cast.lin.id)
    with clock.at(noon(MONDAY)), pytest.raises(NotThere):
        visible_to(session, cast.fang).one(prospect.number)
    away(session, cast.lin, cast.fang)
    with clock.at(noon(MONDAY)):
        theirs = visible_to(session, cast.fang).one(prospect.number)
        made = follow_ups.make(session, theirs, Talk(method="phone", content="代班联系"), by=cast.fang)
    assert (made.made_by, prospect.consultant_id) == (cast.fang.id, cast.lin.id)
    with clock.at(noon(MONDAY + timedelta(days=3))), pytest.raises(NotThere):
        visible_to(session, cast.fang).one(prospect.number)


def test_the_stand_in_is_told_and_reminded_and_who_is_away_is_left_alone(session: Session, cast: Cast) -> None:
    owed(session, cast, noon(MONDAY))
    away(session, cast.lin, cast.fang, by=cast.gao)
    with clock.at(noon(MONDAY)):
        overdue.remind(session, noon(MONDAY) + timedelta(minutes=1))
    kinds = {
        person.name: set(session.scalars(select(Notice.kind).where(Notice.staff_id == person.id)))
        for person in (cast.lin, cast.fang)
    }
    assert kinds["fang"] == {"absence.stand_in", "contact.overdue"}
    assert "contact.overdue" not in kinds["lin"]


def test_who_comes_back_early_has_everything_again(session: Session, cast: Cast) -> None:
    contact = owed(session, cast, noon(MONDAY))
    absence = away(session, cast.lin, cast.fang)
    with clock.at(noon(MONDAY)):
        absences.call_off(session, absence, by=cast.lin)
        assert list(absences.of_store(session, cast.gao)) == []
        with pytest.raises(WrongMove):
            absences.call_off(session, absence, by=cast.lin)
    assert seen(session, cast.fang, noon(MONDAY)) == []
    assert seen(session, cast.lin, noon(MONDAY)) == [contact]


def test_nobody_stands_in_while_away_nor_is_away_twice(session: Session, cast: Cast) -> None:
    away(session, cast.lin, cast.fang)
    for who, other, first, field in (
        (cast.lin, cast.chen, MONDAY, "first_day"), (cast.chen, cast.lin, MONDAY, "stand_in"),
        (cast.fang, cast.chen, MONDAY, "first_day"), (cast.chen, cast.chen, MONDAY, "stand_in"),
        (cast.chen, cast.xu, SUNDAY - timedelta(days=9), "last_day"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as wrong:
            away(session, who, other, by=cast.gao, first=first)
        assert set(wrong.value.errors) == {field}, (who.name, other.name)
    away(session, cast.fang, cast.chen, first=MONDAY + timedelta(days=3))
    with pytest.raises(Invalid):
        away(session, cast.xu, cast.chen, days=0)
    with pytest.raises(Invalid):
        away(session, cast.xu, cast.chen, days=300)


def test_everybody_for_themselves_and_a_manager_for_all_within_the_store(session: Session, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        away(session, cast.lin, cast.fang, by=cast.chen)
    with pytest.raises(NotThere):
        away(session, cast.tang, cast.fang, by=cast.gao)
    absence = away(session, cast.lin, cast.fang, by=cast.gao)
    with clock.at(noon(MONDAY)):
        assert [list(absences.of_store(session, one)) for one in (cast.lin, cast.fang, cast.gao)] == [[absence]] * 3
        assert list(absences.of_store(session, cast.chen)) == []
        with pytest.raises(NotAllowed):
            absences.call_off(session, absence, by=cast.fang)
