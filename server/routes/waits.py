"""Waits: how long customers waited, by themselves, and what one more advisor would change."""

from datetime import timedelta

from litestar import get
from sqlalchemy.orm import Session

from server.database import now
from server.domain.people import Person, Right
from server.domain.refusals import N_
from server.domain.workshop import waits
from server.domain.workshop.queueing import around
from server.visit import needs
from server.web import Html, Page

PERIODS = {7: N_("7 days"), 30: N_("30 days"), 90: N_("90 days")}
MOST_AN_HOUR, MOST_DESKS = 500.0, 40


@get("/waits", opt=needs(Right.SEE_WORKSHOP_FIGURES), sync_to_thread=True)
def show(
    session: Session, person: Person, page: Page, days: str = "", arrivals: str = "", service: str = "", desks: str = ""
) -> Html:
    """The waits of a period, and the queue at the reception with more or fewer advisors."""
    chosen = int(days) if days.isdecimal() and int(days) in PERIODS else 30
    found = waits.of_period(session, person.store_id, now() - timedelta(days=chosen), now())
    coming = _rate(arrivals, found.desk.arrivals)
    serving = _rate(service, found.desk.service)
    number = int(desks) if desks.isdecimal() and 0 < int(desks) <= MOST_DESKS else found.desk.desks
    return page(
        "waits/show.html", found=found, called=waits.WAITS, periods=PERIODS, days=chosen, arrivals=coming,
        service=serving, desks=number, queues=around(coming, serving, number) if coming and serving else (),
    )  # fmt: skip


def _rate(typed: str, known: float) -> float:
    """What was typed, if it is a rate; else what was measured."""
    try:
        rate = float(typed)
    except ValueError:
        return round(known, 1)
    return rate if 0 < rate <= MOST_AN_HOUR else round(known, 1)


ALL = [show]
