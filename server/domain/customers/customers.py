"""Customers: one person or company, one file."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Versioned, now
from server.domain.customers import personal_numbers, phones
from server.domain.customers.reach import seen
from server.domain.people import Person, Right
from server.domain.refusals import N_

KINDS = {"person": N_("Person"), "company": N_("Company")}
RECENT = 20
_MERGED = text("merged_into IS NOT NULL")


class Customer(OfStore, Versioned, Base):
    """Somebody the store deals with. One who was merged points at the file that was kept."""

    __tablename__ = "customers"
    __table_args__ = (
        Index("ix_customers_created", "store_id", "created_at"),
        Index("ix_customers_phone", "store_id", "phone"),
        Index("ix_customers_last4", "store_id", "phone_last4"),
        Index("ix_customers_number", "store_id", "number_index"),
        Index("ix_customers_household", "store_id", "household_id"),
        Index("ix_customers_merged", "store_id", "merged_into", sqlite_where=_MERGED, postgresql_where=_MERGED),
    )

    kind: Mapped[str] = mapped_column(default="person")
    name: Mapped[str]
    phone: Mapped[str | None]
    phone_last4: Mapped[str | None]
    language: Mapped[str | None]
    address: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    number_sealed: Mapped[str | None]
    number_index: Mapped[str | None]
    household_id: Mapped[UUID | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    advisor_id: Mapped[UUID | None] = mapped_column(index=True)
    """Who of the staff looks after them in service, once they have taken them over."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[UUID]

    @property
    def masked_phone(self) -> str:
        """Enough to recognise, not enough to call."""
        return phones.masked(self.phone)

    @property
    def masked_number(self) -> str:
        """The resident id or credit code with its middle hidden."""
        if self.number_sealed is None:
            return ""
        return personal_numbers.masked(personal_numbers.unseal(self.number_sealed, self.id))

    @property
    def is_merged(self) -> bool:
        """Whether another file was kept instead."""
        return self.merged_into is not None


class Reach:
    """The customers that one person may see."""

    def __init__(self, session: Session, person: Person) -> None:
        self._session = session
        self._person = person

    def one(self, customer_id: UUID) -> Customer:
        """The customer, or the one kept instead after a merge. Raises NotThere."""
        found = seen(self._session, Customer, customer_id, self._person)
        return seen(self._session, Customer, found.merged_into, self._person) if found.merged_into else found

    def recent(self) -> Sequence[Customer]:
        """The newest files."""
        if not self._person.may(Right.SEE_CUSTOMERS):
            return []
        return self._session.scalars(NEWEST, {"store_id": self._person.store_id}).all()


NEWEST = (
    select(Customer)
    .where(Customer.store_id == bindparam("store_id"), Customer.merged_into.is_(None))
    .order_by(Customer.created_at.desc())
    .limit(RECENT)
)


def visible_to(session: Session, person: Person) -> Reach:
    """Where a person's look-ups begin: their own store, and only with the right to see customers."""
    return Reach(session, person)
