"""Opening a store: its people, what it sells and its lists, as an administrator would enter them."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from server.commands.demonstration.price_lists import furnish_deals
from server.commands.demonstration.service_lists import furnish_workshop
from server.database import Words, uuid7
from server.domain.care import ContactKind
from server.domain.catalogue import CarModel, Grade, ListEntry, Parameter
from server.domain.checklists.seed_lists import enter_lists
from server.domain.people import Person, Role, Staff, Store, as_person
from server.domain.people.staff import seal
from server.domain.records import record

HERE = Path(__file__).parent
PASSWORD = "huanche-demo"  # noqa: S105 -- of the demonstration only, and printed at its start
PIN = "246813"
FROM_THE_BEGINNING = date(2020, 1, 1)


def read(name: str) -> Any:
    """One of the lists beside this file."""
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def words(pair: list[str]) -> Words:
    """Chinese and English, as they stand in the lists."""
    return {"zh": pair[0], "en": pair[1]}


def open_store(session: Session, described: dict[str, Any]) -> dict[str, Person]:
    """A store with its people, by the names they sign in with. Its administrator, or else the first, opens it."""
    store = Store(
        id=uuid7(), code=described["code"], name=words(described["name"]), address=words(described["address"]),
        phone=described["phone"], credit_code=described["credit_code"], timezone="Asia/Shanghai",
    )  # fmt: skip
    session.add(store)
    session.flush()  # its people point at it
    staff = {name: _hire(session, store, name, [zh, en], Role(role)) for name, zh, en, role in described["staff"]}
    people = {name: as_person(one, store) for name, one in staff.items()}
    record(session, "store.opened", store, by=opener(people), code=store.code)
    return people


def opener(people: dict[str, Person]) -> Person:
    """Who enters what a store begins with."""
    return people.get("admin") or next(iter(people.values()))


def furnish(session: Session, by: Person) -> None:
    """Models, lists, grades, parameters, the workshop's jobs, parts and bays, and the twelve checklists."""
    catalogue = read("catalogue.json")
    session.add_all(_models(catalogue, by))
    session.add_all(_lists(catalogue, by))
    session.add_all(_grades(catalogue, by))
    session.add_all(_parameters(catalogue, by))
    session.add_all(_contact_kinds(by))
    furnish_deals(session, read("deals.json"), by, FROM_THE_BEGINNING)
    furnish_workshop(session, read("workshop.json"), by)
    enter_lists(session, by.store_id, by=by)


def _hire(session: Session, store: Store, name: str, called: list[str], role: Role) -> Staff:
    staff = Staff(
        id=uuid7(), store_id=store.id, name=name, title=words(called), roles=[role], password_hash=_sealed(PASSWORD),
        pin_hash=None if role is Role.ADMIN else _sealed(PIN), language="zh", phone=None, active=True,
    )  # fmt: skip
    session.add(staff)
    return staff


@cache
def _sealed(secret: str) -> str:
    """All of them have the same, and everybody may know it: once is enough."""
    return seal(secret)


def _models(catalogue: Any, by: Person) -> list[CarModel]:
    return [
        CarModel(
            id=uuid7(), store_id=by.store_id, brand=words(one["brand"]), series=words(one["series"]),
            trim=words(one["trim"]), energy=one["energy"], year=one["year"], body=one["body"], seats=one["seats"],
            active=True,
        )
        for one in catalogue["models"]
    ]  # fmt: skip


def _lists(catalogue: Any, by: Person) -> list[ListEntry]:
    return [
        ListEntry(
            store_id=by.store_id, list=name, code=code, name=words(called), position=position,
            valid_from=FROM_THE_BEGINNING, valid_to=None,
        )
        for name, choices in catalogue["lists"].items()
        for position, (code, *called) in enumerate(choices, 1)
    ]  # fmt: skip


def _grades(catalogue: Any, by: Person) -> list[Grade]:
    return [
        Grade(
            store_id=by.store_id, code=code, name=words(called), window_days=window, follow_up_days=follow_up,
            position=position, valid_from=FROM_THE_BEGINNING, valid_to=None,
        )
        for position, (code, *called, window, follow_up) in enumerate(catalogue["grades"], 1)
    ]  # fmt: skip


def _parameters(catalogue: Any, by: Person) -> list[Parameter]:
    return [
        Parameter(
            store_id=by.store_id, key=one["key"], value=one["value"], name=words(one["name"]),
            valid_from=FROM_THE_BEGINNING,
        )
        for one in catalogue["parameters"]
    ]  # fmt: skip


def _contact_kinds(by: Person) -> list[ContactKind]:
    return [
        ContactKind(
            id=uuid7(), store_id=by.store_id, code=one["code"], way=one["way"], name=words(one["name"]),
            script=words(one["script"]), weight=one["weight"], safety=one["safety"], by_hand=one["by_hand"],
            position=position,
        )
        for position, one in enumerate(read("contact_kinds.json"), 1)
    ]  # fmt: skip
