"""Booking a slot: the hours it takes, whether the day still holds them, the parts it needs, and what becomes of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.billing.numbers import next_number
from server.domain.catalogue.jobs import KINDS, Job
from server.domain.catalogue.parts import Part
from server.domain.customers import Car, Customer
from server.domain.customers.links import Guest
from server.domain.people import Person, Right
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere, Said
from server.domain.workshop import diary, intake
from server.domain.workshop.appointments import (
    DESK,
    EXPECTED,
    LEAVES,
    LINK,
    STAYS,
    Appointment,
    State,
    move,
    tell,
)
from server.domain.workshop.capacity import HUNDREDTHS, MINUTES, Load
from server.domain.workshop.diary import Day, minute_of
from server.domain.workshop.repair_orders import RepairOrder

Booker = Person | Guest
MOST_JOBS = 12
LONGEST = 500
UNSAID = {"maintenance": 100, "repair": 150, "body": 300, "warranty": 150, "recall": 100}
"""Hundredths of an hour, for who does not know yet what is to be done."""
USUAL_SKILL = {"body": "body"}
DAY_BEFORE = timedelta(days=1)


class Wish(msgspec.Struct, kw_only=True, frozen=True):
    """What a customer wants: for what, when, and how they stay."""

    kind: str
    starts_at: datetime
    jobs: Sequence[Job] = ()
    stay: str = LEAVES
    said: str = ""
    advisor_id: UUID | None = None
    over: bool = False
    """Book it although the day is full."""


class Full(Invalid):
    """The day or the hour holds no more; `load` is how full it would be."""

    def __init__(self, load: Load, *, may: bool) -> None:
        said = N_("This would fill it to %(percent)s %%. Choose another time.")
        if may:
            said = N_("This would fill it to %(percent)s %%. Choose another time, or book it even so.")
        super().__init__({"starts_at": Said(said, percent=load.percent)})
        self.load, self.may = load, may


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
    hours = hours_of(wish.kind, wish.jobs)
    load = _check(session, wish, hours, by)
    at, starts_at = now(), wish.starts_at
    appointment = Appointment(
        id=id or uuid7(), store_id=by.store_id, number=next_number(session, "YY", by=by), state=State.BOOKED,
        kind=wish.kind, customer_id=customer.id, car_id=car.id, advisor_id=wish.advisor_id, starts_at=starts_at,
        stay=wish.stay, jobs=[_line(job) for job in wish.jobs], hours=hours, said=wish.said,
        short=shortages(session, by.store_id, wish.jobs), load=load.percent,
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
    load = _check(session, wish, appointment.hours, by, but=appointment.id) if appointment.is_expected else None
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


def hours_of(kind: str, jobs: Sequence[Job]) -> dict[str, int]:
    """What the jobs take, by skill; without any, what such a visit takes as a rule."""
    if not jobs:
        return {USUAL_SKILL.get(kind, "mechanic"): UNSAID.get(kind, HUNDREDTHS)}
    hours: dict[str, int] = {}
    for job in jobs:
        hours[job.skill] = hours.get(job.skill, 0) + job.hours
    return hours


def shortages(session: Session, store_id: UUID, jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """Parts of these jobs of which less lies free than they need: to be ordered before the day."""
    wanted: dict[str, int] = {}
    for part in (part for job in jobs for part in job.parts):
        wanted[part["code"]] = wanted.get(part["code"], 0) + part["quantity"]
    rows = session.scalars(select(Part).where(Part.store_id == store_id, Part.code.in_(list(wanted))))
    known = {part.code: part for part in rows}
    return [
        {"code": code, "name": known[code].name, "wanted": need, "free": known[code].free}
        for code, need in wanted.items() if code in known and known[code].free < need
    ]  # fmt: skip


def jobs_named(session: Session, store_id: UUID, ids: Sequence[UUID]) -> list[Job]:
    """These jobs of the catalogue, in the order in which they were asked for."""
    rows = session.scalars(select(Job).where(Job.store_id == store_id, Job.active, Job.id.in_(list(ids))))
    known = {job.id: job for job in rows}
    return [known[one] for one in dict.fromkeys(ids) if one in known]


def _may(by: Booker) -> None:
    if isinstance(by, Person) and not by.may(Right.BOOK_SERVICE):
        raise NotAllowed


def _hold(session: Session, appointment: Appointment, by: Booker) -> None:
    """Everybody who changes an appointment waits for their turn, and reads it anew."""
    take_turn(session, by.store_id)
    session.refresh(appointment)


def _check(
    session: Session, wish: Wish, hours: dict[str, int], by: Booker, but: UUID | None = None
) -> Load:  # fmt: skip
    starts_at, zone = wish.starts_at.astimezone(by.zone), by.zone
    day = diary.days(session, by.store_id, zone, starts_at.date(), but=but)[0]
    errors = _wrong(wish, day, starts_at, by)
    if errors:
        raise Invalid(errors)
    load = day.fullest(minute_of(starts_at, zone), hours)
    if load.is_over:
        may = isinstance(by, Person) and by.may(Right.OVERBOOK)
        if not (may and wish.over):
            raise Full(load, may=may)
    return load


def _wrong(wish: Wish, day: Day, starts_at: datetime, by: Booker) -> dict[str, Said]:
    errors: dict[str, Said] = {}
    if wish.kind not in KINDS:
        errors["kind"] = Said(N_("Choose one of the offered."))
    if wish.stay not in STAYS:
        errors["stay"] = Said(N_("Choose one of the offered."))
    if len(wish.jobs) > MOST_JOBS:
        errors["jobs"] = Said(N_("At most %(most)s."), most=MOST_JOBS)
    here = by.moment()
    soonest = here if isinstance(by, Person) else here + timedelta(hours=day.rules["ahead_hours"])
    minute = starts_at.hour * MINUTES + starts_at.minute
    if starts_at < soonest:
        errors["starts_at"] = Said(N_("This time has passed. Choose a later one."))
    elif day.day > (here.astimezone(by.zone) + timedelta(days=day.rules["ahead_days"])).date():
        errors["starts_at"] = Said(N_("At most %(days)s days ahead."), days=day.rules["ahead_days"])
    elif not day.is_open or not day.rules["opens"] <= minute < day.rules["closes"]:
        errors["starts_at"] = Said(N_("The workshop does not receive cars then."))
    return errors


def _need_no_reminder(appointment: Appointment, at: datetime) -> None:
    """Who books for the same or the next day is not called about it the day before."""
    if appointment.starts_at - at < DAY_BEFORE:
        appointment.day_reminded_at = at
    if appointment.starts_at - at < timedelta(hours=1):
        appointment.hour_reminded_at = at


def _line(job: Job) -> dict[str, Any]:
    return {"job_id": str(job.id), "code": job.code, "name": job.name, "skill": job.skill, "hours": job.hours}


def expected_of(session: Session, store_id: UUID, customer_id: UUID, car_id: UUID) -> Appointment | None:
    """The appointment for which this customer's car is expected next."""
    query = select(Appointment).where(Appointment.store_id == store_id, Appointment.customer_id == customer_id)
    query = query.where(Appointment.car_id == car_id, Appointment.state.in_(EXPECTED))
    return session.scalar(query.order_by(Appointment.starts_at).limit(1))
