"""The calendar of a day: which car, or which consultant, is taken when."""

from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.catalogue import value_of
from server.domain.catalogue.demo_cars import RULES, on_the_road
from server.domain.people import Person, Right
from server.domain.people.staff import with_right
from server.domain.showroom import TestDrive, bookings
from server.domain.showroom.drives import visible_to
from server.routes import places

CAR, CONSULTANT = "car", "consultant"


class Column(msgspec.Struct, frozen=True):
    """A car or a consultant."""

    id: UUID
    name: Words | str
    detail: Words | str = ""
    ends_on: date | None = None


class Calendar:
    """One day, in the store's steps; in each cell what takes place then."""

    def __init__(self, session: Session, person: Person, day: date, by: str) -> None:
        self.day, self.by = day, CONSULTANT if by == CONSULTANT else CAR
        rules: dict[str, int] = value_of(session, person.store_id, RULES)
        self.step = timedelta(minutes=rules["step"])
        self.warns_before = day + timedelta(days=rules["warn_days"])
        self.rows = bookings.grid(person, rules, day)
        self.drives = visible_to(session, person).on(day)
        self.columns = self._columns(session, person)

    def cell(self, row: datetime, column: Column) -> list[TestDrive]:
        """What takes place there and then."""
        return [
            drive for drive in self.drives
            if self._whose(drive) == column.id and drive.starts_at < row + self.step and drive.ends_at > row
        ]  # fmt: skip

    def record(self, drive_id: UUID) -> str:
        """A drive as it is opened from this calendar."""
        return record(drive_id, self.by)

    def begins_in(self, row: datetime, drive: TestDrive) -> bool:
        """Whether it is named in this cell; the next ones only show that it goes on."""
        return row <= drive.starts_at or row == self.rows[0]

    @property
    def outside(self) -> list[TestDrive]:
        """What takes place before the first row or after the last one."""
        last = self.rows[-1] + self.step
        return [drive for drive in self.drives if drive.ends_at <= self.rows[0] or drive.starts_at >= last]

    def _whose(self, drive: TestDrive) -> UUID:
        return drive.car_id if self.by == CAR else drive.consultant_id

    def _columns(self, session: Session, person: Person) -> list[Column]:
        if self.by == CAR:
            cars = on_the_road(session, person.store_id)
            return [Column(car.id, car.plate, car.model.called, car.ends_on) for car in cars]
        staff = with_right(session, person.store_id, Right.BOOK_DRIVES)
        return [Column(one.id, one.title) for one in staff]


def record(drive_id: UUID, by: str) -> str:
    """The page of a drive, from which one comes back to the calendar by `by`."""
    return places.address(f"/test-drives/{drive_id}", {"by": by if by == CONSULTANT else ""})


def day_of(typed: str) -> date | None:
    """A day of an address; what makes no sense there is left out."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
