"""Taking lists out: the prospects of a list as rows for Excel, and the faults of an import to be put right."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.catalogue import words_of
from server.domain.customers import phones
from server.domain.imports.fields import PROSPECTS, Field, named
from server.domain.imports.imports import WRONG, Import, ImportRow
from server.domain.people import Person, Staff
from server.domain.records import Event, record
from server.domain.refusals import Said
from server.domain.showroom import Prospect

Say = Callable[[Words | None], str]
COLUMNS = (
    "name", "phone", "grade", "expected_on", "source", "sub_source", "model", "consultant", "wish", "competitors",
    "next_on", "leave_alone",
)  # fmt: skip
"""What an import reads back."""
NUMBER: Words = {"zh": "潜客编号", "en": "Prospect number"}
STATE: Words = {"zh": "状态", "en": "State"}
SINCE: Words = {"zh": "建档日期", "en": "Registered on"}
ROW: Words = {"zh": "行号", "en": "Row"}
WHAT: Words = {"zh": "问题", "en": "What is wrong"}
YES: Words = {"zh": "是", "en": "yes"}
EXPORTED = "prospects.taken_out"
FETCHED_WITHIN = timedelta(minutes=10)


def headings() -> list[Words]:
    """Of a list of prospects that is taken out."""
    fields = named(PROSPECTS)
    return [NUMBER, *(fields[code].name for code in COLUMNS), STATE, SINCE]


def rows(session: Session, person: Person, prospects: Iterator[Prospect], say: Say) -> Iterator[list[object]]:
    """What Excel is given of each."""
    words = words_of(session, person.store_id, "source", "sub_source")
    for one in prospects:
        yield [
            one.number, one.customer.name, phones.dialled(one.customer.phone or ""), one.grade, one.expected_on or "",
            say(words["source"].get(one.source)), say(words["sub_source"].get(one.sub_source)),
            say(one.model.name) if one.model else "", say(one.consultant.title) if one.consultant else "", one.wish,
            "、".join(map(str, one.competitors)), one.next_contact_at.astimezone(person.zone).date(),
            say(YES) if one.quiet else "", say(one.state_name), one.created_at.astimezone(person.zone).date(),
        ]  # fmt: skip


def write_down(session: Session, *, by: Person, asked: dict[str, Any]) -> None:
    """That somebody takes a list of customers out of the house is recorded before they get it."""
    record(session, EXPORTED, session.get_one(Staff, by.id), by=by, asked=asked)


def is_written_down(session: Session, person: Person, at: datetime) -> bool:
    """Whether this person has just asked for a list."""
    query = select(Event.id).where(Event.store_id == person.store_id, Event.subject_id == person.id)
    query = query.where(Event.verb == EXPORTED, Event.at > at - FETCHED_WITHIN)
    return session.scalar(query.limit(1)) is not None


def faults(session: Session, imported: Import, tell: Callable[[Said], str], say: Say) -> Iterator[list[object]]:
    """The rows that could not be brought in as they were sent, with their number and what is wrong before them."""
    fields = named(imported.kind)
    query = select(ImportRow).where(ImportRow.import_id == imported.id, ImportRow.state == WRONG)
    for row in session.scalars(query.order_by(ImportRow.number).execution_options(yield_per=1_000)):
        wrong = "；".join(f"{say(name)}：{tell(said)}" if name else tell(said) for name, said in mistakes(row, fields))
        yield [row.number, wrong, *row.cells]


def mistakes(row: ImportRow, fields: dict[str, Field]) -> Sequence[tuple[Words | None, Said]]:
    """What is wrong with a row: the field's name, if it is one field, and the words."""
    return [
        (fields[one["field"]].name if one["field"] in fields else None, Said(one["message"], **one["gaps"]))
        for one in row.errors
    ]
