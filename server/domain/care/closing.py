"""A visit is closed when everybody is back and everything is answered: signed by who led it, and frozen as a paper."""

from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import pieces, presences, visit_findings, visit_papers
from server.domain.care.visits import HomeVisit, State, move
from server.domain.checklists import Ink, runs, taps
from server.domain.people import Person, Right
from server.domain.records import Paper
from server.domain.records.events import take_turn
from server.domain.refusals import N_, NotAllowed, Said, WrongMove

LEADER = "visit_leader"


class Missing(msgspec.Struct, frozen=True):
    """Something that keeps a visit from being closed; `page` is where it is put right, under the visit's own."""

    said: Said
    page: str = ""


def missing(session: Session, visit: HomeVisit) -> list[Missing]:
    """What is still to come or to be answered."""
    found = [Missing(Said(N_("Somebody has not signed out yet.")), "programme")] * _still_there(session, visit)
    if visit_findings.explanation(session, visit) is None:
        found.append(Missing(Said(N_("The findings are not explained and signed.")), "check"))
    progress = runs.progress(session, visit_findings.run_of(session, visit))
    found += [
        Missing(Said(N_("Open or at fault: %(item)s"), item=one.text), f"checklist#item-{one.id}")
        for one in progress.in_the_way if one.kind != "signature"
    ]  # fmt: skip
    if not pieces.effects(session, visit):
        found.append(Missing(Said(N_("Nobody has said how it went.")), "effect"))
    return found


def close(
    session: Session, visit: HomeVisit, *, by: Person, name: str, ink: Ink | None, seen_at: datetime | None = None
) -> Paper:  # fmt: skip
    """Sign it, freeze it; offers and thanks are owed from now on. Raises NotAllowed, Invalid, WrongMove."""
    if not (by.may(Right.GO_ON_VISITS) or by.may(Right.PLAN_VISITS)):
        raise NotAllowed
    take_turn(session, visit.store_id)
    session.flush()  # what was changed just now would be forgotten in the next line
    session.refresh(visit)
    if visit.state != State.DONE:
        raise WrongMove(N_("A visit is closed once everybody is back; this one is “%(now)s”."), now=visit.state_name)
    if reasons := missing(session, visit):
        raise WrongMove(N_("Before it is closed: %(why)s"), why=reasons[0].said)
    run = visit_findings.run_of(session, visit)
    taps.sign(session, run, by=by, role=LEADER, name=name, ink=ink, seen_at=seen_at)
    runs.close(run)
    paper = visit_papers.issue(session, visit, run, by=by)
    visit.closed_at = min(by.moment(), now())
    move(session, visit, State.CLOSED, "visit.closed", by=by)
    return paper


def _still_there(session: Session, visit: HomeVisit) -> bool:
    present = presences.of_visit(session, visit)
    return not present or any(one.is_there for one in present)
