"""What the owner agreed to on a visit: that the place is kept, that people are photographed. Asked each time anew."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, now, uuid7
from server.domain.care.visits import HomeVisit
from server.domain.people import Person
from server.domain.records import consents
from server.domain.refusals import Invalid, N_

PLACE, PHOTO = "visit_place", "visit_photo"
PURPOSES = (PLACE, PHOTO)
AT_HOME = "home_visit"
"""How it was answered, as the customer's file says: for this visit, not for those before it."""


class VisitConsent(OfStore, Base):
    """One answer on one visit; the newest counts, by when it was given and not by when it was heard of."""

    __tablename__ = "visit_consents"
    __table_args__ = (Index("ix_visit_consents_visit", "store_id", "visit_id", "at"),)

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits.id"))
    purpose: Mapped[str]
    given: Mapped[bool]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


FORGET: dict[str, Callable[[Session, HomeVisit], int]] = {}
"""By purpose, what deletes what was kept for it on a visit; filled by `retention`."""


def answer(session: Session, visit: HomeVisit, purpose: str, given: bool, *, by: Person) -> bool:
    """Keep what they said, in the customer's file too; what stands now. A no deletes what was kept before it."""
    if purpose not in PURPOSES:
        raise Invalid.at("purpose", N_("Choose one of the offered."))
    standing = said(session, visit).get(purpose)
    at = min(by.moment(), now())
    session.add(VisitConsent(
        id=uuid7(), store_id=visit.store_id, visit_id=visit.id, purpose=purpose, given=given, by_id=by.id, at=at,
    ))  # fmt: skip
    session.flush()  # it is read back
    if standing is None or standing.given != given:
        consents.answer(session, visit.customer_id, purpose, given, by=by, how=AT_HOME)
    if not (stands := agreed(session, visit, purpose)) and purpose in FORGET:
        FORGET[purpose](session, visit)
    return stands


def agreed(session: Session, visit: HomeVisit, purpose: str) -> bool:
    """Whether they agree now; who was not asked has not."""
    newest = said(session, visit).get(purpose)
    return newest is not None and newest.given


def said(session: Session, visit: HomeVisit) -> dict[str, VisitConsent]:
    """The newest answer for each purpose."""
    query = select(VisitConsent).where(VisitConsent.store_id == visit.store_id, VisitConsent.visit_id == visit.id)
    return {row.purpose: row for row in session.scalars(query.order_by(VisitConsent.at, VisitConsent.id))}
