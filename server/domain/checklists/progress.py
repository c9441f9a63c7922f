"""Where a run stands, read from its answers: no session needed, so it is tested without one."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from server.domain.checklists.conflicts import Standing, standing
from server.domain.checklists.findings import FAULT, OK, SEVERITY, Answered, Pictured, Signed
from server.domain.checklists.sheets import Part, Question, Sheet
from server.domain.people import Person


class Progress:
    """A sheet with what was found so far."""

    def __init__(
        self,
        sheet: Sheet,
        answers: Sequence[Answered],
        photos: Sequence[Pictured],
        signatures: Sequence[Signed],
        given: dict[str, bool],
    ) -> None:
        self.sheet = sheet
        self.answers = answers
        self.stands = _standing(sheet, answers)
        self.newest: dict[UUID, Answered] = {item: found.answer for item, found in self.stands.items()}
        self.last: dict[UUID, Answered] = {answer.item_id: answer for answer in answers}
        """What arrived last at an item, whether it stands or not: whoever saw it has seen everything before."""
        self.photos: dict[UUID, list[Pictured]] = {}
        for photo in photos:
            self.photos.setdefault(photo.item_id, []).append(photo)
        self.signatures = signatures
        self.given = given

    def as_seen(self, at: datetime, *, by: Person) -> "Progress":
        """What stood on the screen of a device whose page is of that moment: that, and what was done on it since."""
        on_it = [one for one in self.answers if one.at <= at or one.device_id == by.device_id]
        pictures = [one for photos in self.photos.values() for one in photos if one.at <= at or one.by_id == by.id]
        return Progress(self.sheet, on_it, pictures, self.signatures, self.given)

    def verdict(self, question: Question) -> str:
        """`ok`, `watch`, `fault`, or empty while nobody has answered."""
        if question.answered_by:
            return OK if self.given.get(question.answered_by) else ""
        if question.kind == "photo":
            return OK if self.photos.get(question.id) else ""
        if question.kind == "signature":
            return OK if any(signature.section_id is None for signature in self.signatures) else ""
        answer = self.newest.get(question.id)
        return answer.verdict if answer else ""

    def touched(self, question: Question) -> bool:
        """Whether anybody has said anything here."""
        return question.id in self.newest

    def is_easy(self, question: Question) -> bool:
        """Whether "the rest is fine" may tick it: nobody has, and nothing about it wants a look of its own."""
        weighty = question.blocking or question.safety or question.counts or question.photo_needed
        plain = question.kind in ("rag", "tick") and not question.answered_by
        return plain and not weighty and not self.touched(question)

    def wants_photo(self, question: Question) -> bool:
        """Whether a photo is asked for and missing."""
        return question.photo_needed and not self.photos.get(question.id)

    def is_open(self, question: Question) -> bool:
        """Whether something is still missing here: the answer, its number or its photo."""
        if question.kind == "signature" or self.is_optional(question):
            return False  # signatures are counted by themselves, a picture that nobody asked for not at all
        if not self.verdict(question) or self.wants_photo(question):
            return True
        answer = self.newest.get(question.id)
        if not question.counts or question.answered_by:
            return False
        return answer is None or answer.number is None or self.wants_reason(question)

    def wants_reason(self, question: Question) -> bool:
        """Whether a number stands outside its limits and nobody has said why."""
        answer = self.newest.get(question.id)
        return bool(answer and answer.number is not None and not answer.note and not question.within(answer.number))

    def wants_answer(self, question: Question) -> bool:
        """Whether a tap is missing or in the way, whatever pictures there are."""
        if question.kind == "photo":
            return False
        answer = self.newest.get(question.id)
        numberless = question.counts and (answer is None or answer.number is None)
        return self.verdict(question) in ("", FAULT) or numberless or self.wants_reason(question)

    def holds_up(self, question: Question) -> bool:
        """Whether it stands in the way: blocking, and missing or at fault."""
        return question.blocking and (self.is_open(question) or self.verdict(question) == FAULT)

    def can_come_back(self, question: Question) -> bool:
        """Whether it is met by an answer, which somebody may still take back."""
        tapped = not question.answered_by and question.kind not in ("photo", "signature")
        return tapped and not self.is_open(question)

    def would_hold_up(self, question: Question) -> bool:
        """Whether it does not stand in the way now, but would if its answer were taken back."""
        return question.blocking and self.can_come_back(question) and not self.holds_up(question)

    def is_optional(self, question: Question) -> bool:
        """A picture that may be taken or not."""
        return question.kind == "photo" and not (question.blocking or question.photo_needed)

    def open_in(self, part: Part) -> list[Question]:
        """What is still missing in a section."""
        return [question for question in part.questions if self.is_open(question)]

    def done_in(self, part: Part) -> int:
        """How many items of a section are answered."""
        return self.asked_in(part) - len(self.open_in(part))

    def asked_in(self, part: Part) -> int:
        """How many items of a section want an answer."""
        return sum(question.kind != "signature" and not self.is_optional(question) for question in part.questions)

    def worst_in(self, part: Part) -> str:
        """The most severe verdict of a section."""
        return max((self.verdict(question) for question in part.questions), key=SEVERITY.__getitem__, default="")

    @property
    def done(self) -> int:
        """How many items are answered."""
        return sum(self.done_in(part) for part in self.sheet.parts)

    @property
    def asked(self) -> int:
        """How many items want an answer."""
        return sum(self.asked_in(part) for part in self.sheet.parts)

    @property
    def in_the_way(self) -> list[Question]:
        """Blocking items that are missing or at fault."""
        return [question for question in self.sheet.questions() if self.holds_up(question)]

    @property
    def blocking_faults(self) -> list[Question]:
        """Blocking items that were looked at and are at fault."""
        return [q for q in self.sheet.questions() if q.blocking and self.verdict(q) == FAULT]

    @property
    def untouched(self) -> list[Question]:
        """Everything still missing, blocking or not."""
        return [question for part in self.sheet.parts for question in self.open_in(part)]

    def signature(self, section_id: UUID | None, role: str) -> Signed | None:
        """Who signed this section (or the whole) last in a role, if what they signed still stands as it was."""
        for signature in reversed(self.signatures):
            if signature.section_id == section_id and signature.role == role:
                return signature if signature.covers == self.digest(section_id) else None
        return None

    def was_changed_after_signing(self, section_id: UUID | None, role: str) -> bool:
        """Whether a signature exists that no longer covers what stands there."""
        there = any(s.section_id == section_id and s.role == role for s in self.signatures)
        return there and self.signature(section_id, role) is None

    def unsigned_parts(self, role: str) -> list[Part]:
        """Sections that this role still has to sign."""
        return [part for part in self.sheet.parts if part.customer_signs and self.signature(part.id, role) is None]

    def digest(self, section_id: UUID | None) -> str:
        """What a signature covers: a hash over the answers and photos of a section, or of all."""
        asked = self.sheet.part(section_id).questions if section_id else tuple(self.sheet.questions())
        said: list[Any] = [
            (
                q.code,
                self.newest[q.id].id if q.id in self.newest else None,
                [p.file_id for p in self.photos.get(q.id, [])],
            )
            for q in asked
        ]
        return hashlib.sha256(msgspec.json.encode([self.sheet.id, said])).hexdigest()

    def others(self, question: Question) -> tuple[Answered, ...]:
        """What was said here on another device without knowing of the answer that stands."""
        found = self.stands.get(question.id)
        return found.others if found else ()

    @property
    def last_at(self) -> datetime | None:
        """When the last answer was given."""
        return self.answers[-1].at if self.answers else None

    def where_one_was(self) -> tuple[Part, Question | None]:
        """The section and item to come back to: after the last answer, else the beginning."""
        if not self.answers:
            return self.sheet.parts[0], None
        last = self.answers[-1].item_id
        for part in self.sheet.parts:
            for question in part.questions:
                if question.id == last:
                    return part, next((q for q in part.questions if self.is_open(q)), question)
        return self.sheet.parts[0], None


def _standing(sheet: Sheet, answers: Sequence[Answered]) -> dict[UUID, Standing[Answered]]:
    given: dict[UUID, list[Answered]] = {}
    for answer in answers:
        given.setdefault(answer.item_id, []).append(answer)
    asked = {question.id: question for question in sheet.questions()}
    found = {item: standing(asked[item], said) for item, said in given.items() if item in asked}
    return {item: one for item, one in found.items() if one is not None}
