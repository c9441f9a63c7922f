"""Booking a test drive: car, consultant and route are held together, and the database holds each only once."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, uuid7
from server.domain.billing import next_number
from server.domain.catalogue import DemoCar, entries, value_of
from server.domain.catalogue.demo_cars import RULES
from server.domain.checklists import runs
from server.domain.customers import Customer
from server.domain.people import Person, Staff
from server.domain.refusals import Invalid, N_, Said, WrongMove
from server.domain.showroom import drive_list
from server.domain.showroom.prospects import Prospect, next_day
from server.domain.showroom.prospects import tell as tell_of_prospect
from server.domain.showroom.test_drives import DRIVE, KINDS, LIVE, State, TestDrive, move, tell

CAR, CONSULTANT, ROUTE = "car", "consultant", "route"
MOST_SLOTS = 4
GRACE = timedelta(minutes=30)
"""A drive may be written down so long after it began."""


class Hold(OfStore, Base):
    """One thing held for a time by a drive or a home visit. Two of one thing never overlap: the database refuses it."""

    __tablename__ = "test_drive_bookings"
    __table_args__ = (
        Index("ix_test_drive_bookings_drive", "store_id", "drive_id"),
        Index("ix_test_drive_bookings_visit", "store_id", "visit_id"),
        Index("ix_test_drive_bookings_held", "store_id", "resource", "starts_at"),
    )

    drive_id: Mapped[UUID | None] = mapped_column(ForeignKey("test_drives.id"))
    visit_id: Mapped[UUID | None]
    """The visit at a customer's home that holds it; the room of visits, further up, keeps those."""
    kind: Mapped[str]
    resource: Mapped[str]
    """`car:…`, `consultant:…` (whoever it is), `vehicle:…` by identity, `route:…` by code."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Taken(WrongMove):
    """Something is held by another drive at that time; `slots` are the next times at which all three are free."""

    def __init__(self, what: Collection[str], slots: Sequence[datetime], by: Person) -> None:
        names = [Said(NAMES[kind]) for kind in (CAR, CONSULTANT, ROUTE) if kind in what]
        free = [slot.astimezone(by.zone) for slot in slots]
        said = N_("%(what)s is taken at that time.")
        if slots:
            said = N_("%(what)s is taken at that time. Free: %(slots)s.")
        super().__init__(said, what=names[0] if names else Said(NAMES[CAR]), slots=free)
        self.slots = slots


NAMES = {CAR: N_("The car"), CONSULTANT: N_("The consultant"), ROUTE: N_("The route")}


def book(
    session: Session, *, by: Person, customer: Customer, car: DemoCar, consultant: Staff, route: str,
    starts_at: datetime, minutes: int, kind: str = DRIVE, prospect: Prospect | None = None, id: UUID | None = None,
) -> TestDrive:  # fmt: skip
    """Hold all three, or nothing. Raises Invalid, or Taken with the times that are free."""
    if id is not None and session.get(TestDrive, id) is not None:
        raise WrongMove(N_("This test drive is booked already."))
    _check(session, by, car, route, starts_at, minutes, kind)
    drive = TestDrive(
        id=id or uuid7(), store_id=by.store_id, number=next_number(session, "SJ", by=by), state=State.BOOKED, kind=kind,
        customer=customer, customer_id=customer.id, prospect=prospect, consultant=consultant, car=car, route=route,
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), licence_class="", damage="", marks={},
        impressions=[], helped="", opinion="", why="", created_at=by.moment(),
    )  # fmt: skip
    session.add(drive)
    session.flush()  # what it holds and its list point at it
    hold(session, drive, by=by)
    drive.before_id = runs.start(session, "C02", drive, by=by, energy=car.model.energy).id
    drive_list.fill(session, drive, by=by)
    tell(session, "test_drive.booked", drive, by=by, starts=starts_at)
    return drive


def hold(session: Session, drive: TestDrive, *, by: Person) -> None:
    """Hold its car, its consultant and its route; the database has the last word. Raises Taken."""
    wanted = _resources(drive.car_id or drive.car.id, drive.consultant_id or drive.consultant.id, drive.route)
    held = [
        Hold(
            store_id=drive.store_id, drive_id=drive.id, kind=kind, resource=resource, starts_at=drive.starts_at,
            ends_at=drive.ends_at,
        )
        for kind, resource in wanted.items()
    ]  # fmt: skip
    try:
        with session.begin_nested():
            session.add_all(held)
    except IntegrityError as clash:
        others = _overlapping(session, drive.store_id, wanted.values(), drive.starts_at, drive.ends_at)
        slots = free_slots(session, by, wanted, drive.starts_at, drive.ends_at - drive.starts_at)
        raise Taken({other.kind for other in others}, slots, by) from clash


def free_slots(
    session: Session, by: Person, wanted: dict[str, str], since: datetime, lasts: timedelta
) -> list[datetime]:
    """The next times, today and tomorrow, within the store's hours, at which all of these are free."""
    rules: dict[str, int] = value_of(session, by.store_id, RULES)
    day = since.astimezone(by.zone).date()
    until = datetime.combine(day + timedelta(days=2), time(), by.zone)
    held = _overlapping(session, by.store_id, wanted.values(), since, until)
    begins = [slot for on in (day, day + timedelta(days=1)) for slot in grid(by, rules, on)]
    closing = {on: datetime.combine(on, time(rules["closes"]), by.zone) for on in (day, day + timedelta(days=1))}
    free = [
        slot for slot in begins
        if slot >= since and slot + lasts <= closing[slot.date()]
        and not any(one.starts_at < slot + lasts and slot < one.ends_at for one in held)
    ]  # fmt: skip
    return free[:MOST_SLOTS]


