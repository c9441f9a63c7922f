"""Kinds of contacts: in which way something is owed, why, and what is said. Content that a store keeps itself."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Versioned, Words

CALL, VISIT, REMINDER, PROMISE, SURVEY, ANSWER = "call", "visit", "reminder", "promise", "survey", "answer"
WAYS: dict[str, Words] = {
    CALL: {"zh": "电话", "en": "Call"},
    VISIT: {"zh": "上门", "en": "Visit"},
    REMINDER: {"zh": "提醒", "en": "Reminder"},
    PROMISE: {"zh": "承诺", "en": "Promise"},
    SURVEY: {"zh": "调查", "en": "Survey"},
    ANSWER: {"zh": "答复", "en": "Answer"},
}


class ContactKind(OfStore, Versioned, Base):
    """One reason to speak to a customer, with the words for it."""

    __tablename__ = "contact_kinds"
    __table_args__ = (UniqueConstraint("store_id", "code"),)

    code: Mapped[str]
    way: Mapped[str]
    name: Mapped[Words]
    script: Mapped[Words]
    """What is said; `{customer}`, `{me}`, `{store}` and `{car}` are filled in."""
    weight: Mapped[int] = mapped_column(default=0)
    """How much it matters by itself, from 0 to 50."""
    safety: Mapped[bool] = mapped_column(default=False)
    """About the safety of a car: made even where a customer wants no calls, with a reason."""
    by_hand: Mapped[bool] = mapped_column(default=False)
    """Whether people may owe it to a customer from the customer's page."""
    position: Mapped[int] = mapped_column(default=0)

    @property
    def way_name(self) -> Words:
        """In which way it is owed."""
        return WAYS[self.way]

    @property
    def is_promised(self) -> bool:
        """Whether the customer waits for it because they were told so."""
        return self.way in (PROMISE, ANSWER)

    @property
    def goes_on_in_silence(self) -> bool:
        """Whether it stays owed to a customer who wants no calls: they asked for it, or their safety does."""
        return self.safety or self.way == ANSWER


def of_store(session: Session, store_id: UUID) -> Sequence[ContactKind]:
    """All of a store, in their own order."""
    query = select(ContactKind).where(ContactKind.store_id == store_id)
    return session.scalars(query.order_by(ContactKind.position, ContactKind.code)).all()


def of_code(session: Session, store_id: UUID, code: str) -> ContactKind:
    """One of them. Raises LookupError: a kind that nobody set is a fault of the set-up."""
    found = session.scalar(KIND.where(ContactKind.store_id == store_id, ContactKind.code == code))
    if found is None:
        raise LookupError(f"kind of contact {code!r} is not set")
    return found


KIND = select(ContactKind)
