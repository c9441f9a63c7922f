"""Test drives: each thing held once, the licence, the agreement, out and back, what the customer says."""

import re
import threading
from datetime import date, timedelta
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server import i18n
from server.database import Database, now, uuid7
from server.domain.care.contacts import Contact
from server.domain.catalogue import demo_cars
from server.domain.checklists import runs
from server.domain.checklists.runs import Photo
from server.domain.people import Staff, Store
from server.domain.people.notices import Notice
from server.domain.records import files
from server.domain.records.files import File
from server.domain.refusals import Invalid, NotThere, WrongMove
from server.domain.showroom import TestDrive, bookings, drive_papers, driving, licence_photos, licences, test_drives
from server.domain.showroom.bookings import Hold, Taken
from server.domain.showroom.drives import visible_to
from server.domain.showroom.grading import GradeChange
from server.domain.showroom.licences import CLASSES, Licence
from server.domain.showroom.test_drives import MOVES, State
from tests.cast import Cast
from tests.domain.drives import LICENCE, a_demo_car, a_drive, back, evaluated, prepared, soon


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_every_move_is_in_the_table_or_refused(session: Session, cast: Cast, before: State, after: State) -> None:
    drive = a_drive(session, cast, of_prospect=False)
    drive.state = before
    if after in MOVES[before]:
        test_drives.move(session, drive, after, "test_drive.tried", by=cast.lin)
        assert drive.state == after
    else:
        with pytest.raises(WrongMove):
            test_drives.move(session, drive, after, "test_drive.tried", by=cast.lin)
        assert drive.state == before


@pytest.mark.parametrize(
    ("code", "automatic", "refused"),
    [(code, automatic, not (CLASSES[code] == "any" or (CLASSES[code] == "automatic" and automatic)))
     for code in CLASSES for automatic in (True, False)],
)  # fmt: skip
def test_the_class_decides_which_car(code: str, automatic: bool, refused: bool) -> None:
    licence = Licence(code, date(2010, 1, 1), date(2040, 1, 1))
    assert bool(licences.why_not(licence, automatic=automatic, day=date(2026, 11, 22))) is refused


@pytest.mark.parametrize(
    ("first", "day", "refused"),
    [(date(2025, 11, 22), date(2026, 11, 22), False), (date(2025, 11, 23), date(2026, 11, 22), True),
     (date(2024, 2, 29), date(2025, 2, 28), True), (date(2024, 2, 29), date(2025, 3, 1), False)],
)  # fmt: skip
def test_a_novice_rides_along(first: date, day: date, refused: bool) -> None:
    reasons = licences.why_not(Licence("C1", first, date(2040, 1, 1)), automatic=True, day=day)
    assert bool(reasons) is refused


def test_a_licence_that_has_ended_drives_nothing() -> None:
    licence = Licence("C1", date(2010, 1, 1), date(2026, 11, 21))
    assert licences.why_not(licence, automatic=True, day=date(2026, 11, 22))
    assert not licences.why_not(licence, automatic=True, day=date(2026, 11, 21))


def test_the_list_before_the_drive_does_not_ask_again_what_was_booked(session: Session, cast: Cast) -> None:
    drive = a_drive(session, cast, kind="ride")

    def said() -> list[str | None]:
        session.flush()
        standing = runs.progress(session, driving.run_of(session, drive.before_id))
        return [one.choice for one in standing.newest.values()]

    assert said() == ["ride"]
    driving.change_kind(session, drive, "drive", by=cast.lin)
    assert said() == ["drive"]


def test_the_number_of_a_licence_is_sealed_and_shown_masked(session: Session, cast: Cast) -> None:
    drive = a_drive(session, cast)
    driving.show_licence(session, drive, LICENCE, by=cast.lin)
    assert drive.licence_sealed is not None
    assert LICENCE.number not in drive.licence_sealed
    assert drive.masked_licence == "340***********1234"
    with pytest.raises(Invalid) as wrong:
        driving.show_licence(session, drive, msgspec.structs.replace(LICENCE, number="12"), by=cast.lin)
    assert set(wrong.value.errors) == {"licence_number"}


