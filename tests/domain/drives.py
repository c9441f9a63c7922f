"""Test drives for tests: a car of the catalogue, somebody to drive it, and each state reached by the verbs."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from server.commands.demonstration import pictures
from server.commands.demonstration.deliveries import tap_of
from server.database import now, uuid7
from server.domain.catalogue import DemoCar
from server.domain.checklists import Run, runs, taps
from server.domain.people import Person, Staff
from server.domain.showroom import TestDrive, bookings, driving, register
from server.domain.showroom.licences import Licence
from tests.cast import Cast, a_customer, a_model

LICENCE = Licence("C1", date(2015, 5, 1), date(2031, 5, 1), "340202199001011234")
GOOD = dict.fromkeys(driving.ITEMS, "good")


def a_demo_car(session: Session, by: Person, plate: str = "皖B10001", *, automatic: bool = True) -> DemoCar:
    """With papers for another year."""
    later = now().date() + timedelta(days=365)
    car = DemoCar(
        id=uuid7(), store_id=by.store_id, plate=plate, vin="LVVDB11B1RD110999", model=a_model(session, by),
        automatic=automatic, insured_until=later, inspected_until=later, active=True,
    )  # fmt: skip
    session.add(car)
    session.flush()  # drives point at it
    return car


def soon(by: Person, hours: int = 1) -> datetime:
    """A full hour, tomorrow at ten or later: within the store's hours, whatever time it is now."""
    day = (now().astimezone(by.zone) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    return day + timedelta(hours=hours)


def a_drive(
    session: Session, cast: Cast, car: DemoCar | None = None, *, at: datetime | None = None, kind: str = "drive",
    of_prospect: bool = True, route: str = "city",
) -> TestDrive:  # fmt: skip
    """Booked by Lin; of a prospect of hers."""
    customer = a_customer(session, cast.lin, phone="13800007001")
    prospect = None
    if of_prospect:
        prospect = register(session, by=cast.lin, customer=customer, source="walk_in", consultant_id=cast.lin.id)
    return bookings.book(
        session, by=cast.lin, customer=customer, car=car or a_demo_car(session, cast.lin),
        consultant=session.get_one(Staff, cast.lin.id), route=route, starts_at=at or soon(cast.lin), minutes=30,
        kind=kind, prospect=prospect,
    )  # fmt: skip


def prepared(session: Session, cast: Cast, drive: TestDrive) -> TestDrive:
    """Everything looked at, the licence shown, both have signed."""
    driving.show_licence(session, drive, LICENCE, by=cast.lin)
    walk(session, driving.run_of(session, drive.before_id), by=cast.lin)
    session.flush()  # it is signed over what was answered
    for role, name in ((driving.CUSTOMER, drive.customer.name), (driving.CONSULTANT, cast.lin.display)):
        driving.sign(session, drive, by=cast.lin, role=role, name=name, ink=pictures.signature(name))
    return drive


def back(session: Session, cast: Cast, drive: TestDrive, damage: str = "") -> TestDrive:
    """Out and back again, eight kilometres further."""
    driving.set_out(session, drive, by=cast.lin)
    driving.come_back(session, drive, by=cast.lin, km=(drive.km_out or 0) + 8, energy=70, damage=damage)
    return drive


def evaluated(session: Session, cast: Cast, drive: TestDrive, expected_on: date | None = None) -> TestDrive:
    """All good, signed."""
    name = drive.customer.name
    driving.evaluate(
        session, drive, by=cast.lin, marks=GOOD, impressions=["安静", "有劲", "大"], helped="much", opinion="",
        expected_on=expected_on, name=name, ink=pictures.signature(name),
    )  # fmt: skip
    return drive


def walk(session: Session, run: Run, *, by: Person) -> None:
    """Everything in order, with the readings and photos that are asked for."""
    for number, question in enumerate(runs.sheet_of(session, run).questions()):
        if question.kind == "photo" or question.photo_needed:
            taps.add_photo(session, run, question.id, pictures.photo(number + 200), by=by)
        if question.kind not in ("photo", "signature"):
            taps.answer(session, run, question.id, tap_of(question), by=by)
