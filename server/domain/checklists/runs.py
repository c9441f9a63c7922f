"""Runs of a checklist: answers, photos and signatures are only ever added; the state is read from them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, ForeignKey, Index, Numeric, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, now, uuid7
from server.domain.checklists.progress import Progress
from server.domain.checklists.sheets import Sheet, sheet
from server.domain.checklists.templates import in_force
from server.domain.people import Person, of_store
from server.domain.refusals import N_, WrongMove

OPEN, CLOSED = "open", "closed"


class Run(OfStore, Base):
    """One walk through one version of a checklist, about one thing."""

    __tablename__ = "checklist_runs"
    __table_args__ = (Index("ix_checklist_runs_subject", "store_id", "subject_id"),)

    template_id: Mapped[UUID] = mapped_column(ForeignKey("checklist_templates.id"))
    code: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    energy: Mapped[str]
    state: Mapped[str] = mapped_column(default=OPEN)
    started_at: Mapped[datetime]
    started_by: Mapped[UUID]
    closed_at: Mapped[datetime | None]


class Answer(OfStore, Base):
    """What somebody found. The newest one of an item counts; none is ever changed."""

    __tablename__ = "checklist_answers"
    __table_args__ = (Index("ix_checklist_answers_run", "run_id", "at"),)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("checklist_runs.id"))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("checklist_items.id"))
    verdict: Mapped[str]
    number: Mapped[float | None] = mapped_column(Numeric(12, 3, asdecimal=False))
    choice: Mapped[str | None]
    text: Mapped[str | None]
    note: Mapped[str | None]
    by_id: Mapped[UUID]
    device_id: Mapped[UUID | None]
    device_at: Mapped[datetime]
    """When it was tapped, by the device's corrected clock."""
    at: Mapped[datetime]
    base_id: Mapped[UUID | None]
    """The answer that was seen when this one was given: what came between them nobody had seen."""


class Photo(OfStore, Base):
    """A picture taken at an item."""

    __tablename__ = "checklist_photos"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("checklist_runs.id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("checklist_items.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"))
    by_id: Mapped[UUID]
    at: Mapped[datetime]
    device_at: Mapped[datetime | None]
    original_hash: Mapped[str | None]
    """SHA-256 of what the camera gave; what is kept was turned and shrunk on the device."""


class Signature(OfStore, Base):
    """A name set under a section, or under the whole where `section_id` is None. `covers` is what was signed."""

    __tablename__ = "checklist_signatures"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("checklist_runs.id"), index=True)
    section_id: Mapped[UUID | None] = mapped_column(ForeignKey("checklist_sections.id"))
    role: Mapped[str]
    name: Mapped[str]
    ink: Mapped[list[Any] | None]
    covers: Mapped[str]
    by_id: Mapped[UUID]
    device_id: Mapped[UUID | None]
    at: Mapped[datetime]
    device_at: Mapped[datetime | None]
    """When the pen was on the glass."""


def start(session: Session, code: str, subject: Any, *, by: Person, energy: str, id: UUID | None = None) -> Run:
    """Begin to walk the version in force. `id`: a device that had no network knows the run by it already."""
    run = unsaved(session, code, subject, by=by, energy=energy, id=id or uuid7())
    session.add(run)
    session.flush()  # the subject points at it
    return run


def unsaved(session: Session, code: str, subject: Any, *, by: Person, energy: str, id: UUID) -> Run:
    """What a run of the version in force would be, kept nowhere."""
    template = in_force(session, by.store_id, code)
    return Run(
        id=id, store_id=by.store_id, template_id=template.id, code=code, subject=subject.__tablename__,
        subject_id=subject.id, energy=energy, state=OPEN, started_at=now(), started_by=by.id,
    )  # fmt: skip


def one(session: Session, run_id: UUID, *, store_id: UUID) -> Run:
    """A run of this store. Raises NotThere."""
    return of_store(session, Run, run_id, store_id)


def sheet_of(session: Session, run: Run) -> Sheet:
    """The questions of this run: its version, without what its car does not have."""
    return sheet(session, run.template_id).without(run.energy)


def several(session: Session, *ids: UUID | None) -> list[Run]:
    """Those of them that there are, in one question."""
    return list(session.scalars(RUNS, {"ids": [id for id in ids if id]}))


class Reading:
    """Runs with all that was found in them; it asks as little about three of them as about one."""

    def __init__(self, session: Session, runs: Sequence[Run]) -> None:
        whose = {"ids": [run.id for run in runs]}
        self._session = session
        self.runs = {run.id: run for run in runs}
        self._answers = _by_run(session.scalars(ANSWERS, whose))
        self._photos = _by_run(session.scalars(PHOTOS, whose))
        self._signatures = _by_run(session.scalars(SIGNATURES, whose))

    def progress(self, run: Run, given: dict[str, bool] | None = None) -> Progress:
        """Where a run stands. `given` answers what no tap answers (`{"pdi": True}`)."""
        return Progress(
            sheet_of(self._session, run), self._answers.get(run.id, []), self._photos.get(run.id, []),
            self._signatures.get(run.id, []), given or {},
        )  # fmt: skip


def progress(session: Session, run: Run) -> Progress:
    """Where one run stands."""
    return Reading(session, [run]).progress(run)


def close(run: Run) -> None:
    """Nothing is added to it any more."""
    still_open(run)
    run.state, run.closed_at = CLOSED, now()


def still_open(run: Run) -> None:
    """Raises WrongMove when it is closed."""
    if run.state != OPEN:
        raise WrongMove(N_("This checklist is signed and closed. A correction makes a new revision of the paper."))


Kept = TypeVar("Kept", Answer, Photo, Signature)


def _by_run(rows: Iterable[Kept]) -> dict[UUID, list[Kept]]:
    by_run: dict[UUID, list[Kept]] = {}
    for row in rows:
        by_run.setdefault(row.run_id, []).append(row)
    return by_run


# Asked at every tap, so composed once.
IDS: BindParameter[Any] = bindparam("ids")
RUNS = select(Run).where(Run.id.in_(IDS))
ANSWERS = select(Answer).where(Answer.run_id.in_(IDS)).order_by(Answer.at, Answer.id)
PHOTOS = select(Photo).where(Photo.run_id.in_(IDS)).order_by(Photo.at, Photo.id)
SIGNATURES = select(Signature).where(Signature.run_id.in_(IDS)).order_by(Signature.at)
