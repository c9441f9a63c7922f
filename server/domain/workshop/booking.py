"""Booking a slot, and what becomes of it: put to another time, confirmed, cancelled, and the car that comes."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.billing.numbers import next_number
from server.domain.customers import Car, Customer
from server.domain.people import Person, Right
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere
from server.domain.workshop import intake, slots
from server.domain.workshop.appointments import DESK, EXPECTED, LINK, Appointment, State, move, tell
from server.domain.workshop.repair_orders import RepairOrder
from server.domain.workshop.slots import Booker, Wish

LONGEST = 500
DAY_BEFORE = timedelta(days=1)


def book(
    session: Session, wish: Wish, *, by: Booker, customer: Customer, car: Car, id: UUID | None = None
) -> Appointment:  # fmt: skip
    """Take a slot. Raises Invalid, Full; asked twice by the same device it is booked once."""
    _may(by)
    take_turn(session, by.store_id)  # of two who want the last hours, one is told that they are gone
    if id is not None and (known := session.get(Appointment, id)):
        if known.customer_id != customer.id:
            raise NotThere
        return known
    hours = slots.hours_of(wish.kind, wish.jobs)
    load = slots.check(session, wish, hours, by)
    at, starts_at = now(), wish.starts_at
    appointment = Appointment(
        id=id or uuid7(), store_id=by.store_id, number=next_number(session, "YY", by=by), state=State.BOOKED,
        kind=wish.kind, customer_id=customer.id, car_id=car.id, advisor_id=wish.advisor_id, starts_at=starts_at,
        stay=wish.stay, jobs=[slots.line(job) for job in wish.jobs], hours=hours, said=wish.said,
        short=slots.shortages(session, by.store_id, wish.jobs), load=load.percent,
        source=DESK if isinstance(by, Person) else LINK, moved=0, created_at=at,
        created_by=by.id if isinstance(by, Person) else None,
    )  # fmt: skip
    _need_no_reminder(appointment, at)
    session.add(appointment)
    session.flush()  # the event points at it
    tell(session, "appointment.booked", appointment, by=by, starts=starts_at, kind=wish.kind, load=load.percent)
    return appointment


def put_to(session: Session, appointment: Appointment, starts_at: datetime, *, by: Booker, over: bool = False) -> None:
    """Another time. Raises Invalid, Full, WrongMove when it is past changing."""
    _may(by)
    _hold(session, appointment, by)
    if appointment.is_expected and starts_at == appointment.starts_at:
        return
    wish = Wish(kind=appointment.kind, starts_at=starts_at, stay=appointment.stay, over=over)
    load = slots.check(session, wish, appointment.hours, by, but=appointment.id) if appointment.is_expected else None
    before = appointment.starts_at
    if appointment.state != State.BOOKED or load is None:  # what is over says so itself
        move(session, appointment, State.BOOKED, "appointment.unconfirmed", by=by)
    assert load is not None
    appointment.starts_at, appointment.load = starts_at, load.percent
    appointment.moved += 1
    appointment.day_reminded_at = appointment.hour_reminded_at = appointment.confirmed_at = None
    appointment.version += 1
    _need_no_reminder(appointment, now())
    tell(session, "appointment.moved", appointment, by=by, from_=before, to=starts_at, load=load.percent)


def confirm(session: Session, appointment: Appointment, *, by: Booker) -> None:
    """The customer says that they come; said twice, it is said. Raises WrongMove."""
    _may(by)
    _hold(session, appointment, by)
    if appointment.state != State.CONFIRMED:
        move(session, appointment, State.CONFIRMED, "appointment.confirmed", by=by)
        appointment.confirmed_at = by.moment()


def cancel(session: Session, appointment: Appointment, *, by: Booker, why: str) -> None:
    """They do not come; the hours are free again. Raises Invalid at `why`, WrongMove."""
    _may(by)
    _hold(session, appointment, by)
    if not why:
        raise Invalid.at("why", N_("Please fill this in."))
    appointment.why = why[:LONGEST]
    move(session, appointment, State.CANCELLED, "appointment.cancelled", by=by, why=appointment.why)


def arrive(session: Session, appointment: Appointment, *, by: Person) -> RepairOrder:
    """They are here: the repair order begins with what was booked. Raises WrongMove, NotAllowed."""
    intake.may_write(by)
    _hold(session, appointment, by)
    if appointment.order_id is not None:
        return session.get_one(RepairOrder, appointment.order_id)
    move(session, appointment, State.ARRIVED, "appointment.arrived", by=by)
    order = intake.open_order(
        session, by=by, customer=appointment.customer, car=appointment.car, kind=appointment.kind,
        appointment_id=appointment.id,
    )  # fmt: skip
    appointment.arrived_at, appointment.order_id = order.arrived_at, order.id
    order.waits_here = appointment.stay == "waits"
    if appointment.said:
        intake.write_words(session, order, [intake.Words(what=appointment.said)], by=by)
    return order


def expected_of(session: Session, store_id: UUID, customer_id: UUID, car_id: UUID) -> Appointment | None:
    """The appointment for which this customer's car is expected next."""
    query = select(Appointment).where(Appointment.store_id == store_id, Appointment.customer_id == customer_id)
    query = query.where(Appointment.car_id == car_id, Appointment.state.in_(EXPECTED))
    return session.scalar(query.order_by(Appointment.starts_at).limit(1))


def _may(by: Booker) -> None:
    if isinstance(by, Person) and not by.may(Right.BOOK_SERVICE):
        raise NotAllowed


def _hold(session: Session, appointment: Appointment, by: Booker) -> None:
    """Everybody who changes an appointment waits for their turn, and reads it anew."""
    take_turn(session, by.store_id)
    session.refresh(appointment)


def _need_no_reminder(appointment: Appointment, at: datetime) -> None:
    """Who books for the same or the next day is not called about it the day before."""
    if appointment.starts_at - at < DAY_BEFORE:
        appointment.day_reminded_at = at
    if appointment.starts_at - at < timedelta(hours=1):
        appointment.hour_reminded_at = at
