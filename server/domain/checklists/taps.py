"""Walking a checklist: a tap becomes an answer, a photo or a signature, each kept beside what was there before."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.checklists.findings import OK, SEVERITY, WATCH, worse
from server.domain.checklists.ink import Ink
from server.domain.checklists.runs import Answer, Photo, Run, Signature, progress, sheet_of, still_open
from server.domain.checklists.sheets import Question
from server.domain.people import Person
from server.domain.records import files
from server.domain.refusals import Invalid, N_, WrongMove


class Tap(msgspec.Struct, frozen=True):
    """What came from the screen for one item; `verdict` is `ok`, `watch`, `fault` or empty."""

    verdict: str = ""
    number: str = ""
    choice: str = ""
    text: str = ""
    note: str = ""
    device_at: datetime | None = None
    base: UUID | None = None
    """The answer that stood on the screen when this was tapped; None where there was none."""


def answer(session: Session, run: Run, item_id: UUID, tap: Tap, *, by: Person) -> Answer:
    """Keep one tap. A note or a number out of limits makes it at least "!". Raises Invalid at `answer` or `note`."""
    still_open(run)
    question = sheet_of(session, run).question(item_id)
    if question.answered_by or question.kind in ("photo", "signature"):
        raise WrongMove(N_("This item answers itself."))
    number = _number(question, tap.number)
    verdict = _verdict(question, tap, number)
    if verdict == WATCH and _is_only_of_the_number(session, run, question, tap, number):
        verdict = OK
    made = Answer(
        id=uuid7(), store_id=run.store_id, run_id=run.id, item_id=item_id, verdict=verdict,
        number=number, choice=_choice(question, tap.choice), text=tap.text or None, note=tap.note or None,
        by_id=by.id, device_id=by.device_id, device_at=acted_at(run, by=by, on_screen=tap.device_at), at=now(),
        base_id=tap.base,
    )  # fmt: skip
    session.add(made)
    return made


def all_good(session: Session, run: Run, section_id: UUID, *, by: Person) -> Sequence[Answer]:
    """Tick what is untouched in a section; blocking and safety items want a look of their own."""
    still_open(run)
    standing = progress(session, run)
    return [
        answer(session, run, question.id, Tap(verdict=OK), by=by)
        for question in standing.sheet.part(section_id).questions
        if standing.is_easy(question)
    ]


def add_photo(
    session: Session, run: Run, item_id: UUID, upload: bytes, *, by: Person, original: str | None = None
) -> Photo:
    """Keep a picture at an item; the same picture twice is two rows and one file.

    `original` is the SHA-256 of what the camera gave, before the device shrank it.
    """
    still_open(run)
    sheet_of(session, run).question(item_id)
    file = files.keep_photo(session, upload, by=by)
    photo = Photo(
        id=uuid7(), store_id=run.store_id, run_id=run.id, item_id=item_id, file_id=file.id, by_id=by.id, at=now(),
        device_at=acted_at(run, by=by), original_hash=original,
    )  # fmt: skip
    session.add(photo)
    return photo


def sign(
    session: Session, run: Run, *, by: Person, role: str, name: str, ink: Ink | None, section_id: UUID | None = None,
    seen_at: datetime | None = None,
) -> Signature:  # fmt: skip
    """Set a name under what stood on the screen. Raises Invalid at `typed_name` when there is neither ink nor name.

    `seen_at` is when the page was made: what somebody else said since then nobody has signed. None: what stands now.
    """
    still_open(run)
    if not name:
        raise Invalid.at("typed_name", N_("Write your signature, or type your name."))
    standing = progress(session, run)
    seen = standing.as_seen(seen_at, by=by) if seen_at else standing
    signature = Signature(
        id=uuid7(), store_id=run.store_id, run_id=run.id, section_id=section_id, role=role, name=name,
        ink=msgspec.to_builtins(ink) if ink else None, covers=seen.digest(section_id),
        by_id=by.id, device_id=by.device_id, at=now(), device_at=acted_at(run, by=by),
    )  # fmt: skip
    session.add(signature)
    session.flush()  # whoever asks next must see it
    return signature


def acted_at(run: Run, *, by: Person, on_screen: datetime | None = None) -> datetime:
    """When it was done by the device's clock, but never ahead of ours and not before there was anything to tap."""
    here = now()
    return max(run.started_at, min(by.acted_at or on_screen or here, here))


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
        verdict = worse(verdict, WATCH)
    return worse(verdict, WATCH) if tap.note and question.kind == "rag" else verdict


def _is_only_of_the_number(session: Session, run: Run, question: Question, tap: Tap, number: float | None) -> bool:
    """Whether this "!" is what a number out of limits left on the screen, and that number has been put right.

    A "!" that stood before the number went out of its limits was tapped by somebody, and stays.
    """
    if not question.counts or tap.note or not _fits(question, number):
        return False
    said = session.scalars(SAID, {"run": run.id, "item": question.id}).all()
    before = next((place for place, one in enumerate(said) if _fits(question, one.number)), len(said))
    return before > 0 and (before == len(said) or said[before].verdict != WATCH)


def _fits(question: Question, number: float | None) -> bool:
    return number is None or question.within(number)


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


# What was said at an item, the newest first; composed once.
SAID = (
    select(Answer)
    .where(Answer.run_id == bindparam("run"), Answer.item_id == bindparam("item"))
    .order_by(Answer.at.desc(), Answer.id.desc())
)
