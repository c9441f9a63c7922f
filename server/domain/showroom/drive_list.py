"""What the booking of a test drive says is not asked again: it answers the list before the drive (C02) by itself."""

from sqlalchemy.orm import Session

from server.domain.checklists import Run, Tap
from server.domain.checklists.known import answer_known
from server.domain.people import Person
from server.domain.showroom.test_drives import TestDrive

DRIVE_OR_RIDE = "C02-05"


def fill(session: Session, drive: TestDrive, *, by: Person) -> None:
    """Whether they drive or ride; asked of a booking, and whenever it is changed."""
    if drive.before_id is not None:
        run = session.get_one(Run, drive.before_id)
        answer_known(session, run, {DRIVE_OR_RIDE: Tap(choice=drive.kind)}, by=by)
