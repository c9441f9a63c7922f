"""Taps on a checklist: an answer, a photo, "the rest is fine"; every one is kept at once."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from litestar import post
from sqlalchemy.orm import Session

from server.domain.care.visits import HomeVisit
from server.domain.checklists import Question, Run, Tap, runs, taps
from server.domain.checklists.findings import SEVERITY, worse
from server.domain.checklists.steps import Step
from server.domain.checklists.templates import CannedNote
from server.domain.delivery import Delivery, Inspection
from server.domain.people import Person
from server.domain.refusals import Invalid, N_, NotAllowed, Refusal
from server.domain.showroom import Reception, TestDrive
from server.domain.workshop import RepairOrder
from server.forms import Form, uuid_or_none
from server.routes import delivery_walks, drive_walks, order_walks, reception_walks, visit_walks
from server.routes.walks import Walking
from server.visit import BY_TICKET, SIGNED_IN, Visit
from server.web import Html, Page

TAPPED = SIGNED_IN | BY_TICKET
WALKS: dict[str, Callable[[Session, Person, Run], Walking]] = {
    Inspection.__tablename__: delivery_walks.of_inspection,
    Delivery.__tablename__: delivery_walks.of_handover,
    Reception.__tablename__: reception_walks.of_run,
    TestDrive.__tablename__: drive_walks.of_run,
    RepairOrder.__tablename__: order_walks.of_run,
    HomeVisit.__tablename__: visit_walks.of_run,
}
"""By what is walked, how its walk is found from a run."""


@post("/runs/{run_id:uuid}/items/{item_id:uuid}/answer", opt=TAPPED, status_code=200, sync_to_thread=True)
def answer(run_id: UUID, item_id: UUID, form: Form, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """Keep what was tapped."""
    walking, run = begun_with(session, person, run_id)
    walking.require_at(item_id)
    notes, question = walking.notes(run.code), runs.sheet_of(session, run).question(item_id)
    try:
        tap = _tap(form, [*notes.get(question.code, ()), *notes[""]])
        form.check()
        taps.answer(session, run, item_id, tap, by=person)
    except Invalid as wrong:
        return _item(walking, *walking.step_with(item_id), visit, page, wrong=wrong, form=form)
    return _kept(walking, item_id, session, visit, page)


@post("/runs/{run_id:uuid}/items/{item_id:uuid}/photos", opt=TAPPED, status_code=200, sync_to_thread=True)
def photo(run_id: UUID, item_id: UUID, form: Form, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """Keep a photo at an item."""
    walking, run = begun_with(session, person, run_id)
    walking.require_at(item_id)
    step, question = walking.step_with(item_id)
    try:
        uploads = form.files("photo")
        if not uploads:
            raise Invalid.at("photo", N_("Choose or take a photo first."))
        original = form.text("original", most=64) or None
        for upload in uploads:
            taps.add_photo(session, run, item_id, upload.file.read(), by=person, original=original)
    except Invalid as wrong:
        return _item(walking, step, question, visit, page, wrong=wrong, form=form)
    return _kept(walking, item_id, session, visit, page)


@post("/runs/{run_id:uuid}/sections/{section_id:uuid}/all-good", opt=SIGNED_IN, status_code=200, sync_to_thread=True)
def all_good(run_id: UUID, section_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Tick the untouched rest of a section."""
    walking, run = begun_with(session, person, run_id)
    walking.require_in(section_id)
    ticked = taps.all_good(session, run, section_id, by=person)
    step = next(step for step in walking.steps if step.part.id == section_id)
    return page.go(walking.address(step), N_("%(count)s items ticked."), count=len(ticked))


def walk_page(
    walking: Walking, page: Page, section: UUID, wrong: Refusal | None = None, form: Form | None = None
) -> Html:
    """One section of a walk, or its form again with what is wrong."""
    step = walking.step_in(section)
    notes = walking.notes(step.run.code)
    context: dict[str, Any] = {"walking": walking, "step": step, "notes": notes, "names": walking.names}
    if wrong and form:
        return page.again("checklists/walk.html", wrong, form, **context)
    return page("checklists/walk.html", **context)


def begun_with(session: Session, person: Person, run_id: UUID) -> tuple[Walking, Run]:
    """The walk that a run belongs to, for somebody who may tap in it. Raises NotThere, NotAllowed, WrongMove."""
    run = runs.one(session, run_id, store_id=person.store_id)
    walking = WALKS[run.subject](session, person, run)
    if not walking.may_tap:
        raise NotAllowed
    return walking.require_under_way(), run


def _kept(walking: Walking, item_id: UUID, session: Session, visit: Visit, page: Page) -> Html:
    session.flush()  # the page reads it back
    walking.read_again()
    return _item(walking, *walking.step_with(item_id), visit, page)


def _tap(form: Form, ready: Sequence[CannedNote]) -> Tap:
    note, verdict = form.text("note", most=500), form.text("answer", most=40)
    canned = form.text("canned", most=500)
    for remark in ready:
        if canned in remark.text.values():  # chosen without script: it sets the severity here
            note = note if canned in note else f"{note}；{canned}".strip("；")
            verdict = worse(verdict if verdict in SEVERITY else "", remark.severity)
            break
    return Tap(
        verdict="ok" if verdict == "yes" else verdict, number=form.text("number", most=20),
        choice=form.text("choice", most=40), text=form.text("text"), note=note, device_at=form.stamp("device_at"),
        base=uuid_or_none(form.text("base", most=36)),
    )  # fmt: skip


def _item(
    walking: Walking, step: Step, question: Question, visit: Visit, page: Page, *,
    wrong: Invalid | None = None, form: Form | None = None,
) -> Html:  # fmt: skip
    """With htmx the item again and what changed around it; without, back to where one was."""
    context: dict[str, Any] = {
        "walking": walking,
        "step": step,
        "question": question,
        "notes": walking.notes(step.run.code),
        "names": walking.names,
    }
    if visit.htmx:
        if wrong and form:
            return page.again("checklists/_kept.html", wrong, form, **context)
        return page("checklists/_kept.html", **context)
    if wrong and form:
        return page.again("checklists/walk.html", wrong, form, wrong_item=question.id, **context)
    return page.go(walking.address(step, question))


ALL = [answer, photo, all_good]
