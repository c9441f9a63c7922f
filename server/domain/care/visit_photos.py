"""Pictures of a visit: of people only while the owner agrees; without that nothing is kept, and the rest goes on."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Words, now, uuid7
from server.domain.care import door_consents
from server.domain.care.presences import require_at_the_door
from server.domain.care.visits import HomeVisit, tell
from server.domain.people import Person
from server.domain.records import files
from server.domain.refusals import Invalid, N_

PEOPLE, CAR = "people", "car"
SHOWS: dict[str, Words] = {
    PEOPLE: {"zh": "合影（经同意）", "en": "With people, who agree"},
    CAR: {"zh": "只拍车和检测现场", "en": "Only the car and the check"},
}


class VisitPhoto(OfStore, Base):
    """One picture. What may be kept no longer is deleted, row and bytes."""

    __tablename__ = "visit_photos"
    __table_args__ = (
        Index("ix_visit_photos_visit", "store_id", "visit_id", "at"),
        UniqueConstraint("visit_id", "file_id"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"))
    shows: Mapped[str]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    original_hash: Mapped[str | None]
    """SHA-256 of what the camera gave, before the device shrank it."""


def add(
    session: Session, visit: HomeVisit, upload: bytes, *, by: Person, shows: str, original: str | None = None
) -> VisitPhoto | None:  # fmt: skip
    """Keep a picture; None where it shows people and the owner does not agree: then nothing of it is kept.

    Raises Invalid at `photo` or `shows`, WrongMove.
    """
    require_at_the_door(visit, by)
    if shows not in SHOWS:
        raise Invalid.at("shows", N_("Choose one of the offered."))
    if shows == PEOPLE and not door_consents.agreed(session, visit, door_consents.PHOTO):
        tell(session, "visit.photo_not_kept", visit, by=by)
        return None
    file = files.keep_photo(session, upload, by=by)
    known = next((one for one in of_visit(session, visit) if one.file_id == file.id), None)
    if known is not None:
        return known
    photo = VisitPhoto(
        id=uuid7(), store_id=visit.store_id, visit_id=visit.id, file_id=file.id, shows=shows, by_id=by.id,
        at=min(by.moment(), now()), original_hash=original,
    )  # fmt: skip
    session.add(photo)
    session.flush()  # the page reads it back
    tell(session, "visit.photographed", visit, by=by, shows=shows)
    return photo


def of_visit(session: Session, visit: HomeVisit) -> Sequence[VisitPhoto]:
    """What is kept, in the order in which it was taken."""
    query = select(VisitPhoto).where(VisitPhoto.store_id == visit.store_id, VisitPhoto.visit_id == visit.id)
    return session.scalars(query.order_by(VisitPhoto.at, VisitPhoto.id)).all()
