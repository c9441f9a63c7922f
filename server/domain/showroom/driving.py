"""Driving: the licence in hand, the agreement signed, out on the road, back, and what the customer says of it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.checklists import Ink, Progress, Run, Tap, frozen, runs, taps
from server.domain.customers import personal_numbers
from server.domain.people import Person
from server.domain.refusals import Invalid, N_, Said, WrongMove
from server.domain.showroom import bookings, drive_list, drive_papers, grading, licences
from server.domain.showroom.licences import CLASSES, Licence
from server.domain.showroom.prospects import next_day
from server.domain.showroom.prospects import tell as tell_of_prospect
from server.domain.showroom.test_drives import RIDE, State, TestDrive, move, tell

CUSTOMER, CONSULTANT = "customer", "consultant"
MARKS: dict[str, Words] = {
    "poor": {"zh": "不满意", "en": "Not satisfied"},
    "fair": {"zh": "基本满意", "en": "Satisfied"},
    "good": {"zh": "很满意", "en": "Very satisfied"},
}
ITEMS: dict[str, Words] = {
    "power": {"zh": "动力", "en": "Power"},
    "handling": {"zh": "操控", "en": "Handling"},
    "braking": {"zh": "制动", "en": "Braking"},
    "comfort": {"zh": "舒适", "en": "Comfort"},
    "space": {"zh": "空间", "en": "Space"},
    "advice": {"zh": "顾问服务", "en": "The consultant"},
    "condition": {"zh": "车况与清洁", "en": "Condition of the car"},
    "route": {"zh": "路线长度", "en": "Length of the route"},
    "programme": {"zh": "体验项目", "en": "What was tried"},
    "whole": {"zh": "总体", "en": "All in all"},
}
HELPED: dict[str, Words] = {
    "much": {"zh": "帮助很大", "en": "Very much"},
    "some": {"zh": "有一些", "en": "Somewhat"},
    "none": {"zh": "没什么帮助", "en": "Not really"},
}
IMPRESSIONS = 3
LONGEST = 200
FIRST_LICENCE = date(1950, 1, 1)
"""No driver of today was licensed earlier."""
FURTHEST_KM = 300


def show_licence(session: Session, drive: TestDrive, licence: Licence, *, by: Person) -> None:
    """Keep what stands on the licence; its number is sealed. Raises Invalid, WrongMove."""
    if drive.state != State.BOOKED:
        raise WrongMove(N_("The licence is looked at before they drive off."))
    errors: dict[str, Said] = {}
    today = by.moment().astimezone(by.zone).date()
    if licence.code not in CLASSES:
        errors["licence_class"] = Said(N_("Choose one of the offered."))
    if licence.first_on > today:
        errors["licence_first_on"] = Said(N_("This day has not come yet: type the day as it stands on the licence."))
    elif licence.first_on < FIRST_LICENCE:
        errors["licence_first_on"] = Said(N_("Type the day as it stands on the licence."))
    if licence.until < licence.first_on:
        errors["licence_until"] = Said(
            N_("A licence does not end before it was first issued: look at both days again.")
        )
    if errors:
        raise Invalid(errors)
    number = licences.read_number(licence.number)
    drive.licence_class, drive.licence_first_on, drive.licence_until = licence.code, licence.first_on, licence.until
    drive.licence_sealed = personal_numbers.seal(number, drive.id)
    drive.version += 1
    # The record of events is never erased, a customer may be: no number is written there.
    tell(session, "test_drive.licence_shown", drive, by=by, licence=licence.code)


def why_no_wheel(drive: TestDrive, day: date) -> list[Said]:
    """What keeps the customer from driving themselves; empty for a ride."""
    if drive.kind == RIDE:
        return []
    licence = drive.licence
    if licence is None:
        return [Said(N_("The licence has not been looked at"))]
    return licences.why_not(licence, automatic=drive.car.automatic, day=day)


def why_not_out(drive: TestDrive, progress: Progress, day: date) -> list[Said]:
    """What is to be done before they drive off, in words."""
    reasons = why_no_wheel(drive, day)
    if not drive.car.may_drive_on(day):
        reasons.append(Said(N_("The car's insurance or inspection has ended")))
    reasons += [
        Said(N_("Open or at fault: %(item)s"), item=question.text)
        for question in progress.in_the_way if question.kind != "signature"
    ]  # fmt: skip
    return reasons


def km_before(session: Session, drive: TestDrive) -> int | None:
    """What the car's odometer said when it last came back; None for its first drive."""
    query = select(func.max(TestDrive.km_back)).where(TestDrive.store_id == drive.store_id)
    return session.scalar(query.where(TestDrive.car_id == drive.car_id, TestDrive.id != drive.id))


def change_kind(session: Session, drive: TestDrive, kind: str, *, by: Person) -> None:
    """The customer drives themselves, or rides along. Raises WrongMove."""
    if drive.state != State.BOOKED:
        raise WrongMove(N_("They have driven off already."))
    drive.kind = kind
    drive.version += 1
    drive_list.fill(session, drive, by=by)
    tell(session, "test_drive.changed", drive, by=by, kind=kind)


