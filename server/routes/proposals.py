"""The order of the day as it is proposed: by promised times, Johnson's rule or the solver, with what it gains."""

from datetime import timedelta
from typing import Any

from litestar import get, post
from sqlalchemy.orm import Session

from server import press
from server.database import now
from server.domain.people import Person, Right
from server.domain.refusals import N_
from server.domain.workshop import planning
from server.domain.workshop.planning import Given
from server.domain.workshop.scheduling import Proposal, propose
from server.domain.workshop.scheduling.proposals import JOHNSON, PROMISE, SOLVER
from server.forms import Form, uuid_or_none
from server.visit import needs
from server.web import Html, Page

DISPATCHES = needs(Right.DISPATCH)
RULES = {
    PROMISE: N_("By promised time"),
    JOHNSON: N_("Johnson's rule: repair, then wash"),
    SOLVER: N_("Reckoned over skills, bays and stages"),
}


@get("/board/proposal", opt=DISPATCHES, sync_to_thread=True)
def show(session: Session, person: Person, page: Page) -> Html:
    """What is proposed now; it is reckoned in a worker, for the solver is heavy."""
    agenda = planning.agenda(session, person.store_id, now())
    proposal = press.elsewhere(propose, agenda.day)
    return page("board/proposal.html", **_shown(agenda, proposal))


@post("/board/proposal", opt=DISPATCHES, status_code=200, sync_to_thread=True)
def take_over(form: Form, session: Session, person: Person, page: Page) -> Html:
    """Give the jobs so."""
    begun = form.stamp("at") or now()
    given = [one for said in form.every("slot") if (one := _given(said, begun)) is not None]
    count = planning.take_over(session, given, by=person)
    return page.go("/board", N_("%(count)s jobs are given as proposed."), count=count)


def _given(said: str, begun: Any) -> Given | None:
    """`job technician bay start end`, the last two in minutes from the beginning."""
    parts = said.split(" ")
    ids = [uuid_or_none(part) for part in parts[:3]]
    if len(parts) != 5 or None in ids or not all(part.isdecimal() and len(part) < 6 for part in parts[3:]):
        return None
    job, technician, bay = ids
    assert job is not None
    assert technician is not None
    assert bay is not None
    starts, ends = (begun + timedelta(minutes=int(part)) for part in parts[3:])
    return Given(job, technician, bay, starts, ends)


def _shown(agenda: planning.Agenda, proposal: Proposal) -> dict[str, Any]:
    lines: dict[str, list[dict[str, Any]]] = {key: [] for key in agenda.hands}
    for slot in sorted(proposal.plan.slots, key=lambda slot: slot.starts):
        lines[slot.hand.key].append({
            "slot": slot, "order": agenda.cars[slot.task.car], "job": agenda.jobs.get(slot.task.key),
            "starts": agenda.at + timedelta(minutes=slot.starts), "ends": agenda.at + timedelta(minutes=slot.ends),
            "place": agenda.places[slot.place.key],
        })  # fmt: skip
    return {
        "proposal": proposal, "rule": RULES[proposal.rule], "agenda": agenda, "lines": lines,
        "late": [agenda.cars[car] for car in proposal.plan.late],
        "impossible": [(agenda.cars[task.car], agenda.jobs.get(task.key)) for task in agenda.day.impossible],
    }  # fmt: skip


ALL = [show, take_over]
