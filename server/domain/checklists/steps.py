"""The way through a list, or through two of them: its sections in order, and where one is."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from server.database import Words
from server.domain.checklists.findings import FAULT, WATCH
from server.domain.checklists.progress import Progress
from server.domain.checklists.runs import Run
from server.domain.checklists.sheets import Part, Question
from server.domain.refusals import NotThere


class Step(msgspec.Struct, frozen=True):
    """One section of one run, with what was found so far."""

    part: Part
    run: Run
    progress: Progress

    @property
    def title(self) -> Words:
        """What the section is called."""
        return self.part.title

    @property
    def done(self) -> int:
        """Answered items."""
        return self.progress.done_in(self.part)

    @property
    def asked(self) -> int:
        """Items that want an answer."""
        return self.progress.asked_in(self.part)

    @property
    def open(self) -> int:
        """Items still open."""
        return self.asked - self.done

    @property
    def open_ways(self) -> str:
        """Items still open, each with what has to arrive there: `<identity>/answer,photos`."""
        return " ".join(f"{question.id}/{self._wants(question)}" for question in self.progress.open_in(self.part))

    @property
    def met_items(self) -> str:
        """Items that are answered by now and could be taken back, by identity."""
        return " ".join(str(q.id) for q in self.part.questions if self.progress.can_come_back(q))

    def _wants(self, question: Question) -> str:
        photo = question.kind == "photo" or self.progress.wants_photo(question)
        wanted = {"answer": self.progress.wants_answer(question), "photos": photo}
        return ",".join(what for what, is_wanted in wanted.items() if is_wanted)

    @property
    def faults(self) -> list[Question]:
        """Items found at fault."""
        return [question for question in self.questions if self.progress.verdict(question) == FAULT]

    @property
    def tone(self) -> str:
        """`good` when done, `warn` when done with findings, `bad` when at fault, else nothing."""
        if not self.asked and not any(self.progress.verdict(question) for question in self.part.questions):
            return ""
        worst = self.progress.worst_in(self.part)
        if worst == FAULT:
            return "bad"
        return "" if self.open else "warn" if worst == WATCH else "good"

    @property
    def wants_customer(self) -> bool:
        """Whether the customer still has to sign here."""
        return self.part.customer_signs and self.progress.signature(self.part.id, "customer") is None

    @property
    def can_be_all_good(self) -> bool:
        """Whether "the rest is fine" would tick anything."""
        return any(self.progress.is_easy(question) for question in self.part.questions)

    def is_easy(self, question: Question) -> bool:
        """Whether this item is among them."""
        return self.progress.is_easy(question)

    @property
    def in_the_way(self) -> list[Question]:
        """What has to be answered before anybody signs here."""
        return [q for q in self.part.questions if q.kind != "signature" and self.progress.holds_up(q)]

    @property
    def firm(self) -> list[Question]:
        """What would stand in the way of signing here if its answer were taken back."""
        return [q for q in self.part.questions if self.progress.would_hold_up(q)]

    @property
    def questions(self) -> Sequence[Question]:
        """What is asked here; signatures have a place of their own."""
        return [question for question in self.part.questions if question.kind != "signature"]


def of(first: tuple[Run, Progress], training: tuple[Run, Progress] | None = None) -> list[Step]:
    """The sections as one way; the training stands before the section that asks whether it was done."""
    steps = _steps(*first)
    if training is None:
        return steps
    asks = next(
        (place for place, step in enumerate(steps) if any(q.answered_by == "training" for q in step.part.questions)),
        len(steps) - 1,
    )
    return [*steps[:asks], *_steps(*training), *steps[asks:]]


def _steps(run: Run, progress: Progress) -> list[Step]:
    return [Step(part, run, progress) for part in progress.sheet.parts]


def at(steps: Sequence[Step], section_id: UUID) -> int:
    """The place of a section on the way. Raises NotThere."""
    for place, step in enumerate(steps):
        if step.part.id == section_id:
            return place
    raise NotThere
