"""What of a visit is not kept: the place, the pictures, and whom the owner recommended without their consent.

The store's parameter `visit_retention` says for how many days; a no of the owner deletes at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import door_consents
from server.domain.care.door_consents import PHOTO, PLACE, VisitConsent
from server.domain.care.presences import Presence
from server.domain.care.referrals import OPEN, Consent, Referral
from server.domain.care.referrals import tell as tell_of_referral
from server.domain.care.visit_findings import FindingPicture
from server.domain.care.visit_photos import PEOPLE, VisitPhoto
from server.domain.care.visits import HomeVisit
from server.domain.catalogue import value_of
from server.domain.checklists.runs import Photo
from server.domain.people import Store
from server.domain.records import files, record
from server.domain.records.consents import Consent as CustomerConsent
from server.domain.records.events import Actor, Clock
from server.domain.records.files import File

RULES = "visit_retention"
MOST = 200
NOBODY = "—"
"""What is left of a name."""


def forget(session: Session, store: Store, at: datetime) -> int:
    """Delete what has been kept long enough; how many things it were. That it was done is recorded."""
    rules: dict[str, int] = value_of(session, store.id, RULES, at.astimezone(store.zone).date())
    before = {name: at - timedelta(days=rules[name]) for name in ("place_days", "photo_days", "referral_days")}
    refused = at - timedelta(days=rules["refused_days"])
    return (
        _old_places(session, store, before["place_days"])
        + _old_photos(session, store, before["photo_days"], at)
        + _old_referrals(session, store, before["referral_days"], refused, at)
    )


def withdrawn(session: Session, said: CustomerConsent, *, by: Actor) -> None:
    """The owner takes a consent back in their file: what every visit kept for it goes at once."""
    if said.given or said.purpose not in door_consents.PURPOSES or said.how == door_consents.AT_HOME:
        return
    query = select(HomeVisit).where(HomeVisit.store_id == said.store_id, HomeVisit.customer_id == said.customer_id)
    for visit in session.scalars(query).all():
        standing = door_consents.said(session, visit).get(said.purpose)
        if standing is None or not standing.given or standing.at > said.at:
            continue
        session.add(VisitConsent(
            store_id=visit.store_id, visit_id=visit.id, purpose=said.purpose, given=False, by_id=by.id, at=said.at,
        ))  # fmt: skip
        session.flush()  # it is read back
        door_consents.FORGET[said.purpose](session, visit)


def places_of(session: Session, visit: HomeVisit) -> int:
    """Where the team was is known no more; how many of them it was known of."""
    query = select(Presence).where(Presence.store_id == visit.store_id, Presence.visit_id == visit.id)
    known = [one for one in session.scalars(query) if one.in_place or one.out_place]
    for one in known:
        one.forget_places()
    return len(known)


def people_of(session: Session, visit: HomeVisit) -> int:
    """The pictures of people are deleted, row and bytes; how many it were."""
    query = select(VisitPhoto).where(VisitPhoto.store_id == visit.store_id, VisitPhoto.visit_id == visit.id)
    return _delete(session, session.scalars(query.where(VisitPhoto.shows == PEOPLE)).all(), now())


def _old_places(session: Session, store: Store, before: datetime) -> int:
    known = or_(Presence.in_latitude.is_not(None), Presence.out_latitude.is_not(None))
    query = select(Presence).where(Presence.store_id == store.id, Presence.in_at < before, known)
    old = session.scalars(query.order_by(Presence.in_at).limit(MOST)).all()
    for one in old:
        one.forget_places()
        _told(session, store, "visit.place_deleted", one.visit_id)
    return len(old)


def _old_photos(session: Session, store: Store, before: datetime, at: datetime) -> int:
    query = select(VisitPhoto).where(VisitPhoto.store_id == store.id, VisitPhoto.at < before)
    old = session.scalars(query.order_by(VisitPhoto.at).limit(MOST)).all()
    for visit_id in dict.fromkeys(photo.visit_id for photo in old):
        _told(session, store, "visit.photos_deleted", visit_id)
    return _delete(session, old, at)


def _old_referrals(session: Session, store: Store, before: datetime, refused: datetime, at: datetime) -> int:
    never_asked = and_(Referral.consent.in_(OPEN), Referral.at < before)
    said_no = and_(Referral.consent == Consent.REFUSED, Referral.answered_at < refused)
    query = select(Referral).where(Referral.store_id == store.id, Referral.erased_at.is_(None))
    old = session.scalars(query.where(or_(never_asked, said_no)).order_by(Referral.at).limit(MOST)).all()
    for referral in old:
        referral.name, referral.relation, referral.wish, referral.phone = NOBODY, "", "", None
        referral.erased_at = at
        referral.version += 1
        tell_of_referral(session, "referral.erased", referral, by=Clock(store.id))
    return len(old)


def _delete(session: Session, photos: Sequence[VisitPhoto], at: datetime) -> int:
    for photo in photos:
        file = session.get_one(File, photo.file_id)
        session.delete(photo)
        session.flush()  # whether it is shown elsewhere is asked without it
        if not _shown_elsewhere(session, file.id):
            files.erase(session, file, at)
    return len(photos)


def _shown_elsewhere(session: Session, file_id: UUID) -> bool:
    """The same picture at another visit, a finding or a list: then its bytes stay."""
    places = (VisitPhoto, FindingPicture, Photo)
    return bool(session.scalar(select(or_(*(exists().where(one.file_id == file_id) for one in places)))))


def _told(session: Session, store: Store, verb: str, visit_id: UUID) -> None:
    visit = session.get_one(HomeVisit, visit_id)
    record(session, verb, visit, by=Clock(store.id), customer_id=visit.customer_id, car_id=visit.car_id)


door_consents.FORGET.update({PLACE: places_of, PHOTO: people_of})
