"""Stores: each keeps its own customers, numbers and record of events."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, Row, Words


class Store(Row, Base):
    """A 4S shop, as it stands on the head of its papers."""

    __tablename__ = "stores"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[Words]
    address: Mapped[Words]
    phone: Mapped[str]
    credit_code: Mapped[str]
    timezone: Mapped[str] = mapped_column(default="Asia/Shanghai")

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which its people read the clock."""
        return ZoneInfo(self.timezone)