def test_what_is_held_is_refused_with_the_times_that_are_free(session: Session, cast: Cast) -> None:
    car, at = a_demo_car(session, cast.lin), soon(cast.lin)
    first = a_drive(session, cast, car, at=at)
    with pytest.raises(Taken) as taken:
        a_drive_of_gao(session, cast, first, at=at + timedelta(minutes=15))
    assert re.search(r"\d+月\d+日 \d\d:\d\d", i18n.tell(taken.value.said, "zh"))
    assert re.search(r"\d+ [A-Z][a-z]+, \d\d:\d\d", i18n.tell(taken.value.said, "en"))
    assert taken.value.slots[0] == at + timedelta(minutes=30)
    assert all(slot >= first.ends_at for slot in taken.value.slots)


def a_drive_of_gao(session: Session, cast: Cast, like: TestDrive, **changed: object) -> TestDrive:
    """The same car and route, with the manager at the customer's side."""
    wanted = {"at": like.starts_at, "route": like.route} | changed
    return bookings.book(
        session, by=cast.gao, customer=like.customer, car=like.car, consultant=session.get_one(Staff, cast.gao.id),
        route=str(wanted["route"]), starts_at=wanted["at"], minutes=30,  # pyright: ignore[reportArgumentType]
    )  # fmt: skip


@pytest.mark.parametrize("held", ["car", "consultant", "route"])
def test_each_of_the_three_is_held_once(session: Session, cast: Cast, held: str) -> None:
    first = a_drive(session, cast)
    other_car = a_demo_car(session, cast.lin, "皖B10002")
    who = cast.lin if held == "consultant" else cast.gao
    with pytest.raises(Taken) as taken:
        bookings.book(
            session, by=who, customer=first.customer, car=first.car if held == "car" else other_car,
            consultant=session.get_one(Staff, who.id), route=first.route if held == "route" else "ring",
            starts_at=first.starts_at, minutes=30,
        )  # fmt: skip
    assert taken.value.said.gaps["what"].message == bookings.NAMES[held]


def test_one_may_begin_when_the_other_ends_and_when_it_was_cancelled(session: Session, cast: Cast) -> None:
    first = a_drive(session, cast)
    second = a_drive_of_gao(session, cast, first, at=first.ends_at)
    bookings.cancel(session, second, by=cast.gao, why="客户改期")
    assert a_drive_of_gao(session, cast, first, at=first.ends_at).state == State.BOOKED


def test_of_bookings_made_at_once_one_is_kept(database: Database, cast: Cast) -> None:
    """Eight devices want the same car at the same time; the database decides, whoever asks first."""
    with database.work(cast.store) as session:
        first = a_drive(session, cast)
        bookings.cancel(session, first, by=cast.lin, why="让给别人")
    kept: list[UUID] = []
    refused: list[Taken] = []
    begin = threading.Barrier(8)

    def try_it(_: int) -> None:
        begin.wait()
        try:
            with database.work(cast.store) as session:
                like = session.get_one(TestDrive, first.id)
                kept.append(a_drive_of_gao(session, cast, like).id)
        except Taken as taken:
            refused.append(taken)

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(kept), len(refused)) == (1, 7)
    with database.work(cast.store) as session:
        assert session.scalar(select(func.count()).select_from(Hold)) == 3


def test_the_database_itself_refuses_an_overlap_whoever_writes(database: Database, cast: Cast) -> None:
    """Straight into the table, past the verbs and their turn, from several threads at once."""
    with database.work(cast.store) as session:
        drive = a_drive(session, cast)
        bookings.release(session, drive)
    written: list[int] = []
    refused: list[int] = []
    begin = threading.Barrier(6)

    def write(number: int) -> None:
        starts = drive.starts_at + timedelta(minutes=number)
        held = Hold(
            id=uuid7(), store_id=cast.store, drive_id=drive.id, kind="car", resource="car:x", starts_at=starts,
            ends_at=starts + timedelta(minutes=30),
        )  # fmt: skip
        begin.wait()
        try:
            with database.work(cast.store) as session:
                session.add(held)
            written.append(number)
        except IntegrityError:
            refused.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(written), len(refused)) == (1, 5)


def test_a_hold_that_is_moved_onto_another_is_refused(session: Session, cast: Cast) -> None:
    first = a_drive(session, cast)
    second = a_drive_of_gao(session, cast, first, at=first.ends_at)
    held = session.scalars(select(Hold).where(Hold.drive_id == second.id, Hold.kind == "car")).one()
    held.starts_at = first.starts_at
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_booking_is_of_the_lists_in_time_and_for_a_car_with_papers(session: Session, cast: Cast) -> None:
    car = a_demo_car(session, cast.lin)
    car.insured_until = now().date() - timedelta(days=1)
    customer = a_drive(session, cast, a_demo_car(session, cast.lin, "皖B10003")).customer
    with pytest.raises(Invalid) as wrong:
        bookings.book(
            session, by=cast.lin, customer=customer, car=car, consultant=session.get_one(Staff, cast.lin.id),
            route="moon", starts_at=now() - timedelta(hours=2), minutes=5, kind="fly",
        )  # fmt: skip
    assert set(wrong.value.errors) == {"car", "route", "starts_at", "minutes", "kind"}


