"""The houses that are measured: how they are filled, always with the same rows."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from server.commands.bench import floor
from server.commands.bench.pouring import pour
from server.commands.bench.showroom_rows import Showroom
from server.database import Database, open_engine, uuid7
from server.domain.customers import Customer
from server.domain.customers.search_tokens import SearchToken, of_customer, rows
from server.domain.people import Staff
from server.domain.records.events import Event, EventHead
from server.settings import ROOT

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
FROM = datetime(2026, 1, 1, tzinfo=UTC)
VERBS = ("customer.changed", "consent.given", "contact.owed", "contact.done")
LIVELY, LIVELY_EVENTS, EVENTS = 50, 20, 3
"""So many customers have a full page of timeline; all others a few lines."""
AT_ONCE = 5_000


@dataclass(frozen=True)
class Houses:
    """Where they are served."""

    floor: str
    house: str
    large: str
    folder: Path
    large_folder: Path
    pid: int
    rows: int
    more: int


@dataclass(frozen=True)
class Somebody:
    """A customer by number: the same one on every run."""

    number: int
    id: UUID
    name: str
    phone: str
    at: datetime

    @property
    def events(self) -> int:
        """How long the timeline is."""
        return LIVELY_EVENTS if self.number < LIVELY else EVENTS


@cache
def somebody(number: int) -> Somebody:
    """The names repeat as names do, telephones never."""
    dice = Random(number)  # noqa: S311 -- rows of a measure, not a secret
    name = dice.choice(SURNAMES) + "".join(dice.choice(GIVEN) for _ in range(dice.choice((1, 2, 2))))
    at = FROM + timedelta(seconds=number)
    id = UUID(int=(0x7 << 76) + (0x8 << 60) + number)
    return Somebody(number, id, name, f"139{number * 7919 % 10**8:08d}", at)


def seeded(folder: Path) -> None:
    """The demonstration dealership, with papers and deliveries."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("HUANCHE_")}
    subprocess.run(
        [sys.executable, "-m", "server.commands", "seed"], cwd=ROOT, env=own | {"HUANCHE_DATA": str(folder)}, check=True
    )


def fill_house(folder: Path, count: int) -> None:
    """More customers for the demonstration's first store, with what finds them and what happened to them."""
    database = Database(f"sqlite:///{folder / 'huanche.sqlite3'}")
    with database.work() as session:
        lin = session.scalars(select(Staff).where(Staff.name == "lin")).one()
        showroom = Showroom(session, lin, count)
        for some in _batches(count):
            pour(session, Customer, [_customer(one, lin) for one in some])
            pour(session, SearchToken, [row for one in some for row in rows(lin.store_id, one.id, _tokens(one))])
            _add_events(session, lin, some)
            showroom.fill([(one.number, one.id) for one in some])
    database.engine.dispose()


def fill_floor(folder: Path, count: int) -> None:
    """The same customers and as many lines about them."""
    engine = open_engine(floor.url(folder))
    floor.Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        for some in _batches(count):
            session.execute(insert(floor.Customer), [_bare(one) for one in some])
            lines = [_line(one, place) for one in some for place in range(one.events)]
            session.execute(insert(floor.Record), lines)
    engine.dispose()


def _batches(count: int) -> Iterator[list[Somebody]]:
    for start in range(0, count, AT_ONCE):
        yield [somebody(number) for number in range(start, min(start + AT_ONCE, count))]


def _tokens(one: Somebody) -> set[str]:
    return _name_tokens(one.name) | of_customer("", f"+86{one.phone}")


@cache
def _name_tokens(name: str) -> set[str]:
    return of_customer(name, None)


def _customer(one: Somebody, by: Staff) -> dict[str, Any]:
    return {
        "id": one.id, "store_id": by.store_id, "version": 1, "kind": "person", "name": one.name,
        "phone": f"+86{one.phone}", "phone_last4": one.phone[-4:], "address": "芜湖市镜湖区", "note": "",
        "created_at": one.at, "created_by": by.id,
    }  # fmt: skip


def _bare(one: Somebody) -> dict[str, Any]:
    return {
        "id": one.id, "version": 1, "name": one.name, "phone": one.phone, "address": "芜湖市镜湖区", "note": "",
        "created_at": one.at,
    }  # fmt: skip


def _line(one: Somebody, place: int) -> dict[str, Any]:
    at = one.at + timedelta(hours=place)
    return {"customer_id": one.id, "at": at, "actor": "林悦", "words": VERBS[place % len(VERBS)]}


def _add_events(session: Session, by: Staff, some: list[Somebody]) -> None:
    """Lines to be read: their hashes chain nothing, for nobody verifies this house."""
    head = session.get_one(EventHead, by.store_id)
    start = session.scalars(select(func.max(Event.position)).where(Event.store_id == by.store_id)).one()
    happened = [(one, place) for one in some for place in range(one.events)]
    pour(session, Event, [
        {
            "id": uuid7(), "store_id": by.store_id, "position": start + nth, "at": one.at + timedelta(hours=place),
            "actor_id": by.id, "actor": "林悦 Lin Yue", "verb": VERBS[place % len(VERBS)], "subject": "customers",
            "subject_id": one.id, "customer_id": one.id, "data": {}, "previous": "", "hash": "",
        }
        for nth, (one, place) in enumerate(happened, 1)
    ])  # fmt: skip
    head.position = start + len(happened)
    session.flush()
