"""When a customer may be called: the store's hours, the customer's own wish, and whether they want calls at all."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Words, uuid7
from server.domain.catalogue import value_of
from server.domain.customers import Customer
from server.domain.people import Person, Store
from server.domain.records import consents, record
from server.domain.refusals import Invalid, N_, Said

DAY = 24 * 60
SOON = timedelta(hours=1)
EVERY_DAY = frozenset(range(7))
WEEKDAYS = (
    ("周一", "Mon"), ("周二", "Tue"), ("周三", "Wed"), ("周四", "Thu"), ("周五", "Fri"), ("周六", "Sat"),
    ("周日", "Sun"),
)  # fmt: skip


class CallingWish(OfStore, Base):
    """What a customer said about when to call them; the newest counts."""

    __tablename__ = "calling_wishes"
    __table_args__ = (Index("ix_calling_wishes_customer", "store_id", "customer_id", "at"),)

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    opens: Mapped[int | None]
    """Minute of the day; None is taken back: the store's own hours hold."""
    closes: Mapped[int | None]
    weekdays: Mapped[list[Any]]
    """0 is Monday; empty is any day."""
    taken_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class Window(msgspec.Struct, frozen=True):
    """From which minute of the day to which, on which days of the week."""

    opens: int
    closes: int
    weekdays: frozenset[int] = EVERY_DAY
    own: bool = False
    """Whether the customer asked for it."""

    def has(self, here: datetime) -> bool:
        """Whether it is open at that moment of the store's clock."""
        return here.weekday() in self.weekdays and self.opens <= here.hour * 60 + here.minute < self.closes

    @property
    def said(self) -> Words:
        """`09:00–20:30`, after the days of the week where it is not every day."""
        hours = "–".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.opens, self.closes))
        if self.weekdays == EVERY_DAY:
            return {"zh": hours, "en": hours}
        chinese, english = zip(*(WEEKDAYS[day] for day in sorted(self.weekdays)), strict=True)
        return {"zh": f"{'、'.join(chinese)} {hours}", "en": f"{', '.join(english)} {hours}"}


class CallingHours:
    """The hours of one store and of some of its customers, asked for at once."""

    def __init__(self, session: Session, store_id: UUID, customer_ids: Collection[UUID]) -> None:
        rule: dict[str, int] = value_of(session, store_id, "calling_hours")
        self.zone = session.get_one(Store, store_id).zone
        self.usual = Window(rule["opens"], rule["closes"])
        self.silent = consents.refusing(session, store_id, customer_ids, "contact")
        self._own = _wishes(session, store_id, customer_ids)

    def of(self, customer_id: UUID) -> Window:
        """When this customer may be called."""
        return self._own.get(customer_id, self.usual)

    def next_open(self, moment: datetime, customer_id: UUID) -> datetime:
        """That moment, or the first one after it at which they may be called."""
        window, here = self.of(customer_id), moment.astimezone(self.zone)
        if window.has(here):
            return moment
        minute = here.hour * 60 + here.minute
        for days in range(1 if minute >= window.opens else 0, 9):
            day = here.date() + timedelta(days=days)
            if day.weekday() in window.weekdays:
                return datetime.combine(day, _clock(window.opens), self.zone)
        raise AssertionError("a window is open on some day")

    def last_open(self, moment: datetime, customer_id: UUID) -> datetime:
        """The end of that day's hours."""
        here, closes = moment.astimezone(self.zone), self.of(customer_id).closes
        return datetime.combine(here.date(), _clock(min(closes, DAY - 1)), self.zone)

    def why_not(self, customer: Customer, at: datetime) -> Said | None:
        """Why they are not to be called now, or None."""
        if not customer.phone:
            return Said(N_("No telephone number is on file."))
        if customer.id in self.silent:
            return Said(N_("Does not want to be called."))
        window = self.of(customer.id)
        if window.has(at.astimezone(self.zone)):
            return None
        if window.own:
            return Said(N_("Asked to be called only %(hours)s."), hours=window.said)
        return Said(N_("Nobody is called now, only %(hours)s."), hours=window.said)


def wish(
    session: Session, customer: Customer, *, by: Person, opens: int | None, closes: int | None,
    weekdays: Collection[int] = (),
) -> CallingWish:  # fmt: skip
    """Keep when they want to be called; nothing at all takes an earlier wish back. Raises Invalid."""
    if (opens is None) != (closes is None) or (opens is None and weekdays):
        raise Invalid.at("closes", N_("Give both hours."))
    if opens is not None and closes is not None and not 0 <= opens < closes <= DAY:
        raise Invalid.at("closes", N_("The later hour comes second."))
    said = CallingWish(
        id=uuid7(), store_id=by.store_id, customer_id=customer.id, opens=opens, closes=closes,
        weekdays=sorted(set(weekdays) & EVERY_DAY), taken_by=by.id, at=by.moment(),
    )  # fmt: skip
    session.add(said)
    session.flush()  # the event points at it
    record(session, "calling_wish.said", said, by=by, customer_id=customer.id, opens=opens, closes=closes)
    return said


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


def _wishes(session: Session, store_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, Window]:
    query = select(CallingWish).where(CallingWish.store_id == store_id, CallingWish.customer_id.in_(customer_ids))
    found: dict[UUID, Window] = {}
    for said in session.scalars(query.order_by(CallingWish.at, CallingWish.id)):
        if said.opens is None or said.closes is None:
            found.pop(said.customer_id, None)
        else:
            found[said.customer_id] = Window(said.opens, said.closes, frozenset(said.weekdays) or EVERY_DAY, own=True)
    return found