@pytest.mark.parametrize("hour", [3, 8, 18, 23])
def test_a_drive_is_planned_within_the_hours_of_the_store(session: Session, cast: Cast, hour: int) -> None:
    night = (now().astimezone(cast.lin.zone) + timedelta(days=2)).replace(hour=hour, minute=0, second=0, microsecond=0)
    with pytest.raises(Invalid) as wrong:
        a_drive(session, cast, at=night)
    assert set(wrong.value.errors) == {"starts_at"}


def test_the_day_of_one_customer_is_counted(session: Session, cast: Cast) -> None:
    first = a_drive(session, cast)
    assert bookings.others_of_day(session, first, cast.lin) == 0
    second = bookings.book(
        session, by=cast.lin, customer=first.customer, car=first.car, consultant=first.consultant, route="city",
        starts_at=soon(cast.lin, 3), minutes=30,
    )  # fmt: skip
    assert bookings.others_of_day(session, second, cast.lin) == 1
    bookings.cancel(session, first, by=cast.lin, why="改期")
    assert bookings.others_of_day(session, second, cast.lin) == 0


def test_nobody_drives_off_before_everything_is_looked_at_and_signed(session: Session, cast: Cast) -> None:
    drive = a_drive(session, cast)
    with pytest.raises(WrongMove):
        driving.set_out(session, drive, by=cast.lin)
    with pytest.raises(WrongMove):
        driving.sign(session, drive, by=cast.lin, role="customer", name="王建国", ink=None)
    prepared(session, cast, drive)
    driving.set_out(session, drive, by=cast.lin)
    assert (drive.state, drive.km_out, drive.energy_out) == (State.OUT, 12, 86)
    assert drive.during_id is not None


def test_a_novice_does_not_sign_for_the_wheel_but_may_ride(session: Session, cast: Cast) -> None:
    drive = a_drive(session, cast)
    young = msgspec.structs.replace(LICENCE, first_on=now().date() - timedelta(days=100))
    driving.show_licence(session, drive, young, by=cast.lin)
    assert driving.why_no_wheel(drive, now().date())
    driving.change_kind(session, drive, "ride", by=cast.lin)
    assert not driving.why_no_wheel(drive, now().date())


def test_the_agreement_is_frozen_without_the_licence_in_the_clear(session: Session, cast: Cast) -> None:
    drive = prepared(session, cast, a_drive(session, cast))
    driving.set_out(session, drive, by=cast.lin)
    paper = drive_papers.of_drive(session, drive)[0]
    assert (paper.number, paper.kind, len(paper.content["signatures"])) == (drive.number, "test_drive_agreement", 2)
    assert LICENCE.number not in str(paper.content)
    assert drive.masked_licence in str(paper.content)
    pictured = [one["no"] for part in paper.content["lists"][0]["sections"] for one in part["items"]
                if one["answer"]["photos"]]  # fmt: skip
    assert pictured == ["C02-12"]


def test_back_means_how_far_and_everything_is_free_again(session: Session, cast: Cast) -> None:
    drive = back(session, cast, prepared(session, cast, a_drive(session, cast)), damage="右前轮毂擦伤")
    assert (drive.state, drive.km, drive.energy_back, drive.damage) == (State.BACK, 8, 70, "右前轮毂擦伤")
    assert session.scalar(select(func.count()).select_from(Hold).where(Hold.drive_id == drive.id)) == 0


def test_a_car_does_not_come_back_with_fewer_kilometres(session: Session, cast: Cast) -> None:
    drive = prepared(session, cast, a_drive(session, cast))
    driving.set_out(session, drive, by=cast.lin)
    with pytest.raises(Invalid) as wrong:
        driving.come_back(session, drive, by=cast.lin, km=11, energy=50)
    assert set(wrong.value.errors) == {"km"}


