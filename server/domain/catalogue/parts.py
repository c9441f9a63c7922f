"""Parts: what the store sells of them, of which class, at what price, and how many lie where."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, OfStore, Versioned, Words
from server.domain.refusals import N_

CLASSES: dict[str, str] = {
    "original": N_("Original part"),
    "equal": N_("Equal quality"),
    "remanufactured": N_("Remanufactured"),
    "reused": N_("Reused"),
}
"""The classes that the customer chooses from, each shown with its price."""


class Part(OfStore, Versioned, Base):
    """One part. Quantities are hundredths of its unit; only `stock_moves` change the two counters."""

    __tablename__ = "parts"
    __table_args__ = (
        UniqueConstraint("store_id", "code"),
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="reserved"),
        Index("ix_parts_instead_of", "store_id", "instead_of"),
    )

    code: Mapped[str]
    name: Mapped[Words]
    brand: Mapped[str] = mapped_column(default="")
    unit: Mapped[Words]
    part_class: Mapped[str] = mapped_column(default="original")
    instead_of: Mapped[str] = mapped_column(default="")
    """The code of the original part that it can be built in for, or empty."""
    price: Mapped[int]
    """Fen for one unit, tax included."""
    reorder_at: Mapped[int] = mapped_column(default=0)
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    for_models: Mapped[list[Any]] = mapped_column(default=list)
    """Identities of the models it fits; empty: every model."""
    bin: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)

    @property
    def free(self) -> int:
        """How much is neither issued nor kept for an order."""
        return self.on_hand - self.reserved
