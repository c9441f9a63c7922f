"""Receipts of requests: the same tap sent twice is done once and answered twice."""

import hashlib
import zlib
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import LargeBinary, Table, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
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
    columns = {column.key: getattr(receipt, column.key) for column in TABLE.columns}
    if session.execute(CLAIM[session.get_bind().dialect.name], columns).first():
        return None
    earlier = session.get(Receipt, receipt.key)
    if earlier is None:  # taken in another store, whose rows this session does not see
        raise _other_content()
    same = (earlier.person_id, earlier.method, earlier.path, earlier.body_hash)
    if same != (receipt.person_id, receipt.method, receipt.path, receipt.body_hash):
        raise _other_content()
    return earlier


def keep(session: Session, receipt: Receipt, status: int, headers: dict[str, str], body: bytes) -> None:
    """Write what was answered into the claimed receipt, in the transaction of the effect."""
    session.execute(
        KEEP, {"claimed": receipt.key, "status": status, "headers": headers, "answer": zlib.compress(body, 1)}
    )


def draft(key: UUID, person_id: UUID | None, store_id: UUID | None, method: str, path: str, body: bytes) -> Receipt:
    """A receipt before its answer is known."""
    return Receipt(
        key=key, person_id=person_id, store_id=store_id, method=method, path=path, body_hash=body_hash(body),
        status=0, headers={}, answer=b"", created_at=now(),
    )  # fmt: skip


def _other_content() -> Invalid:
    return Invalid.at("_key", N_("This form was already sent with other content. Open the page again."))


# Every deed passes here twice, so both sentences are composed once. The unique key makes a second writer wait.
TABLE = cast("Table", Receipt.__table__)
CLAIM = {
    dialect: insert(TABLE).on_conflict_do_nothing().returning(TABLE.c.key)
    for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
KEEP = update(TABLE).where(TABLE.c.key == bindparam("claimed"))
