"""Lost deals: applying for one, deciding, and looking at why deals are lost."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import entries, words_of
from server.domain.people import Person, Right
from server.domain.people.staff import titles
from server.domain.refusals import N_, Refusal
from server.domain.showroom import Prospect, losses, lost_deals, visible_to
from server.domain.showroom.losses import DIMENSIONS
from server.domain.showroom.lost_deals import Loss, LostDeal
from server.forms import Form, uuid_or_none
from server.routes.lost_deal_lists import PERIODS, Asked
from server.routes.places import beside
from server.visit import field, needs
from server.web import Html, Page

Ask = Request[Any, Any, State]


@get("/prospects/{prospect_number:str}/loss", opt=needs(Right.KEEP_PROSPECTS), sync_to_thread=True)
def new(prospect_number: str, session: Session, person: Person, page: Page) -> Html:
    """The form: why, to whom, and how it came about."""
    prospect = visible_to(session, person).one(prospect_number)
    return page("lost_deals/new.html", **_asked(session, prospect))


@post("/prospects/{prospect_number:str}/loss", opt=field(Right.KEEP_PROSPECTS), status_code=200, sync_to_thread=True)
def apply(prospect_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Ask the manager."""
    prospect = visible_to(session, person).one(prospect_number)
    try:
        loss = Loss(
            reason=form.text("reason", most=60), story=form.text("story", most=1000),
            competitor_brand=form.text("competitor_brand", most=60),
            competitor_model=form.text("competitor_model", most=80),
        )  # fmt: skip
        born = uuid_or_none(form.text("id", most=36))
        form.check()
        lost_deals.apply(session, prospect, loss, by=person, id=born)
    except Refusal as wrong:
        return page.again("lost_deals/new.html", wrong, form, **_asked(session, prospect))
    return page.go(f"/prospects/{prospect_number}", N_("The manager is asked."))


@post(
    "/prospects/{prospect_number:str}/loss/withdrawal", opt=field(Right.KEEP_PROSPECTS), status_code=200,
    sync_to_thread=True,
)  # fmt: skip
def withdraw(prospect_number: str, session: Session, person: Person, page: Page) -> Html:
    """It goes on after all."""
    prospect = visible_to(session, person).one(prospect_number)
    lost_deals.void(session, prospect, by=person)
    return page.go(f"/prospects/{prospect_number}", N_("The application is taken back."))


@get("/lost-deals", opt=needs(Right.SEE_PROSPECTS), sync_to_thread=True)
def index(request: Ask, session: Session, person: Person, page: Page) -> Html:
    """What waits for a decision, and why deals were lost: each bar leads to the deals behind it."""
    reach, asked = losses.visible_to(session, person), Asked(request.query_params)
    since, until, by = asked.since, asked.until, asked.by
    return page(
        "lost_deals/index.html", waiting=reach.waiting(), asked=asked, periods=PERIODS,
        clarity=reach.clarity(since, until), deals=reach.decided(since, until, by),
        shares={name: reach.shares(name, since, until, by) for name in DIMENSIONS},
        **_words(session, person),
    )  # fmt: skip


@get("/lost-deals/{deal_id:uuid}", opt=needs(Right.SEE_PROSPECTS), sync_to_thread=True)
def show(deal_id: UUID, request: Ask, session: Session, person: Person, page: Page) -> Html:
    """One application with what it is about."""
    deal = losses.visible_to(session, person).one(deal_id)
    return page("lost_deals/show.html", **_shown(session, person, deal, Asked(request.query_params)))


@post("/lost-deals/{deal_id:uuid}/decision", opt=field(Right.APPROVE), status_code=200, sync_to_thread=True)
def decide(deal_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Agree, or send back with advice."""
    deal = losses.visible_to(session, person).one(deal_id)
    try:
        decision, advice = form.choice("decision", ("agree", "reject")), form.text("advice", most=500)
        form.check()
        if decision == "agree":
            lost_deals.agree(session, deal, by=person, advice=advice)
        else:
            lost_deals.reject(session, deal, by=person, advice=advice)
    except Refusal as wrong:
        return page.again("lost_deals/show.html", wrong, form, **_shown(session, person, deal, Asked({})))
    return page.go("/lost-deals", N_("Decided; the consultant is told."))


def _asked(session: Session, prospect: Prospect) -> dict[str, Any]:
    store = prospect.store_id
    return {
        "prospect": prospect, "reasons": entries(session, store, "lost_reason"),
        "with_competitor": lost_deals.competitor_asked(session, store),
    }  # fmt: skip


def _shown(session: Session, person: Person, deal: LostDeal, asked: Asked) -> dict[str, Any]:
    around = losses.visible_to(session, person).neighbours(deal, asked.since, asked.until, asked.by)
    return {"deal": deal, "asked": asked, "at": now(), **beside(asked.record, around)} | _words(session, person)


def _words(session: Session, person: Person) -> dict[str, Any]:
    store = person.store_id
    return {"said": words_of(session, store, "lost_reason", "source"), "staff": titles(session, store)}


ALL = [new, apply, withdraw, index, show, decide]
