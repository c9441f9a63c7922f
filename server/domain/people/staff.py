"""The people of a store."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Versioned, Words, now
from server.domain.people.roles import RIGHTS, Right, Role, rights_of
from server.domain.people.stores import Store

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_NOBODY = _hasher.hash("nobody has this password")


class Staff(OfStore, Versioned, Base):
    """Somebody who signs in. `name` is typed at the door, `title` stands on papers."""

    __tablename__ = "staff"

    name: Mapped[str] = mapped_column(unique=True)
    title: Mapped[Words]
    roles: Mapped[list[Any]]
    password_hash: Mapped[str]
    pin_hash: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="zh")
    phone: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)


class Person(msgspec.Struct, frozen=True):
    """The actor of a request: a reading of `Staff` with what their roles may do."""

    id: UUID
    store_id: UUID
    name: str
    title: Words
    roles: tuple[str, ...]
    rights: frozenset[Right]
    store_name: Words
    timezone: str
    device_id: UUID | None = None
    acted_at: datetime | None = None
    """When they did it, where the deed waited on a device; None while they are at the house's own door."""

    @property
    def display(self) -> str:
        """How the record of events and the papers call them."""
        return self.title["zh"]

    @property
    def zone(self) -> ZoneInfo:
        """The zone of their store."""
        return ZoneInfo(self.timezone)

    def moment(self) -> datetime:
        """When the deed was done: on the device, if it waited there, else now."""
        return self.acted_at or now()

    def may(self, right: Right) -> bool:
        """Whether one of their roles does this."""
        return right in self.rights


def as_person(staff: Staff, store: Store, device_id: UUID | None = None) -> Person:
    """Who acts, as the verbs want it."""
    return Person(
        id=staff.id, store_id=staff.store_id, name=staff.name, title=staff.title, roles=tuple(staff.roles),
        rights=rights_of(staff.roles), store_name=store.name, timezone=store.timezone, device_id=device_id,
    )  # fmt: skip


def seal(password: str) -> str:
    """An argon2id hash to keep instead of the password or PIN."""
    return _hasher.hash(password)


def proves(kept: str | None, typed: str) -> bool:
    """Whether what was typed is what is kept; takes as long when nothing is kept."""
    try:
        return _hasher.verify(kept or _NOBODY, typed) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def with_right(session: Session, store_id: UUID, right: Right) -> Sequence[Staff]:
    """The store's active people who may do this, by name."""
    return able(_active(session, store_id), right)


def able(staff: Iterable[Staff], right: Right) -> list[Staff]:
    """Those among them who work here and may do this."""
    roles = {role for role in Role if right in RIGHTS[role]}
    return [one for one in staff if one.active and roles.intersection(one.roles)]


def everybody(session: Session, store_id: UUID) -> Sequence[Staff]:
    """The people of the store by name, those who left included."""
    return session.scalars(select(Staff).where(Staff.store_id == store_id).order_by(Staff.name)).all()


def with_role(session: Session, store_id: UUID, role: Role) -> Sequence[Staff]:
    """The store's active people of one role, by name."""
    return [staff for staff in _active(session, store_id) if role in staff.roles]


def titles(session: Session, store_id: UUID) -> dict[UUID, Words]:
    """How to call everybody of the store, those who left included."""
    return {row.id: row.title for row in session.execute(TITLES, {"store_id": store_id})}


def _active(session: Session, store_id: UUID) -> Sequence[Staff]:
    query = select(Staff).where(Staff.store_id == store_id, Staff.active).order_by(Staff.name)
    return session.scalars(query).all()


TITLES = select(Staff.id, Staff.title).where(Staff.store_id == bindparam("store_id"))