def next_free(session: Session, by: Person, car: DemoCar, consultant: UUID, minutes: int) -> datetime | None:
    """When this car and this consultant are free next, today or tomorrow, for a drive of so many minutes."""
    wanted = {CAR: f"car:{car.id}", CONSULTANT: f"consultant:{consultant}"}
    slots = free_slots(session, by, wanted, by.moment(), timedelta(minutes=minutes))
    return next((slot for slot in slots if car.may_drive_on(slot.date())), None)


def grid(by: Person, rules: dict[str, int], day: date) -> list[datetime]:
    """The times of a day at which drives begin, on the store's clock."""
    opens = datetime.combine(day, time(rules["opens"]), by.zone)
    count = (rules["closes"] - rules["opens"]) * 60 // rules["step"]
    return [opens + timedelta(minutes=rules["step"] * number) for number in range(count)]


def _within_hours(by: Person, rules: dict[str, int], starts_at: datetime, minutes: int) -> bool:
    """Who stands here drives whenever it is; what is planned is planned within the store's hours."""
    here = starts_at.astimezone(by.zone)
    closes = datetime.combine(here.date(), time(rules["closes"]), by.zone)
    return here.hour >= rules["opens"] and here + timedelta(minutes=minutes) <= closes


def others_of_day(session: Session, drive: TestDrive, by: Person) -> int:
    """How many more drives of this customer are booked for the same day."""
    begins = datetime.combine(drive.starts_at.astimezone(by.zone).date(), time(), by.zone)
    query = select(func.count()).where(TestDrive.store_id == drive.store_id, TestDrive.customer_id == drive.customer_id)
    query = query.where(TestDrive.id != drive.id, TestDrive.state.in_(LIVE))
    within = TestDrive.starts_at >= begins, TestDrive.starts_at < begins + timedelta(days=1)
    return session.scalar(query.where(*within)) or 0


def cancel(session: Session, drive: TestDrive, *, by: Person, why: str) -> None:
    """It does not take place; everything is free again. Raises Invalid, WrongMove."""
    if not why:
        raise Invalid.at("why", N_("Please fill this in."))
    drive.why = why[:300]
    move(session, drive, State.CANCELLED, "test_drive.cancelled", by=by)
    release(session, drive)


def miss(session: Session, drive: TestDrive, *, by: Person) -> None:
    """They did not come: everything is free again, and they are called. Raises WrongMove."""
    if drive.starts_at > by.moment():
        raise WrongMove(N_("Their time has not come yet."))
    move(session, drive, State.NO_SHOW, "test_drive.missed", by=by)
    release(session, drive)
    prospect = drive.prospect
    if prospect is not None and prospect.is_open:
        prospect.next_contact_at = min(prospect.next_contact_at, next_day(by.moment(), by))
        prospect.version += 1
        tell_of_prospect(session, "prospect.missed_drive", prospect, by=by)


def release(session: Session, drive: TestDrive) -> None:
    """What it held is free for others."""
    session.execute(delete(Hold).where(Hold.store_id == drive.store_id, Hold.drive_id == drive.id))


def _resources(car_id: UUID, consultant_id: UUID, route: str) -> dict[str, str]:
    return {CAR: f"car:{car_id}", CONSULTANT: f"consultant:{consultant_id}", ROUTE: f"route:{route}"}


def _overlapping(
    session: Session, store_id: UUID, resources: Collection[str], starts_at: datetime, ends_at: datetime
) -> Sequence[Hold]:
    query = select(Hold).where(Hold.store_id == store_id, Hold.resource.in_(list(resources)))
    return session.scalars(query.where(Hold.starts_at < ends_at, Hold.ends_at > starts_at)).all()


def _check(
    session: Session, by: Person, car: DemoCar, route: str, starts_at: datetime, minutes: int, kind: str
) -> None:
    errors: dict[str, Said] = {}
    rules: dict[str, int] = value_of(session, by.store_id, RULES)
    if kind not in KINDS:
        errors["kind"] = Said(N_("Choose one of the offered."))
    if route not in {entry.code for entry in entries(session, by.store_id, "drive_route")}:
        errors["route"] = Said(N_("Choose one of the offered."))
    if not 10 <= minutes <= rules["longest"]:
        errors["minutes"] = Said(N_("Between %(least)s and %(most)s."), least=10, most=rules["longest"])
    if starts_at < by.moment() - GRACE:
        errors["starts_at"] = Said(N_("This time has passed. Choose a later one."))
    elif starts_at > by.moment() + GRACE and not _within_hours(by, rules, starts_at, minutes):
        errors["starts_at"] = Said(
            N_("Test drives are from %(opens)s to %(closes)s o'clock."), opens=rules["opens"], closes=rules["closes"]
        )
    if not car.may_drive_on(starts_at.astimezone(by.zone).date()):
        errors["car"] = Said(N_("Its insurance or inspection has ended by then: choose another car."))
    if errors:
        raise Invalid(errors)
