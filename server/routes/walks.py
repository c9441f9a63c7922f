"""What the pages of a checklist walk share: the delivery, its steps, where one is, what may be done."""

from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from server.database import Words, now
from server.domain.checklists import Progress, Question, Run, runs
from server.domain.checklists.sheets import canned_notes
from server.domain.checklists.templates import CannedNote
from server.domain.delivery import Delivery, Inspection, Missing, Walk, deliveries, pdi, steps, visible_to
from server.domain.delivery.steps import Step
from server.domain.people import Person, Right
from server.domain.people.staff import titles
from server.domain.refusals import N_, NotAllowed, NotThere, WrongMove

PDI, HANDOVER = "pdi", "handover"
RIGHT = {PDI: Right.INSPECT, HANDOVER: Right.HAND_OVER}


class Walking:
    """A PDI or a handover under way, as its page and its taps see it."""

    def __init__(self, session: Session, person: Person, delivery: Delivery, kind: str) -> None:
        self.session, self.person, self.delivery, self.kind = session, person, delivery, kind
        self._notes: dict[str, dict[str, list[CannedNote]]] = {}
        self.read_at = now()
        """What was kept later is not on this page."""

    # What stands is read when it is first asked for: a tap asks once it is kept, and not before.

    @cached_property
    def inspection(self) -> Inspection:
        """The PDI of the delivery."""
        return pdi.of(self.session, self.delivery)

    @cached_property
    def walk(self) -> Walk | None:
        """Both lists of a handover; None in a PDI."""
        return Walk(self.session, self.delivery) if self.kind == HANDOVER else None

    @cached_property
    def progress(self) -> Progress:
        """Where the list stands; in a handover its first one."""
        return self.walk.handover if self.walk else runs.progress(self.session, self._inspected)

    @cached_property
    def steps(self) -> list[Step]:
        """The sections as one way."""
        if walk := self.walk:
            return steps.of((walk.handover_run, walk.handover), (walk.training_run, walk.training))
        return steps.of((self._inspected, self.progress))

    @property
    def _inspected(self) -> Run:
        return pdi.run_of(self.session, self.inspection)

    def read_again(self) -> None:
        """Forget what stood before something was kept."""
        for read in ("walk", "progress", "steps"):
            vars(self).pop(read, None)

    @property
    def editable(self) -> bool:
        """Whether this person may tap here now."""
        if not self.person.may(RIGHT[self.kind]):
            return False
        if self.kind == PDI:
            return self.inspection.state == pdi.State.CHECKING
        return self.delivery.state == deliveries.State.HANDING_OVER

    def require_under_way(self) -> "Walking":
        """Itself. Raises WrongMove where nothing is kept now: in rework, cancelled, or signed and closed."""
        if not self.editable:
            raise WrongMove(
                N_("Nothing is kept here now: the delivery is “%(now)s”, its PDI “%(pdi)s”."),
                now=self.delivery.state_name, pdi=self.inspection.state_name,
            )  # fmt: skip
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
        return titles(self.session, self.delivery.store_id)

    def address(self, step: Step | None = None, question: Question | None = None) -> str:
        """Where a section, or an item in it, is."""
        base = f"/deliveries/{self.delivery.number}/{self.kind}"
        if step is None:
            return base
        return f"{base}?section={step.part.id}" + (f"#item-{question.id}" if question else "")

    def where_one_was(self) -> str:
        """The address to come back to: the section of the last tap, at its first open item."""
        if self.kind == PDI and self.inspection.state == pdi.State.FAILED:
            return f"{self.address(self.steps[-1])}#signing"
        faults = self.progress.blocking_faults if self.kind == PDI and self.inspection.reworks else []
        if faults:
            return self.address(*self.step_with(faults[0].id))
        _, progress = self.walk.where_one_was() if self.walk else (None, self.progress)
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

    def ways_to(self, missing: Missing) -> str:
        """Which addresses have to be answered before it is no longer missing, one after the other."""
        if missing.part is not None:
            return f"/deliveries/{self.delivery.number}/sections/{missing.part.id}/signature#customer"
        assert missing.question is not None
        return self.ways(missing.run, missing.question)

    def ways(self, run: Run, question: Question) -> str:
        """Which addresses settle an item: its answer, its photo, or both; the training, all of its items."""
        if question.answered_by == "training" and self.walk:
            training = self.walk.training_run
            return " ".join(self.ways(training, one) for one in self.walk.training.untouched)
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
            self._notes[code] = canned_notes(self.session, self.delivery.store_id, code)
        return self._notes[code]


def begun_with(session: Session, person: Person, run_id: UUID) -> tuple[Walking, Run]:
    """The walk that a run belongs to, for somebody who may tap in it. Raises NotThere, NotAllowed, WrongMove."""
    run = runs.one(session, run_id, store_id=person.store_id)
    reach = visible_to(session, person)
    if run.subject == Inspection.__tablename__:
        inspection = session.get_one(Inspection, run.subject_id)
        delivery, kind = reach.of_id(inspection.delivery_id), PDI
    else:
        delivery, kind = reach.of_id(run.subject_id), HANDOVER
    if not person.may(RIGHT[kind]):
        raise NotAllowed
    return Walking(session, person, delivery, kind).require_under_way(), run
