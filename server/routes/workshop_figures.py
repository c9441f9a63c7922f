"""Figures of the workshop: drawn, and as a table a tap away."""

from datetime import datetime, time, timedelta

from litestar import get
from sqlalchemy.orm import Session

from server.database import now
from server.domain.people import Person, Right
from server.domain.people.staff import titles
from server.domain.refusals import N_
from server.domain.workshop import figures, waits
from server.domain.workshop.order_lines import PAYERS
from server.routes.settling import FACES, MARKS
from server.visit import needs
from server.web import Html, Page

PERIODS = {7: N_("7 days"), 30: N_("30 days"), 90: N_("90 days")}


@get("/workshop/figures", opt=needs(Right.SEE_WORKSHOP_FIGURES), sync_to_thread=True)
def show(session: Session, person: Person, page: Page, days: str = "") -> Html:
    """Of the cars that left in a period."""
    chosen = int(days) if days.isdecimal() and int(days) in PERIODS else 30
    today = now().astimezone(person.zone).date()
    since = datetime.combine(today - timedelta(days=chosen - 1), time(), person.zone)
    until = datetime.combine(today + timedelta(days=1), time(), person.zone)
    found = figures.read(session, person.store_id, since, until, person.zone)
    return page(
        "workshop/figures.html", found=found, days=chosen, periods=PERIODS, names=titles(session, person.store_id),
        payers=PAYERS, faces=FACES, marks=MARKS, called=waits.WAITS,
    )  # fmt: skip


ALL = [show]
