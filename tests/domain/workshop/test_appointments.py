"""Appointments: slots by capacity, full days, parts, reminders, no-shows, arrival, and two who want the last hour."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.database import Database, now, uuid7
from server.domain.care.contacts import Contact
from server.domain.catalogue.jobs import Job
from server.domain.catalogue.parts import Part
from server.domain.customers import Car, Customer, relations
from server.domain.customers.links import Guest
from server.domain.people import Store
from server.domain.refusals import Invalid, NotAllowed, NotThere, WrongMove
from server.domain.workshop import booking, diary, expecting
from server.domain.workshop.appointments import MOVES, Appointment, State, move, visible_to
from server.domain.workshop.slots import Full, Wish
from tests.cast import OTHER_VIN, VIN, Cast, a_car, a_customer
from tests.domain.workshop.repairing import a_job


def monday(cast: Cast, hour: int = 9, minute: int = 0) -> datetime:
    """The Monday after next on the store's clock."""
    here = now().astimezone(cast.chen.zone)
    day = here + timedelta(days=7 + (7 - here.weekday()))
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def whose(session: Session, cast: Cast, vin: str = VIN) -> tuple[Customer, Car]:
    """Somebody with a car, the same for the same car."""
    known = session.scalar(select(Car).where(Car.store_id == cast.store, Car.vin == vin))
    owner = known and relations.owner_of(session, known)
    if known and owner:
        return owner, known
    customer = a_customer(session, cast.chen, phone=f"1390000{vin[-4:]}")
    return customer, a_car(session, cast.chen, customer, vin)


def booked(session: Session, cast: Cast, vin: str = VIN, by: Any = None, **wish: Any) -> Appointment:
    """A maintenance on that Monday at nine."""
    customer, car = whose(session, cast, vin)
    wanted: Any = {"kind": "maintenance", "starts_at": monday(cast)} | wish
    return booking.book(session, Wish(**wanted), by=by or cast.chen, customer=customer, car=car)


def guest(cast: Cast, customer: Customer) -> Guest:
    """The customer at their link."""
    return Guest(id=customer.id, store_id=cast.store, timezone=cast.chen.timezone, link_id=uuid7())


def heavy(session: Session, cast: Cast, hours: int, skill: str = "body") -> Job:
    """A job of so many hundredths of an hour."""
    job = Job(
        id=uuid7(), store_id=cast.store, version=1, code=f"X-{uuid7().hex[-8:]}", name={"zh": "大活", "en": "Much"},
        kind="body", skill=skill, hours=hours, model_id=None, guarantee="minor", parts=[], active=True,
    )  # fmt: skip
    session.add(job)
    session.flush()  # it is booked by its identity
    return job


def owed(session: Session) -> Sequence[str]:
    """The kinds of calls about appointments that are owed."""
    query = select(Contact.kind).where(Contact.kind.startswith("appointment"), Contact.state == "owed")
    return sorted(session.scalars(query))


def store_of(session: Session, cast: Cast) -> Store:
    return session.get_one(Store, cast.store)


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_every_move_of_an_appointment_is_in_the_table_or_refused(
    session: Session, cast: Cast, before: State, after: State
) -> None:
    appointment = booked(session, cast)
    appointment.state = before
    if after in MOVES[before]:
        move(session, appointment, after, "appointment.tried", by=cast.chen)
        assert appointment.state == after
    else:
        with pytest.raises(WrongMove):
            move(session, appointment, after, "appointment.tried", by=cast.chen)
        assert appointment.state == before


def test_the_hours_of_a_booking_are_those_of_its_jobs_by_skill(session: Session, cast: Cast) -> None:
    oil, battery = a_job(session, cast, "M-B"), a_job(session, cast, "R-BAT")
    appointment = booked(session, cast, jobs=[oil, battery])
    assert appointment.labour == oil.hours + battery.hours
    assert set(appointment.hours) == {oil.skill, battery.skill}
    assert appointment.number.startswith("YY-")


def test_without_jobs_a_booking_takes_what_such_a_visit_takes(session: Session, cast: Cast) -> None:
    assert booked(session, cast).hours == {"mechanic": 100}
    assert booked(session, cast, OTHER_VIN, kind="body").hours == {"body": 300}