def sign(session: Session, drive: TestDrive, *, by: Person, role: str, name: str, ink: Ink | None) -> None:
    """Under the agreement, the customer first. Raises WrongMove while something is open before it."""
    if drive.state != State.BOOKED:
        raise WrongMove(N_("The agreement is signed before they drive off."))
    run = run_of(session, drive.before_id)
    progress = runs.progress(session, run)
    reasons = why_not_out(drive, progress, _today(by))
    if reasons:
        raise WrongMove(N_("Before signing: %(item)s"), item=reasons[0])
    if role == CONSULTANT and progress.signature(None, CUSTOMER) is None:
        raise WrongMove(N_("The customer signs first."))
    taps.sign(session, run, by=by, role=role, name=name, ink=ink)
    tell(session, "checklist.signed", drive, by=by, who=role, what="test_drive_agreement")


def set_out(session: Session, drive: TestDrive, *, by: Person) -> None:
    """Out on the road: everything looked at, both have signed. The agreement is frozen. Raises WrongMove."""
    if drive.state == State.BOOKED:
        run = run_of(session, drive.before_id)
        progress = runs.progress(session, run)
        reasons = why_not_out(drive, progress, _today(by))
        if any(progress.signature(None, role) is None for role in (CUSTOMER, CONSULTANT)):
            reasons.append(Said(N_("Both have to sign the agreement")))
        if reasons:
            raise WrongMove(N_("They cannot drive off yet: %(why)s."), why=reasons[0])
        drive.km_out, drive.energy_out = frozen.counted(progress, "km"), frozen.counted(progress, "%")
        drive.out_at = taps.acted_at(run, by=by)
        runs.close(run)
        drive.during_id = runs.start(session, "C03", drive, by=by, energy=drive.car.model.energy).id
    move(session, drive, State.OUT, "test_drive.out", by=by)
    drive_papers.issue_agreement(session, drive, by=by)


def come_back(session: Session, drive: TestDrive, *, by: Person, km: int, energy: int | None, damage: str = "") -> None:
    """The car stands in its bay again; what it shows is written down. Raises Invalid, WrongMove."""
    least = drive.km_out or 0
    if drive.state == State.OUT and not least <= km <= least + FURTHEST_KM:
        raise Invalid.at("km", N_("Between %(least)s and %(most)s."), least=least, most=least + FURTHEST_KM)
    move(session, drive, State.BACK, "test_drive.back", by=by, km=km - least)
    drive.km_back, drive.energy_back, drive.damage = km, energy, damage
    drive.back_at = max(drive.out_at or by.moment(), by.moment())
    if drive.during_id is not None:
        runs.close(run_of(session, drive.during_id))
    after = runs.start(session, "C04", drive, by=by, energy=drive.car.model.energy)
    drive.after_id = after.id
    for question in runs.sheet_of(session, after).questions():
        if question.kind == "number" and question.unit and question.unit["en"] == "km":
            taps.answer(session, after, question.id, Tap(number=str(km)), by=by)
    bookings.release(session, drive)


def evaluate(
    session: Session, drive: TestDrive, *, by: Person, marks: dict[str, str], impressions: Sequence[str], helped: str,
    opinion: str, expected_on: date | None, name: str, ink: Ink | None,
) -> None:  # fmt: skip
    """What the customer says, signed by them; the grade follows, and the next contact. Raises Invalid, WrongMove."""
    _check(marks, helped)
    grading.refuse_day(by, expected_on)
    if drive.after_id is not None and drive.state == State.BACK:
        taps.sign(session, run_of(session, drive.after_id), by=by, role=CUSTOMER, name=name, ink=ink)
    drive.marks, drive.helped, drive.opinion = dict(marks), helped, opinion
    drive.impressions = [said[:LONGEST] for said in impressions if said][:IMPRESSIONS]
    move(session, drive, State.EVALUATED, "test_drive.evaluated", by=by, whole=marks["whole"])
    prospect = drive.prospect
    if prospect is None or not prospect.is_open:
        return
    before = prospect.grade
    grading.regrade(session, prospect, expected_on, grading.DRIVEN, by=by)
    prospect.next_contact_at = next_day(by.moment(), by)
    prospect.first_contact_at = prospect.first_contact_at or by.moment()
    prospect.last_contact_at = by.moment()
    prospect.version += 1
    tell_of_prospect(session, "prospect.driven", prospect, by=by, from_=before, to=prospect.grade)


def run_of(session: Session, run_id: UUID | None) -> Run:
    """One of its lists. Raises WrongMove before it was begun."""
    if run_id is None:
        raise WrongMove(N_("This list has not begun."))
    return session.get_one(Run, run_id)


def _today(by: Person) -> date:
    return by.moment().astimezone(by.zone).date()


def _check(marks: dict[str, str], helped: str) -> None:
    wrong = Said(N_("Choose one of the offered."))
    errors = {item: wrong for item in ITEMS if marks.get(item) not in MARKS}
    if helped not in HELPED:
        errors["helped"] = wrong
    if errors:
        raise Invalid(errors)
