"""Before a visit: two calls, everything packed, nobody and no car at two places at once; and what is let go again."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.database import Database, now, uuid7
from server.domain.care import Contact, visit_before, visit_changing, visit_gifts, visit_holds, visit_planning
from server.domain.care.visit_goods import Gift
from server.domain.care.visit_holds import Taken
from server.domain.care.visits import HomeVisit
from server.domain.catalogue import Parameter
from server.domain.checklists import Run, runs
from server.domain.people import Staff
from server.domain.refusals import Invalid, NotAllowed, NotThere, Stale, WrongMove
from server.domain.showroom.bookings import Hold
from server.domain.showroom.bookings import Taken as CarTaken
from tests.cast import Cast
from tests.domain.drives import a_demo_car, a_drive
from tests.domain.home_visits.planned import (
    a_booked_visit,
    a_gift,
    a_plan,
    a_team,
    a_visit,
    an_owner,
    as_is,
    packed,
    told,
    tomorrow,
)


def calls(session: Session, visit: HomeVisit) -> list[tuple[str, str]]:
    """What was owed to its customer around it."""
    query = select(Contact).where(Contact.customer_id == visit.customer_id).order_by(Contact.id)
    return [(one.kind, one.state) for one in session.scalars(query)]


def answered(session: Session, visit: HomeVisit) -> set[str]:
    """The items of its list that are answered as good."""
    assert visit.run_id is not None
    progress = runs.progress(session, session.get_one(Run, visit.run_id))
    codes = {question.id: question.code for question in progress.sheet.questions()}
    return {codes[item] for item, answer in progress.newest.items() if answer.verdict == "ok"}


# --- The two calls ------------------------------------------------------------------------------------


def test_a_visit_is_booked_by_a_call_that_is_written_down_and_confirmed_by_another(
    session: Session, cast: Cast
) -> None:
    visit = a_visit(session, cast, team=a_team(session, cast))
    assert calls(session, visit) == [("visit_booking", "owed")]
    visit_before.book(session, visit, tomorrow(cast.he), by=cast.he, note="上午在家")
    assert (visit.state, visit.booked_by, visit.starts_at) == ("booked", cast.he.id, tomorrow(cast.he))
    assert calls(session, visit) == [("visit_booking", "done"), ("visit_confirmation", "owed")]
    assert answered(session, visit) == {"C08-01", "C08-02"}
    assert told(session, cast.zhou)[-1][0] == "visit.booked"
    visit_before.confirm(session, visit, by=cast.lin)
    assert (visit.state, visit.confirmed_by) == ("confirmed", cast.lin.id)
    assert calls(session, visit) == [("visit_booking", "done"), ("visit_confirmation", "done")]
    assert answered(session, visit) == {"C08-01", "C08-02", "C08-03"}


def test_the_confirmation_is_due_two_hours_before(session: Session, cast: Cast) -> None:
    visit = a_booked_visit(session, cast, hour=14)
    due = session.scalars(select(Contact.due_at).where(Contact.kind == "visit_confirmation")).one()
    assert due == tomorrow(cast.he, 12)
    assert visit.ends_at == tomorrow(cast.he, 15)


def test_a_visit_of_next_week_is_not_confirmed_yet(session: Session, cast: Cast) -> None:
    visit = a_visit(session, cast, team=a_team(session, cast))
    visit_before.book(session, visit, tomorrow(cast.he) + timedelta(days=6), by=cast.he)
    assert visit.day == (tomorrow(cast.he) + timedelta(days=6)).date()
    with pytest.raises(WrongMove):
        visit_before.confirm(session, visit, by=cast.he)


def test_a_draft_is_not_booked_and_nothing_without_an_address_or_in_the_past(session: Session, cast: Cast) -> None:
    owner = an_owner(session, cast, 1)
    [draft] = visit_planning.choose(session, a_plan(session, cast), [owner.customer_id], by=cast.he)
    with pytest.raises(WrongMove):
        visit_before.book(session, draft, tomorrow(cast.he), by=cast.he)
    nowhere = a_visit(session, cast, 2, address="")
    with pytest.raises(Invalid) as refused:
        visit_before.book(session, nowhere, tomorrow(cast.he), by=cast.he)
    assert set(refused.value.errors) == {"address"}
    with pytest.raises(Invalid) as refused:
        visit_before.book(session, nowhere, now() - timedelta(days=1), by=cast.he, address="芜湖市弋江区")
    assert set(refused.value.errors) == {"starts_at"}
    visit_before.book(session, nowhere, tomorrow(cast.he), by=cast.he, address="芜湖市弋江区")
    assert nowhere.area["zh"] == "弋江区"


def test_who_does_not_go_on_visits_does_nothing_here(session: Session, cast: Cast) -> None:
    visit = a_booked_visit(session, cast)
    for deed in (
        lambda: visit_before.confirm(session, visit, by=cast.pei),
        lambda: visit_before.pack(session, visit, "oil", True, by=cast.pei),
        lambda: visit_changing.cancel(session, visit, by=cast.pei, why="x"),
        lambda: visit_changing.change(session, visit, as_is(visit), by=cast.lin, version=visit.version),
        lambda: visit_gifts.take(session, visit, a_gift(session, cast).id, 1, by=cast.pei),
    ):
        with pytest.raises(NotAllowed):
            deed()


# --- Packing ------------------------------------------------------------------------------------------


def test_nobody_leaves_before_everything_is_called_for_and_packed(session: Session, cast: Cast) -> None:
    visit = a_booked_visit(session, cast)
    visit.demo_car = a_demo_car(session, cast.gao)
    session.flush()
    said = [one.message for one in visit_before.why_not(session, visit)]
    assert said == ["The call to confirm it was not made.", "Not packed yet: %(count)s of the equipment."]
    with pytest.raises(WrongMove):
        visit_before.set_out(session, visit, by=cast.zhou)
    visit_before.confirm(session, visit, by=cast.he)
    assert len(visit_before.unpacked(session, visit)) == 10
    for entry in visit_before.unpacked(session, visit)[:9]:
        visit_before.pack(session, visit, entry.code, True, by=cast.zhou)
        visit_before.pack(session, visit, entry.code, True, by=cast.lin)
    assert "C08-04" not in answered(session, visit)
    with pytest.raises(WrongMove):
        visit_before.set_out(session, visit, by=cast.zhou)
    packed(session, visit, cast.zhou)
    assert answered(session, visit) == {"C08-01", "C08-02", "C08-03", "C08-04", "C08-05"}
    with pytest.raises(WrongMove) as refused:  # it is agreed for tomorrow
        visit_before.set_out(session, visit, by=cast.zhou)
    assert refused.value.said.gaps["day"] == visit.day.isoformat()
    visit_before.set_out(session, visit, by=cast.zhou, even_so=True)
    assert visit.state == "on_the_way"
    assert visit.set_out_at is not None
    with pytest.raises(WrongMove):
        visit_before.pack(session, visit, "oil", False, by=cast.zhou)


def test_the_second_of_a_team_who_says_that_they_leave_says_nothing_new(session: Session, cast: Cast) -> None:
    visit = a_booked_visit(session, cast)
    visit_before.confirm(session, visit, by=cast.he)
    packed(session, visit, cast.zhou)
    visit.day = now().astimezone(cast.he.zone).date()
    visit_before.set_out(session, visit, by=cast.he)
    first, version = visit.set_out_at, visit.version
    for state in ("on_the_way", "there", "done", "closed", "broken_off"):
        visit.state = state
        visit_before.confirm(session, visit, by=cast.lin)
        visit_before.pack(session, visit, "oil", True, by=cast.lin)
        visit_before.set_out(session, visit, by=cast.lin)
        assert (visit.state, visit.set_out_at, visit.version) == (state, first, version)
    visit.state = "cancelled"
    with pytest.raises(WrongMove):
        visit_before.set_out(session, visit, by=cast.lin)


def test_without_a_demonstration_car_nine_things_are_packed(session: Session, cast: Cast) -> None:
    visit = a_booked_visit(session, cast)
    assert len(visit_before.unpacked(session, visit)) == 9
    packed(session, visit, cast.zhou)
    assert visit.run_id is not None
    progress = runs.progress(session, session.get_one(Run, visit.run_id))
    assert not {visit_before.PACKED_ITEM, visit_before.PAPERS_ITEM} & {one.code for one in progress.in_the_way}
    visit_before.pack(session, visit, "torch", False, by=cast.zhou)
    assert [entry.code for entry in visit_before.unpacked(session, visit)] == ["torch"]
    with pytest.raises(NotThere):
        visit_before.pack(session, visit, "piano", True, by=cast.zhou)


def test_a_demonstration_car_whose_papers_end_stays_here(session: Session, cast: Cast) -> None:
    visit = a_booked_visit(session, cast)
    visit.demo_car = a_demo_car(session, cast.gao)
    visit.demo_car.insured_until = visit.day - timedelta(days=1)
    visit_before.confirm(session, visit, by=cast.he)
    packed(session, visit, cast.zhou)
    assert [one.message for one in visit_before.why_not(session, visit)] == [
        "The papers of %(plate)s do not hold on that day."
    ]
    assert "C08-05" not in answered(session, visit)
    with pytest.raises(WrongMove):
        visit_before.set_out(session, visit, by=cast.he)


# --- Presents -----------------------------------------------------------------------------------------


def test_presents_come_out_of_stock_and_go_back_when_it_is_cancelled(session: Session, cast: Cast) -> None:
    gift, visit = a_gift(session, cast, 3), a_booked_visit(session, cast)
    visit_gifts.take(session, visit, gift.id, 2, by=cast.zhou)
    assert (gift.on_hand, [line.pieces for line in visit_gifts.of_visit(session, visit)]) == (1, [2])
    with pytest.raises(WrongMove):
        visit_gifts.take(session, visit, gift.id, 2, by=cast.lin)
    for wrong in (0, -1, 19):
        with pytest.raises(Invalid):
            visit_gifts.take(session, visit, gift.id, wrong, by=cast.lin)
    visit_changing.cancel(session, visit, by=cast.he, why="客户出差")
    assert (gift.on_hand, visit_gifts.of_visit(session, visit)) == (3, [])


def test_presents_are_counted_by_who_plans(session: Session, cast: Cast) -> None:
    gift = a_gift(session, cast, 3)
    visit_gifts.count(session, gift.id, 12, by=cast.he)
    assert session.get_one(Gift, gift.id).on_hand == 12
    with pytest.raises(NotAllowed):
        visit_gifts.count(session, gift.id, 9, by=cast.zhou)
    with pytest.raises(Invalid):
        visit_gifts.count(session, gift.id, -1, by=cast.he)


# --- At two places at once ----------------------------------------------------------------------------


def test_nobody_is_on_two_visits_at_once_and_the_database_says_so(session: Session, cast: Cast) -> None:
    team = a_team(session, cast)
    first, second = (a_visit(session, cast, number, team) for number in (1, 2))
    visit_before.book(session, first, tomorrow(cast.he, 10), by=cast.he)
    assert len(visit_holds.held(session, first)) == 4  # three people and the van
    with pytest.raises(Taken) as taken:
        visit_before.book(session, second, tomorrow(cast.he, 10) + timedelta(minutes=65), by=cast.he)
    assert "周强" in taken.value.said.gaps["what"]
    assert "皖B20001" in taken.value.said.gaps["what"]
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(_held(first, second))
        session.flush()
    session.refresh(second)
    session.expire_all()


def test_a_few_minutes_between_two_visits_are_enough(session: Session, cast: Cast) -> None:
    team = a_team(session, cast)
    first, second = (a_visit(session, cast, number, team) for number in (1, 2))
    visit_before.book(session, first, tomorrow(cast.he, 10), by=cast.he)
    visit_before.book(session, second, tomorrow(cast.he, 11) + timedelta(minutes=10), by=cast.he)
    assert second.state == "booked"


def test_a_test_drive_and_a_visit_refuse_each_other_the_car_and_the_consultant(session: Session, cast: Cast) -> None:
    car = a_demo_car(session, cast.gao)
    visit = a_visit(session, cast, team=a_team(session, cast))
    visit.demo_car = car
    visit_before.book(session, visit, tomorrow(cast.he, 10), by=cast.he)
    with pytest.raises(CarTaken), session.begin_nested():
        a_drive(session, cast, car, at=tomorrow(cast.he, 10), of_prospect=False)
    visit_changing.cancel(session, visit, by=cast.he, why="客户改期")
    drive = a_drive(session, cast, car, at=tomorrow(cast.he, 10), of_prospect=False)
    other = a_visit(session, cast, 2, a_team(session, cast, "二队", {"sun": "technician"}, "皖B3"))
    other.demo_car = car
    with pytest.raises(Taken) as taken, session.begin_nested():
        visit_before.book(session, other, drive.starts_at, by=cast.he)
    assert taken.value.said.gaps["what"] == car.plate


def test_of_two_desks_that_book_the_same_people_at_once_one_does(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        team = a_team(session, cast)
        ids = [a_visit(session, cast, number, team).id for number in (1, 2)]
    done = 0
    for visit_id in ids:
        try:
            with database.work(cast.store) as session:
                visit = session.get_one(HomeVisit, visit_id)
                visit_before.book(session, visit, tomorrow(cast.he, 10), by=cast.he)
            done += 1
        except Taken:
            pass
    assert done == 1
    with database.work(cast.store) as session:
        states = [session.get_one(HomeVisit, visit_id).state for visit_id in ids]
        assert states == ["booked", "planned"]
        assert len(session.scalars(select(Hold).where(Hold.visit_id.is_not(None))).all()) == 4


# --- Changing and cancelling --------------------------------------------------------------------------


def test_another_day_is_to_be_agreed_on_anew_and_is_told_to_all_concerned(session: Session, cast: Cast) -> None:
    visit = a_booked_visit(session, cast)
    later = tomorrow(cast.he) + timedelta(days=2)
    crew = {cast.he.id: "care_manager", cast.sun.id: "technician"}
    visit_changing.change(
        session, visit, as_is(visit, day=later.date(), starts_at=later, crew=crew), by=cast.gao, version=visit.version
    )  # fmt: skip
    assert (visit.state, visit.booked_at, visit_holds.held(session, visit)) == ("planned", None, [])
    assert calls(session, visit) == [
        ("visit_booking", "done"), ("visit_confirmation", "given_up"), ("visit_booking", "owed"),
    ]  # fmt: skip
    assert visit.crew == {cast.he.id, cast.sun.id}
    for person in (cast.he, cast.lin, cast.zhou, cast.sun):  # also those who stay at home now
        assert told(session, person)[-1][0] == "visit.moved"


def test_other_people_go_without_another_call(session: Session, cast: Cast) -> None:
    visit = a_booked_visit(session, cast)
    crew = {cast.he.id: "care_manager", cast.ma.id: "technician"}
    visit_changing.change(session, visit, as_is(visit, crew=crew), by=cast.he, version=visit.version)
    assert visit.state == "booked"
    assert {one.resource for one in visit_holds.held(session, visit)} == {
        f"consultant:{cast.he.id}", f"consultant:{cast.ma.id}", f"vehicle:{visit.vehicle_id}",
    }  # fmt: skip


def test_whoever_changed_first_is_not_overwritten(session: Session, cast: Cast) -> None:
    visit = a_booked_visit(session, cast)
    seen = visit.version
    visit_changing.change(session, visit, as_is(visit, note="带孩子"), by=cast.he, version=seen)
    with pytest.raises(Stale):
        visit_changing.change(session, visit, as_is(visit, note="别的"), by=cast.gao, version=seen)


def test_what_makes_no_sense_is_refused_at_its_field(session: Session, cast: Cast) -> None:
    visit = a_booked_visit(session, cast)
    car = a_demo_car(session, cast.gao)
    car.inspected_until = visit.day - timedelta(days=1)
    assert visit.vehicle is not None
    visit.vehicle.seats = 2
    wrong = {
        "day": {"day": visit.day - timedelta(days=9)}, "starts_at": {"starts_at": None}, "minutes": {"minutes": 5},
        "latitude": {"longitude": 118.0}, "demo_car": {"demo_car": car}, "vehicle": {},
        "crew": {"crew": {cast.pei.id: "technician"}},
    }  # fmt: skip
    for field, other in wrong.items():
        with pytest.raises(Invalid) as refused:
            visit_changing.change(session, visit, as_is(visit, **other), by=cast.he, version=visit.version)
        assert field in refused.value.errors


def test_a_cancelled_visit_frees_people_and_cars_and_owes_no_call(session: Session, cast: Cast) -> None:
    visit = a_booked_visit(session, cast)
    with pytest.raises(Invalid):
        visit_changing.cancel(session, visit, by=cast.he, why="")
    visit_changing.cancel(session, visit, by=cast.lin, why="客户不在家")
    assert (visit.state, visit.why, visit_holds.held(session, visit)) == ("cancelled", "客户不在家", [])
    assert calls(session, visit) == [("visit_booking", "done"), ("visit_confirmation", "given_up")]
    assert told(session, cast.zhou)[-1][0] == "visit.cancelled"
    again = a_visit(session, cast, 2, visit.team)
    visit_before.book(session, again, tomorrow(cast.he, 10), by=cast.he)
    with pytest.raises(WrongMove):
        visit_changing.cancel(session, visit, by=cast.he, why="x")


def test_a_customer_has_one_visit_to_come(session: Session, cast: Cast) -> None:
    visit = a_visit(session, cast)
    with pytest.raises(Invalid):
        visit_changing.add(session, visit.customer, visit.car, visit.day, by=cast.he)
    with pytest.raises(NotAllowed):
        visit_changing.add(session, visit.customer, visit.car, visit.day, by=cast.lin)


def test_the_store_says_how_long_and_how_much_to_spare(session: Session, cast: Cast) -> None:
    rules = session.scalars(
        select(Parameter).where(Parameter.store_id == cast.store, Parameter.key == "visit_rules")
    ).one()
    rules.value = rules.value | {"minutes": 90, "spare": 30}
    session.flush()
    visit = a_booked_visit(session, cast)
    [hold, *_] = visit_holds.held(session, visit)
    assert (visit.minutes, hold.starts_at, hold.ends_at) == (
        90, tomorrow(cast.he) - timedelta(minutes=30), tomorrow(cast.he) + timedelta(minutes=90),
    )  # fmt: skip
    assert session.get_one(Staff, cast.he.id).active


def _held(first: HomeVisit, second: HomeVisit) -> Hold:
    """What somebody might write past the verbs."""
    assert first.starts_at is not None
    assert first.ends_at is not None
    who = next(iter(first.crew))
    return Hold(
        id=uuid7(), store_id=first.store_id, drive_id=None, visit_id=second.id, kind="consultant",
        resource=f"consultant:{who}", starts_at=first.starts_at, ends_at=first.ends_at,
    )  # fmt: skip
