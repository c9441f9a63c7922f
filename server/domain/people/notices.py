"""Notices: what a colleague has to know, shown on their page for today until it is read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, now
from server.domain.people.staff import Person
from server.domain.refusals import N_, NotThere

WORDS = {
    "delivery.assigned": N_("%(customer)s's handover is yours to serve: %(model)s, %(time)s"),
    "delivery.unlocked": N_("PDI passed: %(number)s can be handed over"),
    "delivery.locked": N_("PDI failed: %(number)s waits for rework"),
    "delivery.completed": N_("%(customer)s has taken the %(model)s. Please take over the care of this car."),
}


class Notice(OfStore, Base):
    """One thing to know; `gaps` fill the sentence of its kind."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_unread", "store_id", "staff_id", "read_at"),)

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str]
    gaps: Mapped[dict[str, Any]]
    address: Mapped[str]
    """The page to open."""
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    @property
    def words(self) -> str:
        """The sentence with gaps, for the catalogue."""
        return WORDS[self.kind]


def tell(session: Session, staff_id: UUID, kind: str, address: str, *, by: Person, **gaps: Any) -> None:
    """Leave a notice; nobody is told of their own deed."""
    if staff_id == by.id:
        return
    notice = Notice(
        store_id=by.store_id, staff_id=staff_id, kind=kind, gaps=gaps, address=address, created_at=now(), read_at=None
    )  # fmt: skip
    session.add(notice)


def unread(session: Session, person: Person) -> Sequence[Notice]:
    """What waits to be read, newest first."""
    query = select(Notice).where(Notice.store_id == person.store_id, Notice.staff_id == person.id)
    return session.scalars(query.where(Notice.read_at.is_(None)).order_by(Notice.created_at.desc()).limit(20)).all()


def read(session: Session, notice_id: UUID, *, by: Person) -> Notice:
    """Mark as read."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.staff_id != by.id:
        raise NotThere
    notice.read_at = notice.read_at or now()
    return notice
