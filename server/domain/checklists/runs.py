"""Walking a checklist: answers, photos and signatures are only ever added; the state is read from them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, Index, Numeric, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, now, uuid7
from server.domain.checklists.progress import OK, SEVERITY, Progress, worse
from server.domain.checklists.sheets import Question, Sheet, sheet
from server.domain.checklists.templates import in_force
from server.domain.people import Person
from server.domain.records import files
from server.domain.refusals import Invalid, N_, NotThere, WrongMove

OPEN, CLOSED = "open", "closed"
MOST_INK = 200_000


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
    at: Mapped[datetime]


class Photo(OfStore, Base):
    """A picture taken at an item."""

    __tablename__ = "checklist_photos"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("checklist_runs.id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("checklist_items.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"))
    by_id: Mapped[UUID]
    at: Mapped[datetime]


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


class Tap(msgspec.Struct, frozen=True):
    """What came from the screen for one item; `verdict` is `ok`, `watch`, `fault` or empty."""

    verdict: str = ""
    number: str = ""
    choice: str = ""
    text: str = ""
    note: str = ""
    device_at: datetime | None = None


class Dot(msgspec.Struct, frozen=True):
    """A place where the pen was, in CSS pixels, origin at the top left."""

    x: float
    y: float


class Stroke(msgspec.Struct, frozen=True):
    """From pen down to pen up."""

    points: list[Dot]


Ink = list[Stroke]


def start(session: Session, code: str, subject: Any, *, by: Person, energy: str) -> Run:
    """Begin to walk the version in force."""
    template = in_force(session, by.store_id, code)
    run = Run(
        id=uuid7(), store_id=by.store_id, template_id=template.id, code=code, subject=subject.__tablename__,
        subject_id=subject.id, energy=energy, state=OPEN, started_at=now(), started_by=by.id,
    )  # fmt: skip
    session.add(run)
    session.flush()  # the subject points at it
    return run


def one(session: Session, run_id: UUID, *, store_id: UUID) -> Run:
    """A run of this store. Raises NotThere."""
    run = session.get(Run, run_id)
    if run is None or run.store_id != store_id:
        raise NotThere
    return run


def sheet_of(session: Session, run: Run) -> Sheet:
    """The questions of this run: its version, without what its car does not have."""
    return sheet(session, run.template_id).without(run.energy)


def progress(session: Session, run: Run, given: dict[str, bool] | None = None) -> Progress:
    """Where the run stands. `given` answers what no tap answers (`{"pdi": True}`)."""
    query = select(Answer).where(Answer.run_id == run.id).order_by(Answer.at, Answer.id)
    photos = session.scalars(select(Photo).where(Photo.run_id == run.id).order_by(Photo.at, Photo.id)).all()
    signatures = session.scalars(select(Signature).where(Signature.run_id == run.id).order_by(Signature.at)).all()
    return Progress(sheet_of(session, run), session.scalars(query).all(), photos, signatures, given or {})


def answer(session: Session, run: Run, item_id: UUID, tap: Tap, *, by: Person) -> Answer:
    """Keep one tap. A note or a number out of limits makes it at least "!". Raises Invalid at `answer` or `note`."""
    _still_open(run)
    question = sheet_of(session, run).question(item_id)
    if question.answered_by or question.kind in ("photo", "signature"):
        raise WrongMove(N_("This item answers itself."))
    number = _number(question, tap.number)
    made = Answer(
        id=uuid7(), store_id=run.store_id, run_id=run.id, item_id=item_id, verdict=_verdict(question, tap, number),
        number=number, choice=_choice(question, tap.choice), text=tap.text or None, note=tap.note or None,
        by_id=by.id, device_id=by.device_id, device_at=_not_later(tap.device_at), at=now(),
    )  # fmt: skip
    session.add(made)
    return made


def all_good(session: Session, run: Run, section_id: UUID, *, by: Person) -> Sequence[Answer]:
    """Tick what is untouched in a section; blocking and safety items want a look of their own."""
    _still_open(run)
    standing = progress(session, run)
    return [
        answer(session, run, question.id, Tap(verdict=OK), by=by)
        for question in standing.sheet.part(section_id).questions
        if question.kind in ("rag", "tick") and not (question.blocking or question.safety or question.counts)
        and not question.answered_by and not question.photo_needed and not standing.touched(question)
    ]  # fmt: skip


def add_photo(session: Session, run: Run, item_id: UUID, upload: bytes, *, by: Person) -> Photo:
    """Keep a picture at an item; the same picture twice is two rows and one file."""
    _still_open(run)
    sheet_of(session, run).question(item_id)
    file = files.keep_photo(session, upload, by=by)
    photo = Photo(
        id=uuid7(), store_id=run.store_id, run_id=run.id, item_id=item_id, file_id=file.id, by_id=by.id, at=now()
    )
    session.add(photo)
    return photo


def sign(
    session: Session, run: Run, *, by: Person, role: str, name: str, ink: Ink | None, section_id: UUID | None = None
) -> Signature:
    """Set a name under what stands there now. Raises Invalid at `typed_name` when there is neither ink nor name."""
    _still_open(run)
    if not name:
        raise Invalid.at("typed_name", N_("Write your signature, or type your name."))
    signature = Signature(
        id=uuid7(), store_id=run.store_id, run_id=run.id, section_id=section_id, role=role, name=name,
        ink=msgspec.to_builtins(ink) if ink else None, covers=progress(session, run).digest(section_id),
        by_id=by.id, device_id=by.device_id, at=now(),
    )  # fmt: skip
    session.add(signature)
    session.flush()  # whoever asks next must see it
    return signature


def read_ink(written: str) -> Ink | None:
    """Strokes from the canvas, or None when nothing was drawn. Raises Invalid at `typed_name`."""
    if not written:
        return None
    try:
        ink = msgspec.json.decode(written.encode(), type=Ink)
    except msgspec.DecodeError as fault:
        raise Invalid.at("typed_name", N_("This signature could not be read. Please sign again.")) from fault
    if len(written) > MOST_INK or any(
        not -5000 < edge < 5000 for stroke in ink for dot in stroke.points for edge in (dot.x, dot.y)
    ):
        raise Invalid.at("typed_name", N_("This signature could not be read. Please sign again."))
    return ink if any(len(stroke.points) > 1 for stroke in ink) else None


def close(run: Run) -> None:
    """Nothing is added to it any more."""
    _still_open(run)
    run.state, run.closed_at = CLOSED, now()


def _still_open(run: Run) -> None:
    if run.state != OPEN:
        raise WrongMove(N_("This checklist is signed and closed. A correction makes a new revision of the paper."))


def _verdict(question: Question, tap: Tap, number: float | None) -> str:
    if tap.verdict and tap.verdict not in SEVERITY:
        raise Invalid.at("answer", N_("Choose one of the offered."))
    verdict = tap.verdict
    if question.kind != "rag":
        spoken = {
            "tick": bool(verdict),
            "number": number is not None,
            "choice": bool(tap.choice),
            "text": bool(tap.text),
        }
        verdict = (verdict or OK) if spoken[question.kind] else ""
    if number is not None and not question.within(number):
        verdict = worse(verdict, "watch")
    return worse(verdict, "watch") if tap.note and question.kind == "rag" else verdict


def _number(question: Question, typed: str) -> float | None:
    if not typed or not question.counts:
        return None
    try:
        number = round(float(typed.replace(",", "").replace("，", "").replace("。", ".")), question.decimals or 0)
    except (ValueError, OverflowError) as fault:
        raise Invalid.at("number", N_("Type a number, such as 2.4.")) from fault
    below_nothing = number < 0 and (question.minimum is None or question.minimum >= 0)
    if below_nothing or not abs(number) < 1e8:
        raise Invalid.at("number", N_("Type a number, such as 2.4."))
    return number


def _choice(question: Question, chosen: str) -> str | None:
    if not chosen:
        return None
    if question.kind != "choice" or chosen not in {choice["code"] for choice in question.choices or []}:
        raise Invalid.at("answer", N_("Choose one of the offered."))
    return chosen


def _not_later(device_at: datetime | None) -> datetime:
    """The device's own clock, but never ahead of ours nor a month behind."""
    here = now()
    return here if device_at is None or not here - timedelta(days=31) < device_at <= here else device_at
