"""Walking the list of a reception (C01), also of one that only a device knows of."""

from functools import cached_property

from sqlalchemy.orm import Session

from server.database import now
from server.domain.checklists import Run, runs
from server.domain.people import Person, Right
from server.domain.refusals import N_, NotThere, Refusal, WrongMove
from server.domain.showroom import Reception, receptions
from server.domain.showroom.visits import visible_to
from server.outbox import NOBODY
from server.routes.walks import Walking


class ReceptionWalking(Walking):
    """A reception under way."""

    kind = "reception"
    area = "receptions"

    def __init__(self, session: Session, person: Person, reception: Reception) -> None:
        super().__init__(session, person)
        self.reception, self.lane = reception, reception.id
        self.back = f"/receptions/{reception.id}"
        self.base = f"{self.back}/checklist"

    @cached_property
    def run(self) -> Run:
        """C01 in the version in which it was begun."""
        if self.reception.run_id is None:
            raise NotThere
        return self.session.get_one(Run, self.reception.run_id)

    @property
    def may_tap(self) -> bool:
        """Consultants receive."""
        return self.person.may(Right.KEEP_PROSPECTS)

    @property
    def editable(self) -> bool:
        """While they are here and for a day afterwards."""
        return self.may_tap and self.reception.may_be_completed(now())

    @property
    def over(self) -> Refusal:
        """It is long over, or was a mistake."""
        return WrongMove(N_("This reception is over; nothing is added to its list any more."))

    @property
    def templates(self) -> dict[str, str]:
        """Its own parts of the page."""
        return {
            "head": "receptions/_walk_head.html", "facts": "receptions/_walk_facts.html",
            "closing": "receptions/_walk_closing.html",
        }  # fmt: skip


class UnsentWalking(ReceptionWalking):
    """The list of a reception begun on a device, of which the house has not heard."""

    def __init__(self, session: Session, person: Person) -> None:
        super().__init__(session, person, receptions.unborn(by=person, id=NOBODY))

    @cached_property
    def run(self) -> Run:
        """C01 as it is in force now."""
        return runs.unsaved(
            self.session, receptions.LIST, self.reception, by=self.person, energy=receptions.ANY, id=NOBODY
        )

    @property
    def pages(self) -> list[str]:
        """Where its sections are."""
        return [self.address(step) for step in self.steps]


def of_run(session: Session, person: Person, run: Run) -> Walking:
    """The reception that a run belongs to. Raises NotThere."""
    return ReceptionWalking(session, person, visible_to(session, person).one(run.subject_id))
