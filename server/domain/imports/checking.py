"""Checking the rows of a list: each is new, here already, or at fault."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import add_many, uuid7
from server.domain.imports.fields import JOBS, MODELS, PARTS, PROSPECTS
from server.domain.imports.files import Numbered
from server.domain.imports.imports import (
    NEW,
    SAME,
    WRONG,
    Import,
    ImportRow,
)
from server.domain.imports.model_list import ModelList
from server.domain.imports.prospect_list import ProspectList
from server.domain.imports.service_lists import JobList, PartList
from server.domain.people import Person


class List(Protocol):
    """What a kind of list knows of its rows."""

    def read(self, cells: Sequence[str]) -> tuple[str, Any, list[dict[str, Any]]]:
        """Key, line (None when at fault) and mistakes."""
        ...

    def notes(self, line: Any) -> dict[str, Any]:
        """What the person should know of a sound row, as its `found` keeps it."""
        ...

    def find(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Of these keys, what is here already."""
        ...

    def apply(self, rows: Sequence[tuple[ImportRow, Any]], merging: Callable[[ImportRow], bool]) -> None:
        """Make of the rows what they are to become."""
        ...


LISTS: dict[str, Callable[[Session, Import, Person], List]] = {
    PROSPECTS: ProspectList, MODELS: ModelList, JOBS: JobList, PARTS: PartList,
}  # fmt: skip


def check(session: Session, imported: Import, rows: Sequence[Numbered], by: Person) -> None:
    """Write the rows down, each with what it is: new, here already, or at fault."""
    reader = LISTS[imported.kind](session, imported, by)
    read = [(number, cells, *reader.read(cells)) for number, cells in rows]
    keys = list({key for _, _, key, line, _ in read if line is not None})
    found = reader.find(keys)
    earlier = _earlier(session, imported, keys)
    kept: list[ImportRow] = []
    for number, cells, key, line, errors in read:
        same = found.get(key) or ({"row": earlier[key]} if key in earlier else {})
        state = WRONG if line is None else SAME if same else NEW
        kept.append(
            ImportRow(
                id=uuid7(), store_id=imported.store_id, import_id=imported.id, number=number, cells=cells,
                key=key if line is not None else "", state=state, choice="", errors=errors,
                found=same | reader.notes(line) if line is not None else {}, subject_id=None,
            )
        )  # fmt: skip
        if line is not None:
            earlier.setdefault(key, number)
    add_many(session, kept)
    imported.read_to, imported.total = rows[-1][0], imported.total + len(rows)


def _earlier(session: Session, imported: Import, keys: Sequence[str]) -> dict[str, int]:
    """In which row of the same list a key stood first."""
    query = select(ImportRow.key, ImportRow.number).where(ImportRow.import_id == imported.id, ImportRow.key.in_(keys))
    rows = session.execute(query.order_by(ImportRow.number.desc())).all()
    return dict(rows)
