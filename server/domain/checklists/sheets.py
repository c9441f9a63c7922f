"""A checklist as it is read while working: a frozen reading of one version, kept in memory once published."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.checklists.templates import PUBLISHED, CannedNote, Item, Section, Template
from server.domain.refusals import NotThere


class Question(msgspec.Struct, frozen=True):
    """An item as it is asked."""

    id: UUID
    section_id: UUID
    code: str
    kind: str
    text: Words
    help: Words | None
    blocking: bool
    safety: bool
    photo_needed: bool
    applies: str
    unit: Words | None
    minimum: float | None
    maximum: float | None
    decimals: int | None
    choices: list[dict[str, str]] | None
    answered_by: str | None

    @property
    def counts(self) -> bool:
        """Whether it asks for a number."""
        return self.kind == "number" or self.unit is not None

    @property
    def limits(self) -> str:
        """`2.0–3.5`, `≥ 12.4`, `≤ 100` or nothing."""
        low, high = (
            None if edge is None else f"{edge:.{self.decimals or 0}f}" for edge in (self.minimum, self.maximum)
        )
        if low and high:
            return f"{low}–{high}"
        return f"≥ {low}" if low else f"≤ {high}" if high else ""

    def within(self, number: float) -> bool:
        """Whether a number is inside the limits."""
        return (self.minimum is None or number >= self.minimum) and (self.maximum is None or number <= self.maximum)


class Part(msgspec.Struct, frozen=True):
    """A section with its questions."""

    id: UUID
    position: int
    code: str
    title: Words
    customer_signs: bool
    questions: tuple[Question, ...]


class Sheet(msgspec.Struct, frozen=True):
    """One version of a checklist, whole."""

    id: UUID
    code: str
    version: int
    title: Words
    parts: tuple[Part, ...]

    def questions(self) -> Iterator[Question]:
        """All questions in the order in which they are asked."""
        for part in self.parts:
            yield from part.questions

    def question(self, item_id: UUID) -> Question:
        """One question. Raises NotThere."""
        for question in self.questions():
            if question.id == item_id:
                return question
        raise NotThere

    def part(self, section_id: UUID) -> Part:
        """One section. Raises NotThere."""
        for part in self.parts:
            if part.id == section_id:
                return part
        raise NotThere

    def without(self, energy: str) -> "Sheet":
        """The sheet without what this kind of car does not have."""
        other = "ice" if energy == "nev" else "nev"
        parts = tuple(
            msgspec.structs.replace(part, questions=tuple(q for q in part.questions if q.applies != other))
            for part in self.parts
        )
        return msgspec.structs.replace(self, parts=parts)


_frozen: dict[UUID, Sheet] = {}
"""Published versions never change, so each process reads them once."""


def sheet(session: Session, template_id: UUID) -> Sheet:
    """Read a version whole."""
    known = _frozen.get(template_id)
    if known:
        return known
    template = session.get(Template, template_id)
    if template is None:
        raise NotThere
    made = _read(session, template)
    if template.state == PUBLISHED:
        _frozen[template_id] = made
    return made


def canned_notes(session: Session, store_id: UUID, code: str) -> dict[str, list[CannedNote]]:
    """Remarks made ready for a list, by item code, nearest first; under `""` those for every item."""
    notes: dict[str, list[CannedNote]] = {"": []}
    for note in session.scalars(NOTES, {"store_id": store_id, "code": code}):
        notes.setdefault(note.item_code or "", []).append(note)
    return notes


def _read(session: Session, template: Template) -> Sheet:
    items = session.scalars(select(Item).where(Item.template_id == template.id).order_by(Item.position)).all()
    sections = session.scalars(
        select(Section).where(Section.template_id == template.id).order_by(Section.position)
    ).all()
    parts = tuple(
        Part(
            id=section.id,
            position=section.position,
            code=section.code,
            title=section.title,
            customer_signs=section.customer_signs,
            questions=tuple(_question(item) for item in items if item.section_id == section.id),
        )
        for section in sections
    )
    return Sheet(id=template.id, code=template.code, version=template.version, title=template.title, parts=parts)


def _question(item: Item) -> Question:
    fields: dict[str, Any] = {field: getattr(item, field) for field in Question.__struct_fields__}
    return Question(**fields)


# Asked at every tap, so composed once.
NOTES = (
    select(CannedNote)
    .where(CannedNote.store_id == bindparam("store_id"))
    .where((CannedNote.list_code == bindparam("code")) | CannedNote.list_code.is_(None))
    .order_by(CannedNote.list_code.is_(None), CannedNote.id)
)
