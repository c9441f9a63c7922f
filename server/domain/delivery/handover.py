"""The handover: C06 and C07 with the customer, section by section, two signatures, then the paper."""

from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from server.domain.checklists import Ink, Part, Progress, Question, Reading, Run, runs, taps
from server.domain.delivery import deliveries
from server.domain.delivery.deliveries import Delivery, State
from server.domain.people import Person
from server.domain.records import record
from server.domain.refusals import Invalid, N_, Said, WrongMove

CUSTOMER, CONSULTANT = "customer", "consultant"


class Missing(msgspec.Struct, frozen=True):
    """Something that has to be done first: an item to answer or picture, or a section to sign."""

    said: Said
    run: Run
    question: Question | None = None
    part: Part | None = None


class Walk:
    """Both lists of a handover with where they stand."""

    def __init__(self, session: Session, delivery: Delivery, reading: Reading | None = None) -> None:
        handover, training = delivery.handover_id, delivery.training_id
        if handover is None or training is None:
            raise WrongMove(N_("The handover has not begun."))
        reading = reading or Reading(session, runs.several(session, handover, training))
        self.handover_run, self.training_run = reading.runs[handover], reading.runs[training]
        self.training: Progress = reading.progress(self.training_run)
        given = {"pdi": delivery.pdi_passed_at is not None, "training": self.training_done}
        self.handover: Progress = reading.progress(self.handover_run, given)

    @property
    def training_done(self) -> bool:
        """Whether everything was shown that the car has."""
        return not self.training.untouched

    @property
    def done(self) -> int:
        """Answered items of both lists."""
        return self.handover.done + self.training.done

    @property
    def asked(self) -> int:
        """Items of both lists."""
        return self.handover.asked + self.training.asked

    @property
    def last_at(self) -> datetime | None:
        """When somebody last answered."""
        moments = [at for at in (self.handover.last_at, self.training.last_at) if at]
        return max(moments, default=None)

    def where_one_was(self) -> tuple[Run, Progress]:
        """The list in which the last tap was."""
        training_at, handover_at = self.training.last_at, self.handover.last_at
        if training_at and (handover_at is None or training_at > handover_at):
            return self.training_run, self.training
        return self.handover_run, self.handover

    def firm(self) -> list["Missing"]:
        """What would keep the delivery from being completed if its answer were taken back."""
        both = ((self.handover_run, self.handover), (self.training_run, self.training))
        return [
            _open(run, question)
            for run, progress in both for question in progress.sheet.questions() if progress.would_hold_up(question)
        ]  # fmt: skip

    def missing(self) -> list["Missing"]:
        """What keeps the delivery from being completed."""
        both = ((self.handover_run, self.handover), (self.training_run, self.training))
        items = [
            _open(run, question)
            for run, progress in both for question in progress.in_the_way
            if question.kind != "signature" or run is self.training_run
        ]  # fmt: skip
        photos = [
            Missing(Said(N_("Photo missing: %(item)s"), item=question.text), run, question)
            for run, progress in both for question in progress.sheet.questions()
            if progress.wants_photo(question) and not question.blocking
        ]  # fmt: skip
        sections = [
            Missing(Said(N_("The customer has not signed: %(section)s"), section=part.title), run, part=part)
            for run, progress in both for part in progress.unsigned_parts(CUSTOMER)
        ]  # fmt: skip
        return items + photos + sections

    def reasons(self) -> list[Said]:
        """The same in words alone."""
        return [one.said for one in self.missing()]

    def missing_signatures(self) -> list[str]:
        """Who has not signed the whole."""
        return [role for role in (CUSTOMER, CONSULTANT) if self.handover.signature(None, role) is None]


def _open(run: Run, question: Question) -> Missing:
    return Missing(Said(N_("Open or at fault: %(item)s"), item=question.text), run, question)


def start(session: Session, delivery: Delivery, *, by: Person) -> None:
    """Open C06 and C07. Raises WrongMove while the PDI has not passed."""
    if delivery.is_locked:
        raise WrongMove(N_("The delivery is locked until the PDI has passed."))
    deliveries.move(session, delivery, State.HANDING_OVER, "delivery.started", by=by)
    delivery.handover_id = runs.start(session, "C06", delivery, by=by, energy=delivery.energy).id
    delivery.training_id = runs.start(session, "C07", delivery, by=by, energy=delivery.energy).id


def sign_section(
    session: Session, delivery: Delivery, run: Run, section_id: object, *, by: Person, name: str, ink: Ink | None,
    seen_at: datetime | None = None,
) -> None:  # fmt: skip
    """The customer signs one section. Raises WrongMove while something blocking is open in it."""
    walk = Walk(session, delivery)
    progress = walk.training if run.id == delivery.training_id else walk.handover
    part = next(part for part in progress.sheet.parts if part.id == section_id)
    in_the_way = [q for q in part.questions if progress.holds_up(q) and q.kind != "signature"]
    if in_the_way:
        raise WrongMove(N_("Before signing: %(item)s"), item=in_the_way[0].text)
    _is_the_taker(delivery, name)
    taps.sign(session, run, by=by, role=CUSTOMER, name=name, ink=ink, section_id=part.id, seen_at=seen_at)
    _signed(session, delivery, by=by, who=CUSTOMER, what=part.title)


def sign_whole(
    session: Session, delivery: Delivery, *, by: Person, role: str, name: str, ink: Ink | None,
    seen_at: datetime | None = None,
) -> None:  # fmt: skip
    """Customer, then consultant, under the whole. Raises WrongMove while something is missing."""
    walk = Walk(session, delivery)
    reasons = walk.reasons()
    if reasons:
        raise WrongMove(N_("Before signing: %(item)s"), item=reasons[0])
    if role == CONSULTANT and walk.handover.signature(None, CUSTOMER) is None:
        raise WrongMove(N_("The customer signs first."))
    if role == CUSTOMER:
        _is_the_taker(delivery, name)
    taps.sign(session, walk.handover_run, by=by, role=role, name=name, ink=ink, seen_at=seen_at)
    _signed(session, delivery, by=by, who=role, what="all")


def _is_the_taker(delivery: Delivery, name: str) -> None:
    """A typed name is the customer's, or of whom the plan names as taking the car over."""
    if name and "".join(name.split()).casefold() != "".join(delivery.taker.split()).casefold():
        raise Invalid.at(
            "typed_name",
            N_("%(taker)s takes this car over. If somebody else does, write them into the plan first."),
            taker=delivery.taker,
        )


def complete(session: Session, delivery: Delivery, *, by: Person) -> None:
    """Hand the keys over: nothing blocking open, everything signed. Raises WrongMove with the first reason."""
    if delivery.state == State.HANDING_OVER:
        walk = Walk(session, delivery)
        reasons = walk.reasons()
        if not reasons and walk.missing_signatures():
            reasons = [Said(N_("Both have to sign the whole."))]
        if reasons:
            raise WrongMove(N_("The delivery cannot be completed yet: %(why)s."), why=reasons[0])
        runs.close(walk.handover_run)
        runs.close(walk.training_run)
        delivery.completed_at = taps.acted_at(walk.handover_run, by=by)
    deliveries.move(session, delivery, State.COMPLETED, "delivery.completed", by=by)


def _signed(session: Session, delivery: Delivery, *, by: Person, who: str, what: object) -> None:
    record(
        session, "checklist.signed", delivery, by=by, customer_id=delivery.customer_id, car_id=delivery.car_id,
        number=delivery.number, who=who, what=what,
    )  # fmt: skip
