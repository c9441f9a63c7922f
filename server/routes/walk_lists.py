"""Walking round a car as its list (C09) asks: section by section, each with the drawing of what is looked at there."""

from functools import cached_property

from sqlalchemy.orm import Session

from server.domain.checklists import Question, Run
from server.domain.checklists.steps import Step
from server.domain.people import Person, Right
from server.domain.refusals import N_, NotThere, Refusal, WrongMove
from server.domain.workshop import RepairOrder, walk_round
from server.domain.workshop.bodies import FRONT, LEFT, REAR, RIGHT, TOP
from server.domain.workshop.walk_arounds import WalkAround
from server.routes.walks import Walking

LOOKED_AT: dict[str, tuple[str, ...]] = {
    "left-front": (LEFT, FRONT), "right": (RIGHT,), "rear": (REAR,), "left-rear": (LEFT, TOP),
}  # fmt: skip
"""By section of the list, the sides that are drawn there."""
READ_IN, MEASURED_IN = "driver-seat", "left-rear"
CLOCK = "C09-03"
"""The item that the mileage answers."""


class WalkRound(Walking):
    """The list of a walk-around (C09)."""

    kind = "walk-around"
    area = "workshop"

    def __init__(self, session: Session, person: Person, order: RepairOrder) -> None:
        super().__init__(session, person)
        self.order, self.lane = order, order.id
        self.back = f"{order.address}/walk-around"
        self.base = f"{self.back}/guided"

    @cached_property
    def walk(self) -> WalkAround:
        """What was noted, as it was when it was first asked for."""
        return walk_round.of_order(self.session, self.order)

    @cached_property
    def run(self) -> Run:
        """C09 in the version in which it was begun."""
        if self.order.walk_run_id is None:
            raise NotThere
        return self.session.get_one(Run, self.order.walk_run_id)

    @property
    def may_tap(self) -> bool:
        """Who writes orders."""
        return self.person.may(Right.WRITE_ORDERS)

    @property
    def editable(self) -> bool:
        """Until the customer has signed for the condition of the car."""
        return self.may_tap and self.run.state == "open" and self.order.is_open

    @property
    def over(self) -> Refusal:
        """The customer has signed."""
        return WrongMove(N_("The customer has signed; this stands as it is."))

    @property
    def templates(self) -> dict[str, str]:
        """Its own parts of the page."""
        return {
            "head": "walk_arounds/_head.html", "facts": "workshop/_walk_facts.html",
            "closing": "walk_arounds/_closing.html",
        }  # fmt: skip

    def ways(self, run: Run, question: Question) -> str:
        """The mileage is read beside the list: without a network that is its answer."""
        found = super().ways(run, question)
        answer = f"/runs/{run.id}/items/{question.id}/answer"
        return found.replace(answer, f"{self.back}/facts") if question.code == CLOCK else found

    def sides(self, step: Step) -> tuple[str, ...]:
        """What is drawn in a section."""
        return LOOKED_AT.get(step.part.code, ())
