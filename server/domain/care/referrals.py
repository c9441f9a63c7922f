"""Whom an owner recommends: written down at the door without a telephone, called only once they have agreed."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words, now, uuid7
from server.domain.care.presences import require_at_the_door
from server.domain.care.visits import HomeVisit
from server.domain.catalogue import CarModel
from server.domain.customers import AlreadyHere, Customer, register
from server.domain.people import Person, Right
from server.domain.records import consents, record
from server.domain.records.events import Clock, take_turn
from server.domain.refusals import Invalid, N_, NotThere, WrongMove
from server.domain.showroom import Prospect
from server.domain.showroom import register as register_prospect
from server.domain.showroom.registration import LookedAfter
from server.paging import Ordering, Place

SOURCE = "home_visit"
LONGEST_NAME, LONGEST_WISH, LONGEST_RELATION = 80, 300, 60


class Consent(StrEnum):
    """Whether the recommended person may be called."""

    UNKNOWN = "unknown"
    """Nobody has asked them yet."""
    ASKED = "asked"
    """The owner passes it on."""
    GIVEN = "given"
    REFUSED = "refused"


MOVES: dict[Consent, set[Consent]] = {
    Consent.UNKNOWN: {Consent.ASKED, Consent.GIVEN, Consent.REFUSED},
    Consent.ASKED: {Consent.GIVEN, Consent.REFUSED},
    Consent.GIVEN: set(),
    Consent.REFUSED: set(),
}
CONSENT_NAMES: dict[Consent, Words] = {
    Consent.UNKNOWN: {"zh": "待征求同意", "en": "To be asked"},
    Consent.ASKED: {"zh": "已托车主征求", "en": "The owner asks them"},
    Consent.GIVEN: {"zh": "同意联系", "en": "May be called"},
    Consent.REFUSED: {"zh": "不同意联系", "en": "Does not want to be called"},
}
OPEN = (Consent.UNKNOWN, Consent.ASKED)


class Referral(OfStore, Versioned, Base):
    """One person whom an owner recommends. Until they agree there is a name to speak of, and no telephone."""

    __tablename__ = "referrals"
    __table_args__ = (
        Index("ix_referrals_visit", "store_id", "visit_id"),
        Index("ix_referrals_referrer", "store_id", "referrer_id"),
        Index("ix_referrals_consent", "store_id", "consent", "answered_at"),
        Index("ix_referrals_prospect", "store_id", "prospect_id"),
    )

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits.id"))
    referrer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    name: Mapped[str]
    relation: Mapped[str] = mapped_column(default="")
    phone: Mapped[str | None]
    """Only with their consent."""
    model_id: Mapped[UUID | None] = mapped_column(ForeignKey("car_models.id"))
    wish: Mapped[str] = mapped_column(default="")
    on_site: Mapped[bool] = mapped_column(default=False)
    """They were there themselves, and the cars were shown to them."""
    consent: Mapped[str] = mapped_column(default=Consent.UNKNOWN)
    answered_at: Mapped[datetime | None]
    prospect_id: Mapped[UUID | None] = mapped_column(ForeignKey("prospects.id"))
    is_new: Mapped[bool] = mapped_column(default=False)
    """Nobody looked after them before: the prospect is the referrer's merit."""
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    """When name and wish were deleted, because they may not be kept any longer."""

    referrer: Mapped[Customer] = relationship(foreign_keys=[referrer_id])
    model: Mapped[CarModel | None] = relationship(foreign_keys=[model_id])
    prospect: Mapped[Prospect | None] = relationship(foreign_keys=[prospect_id])
    visit: Mapped[HomeVisit] = relationship(foreign_keys=[visit_id])

    @property
    def consent_name(self) -> Words:
        """What they said to being called."""
        return CONSENT_NAMES[Consent(self.consent)]

    @property
    def is_open(self) -> bool:
        """Whether they have still to be asked."""
        return self.consent in OPEN


