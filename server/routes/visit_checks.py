"""The technician at the owner's: findings with photos, what was topped up, and the owner's signature for it."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.care import pieces, visit_findings
from server.domain.catalogue import entries
from server.domain.checklists import MOST_INK, read_ink
from server.domain.people import Person, Right
from server.domain.people.staff import titles
from server.domain.refusals import Invalid, N_, Refusal
from server.forms import Form, uuid_or_none
from server.routes.visit_walks import AtTheDoor, VisitWalking, at
from server.visit import field, needs
from server.web import Html, Page

SEES, DOES = needs(Right.GO_ON_VISITS), field(Right.GO_ON_VISITS)
NOTES = "finding_note"
MOST_PHOTOS = 6


@get("/visits/{visit_id:uuid}/check", opt=SEES, sync_to_thread=True)
def show(visit_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """What was found and topped up, and whether the owner has signed for it."""
    return page("visits/check.html", **_shown(at(session, person, visit_id)))


@post("/visits/{visit_id:uuid}/findings", opt=DOES, status_code=200, sync_to_thread=True)
def find(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """A finding, with its photos in one go."""
    door = at(session, person, visit_id)
    try:
        said = {
            "way": form.choice("way", visit_findings.WAYS), "verdict": form.choice("severity", visit_findings.VERDICTS),
            "name": form.text("note", required=True, most=visit_findings.LONGEST_NAME),
            "number": form.text("number", most=30), "note": form.text("detail", most=visit_findings.LONGEST_NOTE),
        }  # fmt: skip
        uploads = form.files("photo")
        if len(uploads) > MOST_PHOTOS:
            form.wrong("photo", N_("At most %(most)s."), most=MOST_PHOTOS)
        form.check()
        born = uuid_or_none(form.text("id", most=36))
        finding = visit_findings.note(session, door.visit, by=person, id=born, **said)
        for upload in uploads:
            visit_findings.add_photo(session, door.visit, finding, upload.file.read(), by=person)
    except Invalid as wrong:
        return page.again("visits/check.html", wrong, form, **_shown(door))
    return page.go(f"{door.base}/check#findings", N_("The finding is kept."))


@post("/visits/{visit_id:uuid}/findings/{visit_finding_id:uuid}/mistake", opt=DOES, status_code=200,
      sync_to_thread=True)  # fmt: skip
def strike(visit_id: UUID, visit_finding_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """It was noted by mistake."""
    door = at(session, person, visit_id)
    finding = visit_findings.one(session, door.visit, visit_finding_id)
    visit_findings.strike(session, door.visit, finding, by=person)
    return page.go(f"{door.base}/check#findings")


@post("/visits/{visit_id:uuid}/top-ups", opt=DOES, status_code=200, sync_to_thread=True)
def top_up(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """What was put in, in millilitres."""
    door = at(session, person, visit_id)
    try:
        fluid = form.choice("fluid", pieces.FLUIDS)
        amount = form.whole("amount", least=1, most=pieces.MOST_MILLILITRES)
        form.check()
        born = uuid_or_none(form.text("id", most=36))
        pieces.top_up(session, door.visit, by=person, fluid=fluid, amount=amount or 0, id=born)
    except Invalid as wrong:
        return page.again("visits/check.html", wrong, form, **_shown(door))
    return page.go(f"{door.base}/check#top-ups")


@post("/visits/{visit_id:uuid}/explanation", opt=DOES, status_code=200, sync_to_thread=True)
def explain(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """The owner signs for what was explained."""
    door = at(session, person, visit_id)
    try:
        ink = read_ink(form.text("ink", most=MOST_INK))
        name = form.text("typed_name", most=60) or (door.visit.customer.name if ink else "")
        form.check()
        seen = form.stamp("seen_at")
        visit_findings.explain(session, door.visit, by=person, name=name, ink=ink, seen_at=seen)
    except Refusal as wrong:
        return page.again("visits/check.html", wrong, form, **_shown(door))
    return page.go(f"{door.base}/check#signing", N_("Signed."))


def _shown(door: AtTheDoor) -> dict[str, Any]:
    session, visit = door.session, door.visit
    session.flush()  # the page reads back what was kept
    findings, explained = visit_findings.of_visit(session, visit), visit_findings.explanation(session, visit)
    covered = set(explained[0].finding_ids) if explained else set[str]()
    return door.shown() | {
        "findings": findings, "top_ups": pieces.top_ups(session, visit), "ways": visit_findings.WAYS,
        "fluids": pieces.FLUIDS, "names": titles(session, visit.store_id),
        "notes": entries(session, visit.store_id, NOTES), "signed": explained[1] if explained else None,
        "late": [one for one in findings if explained and str(one.id) not in covered],
        "walking": VisitWalking(session, door.person, visit) if visit.run_id is not None else None,
    }  # fmt: skip


ALL = [show, find, strike, top_up, explain]
