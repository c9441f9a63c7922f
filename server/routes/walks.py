"""What the pages of a checklist walk share: its steps, where one is, what may be done."""

from abc import ABC, abstractmethod
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from server.database import Words, now
from server.domain.checklists import Progress, Question, Run, runs, steps
from server.domain.checklists.sheets import canned_notes
from server.domain.checklists.steps import Step
from server.domain.checklists.templates import CannedNote
from server.domain.people import Person
from server.domain.people.staff import titles
from server.domain.refusals import NotThere, Refusal


class Walking(ABC):
    """A list under way, as its page and its taps see it."""

    kind: str
    """Which walk of its subject; also the end of its address."""
    lane: UUID
    """Of what: whatever a device does about it goes out in order."""
    base: str
    """Where the page of the walk is."""
    back: str
    """The page of what is walked."""
    area = ""
    """Where it belongs in the navigation."""
    asks_customer = False
    """Whether the customer signs sections of it."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session, self.person = session, person
        self._notes: dict[str, dict[str, list[CannedNote]]] = {}
        self.read_at = now()
        """What was kept later is not on this page."""

    # What stands is read when it is first asked for: a tap asks once it is kept, and not before.

    @cached_property
    @abstractmethod
    def run(self) -> Run:
        """The list itself; of several the first one."""

    @cached_property
    def progress(self) -> Progress:
        """Where the list stands."""
        return runs.progress(self.session, self.run)

    @cached_property
    def steps(self) -> list[Step]:
        """The sections as one way."""
        return steps.of((self.run, self.progress))

    @property
    @abstractmethod
    def may_tap(self) -> bool:
        """Whether this person's role walks this list."""

    @property
    @abstractmethod
    def editable(self) -> bool:
        """Whether this person may tap here now."""

    def open_in(self, step: Step) -> bool:
        """Whether this person may tap in this section now."""
        return self.editable

    def require_at(self, item_id: UUID) -> None:
        """Raises what keeps this person from answering there now."""
        self.require_under_way()

    def require_in(self, section_id: UUID) -> None:
        """The same for a whole section."""
        self.require_under_way()

    @property
    @abstractmethod
    def over(self) -> Refusal:
        """Why nothing is kept here now."""

    @property
    @abstractmethod
    def templates(self) -> dict[str, str]:
        """What the page shows of its own: `head`, `facts` beside the progress, `closing` under the last section."""

    def read_again(self) -> None:
        """Forget what stood before something was kept."""
        for read in ("progress", "steps"):
            vars(self).pop(read, None)

    def require_under_way(self) -> "Walking":
        """Itself. Raises WrongMove where nothing is kept now."""
        if not self.editable:
            raise self.over
        return self

    @property
    def done(self) -> int:
        """Answered items on the whole way."""
        return sum(step.done for step in self.steps)

    @property
    def asked(self) -> int:
        """Items on the whole way."""
        return sum(step.asked for step in self.steps)

    @property
    def names(self) -> dict[UUID, Words]:
        """What everybody is called who tapped."""
        return titles(self.session, self.person.store_id)

    def address(self, step: Step | None = None, question: Question | None = None) -> str:
        """Where a section, or an item in it, is."""
        if step is None:
            return self.base
        return f"{self.base}?section={step.part.id}" + (f"#item-{question.id}" if question else "")

    def where_one_was(self) -> str:
        """The address to come back to: the section of the last tap, at its first open item."""
        return self._back_to(self.progress)

    def _back_to(self, progress: Progress) -> str:
        part, question = progress.where_one_was()
        return self.address(self.step_in(part.id), question)

    def step_in(self, section_id: UUID) -> Step:
        """The step of a section. Raises NotThere."""
        return self.steps[steps.at(self.steps, section_id)]

    def after(self, step: Step) -> Step | None:
        """The next step, if there is one."""
        place = steps.at(self.steps, step.part.id) + 1
        return self.steps[place] if place < len(self.steps) else None

    def before(self, step: Step) -> Step | None:
        """The step before, if there is one."""
        place = steps.at(self.steps, step.part.id)
        return self.steps[place - 1] if place else None

    def step_with(self, item_id: UUID) -> tuple[Step, Question]:
        """Where an item is asked. Raises NotThere."""
        for step in self.steps:
            for question in step.questions:
                if question.id == item_id:
                    return step, question
        raise NotThere

    def ways(self, run: Run, question: Question) -> str:
        """Which addresses settle an item: its answer, its photo, or both."""
        progress = next(step.progress for step in self.steps if step.run.id == run.id)
        base = f"/runs/{run.id}/items/{question.id}"
        photo = question.kind == "photo" or progress.wants_photo(question)
        wanted = {"answer": progress.wants_answer(question), "photos": photo}
        return " ".join(f"{base}/{what}" for what, is_wanted in wanted.items() if is_wanted)

    def answers(self, run: Run, question: Question) -> str:
        """The address of an item's answer."""
        return f"/runs/{run.id}/items/{question.id}/answer"

    def notes(self, code: str) -> dict[str, list[CannedNote]]:
        """The remarks made ready for the items of a list."""
        if code not in self._notes:  # a tap asks before it is kept and again for the page
            self._notes[code] = canned_notes(self.session, self.person.store_id, code)
        return self._notes[code]