def test_the_crew_of_a_monday_can_do_what_the_formula_says(session: Session, cast: Cast) -> None:
    day = diary.days(session, cast.store, cast.chen.zone, monday(cast).date())[0]
    # Zhou 8 h × 110 %, Sun 8 h × 90 %, Wu 4 h × 100 %, 92 % present.
    assert day.skills["mechanic"].capacity == round((880 + 720 + 400) * 0.92)
    assert day.load.demand == 400  # the walk-ins alone: three hours mechanic, one electric


def test_above_100_nobody_books_without_the_right(session: Session, cast: Cast) -> None:
    much = heavy(session, cast, 1400)  # Ma 8 h and Luo 4.8 h of bodywork, 92 % of them present
    with pytest.raises(Full) as full:
        booked(session, cast, kind="body", jobs=[much], over=True)
    assert (full.value.load.percent, full.value.may) == (119, False)
    with pytest.raises(Full) as asked:
        booked(session, cast, kind="body", jobs=[much], by=cast.gao)
    assert asked.value.may
    appointment = booked(session, cast, kind="body", jobs=[much], by=cast.gao, over=True)
    assert appointment.load == 119


def test_above_85_it_warns_and_is_booked(session: Session, cast: Cast) -> None:
    appointment = booked(session, cast, kind="body", jobs=[heavy(session, cast, 1050)])
    assert appointment.load == 90


def test_too_many_at_one_hour_are_over_although_the_day_is_not(session: Session, cast: Cast) -> None:
    mechanic = heavy(session, cast, 100, "mechanic")
    booked(session, cast, OTHER_VIN, jobs=[mechanic])
    with pytest.raises(Full):
        booked(session, cast, jobs=[mechanic])
    booked(session, cast, jobs=[mechanic], starts_at=monday(cast, 14))


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"kind": "party"}, "kind"), ({"stay": "moves in"}, "stay"),
        ({"starts_at": "past"}, "starts_at"), ({"starts_at": "night"}, "starts_at"),
        ({"starts_at": "far"}, "starts_at"),
    ],
)  # fmt: skip
def test_what_cannot_be_booked_is_told_at_its_field(session: Session, cast: Cast, wish: Any, field: str) -> None:
    times = {"past": now() - timedelta(hours=1), "night": monday(cast, 23), "far": monday(cast) + timedelta(days=365)}
    with pytest.raises(Invalid) as wrong:
        booked(session, cast, **{name: times.get(value, value) for name, value in wish.items()})
    assert list(wrong.value.errors) == [field]


def test_nobody_is_received_when_nobody_works(session: Session, cast: Cast) -> None:
    booked(session, cast, starts_at=monday(cast) + timedelta(days=6))  # Sunday: Zhou and Sun
    with pytest.raises(Invalid):
        booked(session, cast, OTHER_VIN, kind="body", starts_at=monday(cast) + timedelta(days=6))


def test_a_part_that_is_not_there_is_told_when_booking(session: Session, cast: Cast) -> None:
    job = next(job for job in session.scalars(select(Job).where(Job.store_id == cast.store)) if job.parts)
    code = job.parts[0]["code"]
    part = session.scalars(select(Part).where(Part.store_id == cast.store, Part.code == code)).one()
    part.on_hand = part.reserved = 0
    appointment = booked(session, cast, kind=job.kind, jobs=[job], by=cast.gao, over=True)
    assert {"code": code, "name": part.name, "wanted": job.parts[0]["quantity"], "free": 0} in appointment.short


def test_a_device_that_asks_twice_has_booked_once(session: Session, cast: Cast) -> None:
    (customer, car), born = whose(session, cast), uuid7()
    wish = Wish(kind="maintenance", starts_at=monday(cast))
    first, second = (booking.book(session, wish, by=cast.chen, customer=customer, car=car, id=born) for _ in range(2))
    assert first.id == second.id == born
    other, others = whose(session, cast, OTHER_VIN)
    with pytest.raises(NotThere):
        booking.book(session, wish, by=cast.chen, customer=other, car=others, id=born)


