"""Customer links: what one customer may see and answer on their own phone, without signing in.

A token is made from the link's identity and the secret of the house: the store can show it again, and whoever reads
the tables alone cannot.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ForeignKey, Index, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import EVERY_STORE, Base, OfStore, Row, now, reach, uuid7
from server.domain.customers.customers import Customer
from server.domain.people import Person, Staff, Store
from server.domain.people.sign_in import digest
from server.domain.records import record
from server.domain.refusals import N_, NotThere, Refusal
from server.settings import settings

APPOINTMENT, EXTRA, FOLLOW, SETTLEMENT = "appointment", "extra", "follow", "settlement"
KINDS = (APPOINTMENT, EXTRA, FOLLOW, SETTLEMENT)
MISSES = 20
WINDOW = timedelta(minutes=15)


class CustomerLink(OfStore, Base):
    """A door for one customer to one thing; of one thing only the newest is open."""

    __tablename__ = "customer_links"
    __table_args__ = (Index("ix_customer_links_subject", "store_id", "subject_id", "kind", "created_at"),)

    token_hash: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    created_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_opened_at: Mapped[datetime | None]
    opens: Mapped[int] = mapped_column(default=0)

    @property
    def is_open(self) -> bool:
        """Whether it leads anywhere now."""
        return self.revoked_at is None and self.expires_at > now()

    @property
    def token(self) -> str:
        """What stands in its address."""
        said = hmac.new(settings().secret.encode(), b"customer link " + self.id.bytes, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(said).decode().rstrip("=")

    @property
    def address(self) -> str:
        """Its page, as it is sent to the customer."""
        return f"{settings().public_url}/c/{self.token}"


class Miss(Row, Base):
    """Somebody asked for a link that there is not; many of them hold their address up."""

    __tablename__ = "customer_link_misses"
    __table_args__ = (Index("ix_customer_link_misses_at", "address", "at"),)

    address: Mapped[str]
    at: Mapped[datetime]


class TooMany(Refusal):
    """From this address too many links were tried that there are not."""

    def __init__(self) -> None:
        super().__init__(N_("Too many links were tried from here. Wait 15 minutes, or ask your service advisor."))


CUSTOMER = "客户"
"""How the record of events calls whoever acts by a link."""


class Guest(msgspec.Struct, frozen=True):
    """A customer who acts by a link: what the verbs and the record of events have to know of them."""

    id: UUID
    """Of the customer."""
    store_id: UUID
    timezone: str
    link_id: UUID
    display: str = CUSTOMER
    acted_at: None = None

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the store."""
        return ZoneInfo(self.timezone)

    def moment(self) -> datetime:
        """Now: a link is only used with a network."""
        return now()


def issue(session: Session, kind: str, subject_id: UUID, customer: UUID, *, by: Person, valid: timedelta) -> str:
    """A new link for a customer to one thing; the ones before it end. Gives the token."""
    _end(session, by.store_id, kind, subject_id)
    link = CustomerLink(
        id=uuid7(), store_id=by.store_id, kind=kind, subject_id=subject_id, customer_id=customer, created_by=by.id,
        created_at=now(), expires_at=now() + valid, opens=0,
    )  # fmt: skip
    link.token_hash = digest(link.token)
    session.add(link)
    session.flush()  # the event points at it
    record(session, "customer_link.issued", link, by=by, customer_id=customer, kind=kind, until=link.expires_at)
    return link.token


def revoke(session: Session, kind: str, subject_id: UUID, *, by: Person) -> None:
    """It leads nowhere from now on; nothing happens where there was none."""
    for link in _end(session, by.store_id, kind, subject_id):
        record(session, "customer_link.revoked", link, by=by, customer_id=link.customer_id, kind=kind)


def current(session: Session, store_id: UUID, kind: str, subject_id: UUID) -> CustomerLink | None:
    """The link that is open to this thing."""
    query = _of(store_id, kind, subject_id).where(CustomerLink.revoked_at.is_(None), CustomerLink.expires_at > now())
    return session.scalar(query.order_by(CustomerLink.created_at.desc()).limit(1))


def open_link(session: Session, token: str, *kinds: str, address: str) -> CustomerLink:
    """The link behind a token, of one of these kinds when they are said; the session reaches its store from here on.

    Raises NotThere when there is none, when it has expired or was revoked, and nobody learns which; TooMany when
    this address has tried too many. Whoever asks keeps a miss with `missed`.
    """
    _hold_up(session, address)
    reach(session, EVERY_STORE)
    link = session.scalar(select(CustomerLink).where(CustomerLink.token_hash == digest(token)))
    if link is None or not link.is_open or (kinds and link.kind not in kinds):
        raise NotThere
    reach(session, link.store_id)
    return link


def exists(session: Session, token: str) -> bool:
    """Whether it was ever given out: who comes back to a link that has ended guesses nothing."""
    reach(session, EVERY_STORE)
    return session.scalar(select(CustomerLink.id).where(CustomerLink.token_hash == digest(token))) is not None


def missed(session: Session, address: str) -> None:
    """Somebody there asked for what there is not."""
    session.execute(delete(Miss).where(Miss.at < now() - WINDOW))
    session.add(Miss(id=uuid7(), address=address, at=now()))


def opened(session: Session, link: CustomerLink) -> None:
    """The customer looks at it: counted, and written down the first time."""
    seen = {"opens": CustomerLink.opens + 1, "last_opened_at": now()}
    is_first = link.last_opened_at is None
    session.execute(update(CustomerLink).where(CustomerLink.id == link.id).values(seen))
    if is_first:
        guest = guest_of(session, link)
        record(session, "customer_link.opened", link, by=guest, customer_id=link.customer_id, kind=link.kind)


def guest_of(session: Session, link: CustomerLink) -> Guest:
    """Who acts by it."""
    store = session.get_one(Store, link.store_id)
    return Guest(id=link.customer_id, store_id=link.store_id, timezone=store.timezone, link_id=link.id)


def masked_name(name: str) -> str:
    """`王**`: its holder knows whose it is, whoever looks over their shoulder does not."""
    return name[:1] + "*" * min(len(name) - 1, 2)


def masked_plate(plate: str | None) -> str:
    """`皖B·**345`."""
    return f"{plate[:2]}·**{plate[-3:]}" if plate else ""


def shown(session: Session, link: CustomerLink) -> dict[str, Any]:
    """What the frame of every page of a guest says: of which store, whom to call, and to whom."""
    store, staff = session.get_one(Store, link.store_id), session.get_one(Staff, link.created_by)
    customer = session.get_one(Customer, link.customer_id)
    return {"store": store, "advisor": staff, "zone": store.zone, "customer_name": masked_name(customer.name)}


def _hold_up(session: Session, address: str) -> None:
    query = select(func.count()).where(Miss.address == address, Miss.at > now() - WINDOW)
    if (session.scalar(query) or 0) >= MISSES:
        raise TooMany


def _end(session: Session, store_id: UUID, kind: str, subject_id: UUID) -> list[CustomerLink]:
    standing = session.scalars(_of(store_id, kind, subject_id).where(CustomerLink.revoked_at.is_(None))).all()
    for link in standing:
        link.revoked_at = now()
    return list(standing)


def _of(store_id: UUID, kind: str, subject_id: UUID) -> Any:
    return select(CustomerLink).where(
        CustomerLink.store_id == store_id, CustomerLink.subject_id == subject_id, CustomerLink.kind == kind
    )
