"""Numbers of papers and things: one series per store, kind and day, without gaps."""

from datetime import date
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, now


class NumberSeries(Base):
    """The last number given in a series.

    A number is taken in the transaction of its thing: rolled back, it is free again.
    """

    __tablename__ = "number_series"

    store_id: Mapped[UUID] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    series: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]


class Numbering(Protocol):
    """Whoever takes a number: a person, or a customer by a link."""

    @property
    def store_id(self) -> UUID: ...
    @property
    def zone(self) -> ZoneInfo: ...


def next_number(session: Session, series: str, *, by: Numbering) -> str:
    """`JC-20261122-0007`: the series, the store's own day, and the next number of that day."""
    return next_numbers(session, series, 1, by=by)[0]


def next_numbers(session: Session, series: str, count: int, *, by: Numbering) -> list[str]:
    """So many at once, one after the other."""
    today = now().astimezone(by.zone).date()
    place = (by.store_id, series, today)
    row = session.get(NumberSeries, place, with_for_update=True, populate_existing=True)
    if row is None:
        row = _open_series(session, *place)
    row.last += count
    return [f"{series}-{today:%Y%m%d}-{number:04d}" for number in range(row.last - count + 1, row.last + 1)]


def _open_series(session: Session, store_id: UUID, series: str, day: date) -> NumberSeries:
    """Two first takers of a day meet at the primary key; both then queue for the row."""
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert

        row = {"store_id": store_id, "series": series, "day": day, "last": 0}
        session.execute(insert(NumberSeries).values(row).on_conflict_do_nothing())
    else:
        session.add(NumberSeries(store_id=store_id, series=series, day=day, last=0))
        session.flush()  # read back below
    query = select(NumberSeries).where(
        NumberSeries.store_id == store_id, NumberSeries.series == series, NumberSeries.day == day
    )
    return session.scalars(query.with_for_update()).one()
