"""Push notices: on which of their devices somebody wants to be told, and of what."""

import base64
import binascii
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import ForeignKey, UniqueConstraint, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, now, uuid7
from server.domain.people.roles import Right
from server.domain.people.staff import Person
from server.domain.refusals import Invalid, N_, NotThere

LONGEST_ENDPOINT = 1024
SALT = 16
"""Bytes of the secret that a browser shares with whoever writes to it."""

TOPICS: Mapping[str, tuple[Right, str]] = {
    "delivery": (Right.PLAN_DELIVERIES, N_("A delivery is locked or unlocked by its PDI")),
    "work": (Right.SEE_DELIVERIES, N_("Work is planned for me")),
    "overdue": (Right.MAKE_CONTACTS, N_("A call of mine is overdue")),
    "prospects": (Right.KEEP_PROSPECTS, N_("Prospects of mine change hands, grade or fall overdue")),
    "lost": (Right.KEEP_PROSPECTS, N_("A lost deal waits for me, or is decided")),
    "workshop": (Right.SEE_WORKSHOP, N_("The workshop gives me work, asks or waits for me")),
    "deals": (Right.SELL, N_("A discount or an old car waits for a word, or has it")),
}
"""What can be chosen: whom it can concern, and how it is called."""


class Subscription(OfStore, Base):
    """One person on one device. Two people of one tablet share the browser's endpoint and have a row each."""

    __tablename__ = "push_subscriptions"
    __table_args__ = (UniqueConstraint("staff_id", "device_id"), UniqueConstraint("staff_id", "endpoint"))

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    device_id: Mapped[UUID]
    endpoint: Mapped[str]
    """Where the browser's push service takes what is meant for it. Who knows it can send: it is kept secret."""
    p256dh: Mapped[str]
    auth_secret: Mapped[str]
    language: Mapped[str]
    topics: Mapped[list[Any]]
    created_at: Mapped[datetime]


def offered(person: Person) -> dict[str, str]:
    """The topics that can concern this person, with their words."""
    return {topic: words for topic, (right, words) in TOPICS.items() if person.may(right)}


def here(session: Session, person: Person) -> Subscription | None:
    """This person's on the device they hold."""
    query = select(Subscription).where(Subscription.store_id == person.store_id, Subscription.staff_id == person.id)
    return session.scalar(query.where(Subscription.device_id == person.device_id))


def subscribe(
    session: Session, *, by: Person, endpoint: str, p256dh: str, auth_secret: str, language: str
) -> Subscription:
    """From now on this person is told on this device. Raises Invalid at `endpoint`."""
    if by.device_id is None or not endpoint or len(endpoint) > LONGEST_ENDPOINT or not _fits(p256dh, auth_secret):
        raise Invalid.at("endpoint", N_("This device did not say where notices go. Try once more."))
    before = here(session, by)
    old = or_(Subscription.device_id == by.device_id, Subscription.endpoint == endpoint)
    session.execute(delete(Subscription).where(Subscription.staff_id == by.id, old))
    made = Subscription(
        id=uuid7(), store_id=by.store_id, staff_id=by.id, device_id=by.device_id, endpoint=endpoint, p256dh=p256dh,
        auth_secret=auth_secret, language=language, topics=before.topics if before else list(offered(by)),
        created_at=now(),
    )  # fmt: skip
    session.add(made)
    return made


def unsubscribe(session: Session, *, by: Person) -> None:
    """This person is no longer told on this device; the colleague who shares it still is."""
    mine = delete(Subscription).where(Subscription.store_id == by.store_id, Subscription.staff_id == by.id)
    session.execute(mine.where(Subscription.device_id == by.device_id))


def choose(session: Session, topics: Collection[str], *, by: Person) -> None:
    """Of what this person is told on this device. Raises NotThere when they are not told at all."""
    found = here(session, by)
    if found is None:
        raise NotThere
    found.topics = [topic for topic in offered(by) if topic in topics]


def speak(session: Session, language: str, *, by: Person) -> None:
    """In this language from now on, on this device."""
    mine = update(Subscription).where(Subscription.store_id == by.store_id, Subscription.staff_id == by.id)
    session.execute(mine.where(Subscription.device_id == by.device_id).values(language=language))


def of(session: Session, staff_ids: Collection[UUID]) -> Sequence[Subscription]:
    """Where these people are told."""
    return session.scalars(select(Subscription).where(Subscription.staff_id.in_(staff_ids))).all()


def _fits(p256dh: str, auth_secret: str) -> bool:
    """Whether this is a point of the curve P-256 and a secret of the right length."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(p256dh))
        return len(_bytes(auth_secret)) == SALT
    except (ValueError, binascii.Error):
        return False


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
