"""Who is probably here already: told before a second file of the same customer is opened."""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

import msgspec
from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.domain.customers import names
from server.domain.customers.cars import Car
from server.domain.customers.customers import Customer
from server.domain.customers.relations import Relation
from server.domain.customers.search_tokens import SearchToken
from server.domain.refusals import Invalid, N_, Said

SAME_PHONE = N_("Same telephone")
SAME_NUMBER = N_("Same personal number")
SAME_CAR = N_("Same car")
ALIKE = N_("Similar name, same last four digits")
SAME_NAME = N_("Same name")

LIKELY = frozenset({SAME_PHONE, SAME_NUMBER, SAME_CAR, ALIKE})
ALIKE_FROM = 75.0
MOST_SHOWN = 5
MOST_COMPARED = 500


class Likely(msgspec.Struct):
    """A customer who may be the same, and why."""

    customer: Customer
    reasons: list[str]
    both_have_phones: bool

    @property
    def sure(self) -> bool:
        """Certainly the same: a second file would be wrong. Couples share a telephone, but not a name."""
        return SAME_NUMBER in self.reasons or {SAME_PHONE, SAME_NAME} <= set(self.reasons)

    @property
    def likely(self) -> bool:
        """Worth a look before a second file is opened; a mere namesake with another telephone is not."""
        return not LIKELY.isdisjoint(self.reasons) or not self.both_have_phones


class AlreadyHere(Invalid):
    """The customer is probably on file."""

    def __init__(self, found: Sequence[Likely]) -> None:
        told_at = "phone" if any(SAME_PHONE in one.reasons for one in found) else "name"
        super().__init__({told_at: Said(N_("This customer is probably here already."))})
        self.likely = found

    @property
    def sure(self) -> bool:
        """Whether there is no recording even so."""
        return any(one.sure for one in self.likely)


def likely(
    session: Session, store_id: UUID, *, name: str = "", phone: str | None = None, number_index: str | None = None,
    vin: str | None = None, plate: str | None = None, but: UUID | None = None,
) -> list[Likely]:  # fmt: skip
    """Those who may be the same, the surest first. Numbers are given as they are kept."""
    found: dict[UUID, Likely] = {}

    def note(rows: Iterator[Customer] | Sequence[Customer], reason: str) -> None:
        for customer in rows:
            if customer.id != but:
                one = found.setdefault(customer.id, Likely(customer, [], bool(phone and customer.phone)))
                one.reasons.append(reason)

    if phone:
        note(_where(session, store_id, Customer.phone == phone), SAME_PHONE)
    if number_index:
        note(_where(session, store_id, Customer.number_index == number_index), SAME_NUMBER)
    if vin or plate:
        note(_people_of(session, store_id, vin, plate), SAME_CAR)
    if phone and name:
        same_end = _where(session, store_id, Customer.phone_last4 == phone[-4:])
        note((one for one in same_end if one.phone != phone and _alike(one.name, name)), ALIKE)
    if len(names.key(name)) > 1:
        note(_namesakes(session, store_id, names.key(name)), SAME_NAME)
    return sorted(found.values(), key=lambda one: (not one.sure, not one.likely))[:MOST_SHOWN]


def with_phones(session: Session, store_id: UUID, phones: Collection[str]) -> dict[str, Customer]:
    """Who of the store has which of these telephones; of several the one who was first on file."""
    query = select(Customer).where(Customer.store_id == store_id, Customer.phone.in_(phones))
    query = query.where(Customer.merged_into.is_(None)).order_by(Customer.created_at.desc(), Customer.id.desc())
    return {customer.phone: customer for customer in session.scalars(query) if customer.phone}


def _where(session: Session, store_id: UUID, matches: ColumnElement[bool]) -> Sequence[Customer]:
    query = select(Customer).where(Customer.store_id == store_id, matches, Customer.merged_into.is_(None))
    return session.scalars(query.limit(MOST_COMPARED)).all()


def _people_of(session: Session, store_id: UUID, vin: str | None, plate: str | None) -> Sequence[Customer]:
    query = (
        select(Customer)
        .join(Relation, Relation.customer_id == Customer.id)
        .join(Car, (Car.id == Relation.car_id) & (Car.store_id == Relation.store_id))
        .where(Car.store_id == store_id, Relation.until.is_(None))
    )
    query = query.where(Car.vin == vin if vin else Car.plate == plate)
    return session.scalars(query.distinct().limit(MOST_SHOWN)).all()


def _alike(one: str, other: str) -> bool:
    return (
        fuzz.ratio(names.key(one), names.key(other)) >= ALIKE_FROM
        or fuzz.ratio(names.letters(one), names.letters(other)) >= ALIKE_FROM
    )


def _namesakes(session: Session, store_id: UUID, key: str) -> list[Customer]:
    query = (
        select(Customer)
        .join(SearchToken, SearchToken.subject_id == Customer.id)
        .where(SearchToken.store_id == store_id, SearchToken.token == key[: names.LONGEST_TOKEN], ~SearchToken.of_car)
        .limit(MOST_SHOWN * 2)
    )
    return [one for one in session.scalars(query) if names.key(one.name) == key]
