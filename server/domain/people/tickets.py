"""Outbox tickets: what lets a device deliver somebody's waiting work after their session has ended."""

import secrets
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, now, uuid7
from server.domain.people.sign_in import digest
from server.domain.people.staff import Person, Staff, as_person
from server.domain.people.stores import Store, hold
from server.domain.records import record


class Ticket(OfStore, Base):
    """One person's on one device; it opens nothing but the forms that are made in the field, and reads no page."""

    __tablename__ = "outbox_tickets"

    token_hash: Mapped[str] = mapped_column(unique=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    device_id: Mapped[UUID] = mapped_column(index=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


HOLDER = (
    select(Ticket.device_id, Staff, Store)
    .join(Staff, Staff.id == Ticket.staff_id)
    .join(Store, Store.id == Staff.store_id)
    .where(Ticket.token_hash == bindparam("token_hash"), Ticket.revoked_at.is_(None), Staff.active)
)


MOMENT = timedelta(minutes=1)
STANDING = update(Ticket).where(Ticket.revoked_at.is_(None))


def issue(session: Session, *, by: Person, device: UUID) -> str:
    """A new ticket for whoever is signed in on this device; the house keeps only its hash.

    It takes the place of the one they had here: a device keeps one of each person, so an older one serves nobody good.
    Those of the same moment stand: of pages that open at once, either answer may be the one that arrives.
    """
    own = STANDING.where(Ticket.staff_id == by.id, Ticket.device_id == device, Ticket.created_at < now() - MOMENT)
    session.execute(own.values(revoked_at=now()))
    token = secrets.token_urlsafe(32)
    ticket = Ticket(
        id=uuid7(), store_id=by.store_id, token_hash=digest(token), staff_id=by.id, device_id=device,
        created_at=now(), revoked_at=None,
    )  # fmt: skip
    session.add(ticket)
    record(session, "outbox.ticket_issued", ticket, by=by, device=str(device))
    return token


class Deed(Protocol):
    """What is known of something done on a device and sent later."""

    @property
    def ticket(self) -> str: ...
    @property
    def device(self) -> UUID | None:
        """Where it was done: a queue may have been carried over to another device."""
        ...

    @property
    def acted_at(self) -> datetime | None:
        """When, by that device's corrected clock."""
        ...


def holder(session: Session, deed: Deed) -> Person | None:
    """Whose ticket it is, acting where and when the deed was done; None once it is revoked or they have left."""
    found = session.execute(HOLDER, {"token_hash": digest(deed.ticket)}).first()
    if found is None:
        return None
    person = as_person(found[1], hold(session, found[2]), deed.device or found[0])
    return msgspec.structs.replace(person, acted_at=deed.acted_at)


def revoke(session: Session, device_id: UUID, *, by: Person) -> int:
    """Nothing is delivered from this device any more until somebody signs in on it; how many tickets fell."""
    of_device = STANDING.where(Ticket.store_id == by.store_id, Ticket.device_id == device_id)
    fallen = session.execute(of_device.values(revoked_at=now()).returning(Ticket.id)).all()
    return len(fallen)
