"""A technician's phone: my jobs, clocked on to one, what I find, need and ask; with or without a network."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import entries
from server.domain.people import Person, Right
from server.domain.refusals import Invalid, N_
from server.domain.workshop import OrderJob, noting, tasks, working
from server.domain.workshop.findings import VERDICTS
from server.domain.workshop.tasks import visible_to
from server.forms import Form, uuid_or_none
from server.visit import field, needs
from server.web import Html, Page

SEES, DOES = needs(Right.WORK), field(Right.WORK)
REASONS, NOTES = "pause_reason", "finding_note"
MOST_PHOTOS = 6
LONGEST = 300


@get("/my-jobs", opt=SEES, sync_to_thread=True)
def index(session: Session, person: Person, page: Page) -> Html:
    """What is mine and what is nobody's yet, the promised first."""
    reach = visible_to(session, person)
    mine, running = reach.mine(), working.running_of(session, person)
    return page(
        "my_jobs/index.html", mine=[job for job in mine if job.state in tasks.TO_DO],
        done=[job for job in mine if job.state not in tasks.TO_DO], free=reach.nobodys(), running=running, at=now(),
    )  # fmt: skip


@get("/my-jobs/{job_id:uuid}", opt=SEES, sync_to_thread=True)
def show(job_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """One job: the clock, and everything that is needed under the car."""
    return page("my_jobs/show.html", **_shown(session, person, visible_to(session, person).one(job_id)))


@post("/my-jobs/{job_id:uuid}/clock-on", opt=DOES, status_code=200, sync_to_thread=True)
def clock_on(job_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Begin or go on."""
    working.clock_on(session, visible_to(session, person).one(job_id), by=person)
    return page.go(f"/my-jobs/{job_id}", N_("You are clocked on."))


@post("/my-jobs/{job_id:uuid}/pause", opt=DOES, status_code=200, sync_to_thread=True)
def pause(job_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Stop for now, and say why."""
    job = visible_to(session, person).one(job_id)
    return _done(form, session, person, page, job, N_("The job is paused."), _pause)


@post("/my-jobs/{job_id:uuid}/finish", opt=DOES, status_code=200, sync_to_thread=True)
def finish(job_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """It is done."""
    working.finish(session, visible_to(session, person).one(job_id), by=person)
    return page.go("/my-jobs", N_("The job is done."))


@post("/my-jobs/{job_id:uuid}/findings", opt=DOES, status_code=200, sync_to_thread=True)
def find(job_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """What was seen, with its photos in one go."""
    job = visible_to(session, person).one(job_id)
    return _done(form, session, person, page, job, N_("The finding is kept."), _find)


@post("/my-jobs/{job_id:uuid}/parts-request", opt=DOES, status_code=200, sync_to_thread=True)
def ask_for_parts(job_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Somebody stands at the car and waits."""
    noting.ask_for_parts(session, visible_to(session, person).one(job_id), by=person)
    return page.go(f"/my-jobs/{job_id}", N_("The parts desk knows."))


@post("/my-jobs/{job_id:uuid}/question", opt=DOES, status_code=200, sync_to_thread=True)
def ask(job_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Ask the advisor."""
    job = visible_to(session, person).one(job_id)
    return _done(form, session, person, page, job, N_("The advisor knows."), _ask)


def _done(
    form: Form, session: Session, person: Person, page: Page, job: OrderJob, word: str,
    deed: Callable[[Form, Session, Person, OrderJob], None],
) -> Html:  # fmt: skip
    """Back to the job, or its page again with what is wrong."""
    try:
        deed(form, session, person, job)
    except Invalid as wrong:
        return page.again("my_jobs/show.html", wrong, form, **_shown(session, person, job))
    return page.go(f"/my-jobs/{job.id}", word)


def _pause(form: Form, session: Session, person: Person, job: OrderJob) -> None:
    why = form.choice("why", {one.code for one in entries(session, person.store_id, REASONS)})
    form.check()
    working.pause(session, job, why, by=person)


def _find(form: Form, session: Session, person: Person, job: OrderJob) -> None:
    verdict, name = form.choice("severity", VERDICTS), form.text("note", required=True, most=LONGEST)
    number, detail = form.text("number", most=30), form.text("detail", most=LONGEST)
    uploads = form.files("photo")[:MOST_PHOTOS]
    form.check()
    finding = noting.note(
        session, job.order, by=person, verdict=verdict, name=name, note=detail, number=number, job=job,
        id=uuid_or_none(form.text("id", most=36)),
    )  # fmt: skip
    for upload in uploads:
        noting.add_photo(session, job.order, finding, upload.file.read(), by=person)


def _ask(form: Form, session: Session, person: Person, job: OrderJob) -> None:
    words = form.text("words", required=True, most=LONGEST)
    form.check()
    noting.ask_advisor(session, job, words, by=person)


def _shown(session: Session, person: Person, job: OrderJob) -> dict[str, Any]:
    running = working.running_of(session, person)
    return {
        "job": job, "order": job.order, "running": running, "parts": noting.parts_of(session, job), "at": now(),
        "worked": working.worked(session, job, now()), "findings": noting.of_order(session, job.order),
        "reasons": entries(session, person.store_id, REASONS),
        "notes": entries(session, person.store_id, NOTES), "awaited": noting.AWAITED,
    }  # fmt: skip


ALL = [index, show, clock_on, pause, finish, find, ask_for_parts, ask]
