"""Photos of licences are not kept: some days after the drive they are deleted, later when there was damage."""

from datetime import datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from server.domain.catalogue import value_of
from server.domain.catalogue.demo_cars import RULES
from server.domain.checklists.runs import Photo
from server.domain.checklists.templates import Item, Section
from server.domain.people import Store
from server.domain.records import files, record
from server.domain.records.events import Clock
from server.domain.records.files import File
from server.domain.showroom.drive_papers import ABOUT_THE_DRIVER
from server.domain.showroom.test_drives import LIVE, State, TestDrive

MOST = 200


def delete_old(session: Session, store: Store, at: datetime) -> int:
    """Delete what has lain long enough; how many drives it were. That it was done is recorded."""
    rules: dict[str, int] = value_of(session, store.id, RULES, at.astimezone(store.zone).date())
    plain, with_damage = (at - timedelta(days=rules[name]) for name in ("photo_days", "incident_days"))
    over = TestDrive.state.not_in((*LIVE, State.BACK))
    old = or_(and_(TestDrive.ends_at < plain, TestDrive.damage == ""), TestDrive.ends_at < with_damage)
    query = select(TestDrive).where(TestDrive.store_id == store.id, TestDrive.photos_gone_at.is_(None), over, old)
    drives = session.scalars(query.order_by(TestDrive.ends_at).limit(MOST)).all()
    clock = Clock(store.id)
    for drive in drives:
        gone = _photos(session, drive)
        for file in gone:
            files.erase(session, file, at)
        drive.photos_gone_at = at
        if gone:
            record(
                session, "test_drive.photos_deleted", drive, by=clock, customer_id=drive.customer_id, car_id=None,
                number=drive.number, count=len(gone),
            )  # fmt: skip
    return len(drives)


def _photos(session: Session, drive: TestDrive) -> list[File]:
    """What was photographed in the section about the driver, and is shown nowhere else."""
    elsewhere = aliased(Photo)
    shared = exists().where(elsewhere.file_id == File.id, elsewhere.run_id != drive.before_id)
    query = (
        select(File)
        .join(Photo, Photo.file_id == File.id)
        .join(Item, Item.id == Photo.item_id)
        .join(Section, Section.id == Item.section_id)
        .where(Photo.run_id == drive.before_id, Section.code == ABOUT_THE_DRIVER, File.erased_at.is_(None), ~shared)
    )
    return list(session.scalars(query.distinct()))
