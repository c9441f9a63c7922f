"""Finding a customer or a car by whatever one has of them."""

import re
from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import Select, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.customers import names, phones
from server.domain.customers.cars import Car, label
from server.domain.customers.customers import Customer
from server.domain.customers.relations import Relation
from server.domain.customers.search_tokens import TAIL, SearchToken
from server.domain.people import Person, Right
from server.domain.refusals import NotAllowed

MOST_FOUND = 20
MOST_WALKED = 60
SHORTEST_TAIL = 3
LONGEST_QUERY = 200
LAST = "\U0010ffff"
HOME_CODE = re.compile(r"^\+?(?:86)?(?=1\d{10}$)")
EXACT, TAIL_OF, BEGINNING = 0, 1, 2


class Link(msgspec.Struct, frozen=True):
    """What a found one is related to: a customer's car, or a car's customer."""

    id: UUID
    name: str
    kind: str


class Found(msgspec.Struct):
    """One line of the answer: a customer with their cars, or a car with its people."""

    id: UUID
    of_car: bool
    name: str
    detail: str
    """The masked telephone of a customer, the VIN of a car."""
    model: Words
    links: list[Link]


def find(session: Session, person: Person, typed: str) -> list[Found]:
    """At most twenty, exact ones first. The number of queries does not depend on what is found."""
    if not person.may(Right.SEE_CUSTOMERS):
        raise NotAllowed
    beginning = _wanted(typed)
    if not beginning:
        return []
    # The tokens are the store's own, and so are their subjects: asking for the store once more would lure
    # SQLite, which thinks a store has ten rows, into walking all of them.
    hits = _hits(session, person.store_id, beginning)
    customer_ids, car_ids = ([id for id, of_car in hits if of_car is wanted] for wanted in (False, True))
    shown = _customers(session, person.store_id, customer_ids) if customer_ids else {}
    shown |= _cars(session, person.store_id, car_ids) if car_ids else {}
    return [shown[id] for id, _ in hits if id in shown]


def customer_ids(session: Session, store_id: UUID, typed: str) -> list[UUID]:
    """The customers that this may mean, the likeliest first, at most as many as are walked."""
    beginning = _wanted(typed)
    hits = _hits(session, store_id, beginning, MOST_WALKED) if beginning else ()
    return [id for id, of_car in hits if not of_car]


def _wanted(typed: str) -> str:
    return HOME_CODE.sub("", names.key(typed[:LONGEST_QUERY])).lstrip("+")[: names.LONGEST_TOKEN]


def _hits(session: Session, store_id: UUID, wanted: str, most: int = MOST_FOUND) -> list[tuple[UUID, bool]]:
    query, from_where = FORWARDS, {"store_id": store_id, "beginning": wanted, "beginning_ends": wanted + LAST}
    if wanted.isascii() and len(wanted) >= SHORTEST_TAIL and any(letter.isdigit() for letter in wanted):
        tail = TAIL + wanted[::-1]
        query, from_where = BOTH_WAYS, from_where | {"tail": tail, "tail_ends": tail + LAST}
    ranked = sorted(
        (EXACT if token == wanted else rank, token, subject_id, of_car)
        for token, subject_id, of_car, rank in session.execute(query, from_where)
    )
    return list(dict.fromkeys((subject_id, of_car) for *_, subject_id, of_car in ranked))[:most]


def _customers(session: Session, store_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Found]:
    found: dict[UUID, Found] = {}
    for id, name, phone, car_id, plate, vin, kind in session.execute(CUSTOMERS, {"store_id": store_id, "ids": ids}):
        one = found.setdefault(id, Found(id, False, name, phones.masked(phone), {}, []))
        if car_id:
            one.links.append(Link(car_id, label(plate, vin), kind))
    return found


def _cars(session: Session, store_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Found]:
    found: dict[UUID, Found] = {}
    for id, plate, vin, model, customer_id, name, kind in session.execute(CARS, {"store_id": store_id, "ids": ids}):
        one = found.setdefault(id, Found(id, True, label(plate, vin), vin or "", model, []))
        if customer_id:
            one.links.append(Link(customer_id, name, kind))
    return found


# The questions themselves: asked at every letter typed, so they are composed once.


def _walk(beginning: str, rank: int) -> Select[str, UUID, bool, int]:
    """A short walk in the index from the first token that begins so."""
    return (
        select(SearchToken.token, SearchToken.subject_id, SearchToken.of_car, literal(rank).label("rank"))
        .where(SearchToken.store_id == bindparam("store_id"))
        .where(SearchToken.token >= bindparam(beginning), SearchToken.token < bindparam(f"{beginning}_ends"))
        .order_by(SearchToken.token, SearchToken.subject_id)
        .limit(MOST_WALKED)
    )


FORWARDS = _walk("beginning", BEGINNING)
BOTH_WAYS = union_all(*(select(walk.subquery()) for walk in (FORWARDS, _walk("tail", TAIL_OF))))
STANDING = (Relation.store_id == bindparam("store_id")) & Relation.until.is_(None)
CUSTOMERS = (
    select(Customer.id, Customer.name, Customer.phone, Car.id, Car.plate, Car.vin, Relation.kind)
    .outerjoin(Relation, STANDING & (Relation.customer_id == Customer.id))
    .outerjoin(Car, Car.id == Relation.car_id)
    .where(Customer.id.in_(bindparam("ids")))
    .order_by(Relation.since)
)
CARS = (
    select(Car.id, Car.plate, Car.vin, Car.model, Customer.id, Customer.name, Relation.kind)
    .outerjoin(Relation, STANDING & (Relation.car_id == Car.id))
    .outerjoin(Customer, Customer.id == Relation.customer_id)
    .where(Car.id.in_(bindparam("ids")))
    .order_by(Relation.since)
)
