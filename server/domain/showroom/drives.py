"""Which test drives somebody sees: those of a day, those of a prospect, and the ones beside one of them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from server.domain.catalogue import DemoCar
from server.domain.people import Person, Right
from server.domain.refusals import NotThere
from server.domain.showroom.test_drives import State, TestDrive
from server.paging import Ordering

IN_TURN = Ordering(TestDrive.starts_at, TestDrive.id)


class Reach:
    """Who books drives sees the store's: the cars are everybody's, and so is their calendar."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session, self.person = session, person
        self.query = select(TestDrive).where(TestDrive.store_id == person.store_id).options(
            joinedload(TestDrive.customer), joinedload(TestDrive.consultant), joinedload(TestDrive.prospect),
            joinedload(TestDrive.car).joinedload(DemoCar.model),
        )  # fmt: skip
        if not person.may(Right.BOOK_DRIVES):
            self.query = self.query.where(TestDrive.id.is_(None))

    def one(self, drive_id: UUID) -> TestDrive:
        """By its identity. Raises NotThere."""
        found = self.session.scalar(self.query.where(TestDrive.id == drive_id))
        if found is None:
            raise NotThere
        return found

    def on(self, day: date) -> Sequence[TestDrive]:
        """Everything of a day that was not cancelled, by its time."""
        query = self.query.where(*self._of(day)).order_by(*IN_TURN.down)
        return self.session.scalars(query.limit(300)).all()

    def neighbours(self, drive: TestDrive) -> tuple[UUID | None, UUID | None]:
        """The one before and the one after on its day."""
        within = self._of(drive.starts_at.astimezone(self.person.zone).date())
        query = self.query.where(*within).with_only_columns(TestDrive.id, maintain_column_froms=True)
        return IN_TURN.beside(self.session, query, drive.starts_at, drive.id)

    def of_prospect(self, prospect_id: UUID) -> Sequence[TestDrive]:
        """A prospect's drives, newest first."""
        query = self.query.where(TestDrive.prospect_id == prospect_id)
        return self.session.scalars(query.order_by(TestDrive.starts_at.desc()).limit(20)).all()

    def _of(self, day: date) -> list[ColumnElement[bool]]:
        """What takes place on a day."""
        begins = datetime.combine(day, time(), self.person.zone)
        ends = begins + timedelta(days=1)
        return [TestDrive.starts_at < ends, TestDrive.ends_at > begins, TestDrive.state != State.CANCELLED]


def visible_to(session: Session, person: Person) -> Reach:
    """What this person may see."""
    return Reach(session, person)
