"""Imports: a list that is brought in, its rows, and what becomes of them. Nothing is kept before it was looked at."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words, now
from server.domain.people import Person, Staff
from server.domain.records import files, record
from server.domain.records.files import File
from server.domain.refusals import N_, WrongMove


class State(StrEnum):
    """The life of an import."""

    MAPPING = "mapping"
    CHECKING = "checking"
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


MOVES: dict[State, set[State]] = {
    State.MAPPING: {State.CHECKING, State.STOPPED},
    State.CHECKING: {State.READY, State.STOPPED},
    State.READY: {State.MAPPING, State.RUNNING, State.STOPPED},
    State.RUNNING: {State.DONE, State.STOPPED},
    State.DONE: set(),
    State.STOPPED: set(),
}
STATE_NAMES: dict[State, Words] = {
    State.MAPPING: {"zh": "待对应列", "en": "Columns to match"},
    State.CHECKING: {"zh": "检查中", "en": "Being checked"},
    State.READY: {"zh": "待确认", "en": "To be confirmed"},
    State.RUNNING: {"zh": "导入中", "en": "Being brought in"},
    State.DONE: {"zh": "已导入", "en": "Brought in"},
    State.STOPPED: {"zh": "已停止", "en": "Stopped"},
}
AT_WORK = (State.CHECKING, State.RUNNING)
NEW, SAME, WRONG, MADE, MERGED, LEFT = "new", "same", "wrong", "made", "merged", "left"
"""A row: found new, here already or at fault; then brought in, added to what was here, or left as it was."""
OPEN_ROWS = (NEW, SAME)
MERGE, SKIP = "merge", "skip"
WORDS = "words"
"""In what was found of a row: a model that the catalogue has not, kept as words."""
KEPT = timedelta(days=30)
"""How long the rows of an ended import stay, for their faults to be fetched."""


class Import(OfStore, Versioned, Base):
    """One list that somebody brings in."""

    __tablename__ = "imports"
    __table_args__ = (
        Index("ix_imports_created", "store_id", "created_at"),
        Index("ix_imports_state", "state", "created_at"),
    )

    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.MAPPING)
    filename: Mapped[str]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"))
    head: Mapped[list[Any]]
    head_row: Mapped[int]
    sample: Mapped[list[Any]]
    """The first rows, to recognise the columns by; empty once it has ended."""
    about: Mapped[int]
    """How many rows there may be, before they are counted."""
    columns: Mapped[dict[str, Any]]
    """Which column of the file, from 0, is which field."""
    options: Mapped[dict[str, Any]]
    """What holds for rows that do not say it themselves, by field."""
    duplicates: Mapped[str] = mapped_column(default=SKIP)
    read_to: Mapped[int] = mapped_column(default=0)
    """The number of the last row that was read from the file."""
    total: Mapped[int] = mapped_column(default=0)
    why: Mapped[dict[str, Any]]
    """Why it stopped: message and gaps; empty otherwise."""
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))

    file: Mapped[File] = relationship(foreign_keys=[file_id])
    staff: Mapped[Staff] = relationship(foreign_keys=[by_id])

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def is_at_work(self) -> bool:
        """Whether the house is busy with it."""
        return self.state in AT_WORK

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return not MOVES[State(self.state)]


class ImportRow(OfStore, Base):
    """One row of the list."""

    __tablename__ = "import_rows"
    __table_args__ = (
        UniqueConstraint("import_id", "number"),
        Index("ix_import_rows_state", "import_id", "state", "number"),
        Index("ix_import_rows_key", "import_id", "key"),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("imports.id"))
    number: Mapped[int]
    """As it is counted in the file, from 1."""
    cells: Mapped[list[Any]]
    """The values as texts; forgotten once the row is brought in."""
    key: Mapped[str]
    """What makes two rows the same; empty where it cannot be said."""
    state: Mapped[str]
    choice: Mapped[str] = mapped_column(default="")
    """`merge` or `skip`, where it was chosen for this row alone."""
    errors: Mapped[list[Any]]
    """Field, message and gaps of whatever is wrong."""
    found: Mapped[dict[str, Any]]
    """Who or what is here already, or what became of it: what the page shows."""
    subject_id: Mapped[UUID | None]


class ColumnChoice(OfStore, Base):
    """Which field a heading meant the last time, so that nobody has to say it twice."""

    __tablename__ = "import_columns"
    __table_args__ = (UniqueConstraint("store_id", "kind", "heading"),)

    kind: Mapped[str]
    heading: Mapped[str]
    field: Mapped[str]
    """Empty when the column was left out on purpose."""


def move(session: Session, imported: Import, to: State, verb: str, *, by: Person, **data: Any) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = State(imported.state)
    if to not in MOVES[before]:
        raise WrongMove(N_("This import is “%(now)s”. Open its page again."), now=STATE_NAMES[before])
    imported.state = to
    imported.version += 1
    if not MOVES[to]:
        _end(session, imported)
    record(session, verb, imported, by=by, kind=imported.kind, to=to, **data)


def counts(session: Session, imported: Import) -> dict[str, int]:
    """How many rows stand how."""
    query = select(ImportRow.state, func.count()).where(ImportRow.import_id == imported.id).group_by(ImportRow.state)
    return dict.fromkeys((NEW, SAME, WRONG, MADE, MERGED, LEFT), 0) | dict(session.execute(query).all())


def merging(session: Session, imported: Import) -> dict[str, int]:
    """Of the rows that are here already, how many are added to under each choice for all of them."""
    query = select(ImportRow.choice, func.count()).where(ImportRow.import_id == imported.id, ImportRow.state == SAME)
    chosen: dict[str, int] = dict(session.execute(query.group_by(ImportRow.choice)).all())
    return {SKIP: chosen.get(MERGE, 0), MERGE: chosen.get(MERGE, 0) + chosen.get("", 0)}


def in_words(session: Session, imported: Import) -> int:
    """How many rows name a model that the catalogue has not."""
    query = select(func.count()).where(ImportRow.import_id == imported.id, ImportRow.state.in_(OPEN_ROWS))
    return session.scalar(query.where(ImportRow.found[WORDS].as_string().is_not(None))) or 0


def forget(session: Session, at: datetime) -> None:
    """The rows of lists that ended long ago."""
    old = select(Import.id).where(Import.ended_at < at - KEPT)
    session.execute(delete(ImportRow).where(ImportRow.import_id.in_(old)))


def _end(session: Session, imported: Import) -> None:
    """What was sent is not kept any longer than it is needed: the customers of a list are nobody's souvenir."""
    at = now()
    imported.ended_at, imported.sample = at, []
    others = select(Import.id).where(Import.file_id == imported.file_id, Import.ended_at.is_(None))
    if session.scalar(others.where(Import.id != imported.id).limit(1)) is None:
        files.erase(session, imported.file, at)
    if imported.state == State.STOPPED:
        rest = delete(ImportRow).where(ImportRow.import_id == imported.id, ImportRow.state.in_(OPEN_ROWS))
        session.execute(rest)
