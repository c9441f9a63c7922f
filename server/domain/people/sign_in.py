"""Signing in by password, switching a shared tablet by PIN, and what holds a guesser up."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Index, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Row, now, reach, uuid7
from server.domain.people import devices
from server.domain.people.devices import Device
from server.domain.people.staff import Person, Staff, as_person, proves, seal
from server.domain.people.stores import Store, hold
from server.domain.records import record
from server.domain.refusals import Invalid, N_

TRIES = 5
TRIES_PER_ADDRESS = 50
WINDOW = timedelta(minutes=15)
PIN_SHAPE = re.compile(r"\d{6}", re.ASCII)


class SignIn(OfStore, Base):
    """An open session: the cookie holds a token, the table only its hash."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index("ix_sign_ins_device", "device_id", "created_at"),)

    token_hash: Mapped[str] = mapped_column(unique=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    device_id: Mapped[UUID]
    by_pin: Mapped[bool]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Attempt(Row, Base):
    """One try at the door; failed ones slow the next down."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_name", "name", "at"), Index("ix_sign_in_attempts_at", "address", "at"))

    name: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]
    passed: Mapped[bool]


# Asked at every request, so it is composed once.
WHO = (
    select(SignIn.device_id, Staff, Store)
    .join(Staff, Staff.id == SignIn.staff_id)
    .join(Store, Store.id == Staff.store_id)
    .where(SignIn.token_hash == bindparam("token_hash"), SignIn.ended_at.is_(None))
    .where(SignIn.expires_at > bindparam("at"), Staff.active)
)


def by_password(
    session: Session, name: str, password: str, *, device: UUID, address: str, hours: int
) -> tuple[Person, str]:
    """The person and the new session's token. Raises Invalid; the caller keeps the attempt all the same."""
    staff = session.scalar(select(Staff).where(Staff.name == name.strip().lower(), Staff.active))
    _hold_up(session, name.strip().lower(), address)
    if not proves(staff.password_hash if staff else None, password) or staff is None:
        _tried(session, name, address, passed=False)
        raise Invalid.at("password", N_("Name or password is not right."))
    _tried(session, name, address, passed=True)
    person = _enter(session, staff, device)
    devices.trust(session, device, by=person)
    return person, _open(session, person, device, hours, by_pin=False)


def by_pin(session: Session, name: str, pin: str, *, at: Person, address: str, hours: int) -> tuple[Person, str]:
    """Hand the tablet over: the device must be the store's, the person of the same store.

    Five wrong PINs close this way in until a password is given. Raises Invalid at `pin`.
    """
    staff = session.scalar(
        select(Staff).where(
            Staff.name == name, Staff.store_id == at.store_id, Staff.active, Staff.pin_hash.is_not(None)
        )
    )
    device = session.get(Device, at.device_id) if at.device_id else None
    if device is None or device.store_id != at.store_id or not device.may_switch:
        raise Invalid.at("pin", N_("This device is not known to the store yet. Sign in with your password."))
    _hold_up(session, f"pin:{name}", address)
    if not proves(staff.pin_hash if staff else None, pin) or staff is None:
        _tried(session, f"pin:{name}", address, passed=False)
        raise Invalid.at("pin", N_("This PIN is not right."))
    _tried(session, f"pin:{name}", address, passed=True)
    person = _enter(session, staff, device.id)
    return person, _open(session, person, device.id, hours, by_pin=True)


def who_switches(session: Session, at: Person) -> Sequence[Staff]:
    """Whom this tablet can be handed to."""
    query = select(Staff).where(Staff.store_id == at.store_id, Staff.active, Staff.pin_hash.is_not(None))
    return session.scalars(query.where(Staff.id != at.id).order_by(Staff.name)).all()


def recognise(session: Session, token: str) -> Person | None:
    """Who holds this token, if the session is open and the person still works here."""
    found = session.execute(WHO, {"token_hash": digest(token), "at": now()}).first()
    return as_person(found[1], hold(session, found[2]), found[0]) if found else None


def leave(session: Session, token: str, *, by: Person) -> None:
    """Close the session behind the token."""
    open_one = session.scalar(select(SignIn).where(SignIn.token_hash == digest(token)))
    if open_one and open_one.ended_at is None:
        open_one.ended_at = now()
        record(session, "person.left", open_one, by=by)


def set_pin(session: Session, staff: Staff, pin: str, *, by: Person) -> None:
    """A PIN of six digits, not all the same and not a run. Raises Invalid at `pin`."""
    if not PIN_SHAPE.fullmatch(pin) or len(set(pin)) == 1 or pin in "01234567890" or pin in "09876543210":
        raise Invalid.at("pin", N_("A PIN has six digits, not all the same and not in a row."))
    staff.pin_hash = seal(pin)
    record(session, "person.pin_set", staff, by=by)


def change_pin(session: Session, password: str, pin: str, *, by: Person) -> None:
    """One's own PIN, for who knows one's password. Raises Invalid at `password` or `pin`."""
    staff = session.get_one(Staff, by.id)
    if not proves(staff.password_hash, password):
        raise Invalid.at("password", N_("The password is not right."))
    set_pin(session, staff, pin, by=by)


def _enter(session: Session, staff: Staff, device: UUID) -> Person:
    reach(session, staff.store_id)
    return as_person(staff, session.get_one(Store, staff.store_id), device)


def _open(session: Session, person: Person, device: UUID, hours: int, *, by_pin: bool) -> str:
    token = secrets.token_urlsafe(32)
    opened = SignIn(
        id=uuid7(), store_id=person.store_id, token_hash=digest(token), staff_id=person.id, device_id=device,
        by_pin=by_pin, created_at=now(), expires_at=now() + timedelta(hours=hours), ended_at=None,
    )  # fmt: skip
    session.add(opened)
    record(session, "person.signed_in", opened, by=person, by_pin=by_pin, device=str(device))
    return token


def _tried(session: Session, name: str, address: str, *, passed: bool) -> None:
    session.add(Attempt(name=name.strip().lower()[:80], address=address, at=now(), passed=passed))


def _hold_up(session: Session, name: str, address: str) -> None:
    """Too many failures lately, for this name or from this address: not even the right password enters."""
    since = now() - WINDOW
    failed = select(func.count()).where(Attempt.at > since, ~Attempt.passed)
    last_passed = select(func.max(Attempt.at)).where(Attempt.name == name, Attempt.passed).scalar_subquery()
    for_name = session.scalar(failed.where(Attempt.name == name, Attempt.at > func.coalesce(last_passed, since)))
    from_address = session.scalar(failed.where(Attempt.address == address))
    if (for_name or 0) >= TRIES or (from_address or 0) >= TRIES_PER_ADDRESS:
        raise Invalid.at("password", N_("Too many tries. Wait 15 minutes or ask the administrator."))


def digest(token: str) -> str:
    """What the tables keep of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
