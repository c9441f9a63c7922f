"""Stores: each keeps its own customers, numbers and record of events."""

from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Row, Words
from server.domain.refusals import NotThere

Kept = TypeVar("Kept", bound=OfStore)


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


def hold(session: Session, store: Store) -> Store:
    """Keep it at hand for as long as the session lives: nearly every page asks what day it is there."""
    session.info["house"] = store
    return store


def of_store(session: Session, kind: type[Kept], identity: UUID, store_id: UUID) -> Kept:
    """The row of that identity, when it is this store's. Raises NotThere."""
    row = session.get(kind, identity)
    if row is None or row.store_id != store_id:
        raise NotThere
    return row
