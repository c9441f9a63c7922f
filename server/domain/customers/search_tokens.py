"""The index of the search: every beginning by which a customer or a car may be looked for.

A range of tokens is one short walk in one index, at a thousand rows as at a million, on both databases.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ForeignKey, String, delete, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base
from server.domain.customers import names, phones

TAIL = "~"
"""Begins a token that is written backwards, so that the last digits are a beginning too."""


class SearchToken(Base):
    """One beginning. Its letters are compared by code point: a language's own order has no usable ranges."""

    __tablename__ = "search_tokens"
    __table_args__ = ({"sqlite_with_rowid": False},)

    store_id: Mapped[UUID] = mapped_column(ForeignKey("stores.id"), primary_key=True)
    token: Mapped[str] = mapped_column(
        String().with_variant(String(collation="C"), "postgresql"), primary_key=True
    )  # fmt: skip
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    of_car: Mapped[bool]


def of_customer(name: str, phone: str | None) -> set[str]:
    """The tokens of a customer."""
    return names.name_tokens(name) | (_both_ways(phones.dialled(phone)) if phone else set())


def of_car(vin: str | None, plate: str | None) -> set[str]:
    """The tokens of a car."""
    return {token for number in (vin, plate) if number for token in _both_ways(names.key(number))}


def rewrite(
    session: Session, store_id: UUID, subject_id: UUID, before: set[str], after: set[str], *, car: bool = False
) -> None:
    """Take out what no longer finds it, put in what newly does."""
    if before - after:
        session.execute(
            delete(SearchToken).where(
                SearchToken.store_id == store_id,
                SearchToken.token.in_(before - after),
                SearchToken.subject_id == subject_id,
            )
        )
    if after - before:
        session.execute(insert(SearchToken), list(rows(store_id, subject_id, after - before, car=car)))


def rows(store_id: UUID, subject_id: UUID, tokens: Iterable[str], *, car: bool = False) -> Iterable[dict[str, object]]:
    """Rows to be inserted."""
    for token in sorted(tokens):
        yield {"store_id": store_id, "token": token, "subject_id": subject_id, "of_car": car}


def _both_ways(number: str) -> set[str]:
    return {number, TAIL + number[::-1]}