def test_what_the_customer_says_moves_the_grade_and_the_next_contact(session: Session, cast: Cast) -> None:
    drive = back(session, cast, prepared(session, cast, a_drive(session, cast)))
    day = now().astimezone(cast.lin.zone).date() + timedelta(days=5)
    evaluated(session, cast, drive, day)
    prospect = drive.prospect
    assert prospect is not None
    assert (drive.state, prospect.grade, drive.impressions) == (State.EVALUATED, "H", ["安静", "有劲", "大"])
    session.flush()
    moved = session.scalars(select(GradeChange).where(GradeChange.why == "drive")).one()
    assert (moved.before, moved.after) == ("N", "H")
    owed = session.scalars(select(Contact).where(Contact.prospect_id == prospect.id, Contact.state == "owed")).one()
    assert owed.due_at == prospect.next_contact_at


def test_an_evaluation_names_all_ten(session: Session, cast: Cast) -> None:
    drive = back(session, cast, prepared(session, cast, a_drive(session, cast)))
    with pytest.raises(Invalid) as wrong:
        driving.evaluate(
            session, drive, by=cast.lin, marks={"power": "great"}, impressions=[], helped="", opinion="",
            expected_on=None, name="王建国", ink=None,
        )  # fmt: skip
    assert set(wrong.value.errors) == {*driving.ITEMS, "helped"}


@pytest.mark.parametrize("of_prospect", [True, False])
def test_who_does_not_come_is_owed_a_call(session: Session, cast: Cast, of_prospect: bool) -> None:
    drive = a_drive(session, cast, of_prospect=of_prospect)
    with pytest.raises(WrongMove):
        bookings.miss(session, drive, by=cast.lin)
    later = msgspec.structs.replace(cast.lin, acted_at=drive.starts_at + timedelta(minutes=20))
    bookings.miss(session, drive, by=later)
    session.flush()
    owed = session.scalars(
        select(Contact).where(Contact.customer_id == drive.customer_id, Contact.state == "owed")
    ).all()
    assert [contact.kind for contact in owed] == ["first_contact" if of_prospect else "missed_drive"]
    assert session.scalar(select(func.count()).select_from(Hold)) == 0


@pytest.mark.parametrize(("damage", "days"), [("", 31), ("后保险杠划痕", 181)])
def test_photos_of_a_licence_go_when_their_time_is_over(session: Session, cast: Cast, damage: str, days: int) -> None:
    drive = back(session, cast, prepared(session, cast, a_drive(session, cast)), damage)
    evaluated(session, cast, drive)
    store = session.get_one(Store, cast.store)
    session.flush()
    assert licence_photos.delete_old(session, store, drive.ends_at + timedelta(days=days - 2)) == 0
    assert licence_photos.delete_old(session, store, drive.ends_at + timedelta(days=days)) == 1
    shown = select(File).join(Photo, Photo.file_id == File.id).where(Photo.run_id == drive.before_id)
    of_run = session.scalars(shown.order_by(Photo.at)).all()
    assert [file.erased_at is not None for file in of_run] == [True, False]
    with pytest.raises(NotThere):
        files.read(of_run[0])
    assert files.read(of_run[1])
    assert all(files.intact(file) for file in of_run)
    assert licence_photos.delete_old(session, store, drive.ends_at + timedelta(days=days + 1)) == 0


def test_papers_of_a_car_do_not_end_unnoticed(session: Session, cast: Cast) -> None:
    car = a_demo_car(session, cast.lin)
    car.inspected_until = now().date() + timedelta(days=20)
    store = session.get_one(Store, cast.store)
    session.flush()
    assert demo_cars.warn(session, store, now()) == 1
    assert demo_cars.warn(session, store, now() + timedelta(days=1)) == 0
    assert demo_cars.warn(session, store, now() + timedelta(days=8)) == 1
    session.flush()
    told = session.scalars(select(Notice.staff_id).where(Notice.kind == "demo_car.ends")).all()
    assert cast.gao.id in told
    assert cast.lin.id not in told


def test_another_store_sees_none_and_a_day_is_read_in_one_question(
    session: Session, cast: Cast, database: Database
) -> None:
    first = a_drive(session, cast)
    for number in range(1, 4):
        a_drive_of_gao(session, cast, first, at=first.ends_at + timedelta(hours=number))
    session.flush()
    for who in (cast.tang, cast.chen, cast.zhou):
        with pytest.raises(NotThere):
            visible_to(session, who).one(first.id)
    session.expunge_all()
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    drives = visible_to(session, cast.lin).on(first.starts_at.astimezone(cast.lin.zone).date())
    assert [(one.customer.name, one.car.model.name["zh"] != "", one.consultant.title != {}) for one in drives]
    assert (len(drives), len(asked)) == (4, 1)