def test_another_time_is_confirmed_anew_and_its_own_hours_are_not_counted_twice(session: Session, cast: Cast) -> None:
    appointment = booked(session, cast, kind="body", jobs=[heavy(session, cast, 1050)])
    booking.confirm(session, appointment, by=cast.chen)
    booking.put_to(session, appointment, monday(cast, 11), by=cast.chen)
    assert (appointment.state, appointment.moved, appointment.load) == (State.BOOKED, 1, 90)
    booking.put_to(session, appointment, monday(cast, 11), by=cast.chen)
    assert appointment.moved == 1
    booking.cancel(session, appointment, by=cast.chen, why="客户出差")
    with pytest.raises(WrongMove):
        booking.put_to(session, appointment, monday(cast, 15), by=cast.chen)


def test_cancelled_hours_are_free_again(session: Session, cast: Cast) -> None:
    appointment = booked(session, cast, kind="body", jobs=[heavy(session, cast, 1050)])
    with pytest.raises(Full):
        booked(session, cast, OTHER_VIN, kind="body", starts_at=monday(cast, 14))
    with pytest.raises(Invalid):
        booking.cancel(session, appointment, by=cast.chen, why="")
    booking.cancel(session, appointment, by=cast.chen, why="客户出差")
    session.flush()  # the day is counted anew
    booked(session, cast, OTHER_VIN, kind="body", starts_at=monday(cast, 14))


def test_a_customer_books_moves_confirms_and_cancels_by_their_link(session: Session, cast: Cast) -> None:
    customer, car = whose(session, cast)
    by = guest(cast, customer)
    wish = Wish(kind="maintenance", starts_at=monday(cast))
    appointment = booking.book(session, wish, by=by, customer=customer, car=car)
    assert (appointment.source, appointment.created_by) == ("link", None)
    booking.confirm(session, appointment, by=by)
    booking.put_to(session, appointment, monday(cast, 10), by=by)
    booking.cancel(session, appointment, by=by, why="自己取消")
    assert booking.expected_of(session, cast.store, customer.id, car.id) is None
    soon = Wish(kind="maintenance", starts_at=now() + timedelta(minutes=30))
    with pytest.raises(Invalid):
        booking.book(session, soon, by=by, customer=customer, car=car)


def test_a_customer_never_overbooks(session: Session, cast: Cast) -> None:
    customer, car = whose(session, cast)
    wish = Wish(kind="body", starts_at=monday(cast), jobs=[heavy(session, cast, 1400)], over=True)
    with pytest.raises(Full) as full:
        booking.book(session, wish, by=guest(cast, customer), customer=customer, car=car)
    assert not full.value.may


def test_an_arrival_opens_the_order_once(session: Session, cast: Cast) -> None:
    appointment = booked(session, cast, stay="waits", said="刹车有异响")
    order = booking.arrive(session, appointment, by=cast.chen)
    assert (order.appointment_id, order.waits_here, order.words[0]["what"]) == (appointment.id, True, "刹车有异响")
    assert (appointment.state, appointment.order_id) == (State.ARRIVED, order.id)
    session.flush()  # it is read back
    assert booking.arrive(session, appointment, by=cast.chen).id == order.id


def test_reminders_are_owed_the_day_before_and_on_the_day(session: Session, cast: Cast) -> None:
    appointment = booked(session, cast, advisor_id=cast.chen.id, starts_at=monday(cast) + timedelta(hours=2))
    starts = appointment.starts_at
    session.flush()  # the round reads it
    expecting.remind(session, store_of(session, cast), starts - timedelta(days=3))
    assert owed(session) == []
    for _ in range(2):
        expecting.remind(session, store_of(session, cast), starts - timedelta(hours=30) + timedelta(hours=2))
    assert owed(session) == ["appointment_day"]
    expecting.remind(session, store_of(session, cast), starts - timedelta(hours=2))
    assert owed(session) == ["appointment_day", "appointment_hour"]
    dues = {one.kind: one.due_at for one in session.scalars(select(Contact).where(Contact.kind.like("appointment%")))}
    assert dues == {"appointment_day": starts - timedelta(days=1), "appointment_hour": starts - timedelta(hours=1)}


