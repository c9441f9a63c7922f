"""Ratings: one tap for how keen the customer was at a step of the sale, and one for how keen we were."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.insight import excitement
from server.domain.people import Person, Right
from server.domain.refusals import NotThere
from server.domain.showroom import Prospect, ratings, visible_to
from server.domain.showroom.ratings import LEAST, MOST, STEPS, WHO, Step
from server.forms import Form
from server.visit import Visit, field, needs
from server.web import Html, Page


class Asked(msgspec.Struct, frozen=True):
    """The steps that a page asks about, and what was tapped before."""

    prospect: Prospect
    steps: Sequence[Step]
    scores: Mapping[tuple[str, str], int]


def asked(session: Session, person: Person, prospect: Prospect | None, *steps: str) -> dict[str, Any]:
    """What a page needs to ask about some steps; nothing of somebody whom the person does not look after."""
    if prospect is None or not steps or not ratings.may_rate(prospect, person):
        return {"ratings": None}
    return {"ratings": Asked(prospect, [STEPS[step] for step in steps], ratings.of(session, prospect))}


@get("/prospects/{prospect_number:str}/ratings", opt=needs(Right.KEEP_PROSPECTS), sync_to_thread=True)
def show(prospect_number: str, session: Session, person: Person, page: Page) -> Html:
    """All seven steps of one sale, and the curve that they make."""
    prospect = visible_to(session, person).one(prospect_number)
    if not ratings.may_rate(prospect, person):
        raise NotThere
    told = asked(session, person, prospect, *STEPS)
    return page(
        "ratings/show.html", prospect=prospect, points=excitement.of_one(told["ratings"].scores), steps=STEPS, **told
    )


@post(
    "/prospects/{prospect_number:str}/ratings/{step:str}/{who:str}", opt=field(Right.KEEP_PROSPECTS), status_code=200,
    sync_to_thread=True,
)  # fmt: skip
def rate(
    prospect_number: str, step: str, who: str, form: Form, session: Session, person: Person, visit: Visit, page: Page
) -> Html:
    """One tap."""
    prospect = visible_to(session, person).one(prospect_number)
    if step not in STEPS or who not in WHO:
        raise NotThere
    score = form.whole("score", least=LEAST, most=MOST)
    form.check()
    assert score is not None  # checked just above
    ratings.rate(session, prospect, step, who, score, by=person)
    if visit.htmx:
        return page("ratings/_step.html", step=STEPS[step], **asked(session, person, prospect, step))
    where = visit.here if visit.here != "/" else f"/prospects/{prospect_number}/ratings"
    return page.go(f"{where}#rating-{step}")


ALL = [show, rate]
