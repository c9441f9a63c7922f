"""What goes along on a visit: the equipment that is packed, and presents out of stock."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words


class Packed(OfStore, Base):
    """One thing of the list `visit_equipment` that lies in the car for one visit."""

    __tablename__ = "visit_packed"
    __table_args__ = (UniqueConstraint("visit_id", "code"),)

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits.id"))
    code: Mapped[str]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class Gift(OfStore, Versioned, Base):
    """A present that is kept in stock."""

    __tablename__ = "visit_gifts"
    __table_args__ = (
        UniqueConstraint("store_id", "code"),
        CheckConstraint("on_hand >= 0", name="never_below_nothing"),
    )

    code: Mapped[str]
    name: Mapped[Words]
    on_hand: Mapped[int]
    """How many lie in the cupboard."""
    active: Mapped[bool] = mapped_column(default=True)


class VisitGift(OfStore, Base):
    """Presents that were taken out of stock for a visit; what was not given comes back."""

    __tablename__ = "visit_gift_lines"
    __table_args__ = (UniqueConstraint("visit_id", "gift_id"),)

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits.id"))
    gift_id: Mapped[UUID] = mapped_column(ForeignKey("visit_gifts.id"))
    pieces: Mapped[int]
    """How many are out for it; 0 once they are back."""
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]

    gift: Mapped[Gift] = relationship(lazy="joined")