class Friend(msgspec.Struct, kw_only=True, frozen=True):
    """Who is recommended, as it was typed."""

    name: str
    relation: str = ""
    phone: str = ""
    """Kept only where they agree."""
    wish: str = ""
    model: CarModel | None = None
    on_site: bool = False
    agrees: bool = False
    """They are there and say themselves that they may be called."""


def recommend(
    session: Session, visit: HomeVisit, friend: Friend, *, by: Person, id: UUID | None = None
) -> Referral:  # fmt: skip
    """Write somebody down; told once more by a device it is the same. Raises Invalid, WrongMove.

    Who is there and agrees becomes a prospect at once; of all others no telephone is kept.
    """
    if id is not None and (known := session.get(Referral, id)):
        if known.visit_id != visit.id:
            raise NotThere
        return known
    require_at_the_door(visit, by)
    if not friend.name:
        raise Invalid.at("name", N_("Please fill this in."))
    if friend.agrees and not friend.phone:
        raise Invalid.at("phone", N_("They agree to be called: write down the number."))
    referral = Referral(
        id=id or uuid7(), store_id=visit.store_id, version=1, visit_id=visit.id, referrer_id=visit.customer_id,
        name=friend.name[:LONGEST_NAME], relation=friend.relation[:LONGEST_RELATION], phone=None,
        model_id=friend.model and friend.model.id, wish=friend.wish[:LONGEST_WISH],
        on_site=friend.on_site or friend.agrees, consent=Consent.UNKNOWN, by_id=by.id, at=min(by.moment(), now()),
        answered_at=None, prospect_id=None, is_new=False, erased_at=None,
    )  # fmt: skip
    session.add(referral)
    session.flush()  # the event points at it
    tell(session, "referral.recorded", referral, by=by)
    if friend.agrees:
        agree(session, referral, friend.phone, by=by, consultant_id=_consultant(visit, by))
    return referral


def ask(session: Session, referral: Referral, *, by: Person) -> None:
    """The owner was asked to pass the question on. Raises WrongMove."""
    move(session, referral, Consent.ASKED, "referral.asked", by=by)


def agree(
    session: Session, referral: Referral, phone: str, *, by: Person, consultant_id: UUID | None = None
) -> Prospect:  # fmt: skip
    """They may be called: they become a prospect, and the referrer is credited. Raises Invalid, WrongMove."""
    if not phone:
        raise Invalid.at("phone", N_("They agree to be called: write down the number."))
    take_turn(session, referral.store_id)
    move(session, referral, Consent.GIVEN, "referral.agreed", by=by)
    customer = _on_file(session, referral, phone, by=by)
    referral.phone = customer.phone
    try:
        prospect = register_prospect(
            session, by=by, customer=customer, source=SOURCE, consultant_id=consultant_id, wish=referral.wish,
            model=session.get(CarModel, referral.model_id) if referral.model_id else None,
            referrer=session.get_one(Customer, referral.referrer_id),
        )  # fmt: skip
        referral.is_new = prospect.referrer_id == referral.referrer_id and prospect.source == SOURCE
    except LookedAfter as already:  # a colleague has known them for longer: theirs they stay
        prospect = already.prospect
    referral.prospect_id = prospect.id
    session.flush()  # the reaction reads it
    tell(session, "referral.registered", referral, by=by, new=referral.is_new)
    return prospect


def refuse(session: Session, referral: Referral, *, by: Person) -> None:
    """They do not want to be called: nobody does, and what is known of them goes soon. Raises WrongMove."""
    move(session, referral, Consent.REFUSED, "referral.refused", by=by)
    referral.phone = None


def move(session: Session, referral: Referral, to: Consent, verb: str, *, by: Person) -> None:
    """The one way of a consent. Raises WrongMove."""
    before = Consent(referral.consent)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This referral is “%(now)s”; it cannot become “%(then)s”."),
            now=CONSENT_NAMES[before], then=CONSENT_NAMES[to],
        )  # fmt: skip
    referral.consent, referral.answered_at = to, min(by.moment(), now())
    referral.version += 1
    tell(session, verb, referral, by=by)


