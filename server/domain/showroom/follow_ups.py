"""Follow-ups: each time somebody spoke to a prospect, what was said, and what comes next."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.database import Base, OfStore
from server.domain.people import Staff


class FollowUp(OfStore, Base):
    """One talk, or one try of it, kept for good."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        Index("ix_follow_ups_prospect", "store_id", "prospect_id", "made_at"),
        Index("ix_follow_ups_made", "store_id", "made_at"),
    )

    prospect_id: Mapped[UUID] = mapped_column(ForeignKey("prospects.id"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    method: Mapped[str]
    reached: Mapped[bool]
    content: Mapped[str]
    customer_words: Mapped[str]
    """What the customer said, unpolished."""
    countermeasure: Mapped[str]
    """What is done about what holds them back."""
    grade_before: Mapped[str]
    grade_after: Mapped[str]
    expected_on: Mapped[date | None]
    """By when they mean to buy, as they said this time."""
    next_at: Mapped[datetime]
    next_method: Mapped[str]
    was_overdue: Mapped[bool]

    maker: Mapped[Staff] = relationship()


class FollowUpComment(OfStore, Base):
    """What a manager says about a follow-up."""

    __tablename__ = "follow_up_comments"
    __table_args__ = (Index("ix_follow_up_comments_follow_up", "store_id", "follow_up_id"),)

    follow_up_id: Mapped[UUID] = mapped_column(ForeignKey("follow_ups.id"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    text: Mapped[str]

    maker: Mapped[Staff] = relationship()