def test_who_has_confirmed_is_not_called_the_day_before(session: Session, cast: Cast) -> None:
    appointment = booked(session, cast)
    starts = appointment.starts_at
    booking.confirm(session, appointment, by=cast.chen)
    session.flush()  # the round reads it
    expecting.remind(session, store_of(session, cast), starts - timedelta(hours=20))
    assert owed(session) == []
    expecting.remind(session, store_of(session, cast), starts - timedelta(hours=2))
    assert owed(session) == ["appointment_hour"]


def test_what_is_over_is_not_called_about(session: Session, cast: Cast) -> None:
    appointment = booked(session, cast)
    session.flush()  # the round reads it
    expecting.remind(session, store_of(session, cast), appointment.starts_at - timedelta(hours=20))
    booking.cancel(session, appointment, by=cast.chen, why="客户出差")
    session.flush()  # what is owed is read back
    assert owed(session) == []


def test_who_does_not_come_is_counted_and_asked(session: Session, cast: Cast) -> None:
    appointment = booked(session, cast)
    starts, store = appointment.starts_at, store_of(session, cast)
    session.flush()  # the round reads it
    assert expecting.miss(session, store, starts + timedelta(minutes=59)) == 0
    assert expecting.miss(session, store, starts + timedelta(minutes=61)) == 1
    assert expecting.miss(session, store, starts + timedelta(minutes=61)) == 0
    assert (appointment.state, owed(session)) == (State.NO_SHOW, ["appointment_missed"])
    booking.arrive(session, appointment, by=cast.chen)
    assert appointment.state == State.ARRIVED


def test_the_questions_for_a_fortnight_are_as_many_as_for_a_day(session: Session, cast: Cast) -> None:
    booked(session, cast)
    session.flush()  # only questions are counted
    asked: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2]))
    diary.days(session, cast.store, cast.chen.zone, monday(cast).date(), 1)
    for_a_day = len(asked)
    diary.days(session, cast.store, cast.chen.zone, monday(cast).date(), 14)
    assert len(asked) == 2 * for_a_day == 8


def test_others_do_not_see_what_is_booked(session: Session, cast: Cast) -> None:
    appointment = booked(session, cast)
    session.flush()  # it is looked up
    assert visible_to(session, cast.zhou).one(appointment.id).id == appointment.id
    assert [one.id for one in visible_to(session, cast.chen).on(monday(cast).date())] == [appointment.id]
    for person in (cast.lin, cast.tang):
        with pytest.raises(NotThere):
            visible_to(session, person).one(appointment.id)
    with pytest.raises(NotAllowed):
        booking.cancel(session, appointment, by=cast.zhou, why="x")


def test_of_two_who_want_the_last_hours_one_is_told_that_they_are_gone(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        job = heavy(session, cast, 700)
        people = [whose(session, cast, vin) for vin in (VIN, OTHER_VIN)]
        wanted = [(customer.id, car.id, job.id) for customer, car in people]

    def take(which: int) -> str:
        customer_id, car_id, job_id = wanted[which]
        with database.work(cast.store) as session:
            wish = Wish(kind="body", starts_at=monday(cast), jobs=[session.get_one(Job, job_id)])
            customer, car = session.get_one(Customer, customer_id), session.get_one(Car, car_id)
            try:
                booking.book(session, wish, by=cast.chen, customer=customer, car=car)
            except Full:
                return "full"
            return "booked"

    with ThreadPoolExecutor(2) as desks:
        assert sorted(desks.map(take, (0, 1))) == ["booked", "full"]
    with database.work(cast.store) as session:
        assert len(session.scalars(select(Appointment)).all()) == 1


def test_who_books_on_the_day_itself_is_not_called_on_the_day_before(session: Session, cast: Cast) -> None:
    starts = monday(cast)
    with clock.at(starts - timedelta(hours=3)):
        appointment = booked(session, cast, starts_at=starts)
    assert appointment.day_reminded_at is not None
    assert appointment.hour_reminded_at is None
