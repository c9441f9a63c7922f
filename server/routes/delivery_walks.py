"""Walking the PDI of a delivery, or its handover."""

from functools import cached_property

from sqlalchemy.orm import Session

from server.domain.checklists import Progress, Question, Run, runs, steps
from server.domain.checklists.steps import Step
from server.domain.delivery import Delivery, Inspection, Missing, Walk, deliveries, pdi, visible_to
from server.domain.people import Person, Right
from server.domain.refusals import N_, Refusal, WrongMove
from server.routes.walks import Walking

PDI, HANDOVER = "pdi", "handover"
RIGHT = {PDI: Right.INSPECT, HANDOVER: Right.HAND_OVER}


class DeliveryWalking(Walking):
    """A PDI or a handover under way."""

    def __init__(self, session: Session, person: Person, delivery: Delivery, kind: str) -> None:
        super().__init__(session, person)
        self.delivery, self.kind, self.lane = delivery, kind, delivery.id
        self.back = f"/deliveries/{delivery.number}"
        self.base = f"{self.back}/{kind}"
        self.area = "pdi" if kind == PDI and not person.may(Right.SEE_CUSTOMERS) else "deliveries"
        self.asks_customer = kind == HANDOVER

    @cached_property
    def inspection(self) -> Inspection:
        """The PDI of the delivery."""
        return pdi.of(self.session, self.delivery)

    @cached_property
    def walk(self) -> Walk | None:
        """Both lists of a handover; None in a PDI."""
        return Walk(self.session, self.delivery) if self.kind == HANDOVER else None

    @cached_property
    def run(self) -> Run:
        """The inspection's, or the first of the handover."""
        return self.walk.handover_run if self.walk else pdi.run_of(self.session, self.inspection)

    @cached_property
    def progress(self) -> Progress:
        """Where the list stands; in a handover its first one."""
        return self.walk.handover if self.walk else runs.progress(self.session, self.run)

    @cached_property
    def steps(self) -> list[Step]:
        """The sections as one way."""
        if walk := self.walk:
            return steps.of((walk.handover_run, walk.handover), (walk.training_run, walk.training))
        return steps.of((self.run, self.progress))

    @property
    def may_tap(self) -> bool:
        """Technicians inspect, consultants hand over."""
        return self.person.may(RIGHT[self.kind])

    @property
    def editable(self) -> bool:
        """Whether this person may tap here now."""
        if not self.may_tap:
            return False
        if self.kind == PDI:
            return self.inspection.state == pdi.State.CHECKING
        return self.delivery.state == deliveries.State.HANDING_OVER

    @property
    def over(self) -> Refusal:
        """In rework, cancelled, or signed and closed."""
        return WrongMove(
            N_("Nothing is kept here now: the delivery is “%(now)s”, its PDI “%(pdi)s”."),
            now=self.delivery.state_name, pdi=self.inspection.state_name,
        )  # fmt: skip

    @property
    def templates(self) -> dict[str, str]:
        """Its own parts of the page."""
        closing = "pdi/_closing.html" if self.kind == PDI else "delivery/_closing.html"
        return {"head": "delivery/_walk_head.html", "facts": "delivery/_walk_facts.html", "closing": closing}

    def read_again(self) -> None:
        """Forget what stood before something was kept."""
        super().read_again()
        for read in ("walk", "run"):
            vars(self).pop(read, None)

    def where_one_was(self) -> str:
        """In a PDI what failed comes first; in a handover the list of the last tap."""
        if self.kind == PDI and self.inspection.state == pdi.State.FAILED:
            return f"{self.address(self.steps[-1])}#signing"
        faults = self.progress.blocking_faults if self.kind == PDI and self.inspection.reworks else []
        if faults:
            return self.address(*self.step_with(faults[0].id))
        return self._back_to(self.walk.where_one_was()[1] if self.walk else self.progress)

    def ways_to(self, missing: Missing) -> str:
        """Which addresses have to be answered before it is no longer missing, one after the other."""
        if missing.part is not None:
            return f"{self.back}/sections/{missing.part.id}/signature#customer"
        assert missing.question is not None
        return self.ways(missing.run, missing.question)

    def ways(self, run: Run, question: Question) -> str:
        """Which addresses settle an item; the training, all of its items."""
        if question.answered_by == "training" and self.walk:
            training = self.walk.training_run
            return " ".join(self.ways(training, one) for one in self.walk.training.untouched)
        return super().ways(run, question)


def of_inspection(session: Session, person: Person, run: Run) -> Walking:
    """The PDI that a run belongs to. Raises NotThere."""
    inspection = session.get_one(Inspection, run.subject_id)
    return DeliveryWalking(session, person, visible_to(session, person).of_id(inspection.delivery_id), PDI)


def of_handover(session: Session, person: Person, run: Run) -> Walking:
    """The handover that a run belongs to. Raises NotThere."""
    return DeliveryWalking(session, person, visible_to(session, person).of_id(run.subject_id), HANDOVER)
