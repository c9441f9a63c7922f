"""Receipts of requests: the same tap sent twice is done once and answered twice."""

import hashlib
import zlib
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, now
from server.domain.refusals import Invalid, N_


class Receipt(Base):
    """What a key did and what was answered. Kept at least a year: a device may come back late."""

    __tablename__ = "receipts"

    key: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None]
    store_id: Mapped[UUID | None]
    method: Mapped[str]
    path: Mapped[str]
    body_hash: Mapped[str]
    status: Mapped[int]
    headers: Mapped[dict[str, Any]]
    answer: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]

    @property
    def body(self) -> bytes:
        """The answer as it went out."""
        return zlib.decompress(self.answer)


def body_hash(body: bytes) -> str:
    """What makes two bodies the same."""
    return hashlib.sha256(body).hexdigest()


def claim(session: Session, receipt: Receipt) -> Receipt | None:
    """Take the key for this request; the earlier receipt when the key was used before.

    A second request with the same key waits here until the first one's transaction has ended.
    Raises Invalid when the key came with another body, path or person.
    """
    earlier = session.get(Receipt, receipt.key)
    if earlier is None:
        earlier = _insert_first(session, receipt)
    if earlier is None:
        return None
    same = (earlier.person_id, earlier.method, earlier.path, earlier.body_hash)
    if same != (receipt.person_id, receipt.method, receipt.path, receipt.body_hash):
        raise _other_content()
    return earlier


def keep(session: Session, receipt: Receipt, status: int, headers: dict[str, str], body: bytes) -> None:
    """Write what was answered, in the transaction of the effect."""
    receipt.status = status
    receipt.headers = dict(headers)
    receipt.answer = zlib.compress(body, 1)
    session.merge(receipt)


def draft(key: UUID, person_id: UUID | None, store_id: UUID | None, method: str, path: str, body: bytes) -> Receipt:
    """A receipt before its answer is known."""
    return Receipt(
        key=key, person_id=person_id, store_id=store_id, method=method, path=path, body_hash=body_hash(body),
        status=0, headers={}, answer=b"", created_at=now(),
    )  # fmt: skip


def _insert_first(session: Session, receipt: Receipt) -> Receipt | None:
    """On PostgreSQL the unique key itself makes the second writer wait; on SQLite BEGIN IMMEDIATE did."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    from sqlalchemy.dialects.postgresql import insert

    columns = {c.key: getattr(receipt, c.key) for c in Receipt.__table__.columns}
    taken = session.execute(insert(Receipt).values(columns).on_conflict_do_nothing().returning(Receipt.key))
    if taken.first():
        return None
    earlier = session.get(Receipt, receipt.key)
    if earlier is None:  # taken in another store, whose rows this session does not see
        raise _other_content()
    return earlier


def _other_content() -> Invalid:
    return Invalid.at("_key", N_("This form was already sent with other content. Open the page again."))
