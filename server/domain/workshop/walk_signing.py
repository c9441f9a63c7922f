"""The customer signs for the condition of the car: what is missing first, and what the signature sets off."""

from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from server.domain.checklists import Ink, Progress, Question, Run, runs, taps
from server.domain.people import Person
from server.domain.refusals import Invalid, N_, Said, WrongMove
from server.domain.workshop import damages, walk_list, walk_papers, walk_round
from server.domain.workshop.walk_arounds import WalkAround, WalkState, move

CUSTOMER = "customer"


class Missing(msgspec.Struct, frozen=True):
    """Something that has to be done before the customer signs; a `question` where the list asks for it."""

    said: Said
    question: Question | None = None


def missing(walk: WalkAround, progress: Progress) -> list[Missing]:
    """What keeps the walk from being signed."""
    first = [] if walk.km is not None else [Missing(Said(N_("Read the mileage.")))]
    asked = (question for question in progress.in_the_way if question.kind != "signature")
    return first + [Missing(Said(N_("Open or at fault: %(item)s"), item=one.text), one) for one in asked]


def sign(
    session: Session, walk: WalkAround, *, by: Person, name: str, ink: Ink | None, seen_at: datetime | None = None
) -> None:
    """The customer signs what they saw; the sheet is issued and the intake goes on.

    Raises WrongMove while something is missing, Invalid at `typed_name` when a colleague noted more meanwhile.
    """
    walk_round.require_open(walk, by)
    walk_list.fill(session, walk, by=by)
    session.flush()  # what the walk answered is read back
    assert walk.order.walk_run_id is not None  # begun with the walk
    run = session.get_one(Run, walk.order.walk_run_id)
    progress = runs.progress(session, run)
    reasons = missing(walk, progress)
    if reasons:
        raise WrongMove(N_("Before signing: %(item)s"), item=reasons[0].said)
    if seen_at is not None and damages.changed_by_others(walk, seen_at, by):
        raise Invalid.at("typed_name", N_("A colleague noted more meanwhile. Show it to the customer once more."))
    taps.sign(session, run, by=by, role=CUSTOMER, name=name, ink=ink, seen_at=seen_at)
    walk.signed_at = taps.acted_at(run, by=by)
    runs.close(run)
    move(session, walk, WalkState.SIGNED, "walk_around.signed", by=by, damages=len(walk.standing))
    walk_papers.issue(session, walk, run, progress, by=by)
    walk_list.tick_intake(session, walk, by=by)
