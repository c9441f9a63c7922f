"""The crew's week: changed by the manager, reckoned with at once, and never over somebody else's change."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.people import Person
from server.domain.records import Event
from server.domain.refusals import Invalid, NotAllowed, NotThere, Stale
from server.domain.workshop import booking, crew, diary
from server.domain.workshop.capacity import Shift, TechnicianSkill
from server.domain.workshop.crew import Hours, Member
from server.domain.workshop.slots import Wish
from tests.cast import VIN, Cast, a_car, a_customer

DAY = Hours(510, 1050, 60)


def of(session: Session, person: Person) -> Member:
    return crew.member(session, person.store_id, person.id)


def test_the_crew_is_who_works_on_cars_each_with_week_and_skills(session: Session, cast: Cast) -> None:
    found = {one.id: one for one in crew.members(session, cast.store)}
    assert found.keys() == {one.id for one in (cast.zhou, cast.sun, cast.ma, cast.luo, cast.wu)}
    assert found[cast.luo.id].skills == {"paint": 105, "body": 60}
    assert found[cast.luo.id].week == dict.fromkeys(range(6), DAY)
    for nobody in (cast.chen, cast.tang):
        with pytest.raises(NotThere):
            crew.member(session, cast.store, nobody.id)


def test_what_is_changed_is_what_the_diary_reckons_with(session: Session, cast: Cast) -> None:
    before, week = of(session, cast.zhou), {0: Hours(540, 1020, 60), 1: DAY, 6: Hours(480, 720, 0)}
    crew.change(session, before, week, {"mechanic": 100, "wash": 120}, seen=before.seen, by=cast.gao)
    session.flush()
    after = of(session, cast.zhou)
    assert (after.week, after.skills) == (week, {"mechanic": 100, "wash": 120})
    monday = cast.gao.moment().astimezone(cast.gao.zone).date() + timedelta(days=14)
    monday -= timedelta(days=monday.weekday())
    first, _, third = diary.days(session, cast.store, cast.gao.zone, monday, 3)
    worker = next(one for one in first.workers if "wash" in one.skills)
    assert (worker.begins, worker.ends, worker.minutes) == (540, 1020, 420)
    assert not [one for one in third.workers if "wash" in one.skills], "they do not work on that day any more"


def test_rows_that_stay_are_changed_in_their_place_and_the_event_says_from_and_to(session: Session, cast: Cast) -> None:
    before = of(session, cast.zhou)
    rows = {one.weekday: one.id for one in session.scalars(select(Shift).where(Shift.staff_id == cast.zhou.id))}
    crew.change(session, before, {0: Hours(510, 990, 60), 1: DAY}, before.skills, seen=before.seen, by=cast.gao)
    session.flush()
    kept = {one.weekday: one for one in session.scalars(select(Shift).where(Shift.staff_id == cast.zhou.id))}
    assert {day: one.id for day, one in kept.items()} == {day: rows[day] for day in (0, 1)}
    assert (kept[0].version, kept[1].version) == (2, 1)
    event = session.scalars(select(Event).where(Event.verb == "crew.changed")).one()
    assert (event.subject_id, event.actor_id) == (cast.zhou.id, cast.gao.id)
    assert event.data["was"]["week"]["0"] == [510, 1050, 480]
    assert event.data["to"]["week"] == {"0": [510, 990, 420], "1": [510, 1050, 480]}


def test_nothing_changed_is_nothing_recorded(session: Session, cast: Cast) -> None:
    here = of(session, cast.zhou)
    crew.change(session, here, dict(here.week), dict(here.skills), seen="of long ago", by=cast.gao)
    assert session.scalar(select(func.count()).where(Event.verb == "crew.changed")) == 0


def test_who_changes_what_somebody_else_has_changed_is_told(session: Session, cast: Cast) -> None:
    opened = of(session, cast.zhou)
    crew.change(session, opened, {0: DAY}, {"mechanic": 110}, seen=opened.seen, by=cast.gao)
    session.flush()
    with pytest.raises(Stale):
        crew.change(session, opened, {1: DAY}, {"mechanic": 110}, seen=opened.seen, by=cast.gao)
    assert of(session, cast.zhou).week == {0: DAY}


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        (Hours(600, 600, 0), "ends-2"), (Hours(700, 600, 0), "ends-2"), (Hours(-1, 600, 0), "ends-2"),
        (Hours(600, 1441, 0), "ends-2"), (Hours(600, 660, 60), "pause-2"), (Hours(600, 660, -1), "pause-2"),
    ],
)  # fmt: skip
def test_a_day_that_makes_no_sense_is_named(session: Session, cast: Cast, hours: Hours, field: str) -> None:
    here = of(session, cast.zhou)
    with pytest.raises(Invalid) as wrong:
        crew.change(session, here, {2: hours}, here.skills, seen=here.seen, by=cast.gao)
    assert set(wrong.value.errors) == {field}


@pytest.mark.parametrize(("skill", "efficiency"), [("mechanic", 9), ("mechanic", 301), ("juggling", 100)])
def test_a_skill_that_makes_no_sense_is_named(session: Session, cast: Cast, skill: str, efficiency: int) -> None:
    here = of(session, cast.zhou)
    with pytest.raises(Invalid) as wrong:
        crew.change(session, here, here.week, {skill: efficiency}, seen=here.seen, by=cast.gao)
    assert set(wrong.value.errors) == {f"skill-{skill}"}


def test_only_who_keeps_the_crew_changes_it(session: Session, cast: Cast) -> None:
    here = of(session, cast.zhou)
    for person in (cast.zhou, cast.wu, cast.chen, cast.admin):
        with pytest.raises(NotAllowed):
            crew.change(session, here, {}, {}, seen=here.seen, by=person)


def test_days_that_are_too_full_now_are_named(session: Session, cast: Cast) -> None:
    here = cast.gao.moment().astimezone(cast.gao.zone)
    monday = (here + timedelta(days=7 - here.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)
    customer = a_customer(session, cast.chen)
    wish = Wish(kind="repair", starts_at=monday)
    booking.book(session, wish, by=cast.chen, customer=customer, car=a_car(session, cast.chen, customer, VIN))
    session.flush()
    assert monday.date() not in crew.overfull(session, cast.gao)
    for one in crew.members(session, cast.store):
        crew.change(session, one, {3: DAY}, one.skills, seen=one.seen, by=cast.gao)
    session.flush()
    assert crew.overfull(session, cast.gao) == [monday.date()]
    assert crew.capacity(session, cast.store, crew.members(session, cast.store), monday.date())[0] == 0


def test_each_skill_of_somebody_stands_once(session: Session, cast: Cast) -> None:
    here = of(session, cast.sun)
    crew.change(session, here, here.week, {"electric": 95, "mechanic": 90, "body": 50}, seen=here.seen, by=cast.gao)
    session.flush()
    query = select(TechnicianSkill).where(TechnicianSkill.staff_id == cast.sun.id)
    versions = {one.skill: one.version for one in session.scalars(query)}
    assert versions == {"electric": 2, "mechanic": 1, "body": 1}
