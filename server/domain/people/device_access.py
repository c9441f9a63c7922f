"""Who may come in from a device: the sessions that are open on it, the tickets that deliver from it, and their end."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from server.database import Words, now
from server.domain.people import tickets
from server.domain.people.devices import Device
from server.domain.people.sign_in import SignIn
from server.domain.people.staff import Person, Staff
from server.domain.people.tickets import Ticket
from server.domain.records import record


class Holder(msgspec.Struct, frozen=True):
    """Somebody who can use the device, and since when."""

    title: Words
    since: datetime


def signed_in(session: Session, device: Device) -> Sequence[Holder]:
    """Who can read and write on it right now, newest first."""
    open_ones = SignIn.ended_at.is_(None) & (SignIn.expires_at > now())
    return _holders(session, _on(SignIn, device).where(open_ones))


def delivering(session: Session, device: Device) -> Sequence[Holder]:
    """In whose name work that waits on it can still be sent, newest first."""
    return _holders(session, _on(Ticket, device).where(Ticket.revoked_at.is_(None)))


def revoke(session: Session, device: Device, *, by: Person) -> None:
    """Lock it out: its sessions end, nobody takes it over by PIN, and nothing is sent from it any more.

    What waits on it stays there until somebody gives their password on it again.
    """
    ended = session.scalars(
        update(SignIn)
        .where(SignIn.store_id == device.store_id, SignIn.device_id == device.id, SignIn.ended_at.is_(None))
        .values(ended_at=now())
        .returning(SignIn.id)
    ).all()
    fallen = tickets.revoke(session, device.id, by=by)
    device.trusted_until = device.revoked_at = now()
    record(
        session, "device.revoked", device, by=by, waiting=device.waiting, sessions=len(ended), tickets=fallen
    )  # fmt: skip


def _on(kind: type[SignIn] | type[Ticket], device: Device) -> Select[UUID, Words, datetime]:
    query = select(kind.staff_id, Staff.title, kind.created_at).join(Staff, Staff.id == kind.staff_id)
    return query.where(kind.store_id == device.store_id, kind.device_id == device.id).order_by(kind.created_at.desc())


def _holders(session: Session, query: Select[UUID, Words, datetime]) -> Sequence[Holder]:
    """Each person once, by the newest."""
    newest: dict[UUID, Holder] = {}
    for staff_id, title, since in session.execute(query):
        newest.setdefault(staff_id, Holder(title, since))
    return list(newest.values())
