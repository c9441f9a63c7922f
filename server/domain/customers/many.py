"""Many customers at once, as they come from a list: the file of each is the same as if it had been typed."""

from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.orm import Session

from server.database import add_many, now, uuid7
from server.domain.customers import search_tokens
from server.domain.customers.customers import Customer
from server.domain.customers.reading import take_turn
from server.domain.customers.search_tokens import SearchToken
from server.domain.people import Person
from server.domain.records.events import record_many


class Entry:
    """What a list says of a customer: cleaned name, E.164 telephone, address."""

    def __init__(self, name: str, phone: str, address: str = "") -> None:
        self.name, self.phone, self.address = name, phone, address


def register_many(session: Session, entries: Sequence[Entry], *, by: Person) -> list[Customer]:
    """Open a file for each, in the same order. That nobody of them is here already has been looked up before."""
    if not entries:
        return []
    take_turn(session, by)
    opened = [_customer(entry, by) for entry in entries]
    add_many(session, opened)
    tokens = [
        row
        for one in opened
        for row in search_tokens.rows(by.store_id, one.id, search_tokens.of_customer(one.name, one.phone))
    ]
    session.execute(insert(SearchToken).returning(SearchToken.subject_id), tokens)
    happened = [(one, one.id, {"kind": one.kind}) for one in opened]
    record_many(session, "customer.registered", happened, by=by)
    return opened


def _customer(entry: Entry, by: Person) -> Customer:
    return Customer(
        id=uuid7(), store_id=by.store_id, version=1, kind="person", name=entry.name, phone=entry.phone,
        phone_last4=entry.phone[-4:], language=None, address=entry.address, note="", number_sealed=None,
        number_index=None, household_id=None, merged_into=None, created_at=now(), created_by=by.id,
    )  # fmt: skip
