"""Walking the list of a return with the customer."""

from functools import cached_property

from sqlalchemy.orm import Session

from server.domain.checklists import Run
from server.domain.people import Person, Right
from server.domain.refusals import N_, NotThere, Refusal, WrongMove
from server.domain.workshop import RepairOrder, returning
from server.routes.walks import Walking


class ReturnWalking(Walking):
    """The list C12 of an order."""

    kind = "return"
    area = "workshop"

    def __init__(self, session: Session, person: Person, order: RepairOrder) -> None:
        super().__init__(session, person)
        self.order, self.lane = order, order.id
        self.back = f"{order.address}/settlement"
        self.base = f"{order.address}/return"

    @cached_property
    def run(self) -> Run:
        """C12 in the version in which it was begun."""
        if self.order.return_run_id is None:
            raise NotThere
        return self.session.get_one(Run, self.order.return_run_id)

    @property
    def may_tap(self) -> bool:
        """Who gives cars back."""
        return self.person.may(Right.SETTLE)

    @property
    def editable(self) -> bool:
        """While the car is given back."""
        return self.may_tap and self.order.state in returning.BACK

    @property
    def over(self) -> Refusal:
        """The car is in work, or has left."""
        return WrongMove(N_("Nothing is kept here now: the repair order is “%(now)s”."), now=self.order.state_name)

    @property
    def templates(self) -> dict[str, str]:
        """Its own parts of the page."""
        return {
            "head": "workshop/_walk_head.html", "facts": "workshop/_walk_facts.html",
            "closing": "settling/_walk_closing.html",
        }  # fmt: skip
