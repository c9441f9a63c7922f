"""Walking the three-level inspection: each section is open to one person, in its turn."""

from functools import cached_property
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.checklists import Run
from server.domain.checklists.steps import Step
from server.domain.people import Person, Right
from server.domain.refusals import N_, NotThere, Refusal, WrongMove
from server.domain.workshop import JobState, OrderJob, RepairOrder, checking
from server.domain.workshop.checking import RIGHT, Checks
from server.domain.workshop.reworks import LEVEL_NAMES, WASHED
from server.routes.walks import Walking


class CheckWalking(Walking):
    """The list C11 of an order."""

    kind = "inspection"
    area = "workshop"

    def __init__(self, session: Session, person: Person, order: RepairOrder) -> None:
        super().__init__(session, person)
        self.order, self.lane = order, order.id
        self.back = order.address
        self.base = f"{order.address}/inspection"

    @cached_property
    def run(self) -> Run:
        """C11 in the version in which it was begun."""
        if self.order.inspection_run_id is None:
            raise NotThere
        return self.session.get_one(Run, self.order.inspection_run_id)

    @cached_property
    def checks(self) -> Checks:
        """Who signed what, and whose turn it is."""
        return Checks(self.session, self.order, self.progress)

    @cached_property
    def steps(self) -> list[Step]:
        """The three levels; the wash comes after them and is not asked about here."""
        return [
            replace(step, part=replace(step.part, questions=tuple(q for q in step.part.questions if q.code != WASHED)))
            for step in super().steps
        ]

    @cached_property
    def done_jobs(self) -> list[OrderJob]:
        """What can be sent back."""
        query = select(OrderJob).where(OrderJob.store_id == self.order.store_id, OrderJob.order_id == self.order.id)
        return list(self.session.scalars(query.where(OrderJob.state == JobState.DONE).order_by(OrderJob.position)))

    @property
    def may_tap(self) -> bool:
        """Who checks at any level."""
        return any(self.person.may(right) for right in RIGHT.values())

    @property
    def editable(self) -> bool:
        """Whether it is this person's turn at any level."""
        turn = self.checks.turn
        return turn is not None and self.checks.why_not(turn, self.person) is None

    def open_in(self, step: Step) -> bool:
        """Each section has its own person and its own turn."""
        return self.checks.why_not(step.part.code, self.person) is None

    def require_at(self, item_id: UUID) -> None:
        """Raises what keeps this person from answering there now."""
        self.require_in(self.step_with(item_id)[0].part.id)

    def require_in(self, section_id: UUID) -> None:
        """The same for a whole section."""
        if refusal := self.why_not(self.step_in(section_id)):
            raise refusal

    @property
    def over(self) -> Refusal:
        """Another's turn, or another time."""
        turn = self.checks.turn
        if turn is not None and (refusal := self.checks.why_not(turn, self.person)):
            return refusal
        return WrongMove(N_("Nothing is checked now: the order is “%(now)s”."), now=self.order.state_name)

    def why_not(self, step: Step) -> Refusal | None:
        """Why this person does not look at this section now."""
        return self.checks.why_not(step.part.code, self.person)

    def read_again(self) -> None:
        """Forget what stood before something was kept."""
        super().read_again()
        vars(self).pop("checks", None)

    def where_one_was(self) -> str:
        """The level whose turn it is; after the last one the last."""
        turn = self.checks.turn or checking.FINAL
        return self.address(self.step_in(self.checks.part(turn).id))

    @property
    def can_send_back(self) -> bool:
        """Whether a car that is ready may still be sent back by this person."""
        return self.order.state == "ready" and self.person.may(Right.FINAL_INSPECT)

    @property
    def templates(self) -> dict[str, str]:
        """Its own parts of the page."""
        return {
            "head": "workshop/_walk_head.html", "facts": "checks/_facts.html", "section": "checks/_section.html",
            "closing": "checks/_closing.html",
        }  # fmt: skip

    level_names = LEVEL_NAMES
