"""The work on imports, beside the pages: in batches that are each kept whole or not at all, taken up where they ended.

How far it came stands in the rows themselves, written in the same transaction as what was made of them: whoever
is killed in between has done nothing of the batch, and the next one does it.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec
import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server.database import EVERY_STORE, Database
from server.domain.imports.checking import LISTS, check
from server.domain.imports.files import Numbered, below
from server.domain.imports.imports import (
    AT_WORK,
    MERGE,
    OPEN_ROWS,
    WRONG,
    Import,
    ImportRow,
    State,
    move,
)
from server.domain.people import Person, Right, Staff, Store, as_person, notices
from server.domain.records import files
from server.domain.refusals import Invalid, N_, NotThere

BATCH = 200
"""Rows of one transaction: others who want to write wait for no more than these."""
SLICE = 5.0
"""Seconds of work before the round looks up."""
BREATH = 0.05
"""Seconds between two batches in which another writer gets in."""
NO_LONGER = N_("Whoever brought this list in may not do so any more.")
BROKEN = N_("Something broke on our side at this row; nothing of it was kept.")
log = structlog.get_logger()

Reader = dict[UUID, tuple[int, Iterator[Numbered]]]


class Desk:
    """Where lists are worked off. It keeps a file open from one slice to the next; whoever has none opens it anew."""

    def __init__(self) -> None:
        self._open: Reader = {}

    def work(self, database: Database, _at: datetime, seconds: float = SLICE) -> None:
        """One slice: the oldest list first."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and (found := _next(database)) is not None:
            import_id, store_id = found
            self.batch(database, import_id, store_id)
            time.sleep(BREATH)

    def batch(self, database: Database, import_id: UUID, store_id: UUID) -> None:
        """The next rows of one list, in one transaction; where that breaks, each in its own."""
        try:
            with database.work(store_id) as session:
                self._step(session, import_id, BATCH)
        except DBAPIError:
            raise  # the database is away or busy: nothing is wrong with the rows
        except Exception as fault:
            log.error("import", id=str(import_id), exc_info=fault)
            self._open.pop(import_id, None)
            self._one_by_one(database, import_id, store_id)

    def _one_by_one(self, database: Database, import_id: UUID, store_id: UUID) -> None:
        with database.work(store_id) as session:
            imported = session.get_one(Import, import_id, with_for_update=True)
            if imported.state == State.CHECKING:
                _stop(session, imported, BROKEN, _whose(session, imported))
                return
            numbers = [row.number for row in _open_rows(session, imported, BATCH)]
        for number in numbers:
            try:
                with database.work(store_id) as session:
                    self._step(session, import_id, 1)
            except DBAPIError:
                raise
            except Exception as fault:
                log.error("import row", id=str(import_id), number=number, exc_info=fault)
                with database.work(store_id) as session:
                    _set_aside(session, import_id, number)

    def _step(self, session: Session, import_id: UUID, most: int) -> None:
        # Locked: two processes at it at once would do the same rows.
        imported = session.get_one(Import, import_id, with_for_update=True)
        if imported.state not in AT_WORK:
            return
        by = _whose(session, imported)
        if not by.may(Right.BRING_IN):
            _stop(session, imported, NO_LONGER, by)
        elif imported.state == State.CHECKING:
            self._check(session, imported, by, most)
        else:
            _apply(session, imported, by, most)

    def _check(self, session: Session, imported: Import, by: Person, most: int) -> None:
        try:
            rows = list(islice(self._reading(imported), most))
        except (Invalid, NotThere) as fault:
            said = next(iter(fault.errors.values())) if isinstance(fault, Invalid) else fault.said
            _stop(session, imported, said.message, by, **said.gaps)
            return
        if not rows:
            self._open.pop(imported.id, None)
            move(session, imported, State.READY, "import.checked", by=by, rows=imported.total)
            return
        check(session, imported, rows, by)
        self._open[imported.id] = (imported.read_to, self._open[imported.id][1])

    def _reading(self, imported: Import) -> Iterator[Numbered]:
        """From the first row on that was not read yet."""
        known = self._open.get(imported.id)
        if known is None or known[0] != imported.read_to:
            rows = below(files.read(imported.file), max(imported.head_row, imported.read_to))
            self._open = {imported.id: (imported.read_to, rows)}
        return self._open[imported.id][1]


def _apply(session: Session, imported: Import, by: Person, most: int) -> None:
    rows = _open_rows(session, imported, most)
    if not rows:
        move(session, imported, State.DONE, "import.done", by=by, rows=imported.total)
        here = f"/imports/{imported.id}"
        notices.remind(
            session, by.store_id, by.id, "import.done", here, at=imported.ended_at or by.moment(),
            name=imported.filename, count=imported.total,
        )  # fmt: skip
        return
    reader = LISTS[imported.kind](session, imported, by)
    sound: list[tuple[ImportRow, Any]] = []
    for row in rows:
        key, line, errors = reader.read(row.cells)
        if line is None:  # a choice has ended since it was checked
            row.state, row.errors, row.key = WRONG, errors, key
        else:
            sound.append((row, line))
    reader.apply(sound, lambda row: (row.choice or imported.duplicates) == MERGE)


def _open_rows(session: Session, imported: Import, most: int) -> Sequence[ImportRow]:
    query = select(ImportRow).where(ImportRow.import_id == imported.id, ImportRow.state.in_(OPEN_ROWS))
    return session.scalars(query.order_by(ImportRow.number).limit(most)).all()


def _set_aside(session: Session, import_id: UUID, number: int) -> None:
    query = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.number == number)
    row = session.scalars(query).one()
    row.state, row.errors = WRONG, [{"field": "", "message": BROKEN, "gaps": {}}]


def _stop(session: Session, imported: Import, message: str, by: Person, **gaps: Any) -> None:
    imported.why = {"message": message, "gaps": gaps}
    move(session, imported, State.STOPPED, "import.stopped", by=by, why=message)


def _whose(session: Session, imported: Import) -> Person:
    """Who brings it in, with what they may do now."""
    staff, store = session.get_one(Staff, imported.by_id), session.get_one(Store, imported.store_id)
    person = as_person(staff, store)
    return person if staff.active else msgspec.structs.replace(person, rights=frozenset())


def has_work(session: Session, _at: datetime) -> bool:
    """Whether any list waits."""
    return session.scalar(select(Import.id).where(Import.state.in_(AT_WORK)).limit(1)) is not None


def _next(database: Database) -> tuple[UUID, UUID] | None:
    with database.session(writing=False, store=EVERY_STORE) as session:
        waiting = select(Import.id, Import.store_id).where(Import.state.in_(AT_WORK))
        row = session.execute(waiting.order_by(Import.created_at).limit(1)).first()
        return (row[0], row[1]) if row else None
