"""The crew's week: when everybody of the workshop is here, and what they can do."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.catalogue.jobs import SKILLS
from server.domain.people import Person, Right
from server.domain.refusals import N_, Refusal
from server.domain.workshop import crew
from server.domain.workshop.crew import Hours
from server.forms import Form
from server.routes.appointment_planning import WEEKDAYS
from server.visit import needs
from server.web import Html, Page

KEEPS = needs(Right.KEEP_CREW)
WORDS: dict[str, Any] = {"weekdays": WEEKDAYS, "skills": SKILLS}


@get("/workshop/crew", opt=needs(Right.SEE_WORKSHOP_FIGURES), sync_to_thread=True)
def show(session: Session, person: Person, page: Page) -> Html:
    """Everybody's week, and what they can do together on each day."""
    found = crew.members(session, person.store_id)
    today = person.moment().astimezone(person.zone).date()
    return page(
        "crew/index.html", crew=found, capacity=crew.capacity(session, person.store_id, found, today), **WORDS
    )  # fmt: skip


@get("/workshop/crew/{staff_id:uuid}", opt=KEEPS, sync_to_thread=True)
def one(staff_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """One of them, to be changed."""
    found = crew.member(session, person.store_id, staff_id)
    return page("crew/show.html", member=found, **WORDS)


@post("/workshop/crew/{staff_id:uuid}", opt=KEEPS, status_code=200, sync_to_thread=True)
def change(staff_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Another week, other skills."""
    found = crew.member(session, person.store_id, staff_id)
    try:
        week, skills = _week(form), _skills(form)
        form.check()
        crew.change(session, found, week, skills, seen=form.text("seen"), by=person)
    except Refusal as wrong:
        return page.again("crew/show.html", wrong, form, member=found, **WORDS)
    session.flush()  # the days are reckoned with what was just kept
    over = crew.overfull(session, person)
    if over:
        days = "、".join(f"{day.month}-{day.day}" for day in over)
        return page.go(
            "/workshop/crew", N_("Kept. More is booked than can be done on: %(days)s"), tone="warn", days=days
        )
    return page.go("/workshop/crew", N_("The week is kept."))


def _week(form: Form) -> dict[int, Hours]:
    week: dict[int, Hours] = {}
    for day in crew.DAYS:
        if form.yes(f"works-{day}"):
            begins, ends = form.minute(f"begins-{day}"), form.minute(f"ends-{day}")
            pause = form.whole(f"pause-{day}", most=600, required=False)
            if begins is not None and ends is not None:
                week[day] = Hours(begins, ends, pause or 0)
    return week


def _skills(form: Form) -> dict[str, int]:
    typed = {skill: form.whole(f"skill-{skill}", least=crew.SLOWEST, most=crew.QUICKEST, required=False)
             for skill in SKILLS}  # fmt: skip
    return {skill: efficiency for skill, efficiency in typed.items() if efficiency is not None}


ALL = [show, one, change]
