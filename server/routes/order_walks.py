"""Walking the lists of a repair order: which list is which by its code."""

from collections.abc import Callable
from functools import cached_property

from sqlalchemy.orm import Session

from server.domain.checklists import Run
from server.domain.people import Person, Right
from server.domain.refusals import N_, NotThere, Refusal, WrongMove
from server.domain.workshop import RepairOrder, State
from server.domain.workshop.reach import visible_to
from server.routes.check_walks import CheckWalking
from server.routes.return_walks import ReturnWalking
from server.routes.walk_lists import WalkRound
from server.routes.walks import Walking


class IntakeWalking(Walking):
    """The list of an intake (C10)."""

    kind = "intake"
    area = "workshop"

    def __init__(self, session: Session, person: Person, order: RepairOrder) -> None:
        super().__init__(session, person)
        self.order, self.lane = order, order.id
        self.back = order.address
        self.base = f"{order.address}/intake"

    @cached_property
    def run(self) -> Run:
        """C10 in the version in which it was begun."""
        if self.order.intake_run_id is None:
            raise NotThere
        return self.session.get_one(Run, self.order.intake_run_id)

    @property
    def may_tap(self) -> bool:
        """Who writes orders."""
        return self.person.may(Right.WRITE_ORDERS)

    @property
    def editable(self) -> bool:
        """Until work begins: the customer is led to the lounge after they have signed."""
        return self.may_tap and self.order.state in (State.INTAKE, State.ORDERED)

    @property
    def over(self) -> Refusal:
        """The car is in work already, or has left."""
        return WrongMove(N_("Nothing is kept here now: the repair order is “%(now)s”."), now=self.order.state_name)

    @property
    def templates(self) -> dict[str, str]:
        """Its own parts of the page."""
        return {
            "head": "workshop/_walk_head.html", "facts": "workshop/_walk_facts.html",
            "closing": "workshop/_walk_closing.html",
        }  # fmt: skip


BY_CODE: dict[str, Callable[[Session, Person, RepairOrder], Walking]] = {
    "C09": WalkRound, "C10": IntakeWalking, "C11": CheckWalking, "C12": ReturnWalking,
}  # fmt: skip
"""The lists of an order, by their code."""


def of_run(session: Session, person: Person, run: Run) -> Walking:
    """The list of a repair order that a run is. Raises NotThere."""
    return BY_CODE[run.code](session, person, visible_to(session, person).one(run.subject_id))
