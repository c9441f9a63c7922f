"""After a visit: what is still missing, the leader's signature, and the record as a paper."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.care import breaking_off, closing, pieces, referrals, visit_findings, visit_papers, visit_photos
from server.domain.checklists import MOST_INK, read_ink
from server.domain.people import Person, Right
from server.domain.people.staff import titles
from server.domain.refusals import N_, Refusal
from server.forms import Form
from server.routes.paper_reach import readable
from server.routes.visit_walks import AtTheDoor, at
from server.visit import needs
from server.web import Html, Page

SEES = needs(Right.GO_ON_VISITS)


@get("/visits/{visit_id:uuid}/record", opt=SEES, sync_to_thread=True)
def show(visit_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Everything that was brought home, joined, and what is missing before it is closed."""
    return page("visits/record.html", **_shown(at(session, person, visit_id)))


@post("/visits/{visit_id:uuid}/closing", opt=SEES, status_code=200, sync_to_thread=True)
def close(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Sign and close; the record is issued, offers and thanks are owed."""
    door = at(session, person, visit_id)
    try:
        ink = read_ink(form.text("ink", most=MOST_INK))
        name = form.text("typed_name", most=60) or (person.display if ink else "")
        form.check()
        closing.close(session, door.visit, by=person, name=name, ink=ink, seen_at=form.stamp("seen_at"))
    except Refusal as wrong:
        return page.again("visits/record.html", wrong, form, **_shown(door))
    return page.go(f"{door.base}/record", N_("The visit is closed; its record is ready to print."))


@post("/visits/{visit_id:uuid}/presences/{staff_id:uuid}/end", opt=SEES, status_code=200, sync_to_thread=True)
def sign_out_for(visit_id: UUID, staff_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Somebody's device will not come home any more: they are signed out."""
    door = at(session, person, visit_id)
    breaking_off.sign_out_for(session, door.visit, staff_id, by=person)
    return page.go(f"{door.base}/record")


def _shown(door: AtTheDoor) -> dict[str, Any]:
    session, visit = door.session, door.visit
    explained = visit_findings.explanation(session, visit)
    return door.shown() | {
        "missing": closing.missing(session, visit) if visit.run_id is not None and visit.state == "done" else [],
        "findings": visit_findings.of_visit(session, visit), "top_ups": pieces.top_ups(session, visit),
        "talks": pieces.talks(session, visit), "shown_models": list(pieces.shown(session, visit).values()),
        "recommended": referrals.of_visit(session, visit), "effects": pieces.effects(session, visit),
        "photos": visit_photos.of_visit(session, visit), "names": titles(session, visit.store_id),
        "papers": readable(door.person, visit_papers.of_visit(session, visit)), "walking": door,
        "explained": explained[1] if explained else None,
        "may_end": visit.state == "there" and (door.person.id == visit.leader_id or door.person.may(Right.PLAN_VISITS)),
    }  # fmt: skip


ALL = [show, close, sign_out_for]
