"""Devices of the store: who used one last, when it was last heard of, and how much work waits on it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Words, now
from server.domain.people.device_names import described
from server.domain.people.staff import Person
from server.domain.people.stores import of_store
from server.domain.records import record

PIN_KEEPS = timedelta(days=30)
NEWS = timedelta(minutes=1)
"""A contact with nothing new to say is written down at most this often."""
LONGEST_AGENT = 400


class Device(OfStore, Base):
    """A tablet, phone or desk that somebody of the store has signed in on by password."""

    __tablename__ = "devices"

    name: Mapped[str]
    """As the administrator calls it; empty until then."""
    first_seen: Mapped[datetime]
    trusted_until: Mapped[datetime]
    """Until then it is handed over by PIN."""
    agent: Mapped[str] = mapped_column(default="", server_default="")
    """What its browser calls itself."""
    last_contact_at: Mapped[datetime | None]
    last_person_id: Mapped[UUID | None]
    waiting: Mapped[int] = mapped_column(default=0, server_default="0")
    """Pieces of work that were kept on it and not sent yet, as it said at its last contact."""
    needing: Mapped[int] = mapped_column(default=0, server_default="0")
    """Pieces among what it holds that were refused and wait for whoever did them, as it said then."""
    revoked_at: Mapped[datetime | None]

    @property
    def called(self) -> Words:
        """Its name, else what it is."""
        return {"zh": self.name, "en": self.name} if self.name else self.kind

    @property
    def kind(self) -> Words:
        """A tablet, a phone or a computer, and with which browser."""
        return described(self.agent)

    @property
    def held(self) -> int:
        """Everything on it that is not here."""
        return self.waiting + self.needing

    @property
    def may_switch(self) -> bool:
        """Whether it can be handed over by PIN."""
        return self.trusted_until > now()


def trust(session: Session, device_id: UUID, *, by: Person) -> None:
    """Somebody gave their password on it: from here on it can be handed over by PIN, revoked before or not."""
    device = session.get(Device, device_id)
    if device is None:
        device = Device(id=device_id, store_id=by.store_id, name="", first_seen=now())
        session.add(device)
    if device.store_id != by.store_id:
        return
    if device.revoked_at is not None:
        device.revoked_at = None
        record(session, "device.restored", device, by=by)
    device.trusted_until = now() + PIN_KEEPS


def heard_from(
    session: Session, device_id: UUID, by: Person, waiting: int | None, agent: str, *, needing: int | None = None
) -> None:
    """It has spoken to the house. `waiting` is how much it will send, `needing` how much was refused; None: not said.

    A device that is not known, or not of the person's store, leaves no trace.
    """
    device = session.get(Device, device_id)
    if device is None or device.store_id != by.store_id:
        return
    news = {
        "last_person_id": by.id,
        "waiting": device.waiting if waiting is None else max(0, waiting),
        "needing": device.needing if needing is None else needing,
        "agent": agent[:LONGEST_AGENT] or device.agent,
    }
    fresh = device.last_contact_at is not None and device.last_contact_at > now() - NEWS
    if fresh and all(getattr(device, name) == value for name, value in news.items()):
        return
    for name, value in news.items():
        setattr(device, name, value)
    device.last_contact_at = now()


def all_of(session: Session, by: Person) -> Sequence[Device]:
    """The store's devices: with work waiting first, then the last used."""
    query = select(Device).where(Device.store_id == by.store_id)
    latest = Device.last_contact_at.desc().nulls_last()
    return session.scalars(query.order_by((Device.waiting + Device.needing).desc(), latest, Device.id)).all()


def one(session: Session, device_id: UUID, by: Person) -> Device:
    """Raises NotThere."""
    return of_store(session, Device, device_id, by.store_id)


def rename(session: Session, device: Device, name: str, *, by: Person) -> None:
    """What it is called from now on; with nothing, by what it is."""
    if device.name != name:
        record(session, "device.renamed", device, by=by, before=device.name, after=name)
        device.name = name
