"""What a person does with a list: send it, say what its columns are, look, decide, start, stop."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from server.database import now, uuid7
from server.domain.imports.fields import FIELDS, JOBS, MODELS, PARTS, PROSPECTS, called, named, plain
from server.domain.imports.files import look
from server.domain.imports.imports import (
    MERGE,
    SAME,
    SKIP,
    ColumnChoice,
    Import,
    ImportRow,
    State,
    move,
)
from server.domain.people import Person, Right, of_store
from server.domain.records import files, record
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere, WrongMove

NEEDED = {
    PROSPECTS: Right.KEEP_PROSPECTS, MODELS: Right.KEEP_CATALOGUE, JOBS: Right.KEEP_CATALOGUE, PARTS: Right.KEEP_PARTS,
}  # fmt: skip
LONGEST_FILENAME = 120
MEDIA_TYPE = "application/octet-stream"
NEWEST = 30
PAGE = 25


class Reach:
    """The imports of one's own store, for who may bring lists in."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session, self.person = session, person

    def one(self, import_id: UUID) -> Import:
        """By its identity. Raises NotThere."""
        if not self.person.may(Right.BRING_IN):
            raise NotThere
        return of_store(self.session, Import, import_id, self.person.store_id)

    def newest(self) -> Sequence[Import]:
        """What was brought in last."""
        query = select(Import).where(Import.store_id == self.person.store_id).options(joinedload(Import.staff))
        return self.session.scalars(query.order_by(Import.created_at.desc()).limit(NEWEST)).all()

    def earlier(self, imported: Import) -> Import | None:
        """The very same file, brought in before."""
        query = select(Import).where(Import.store_id == self.person.store_id, Import.file_id == imported.file_id)
        query = query.where(Import.state == State.DONE, Import.id != imported.id)
        return self.session.scalars(query.order_by(Import.created_at.desc()).limit(1)).first()

    def rows(self, imported: Import, show: str, after: int = 0, most: int = PAGE) -> Sequence[ImportRow]:
        """Rows of one state, in the order of the file; one more than a page when there are further ones."""
        query = select(ImportRow).where(ImportRow.import_id == imported.id, ImportRow.state == show)
        return self.session.scalars(query.where(ImportRow.number > after).order_by(ImportRow.number).limit(most)).all()


def visible_to(session: Session, person: Person) -> Reach:
    """What this person may see."""
    return Reach(session, person)


def begin(session: Session, kind: str, filename: str, content: bytes, *, by: Person) -> Import:
    """Take a file in and guess its columns. Raises Invalid at `file`, NotAllowed."""
    if not by.may(NEEDED[kind]):
        raise NotAllowed
    opened = look(content, filename)
    imported = Import(
        id=uuid7(), store_id=by.store_id, version=1, kind=kind, state=State.MAPPING,
        filename=filename[-LONGEST_FILENAME:], file=files.keep(session, content, MEDIA_TYPE, by=by), head=opened.head,
        head_row=opened.head_row, sample=opened.sample, about=opened.about,
        columns=_guessed(session, kind, opened.head, by), options={}, duplicates=SKIP, read_to=0, total=0, why={},
        created_at=now(), started_at=None, ended_at=None, by_id=by.id,
    )  # fmt: skip
    session.add(imported)
    session.flush()  # the event points at it
    record(session, "import.begun", imported, by=by, kind=kind, rows=opened.about)
    return imported


def match(
    session: Session, imported: Import, columns: Mapping[str, int], options: Mapping[str, Any], *, by: Person
) -> None:
    """Say which column is which field; this is remembered, and the rows are checked. Raises Invalid at `columns`."""
    fields = FIELDS[imported.kind]
    missing = [field for field in fields if field.required and field.code not in columns]
    if missing:
        raise Invalid.at("columns", N_("No column is “%(name)s” yet; every row needs it."), name=missing[0].name)
    if len(set(columns.values())) < len(columns):
        raise Invalid.at("columns", N_("Two columns cannot be the same field."))
    imported.columns, imported.options = dict(columns), dict(options)
    _remember(session, imported, by)
    move(session, imported, State.CHECKING, "import.matched", by=by, fields=sorted(columns))


def match_again(session: Session, imported: Import, *, by: Person) -> None:
    """Back to the columns: what was found by them is forgotten."""
    move(session, imported, State.MAPPING, "import.unmatched", by=by)
    session.execute(delete(ImportRow).where(ImportRow.import_id == imported.id))
    imported.read_to = imported.total = 0


def decide(session: Session, imported: Import, number: int, choice: str, *, by: Person) -> None:
    """What becomes of one row that is here already."""
    row = session.scalar(select(ImportRow).where(ImportRow.import_id == imported.id, ImportRow.number == number))
    if row is None or row.store_id != by.store_id:
        raise NotThere
    if imported.state != State.READY or row.state != SAME:
        raise WrongMove(N_("This row is decided already."))
    if choice not in (MERGE, SKIP):
        raise Invalid.at("choice", N_("Choose one of the offered."))
    row.choice = choice


def start(session: Session, imported: Import, duplicates: str, *, by: Person) -> None:
    """Bring it in. Raises Invalid at `duplicates`, WrongMove."""
    if duplicates not in (MERGE, SKIP):
        raise Invalid.at("duplicates", N_("Choose what becomes of those who are here already."))
    imported.duplicates, imported.started_at = duplicates, now()
    move(session, imported, State.RUNNING, "import.started", by=by, duplicates=duplicates)


def stop(session: Session, imported: Import, *, by: Person) -> None:
    """No further row. What was brought in by then stays."""
    move(session, imported, State.STOPPED, "import.stopped", by=by)


def _guessed(session: Session, kind: str, head: Sequence[str], by: Person) -> dict[str, int]:
    """As the headings were matched the last time, else by what they say."""
    query = select(ColumnChoice.heading, ColumnChoice.field)
    query = query.where(ColumnChoice.store_id == by.store_id, ColumnChoice.kind == kind)
    remembered = dict(session.execute(query).all())
    known, fields = called(kind), named(kind)
    columns: dict[str, int] = {}
    for column, heading in enumerate(map(plain, head)):
        field = remembered.get(heading, known.get(heading, ""))
        if field in fields:
            columns.setdefault(field, column)
    return columns


def _remember(session: Session, imported: Import, by: Person) -> None:
    meant = {column: field for field, column in imported.columns.items()}
    headings = {plain(name): meant.get(column, "") for column, name in enumerate(imported.head) if plain(name)}
    query = select(ColumnChoice).where(ColumnChoice.store_id == by.store_id, ColumnChoice.kind == imported.kind)
    kept = {row.heading: row for row in session.scalars(query.where(ColumnChoice.heading.in_(headings)))}
    for heading, field in headings.items():
        if heading in kept:
            kept[heading].field = field
        else:
            session.add(ColumnChoice(store_id=by.store_id, kind=imported.kind, heading=heading, field=field))
