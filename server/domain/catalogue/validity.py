"""What holds from one day to another: a grade, a reason or a price ends, it is never rewritten."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Mapped, Session

from server.database import now
from server.domain.people import Store


class Dated:
    """A row that holds on some days; `valid_to` is the last of them."""

    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    def holds(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def holding(table: type[Dated], day: date) -> ColumnElement[bool]:
    """The same question to the database."""
    return and_(table.valid_from <= day, or_(table.valid_to.is_(None), table.valid_to >= day))


def today(session: Session, store_id: UUID, moment: datetime | None = None) -> date:
    """The day on the store's own wall calendar."""
    zone = session.get_one(Store, store_id).zone
    return (moment or now()).astimezone(zone).date()