def tell(session: Session, verb: str, referral: Referral, *, by: Person | Clock, **data: Any) -> None:
    """Into the record of events, which is never erased: no name and no number."""
    record(session, verb, referral, by=by, customer_id=referral.referrer_id, car_id=None, **data)


TO_ASK, ANSWERED = "open", "answered"
ORDERS = {
    TO_ASK: Ordering(Referral.at, Referral.id),
    ANSWERED: Ordering(Referral.at, Referral.id, newest_first=True),
}
PAGE = 25


class Listed(msgspec.Struct, frozen=True):
    """One page; the places are None at the ends."""

    referrals: Sequence[Referral]
    earlier: Place[datetime] | None
    later: Place[datetime] | None


class Reach:
    """Who makes contacts sees the store's referrals."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session = session
        self.query: Select[Referral] = select(Referral).where(Referral.store_id == person.store_id).options(
            joinedload(Referral.referrer), joinedload(Referral.model), joinedload(Referral.prospect)
        )  # fmt: skip
        if not (person.may(Right.MAKE_CONTACTS) or person.may(Right.GO_ON_VISITS)):
            self.query = self.query.where(Referral.id.is_(None))

    def one(self, referral_id: UUID) -> Referral:
        """By its identity. Raises NotThere."""
        found = self.session.scalar(self.query.where(Referral.id == referral_id))
        if found is None:
            raise NotThere
        return found

    def page(self, show: str, place: Place[datetime] | None = None) -> Listed:
        """Who has still to be asked, the oldest first; who has answered, the newest first."""
        leaf = ORDERS[show].page(self.session.scalars, self._shown(show), PAGE, place)
        rows = leaf.rows
        return Listed(
            rows,
            Place(rows[0].at, rows[0].id, backwards=True) if leaf.before else None,
            Place(rows[-1].at, rows[-1].id) if leaf.after else None,
        )

    def neighbours(self, show: str, referral: Referral) -> tuple[UUID | None, UUID | None]:
        """The one before and the one after in that list."""
        within = self._shown(show).whereclause
        assert within is not None
        return ORDERS[show].beside(self.session, select(Referral.id).where(within), referral.at, referral.id)

    def _shown(self, show: str) -> Select[Referral]:
        if show == TO_ASK:
            return self.query.where(Referral.consent.in_(OPEN), Referral.erased_at.is_(None))
        return self.query.where(Referral.consent.not_in(OPEN))


def visible_to(session: Session, person: Person) -> Reach:
    """What this person may see."""
    return Reach(session, person)


def of_visit(session: Session, visit: HomeVisit) -> Sequence[Referral]:
    """Everybody whom the owner recommended on a visit."""
    query = select(Referral).where(Referral.store_id == visit.store_id, Referral.visit_id == visit.id)
    query = query.options(joinedload(Referral.model), joinedload(Referral.prospect))
    return session.scalars(query.order_by(Referral.at, Referral.id)).all()


def _on_file(session: Session, referral: Referral, phone: str, *, by: Person) -> Customer:
    """Their file: the one that is there, where name and telephone are theirs, else a new one."""
    try:
        return _agreeing(session, register(session, by=by, name=referral.name, phone=phone), by=by)
    except AlreadyHere as here:
        if here.sure:
            return next(one.customer for one in here.likely if one.sure)
        return _agreeing(session, register(session, by=by, even_so=True, name=referral.name, phone=phone), by=by)


def _agreeing(session: Session, customer: Customer, *, by: Person) -> Customer:
    """A new file says what they agreed to; who has one has said so there."""
    for purpose in ("file", "contact"):
        consents.answer(session, customer.id, purpose, True, by=by)
    return customer


def _consultant(visit: HomeVisit, by: Person) -> UUID | None:
    """Who sells looks after them: whoever wrote them down, else the consultant of the team, else the pool."""
    if by.may(Right.KEEP_PROSPECTS) and by.may(Right.SELL):
        return by.id
    sellers = [one.staff_id for one in visit.members if one.role in ("consultant", "key_account")]
    return sellers[0] if sellers else None
