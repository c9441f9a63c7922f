"""Issued papers: content frozen when signed, revisions added with a reason, each provable by anyone."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session

from server.database import Base, OfStore, now
from server.domain.records.events import Actor, record

CODE_LETTERS = 16


class Paper(OfStore, Base):
    """One revision of a paper. The PDF is a reading of `content` and can be drawn again at any time."""

    __tablename__ = "papers"
    __table_args__ = (
        UniqueConstraint("store_id", "number", "revision"),
        Index("ix_papers_number", "number"),
        Index("ix_papers_subject", "store_id", "subject_id"),
    )

    number: Mapped[str]
    revision: Mapped[int]
    kind: Mapped[str]
    reason: Mapped[str | None]
    subject_id: Mapped[UUID]
    content: Mapped[dict[str, Any]]
    hash: Mapped[str]
    previous: Mapped[str | None]
    """Hash of the revision before: a chain of its own."""
    issued_at: Mapped[datetime]
    issued_by: Mapped[UUID]

    @property
    def code(self) -> str:
        """What the QR code carries: enough of the hash that no other paper has it."""
        return self.hash[:CODE_LETTERS]

    def freeze(self, content: Mapping[str, Any]) -> None:
        """Take the content as it stands now, with what the paper itself says, and seal both."""
        said = {
            "kind": self.kind, "number": self.number, "revision": self.revision, "reason": self.reason,
            "issued_at": self.issued_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        }  # fmt: skip
        self.content = msgspec.to_builtins(dict(content) | said)
        self.hash = self.digest()

    def digest(self) -> str:
        """SHA-256 over what the paper says and the revision before it."""
        said = (self.number, self.revision, self.kind, self.reason, self.content, self.previous)
        return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()


def issue(
    session: Session, kind: str, number: str, subject: Any, content: Mapping[str, Any], *, by: Actor,
    reason: str | None = None, customer_id: UUID | None = None, car_id: UUID | None = None,
) -> Paper:  # fmt: skip
    """Freeze the content as the next revision of this number."""
    before = newest(session, by.store_id, number)
    paper = Paper(
        store_id=by.store_id, number=number, revision=before.revision + 1 if before else 1, kind=kind, reason=reason,
        subject_id=subject.id, previous=before.hash if before else None, issued_at=now(), issued_by=by.id,
    )  # fmt: skip
    paper.freeze(content)
    session.add(paper)
    session.flush()  # the event points at it
    record(
        session, "paper.issued", paper, by=by, customer_id=customer_id, car_id=car_id,
        kind=kind, number=number, revision=paper.revision, why=reason, hash=paper.hash,
    )  # fmt: skip
    return paper


def newest(session: Session, store_id: UUID, number: str) -> Paper | None:
    """The revision in force."""
    query = select(Paper).where(Paper.store_id == store_id, Paper.number == number)
    return session.scalar(query.order_by(Paper.revision.desc()).limit(1))


def of_subject(session: Session, store_id: UUID, subject_id: UUID) -> Sequence[Paper]:
    """Every revision of every paper of one thing, newest first."""
    query = select(Paper).where(Paper.store_id == store_id, Paper.subject_id == subject_id)
    return session.scalars(query.order_by(Paper.issued_at.desc(), Paper.revision.desc())).all()


def with_number(session: Session, number: str) -> Sequence[Paper]:
    """All revisions under a number, in every store that has it: each store counts for itself."""
    query = select(Paper).where(Paper.number == number).order_by(Paper.store_id, Paper.revision)
    return session.scalars(query).all()


def first_false(session: Session, store_id: UUID) -> Paper | None:
    """The first paper whose content is not what was issued, or whose revision before is another."""
    before: Paper | None = None
    query = select(Paper).where(Paper.store_id == store_id).order_by(Paper.number, Paper.revision)
    for paper in session.scalars(query):
        expected = before.hash if before and before.number == paper.number else None
        if paper.digest() != paper.hash or paper.previous != expected:
            return paper
        before = paper
    return None
