"""Lists of choices that an administrator keeps: colours, delivery places, outcomes, reasons, sources."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Versioned, Words
from server.domain.catalogue.validity import Dated, holding, today
from server.domain.refusals import N_

LISTS = {
    "colour": N_("Colours"),
    "place": N_("Delivery places"),
    "contact_outcome": N_("Outcomes of a call"),
    "contact_note": N_("What customers often say on a call"),
    "lost_reason": N_("Reasons of a lost deal"),
    "source": N_("Where prospects come from"),
    "sub_source": N_("Where prospects come from, in detail"),
    "method": N_("Ways to speak to a prospect"),
    "give_back": N_("Reasons to give a prospect back"),
    "pay_method": N_("Ways to pay"),
    "cancel_reason": N_("Reasons to cancel an order"),
    "trade_in_condition": N_("Condition of an old car"),
    "drive_route": N_("Routes of test drives"),
    "purchase_type": N_("What kind of purchase"),
    "car_use": N_("What a car is used for"),
    "car_user": N_("Who drives a car most"),
    "budget": N_("Budgets, in thousand yuan"),
    "payment_wish": N_("How people would pay"),
    "concern": N_("What matters in a car"),
    "age": N_("Age groups"),
    "household": N_("How many live together"),
    "driving_years": N_("How long people have driven"),
    "income": N_("Income groups"),
    "education": N_("Education"),
    "visit_purpose": N_("What people come in for"),
    "visit_role": N_("Roles on a home visit"),
    "visit_equipment": N_("What goes along on a home visit"),
    "pause_reason": N_("Why a job pauses"),
    "finding_note": N_("What technicians often find"),
}


class ListEntry(OfStore, Versioned, Dated, Base):
    """One choice of one list. Rows elsewhere keep its code; the words may be polished."""

    __tablename__ = "list_entries"
    __table_args__ = (UniqueConstraint("store_id", "list", "code"),)

    list: Mapped[str]
    code: Mapped[str]
    name: Mapped[Words]
    position: Mapped[int] = mapped_column(default=0)


def entries(session: Session, store_id: UUID, list_: str, day: date | None = None) -> Sequence[ListEntry]:
    """What can be chosen on that day (today when not said), in the list's own order."""
    query = select(ListEntry).where(ListEntry.store_id == store_id, ListEntry.list == list_)
    query = query.where(holding(ListEntry, day or today(session, store_id)))
    return session.scalars(query.order_by(ListEntry.position, ListEntry.code)).all()


def listed(session: Session, store_id: UUID, *lists: str) -> dict[str, list[ListEntry]]:
    """Every choice of these lists in their own order, also those that have ended since."""
    query = select(ListEntry).where(ListEntry.store_id == store_id, ListEntry.list.in_(lists))
    found: dict[str, list[ListEntry]] = {name: [] for name in lists}
    for entry in session.scalars(query.order_by(ListEntry.position, ListEntry.code)):
        found[entry.list].append(entry)
    return found


def words_of(session: Session, store_id: UUID, *lists: str) -> dict[str, dict[str, Words]]:
    """The words of every code of these lists, also of choices that have ended since."""
    query = select(ListEntry.list, ListEntry.code, ListEntry.name).where(ListEntry.store_id == store_id)
    found: dict[str, dict[str, Words]] = {name: {} for name in lists}
    for row in session.execute(query.where(ListEntry.list.in_(lists))):
        found[row.list][row.code] = row.name
    return found


def named(session: Session, store_id: UUID, list_: str, code: str) -> Words | None:
    """The words of a code, also when the choice has ended since."""
    query = select(ListEntry.name).where(ListEntry.store_id == store_id, ListEntry.list == list_)
    return session.scalar(query.where(ListEntry.code == code))
