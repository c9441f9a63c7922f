"""Recording customers, changing them, and reading a hidden number aloud."""

from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import uuid7
from server.domain.customers import names, personal_numbers, phones, search_tokens
from server.domain.customers.customers import KINDS, Customer
from server.domain.customers.duplicates import AlreadyHere, likely
from server.domain.customers.reading import Reading, refuse_stale, take_turn
from server.domain.people import Person, Right
from server.domain.records import record
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere, Said, WrongMove

LANGUAGES = ("zh", "en")
IDENTIFYING = frozenset({"name", "phone", "number_index"})
LONGEST_ADDRESS, LONGEST_NOTE, LONGEST_REASON = 200, 2000, 200


class Details(TypedDict, total=False):
    """What is typed about a customer; a field that is not given stays as it is."""

    name: str
    phone: str | None
    kind: str
    language: str | None
    address: str
    note: str
    personal_number: str
    """Empty leaves the kept one: it is never sent to a form."""


def register(
    session: Session, *, by: Person, id: UUID | None = None, even_so: bool = False, **details: Unpack[Details]
) -> Customer:
    """Open a file. Raises Invalid, or AlreadyHere with the likely same ones.

    `even_so` records all the same, unless the personal number is theirs, or name and telephone both are.
    """
    details.setdefault("name", "")
    if id is not None and session.get(Customer, id) is not None:
        raise WrongMove(N_("This customer is on file already."))
    customer = Customer(
        id=id or uuid7(), store_id=by.store_id, kind="person", phone=None, phone_last4=None, language=None,
        number_sealed=None, number_index=None, household_id=None, merged_into=None, created_by=by.id,
    )  # fmt: skip
    columns = _columns(customer, details)
    take_turn(session, by)
    _refuse_same(session, customer, columns, even_so=even_so)
    _set(customer, columns)
    session.add(customer)
    session.flush()  # the event points at it
    search_tokens.rewrite(session, by.store_id, customer.id, set(), all_tokens(session, customer))
    # The record of events is never erased, a customer may be: no name or number is written there.
    record(session, "customer.registered", customer, by=by, customer_id=customer.id, kind=customer.kind)
    return customer


def change(session: Session, customer: Customer, *, by: Person, version: int, **details: Unpack[Details]) -> Customer:
    """Correct a file that was seen in that version. Raises Invalid, Stale, AlreadyHere."""
    take_turn(session, by)
    session.flush()  # what was changed just now would be forgotten in the next line
    session.refresh(customer, with_for_update=True)
    if customer.is_merged:
        raise NotThere
    columns = _columns(customer, details)
    refuse_stale(version, customer.version, _shown(columns), _shown(_as_is(customer, columns)))
    changed = [name for name, value in columns.items() if getattr(customer, name) != value]
    if not changed:
        return customer
    if IDENTIFYING.isdisjoint(changed):
        _set(customer, columns)
    else:
        _identify(session, customer, columns)
    customer.version += 1
    fields = sorted(set(changed) - {"phone_last4", "number_index"})
    record(session, "customer.changed", customer, by=by, customer_id=customer.id, fields=fields)
    return customer


def unmask(session: Session, customer: Customer, *, by: Person, why: str) -> str:
    """The personal number in full; that it was read, by whom and why, is recorded."""
    if not by.may(Right.UNMASK):
        raise NotAllowed
    reading = Reading()
    reason = reading.text("why", why, LONGEST_REASON)
    reading.check()
    if not reason:
        raise Invalid.at("why", N_("Say what you need the number for."))
    if customer.number_sealed is None:
        raise NotThere
    record(session, "customer.unmasked", customer, by=by, customer_id=customer.id, why=reason)
    return personal_numbers.unseal(customer.number_sealed, customer.id)


def all_tokens(session: Session, customer: Customer) -> set[str]:
    """What finds this file: its own name and telephone, and those of the files merged into it."""
    query = select(Customer.name, Customer.phone).where(
        Customer.store_id == customer.store_id, Customer.merged_into == customer.id
    )
    known_as = [(customer.name, customer.phone), *session.execute(query)]
    return {token for name, phone in known_as for token in search_tokens.of_customer(name, phone)}


def _identify(session: Session, customer: Customer, columns: dict[str, Any]) -> None:
    """Set what a file is found by, too: nobody else may have it, and the search learns it."""
    _refuse_same(
        session, customer, {name: columns.get(name, getattr(customer, name)) for name in IDENTIFYING}, even_so=True
    )
    before = all_tokens(session, customer)
    _set(customer, columns)
    search_tokens.rewrite(session, customer.store_id, customer.id, before, all_tokens(session, customer))


def _columns(customer: Customer, details: Details) -> dict[str, Any]:
    """The columns to set. Raises Invalid with every field that is wrong."""
    reading = Reading()
    columns: dict[str, Any] = {}
    kind = details.get("kind", customer.kind)
    if kind not in KINDS:
        reading.errors["kind"] = Said(N_("Choose one of the offered."))
    columns["kind"] = kind
    if "name" in details:
        columns["name"] = names.clean(details["name"])
        if fault := names.fault_of(columns["name"]):
            reading.errors["name"] = fault
    if "phone" in details:
        columns["phone"] = phone = reading.take(phones.read, details["phone"])
        columns["phone_last4"] = phone[-4:] if phone else None
    if "language" in details:
        columns["language"] = details["language"] if details["language"] in LANGUAGES else None
    if "address" in details:
        columns["address"] = reading.text("address", details["address"], LONGEST_ADDRESS)
    if "note" in details:
        columns["note"] = reading.text("note", details["note"], LONGEST_NOTE, lines=True)
    number = reading.take(lambda typed: personal_numbers.read(kind, typed), details.get("personal_number"))
    reading.check()
    return columns | (_sealed(customer, number) if number else {})


def _sealed(customer: Customer, number: str) -> dict[str, str]:
    index = personal_numbers.blind_index(number, customer.store_id)
    if index == customer.number_index:
        return {}
    return {"number_index": index, "number_sealed": personal_numbers.seal(number, customer.id)}


def _refuse_same(session: Session, customer: Customer, columns: dict[str, Any], *, even_so: bool) -> None:
    found = likely(
        session, customer.store_id, name=columns.get("name", ""), phone=columns.get("phone"),
        number_index=columns.get("number_index"), but=customer.id,
    )  # fmt: skip
    against = [one for one in found if one.sure or (one.likely and not even_so)]
    if against:
        raise AlreadyHere(against)


def _set(customer: Customer, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(customer, name, value)


def _as_is(customer: Customer, columns: dict[str, Any]) -> dict[str, Any]:
    return {name: getattr(customer, name) for name in columns}


def _shown(columns: dict[str, Any]) -> dict[str, str]:
    """What two people compare: the sealed number only as changed or not."""
    hidden = {"phone_last4", "number_sealed", "number_index"}
    return {name: str(value or "") for name, value in columns.items() if name not in hidden}
