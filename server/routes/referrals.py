"""Whom owners recommend: who has still to be asked, and what they answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import MultiDict, State
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import referrals
from server.domain.care.calling_hours import CallingHours
from server.domain.care.referrals import Referral, visible_to
from server.domain.people import Person, Right
from server.domain.people.staff import with_right
from server.domain.refusals import N_, Refusal
from server.forms import Form, uuid_or_none
from server.paging import Place
from server.routes import places
from server.visit import field, needs
from server.web import Html, Page

Ask = Request[Any, Any, State]
SEES, ASKS = needs(Right.MAKE_CONTACTS), field(Right.MAKE_CONTACTS)


class Asked:
    """Which list somebody asked for, as it stands in an address."""

    def __init__(self, query: MultiDict[Any]) -> None:
        self.show = referrals.ANSWERED if query.get("show") == referrals.ANSWERED else referrals.TO_ASK
        self.place = places.moment(query)

    def address(self, place: Place[datetime] | None = None) -> str:
        """The same list from another place on."""
        return places.address("/referrals", self._said(), place)

    def record(self, referral_id: UUID) -> str:
        """A referral as it is opened from this list."""
        return places.address(f"/referrals/{referral_id}", self._said())

    def _said(self) -> dict[str, str]:
        return {"show": self.show} if self.show != referrals.TO_ASK else {}


@get("/referrals", opt=SEES, sync_to_thread=True)
def index(request: Ask, session: Session, person: Person, page: Page) -> Html:
    """Who has still to be asked; who has answered."""
    asked = Asked(request.query_params)
    listed = visible_to(session, person).page(asked.show, asked.place)
    return page("referrals/index.html", listed=listed, asked=asked)


@get("/referrals/{referral_id:uuid}", opt=SEES, sync_to_thread=True)
def show(referral_id: UUID, request: Ask, session: Session, person: Person, page: Page) -> Html:
    """One of them: who recommends them, and what they say to being called."""
    asked, reach = Asked(request.query_params), visible_to(session, person)
    referral = reach.one(referral_id)
    beside = places.beside(lambda other: asked.record(UUID(other)), reach.neighbours(asked.show, referral))
    return page("referrals/show.html", here=asked.address(), **beside, **_shown(session, person, referral))


@post("/referrals/{referral_id:uuid}/question", opt=ASKS, status_code=200, sync_to_thread=True)
def ask(referral_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """The owner passes the question on."""
    referrals.ask(session, visible_to(session, person).one(referral_id), by=person)
    return page.go(f"/referrals/{referral_id}", N_("The owner asks them."))


@post("/referrals/{referral_id:uuid}/consent", opt=ASKS, status_code=200, sync_to_thread=True)
def agree(referral_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """They agree: with their telephone they become a prospect."""
    referral = visible_to(session, person).one(referral_id)
    try:
        phone = form.text("phone", required=True, most=40)
        sellers = {str(one.id) for one in with_right(session, person.store_id, Right.SELL)}
        consultant = uuid_or_none(form.choice("consultant", sellers, required=False))
        form.check()
        prospect = referrals.agree(session, referral, phone, by=person, consultant_id=consultant)
    except Refusal as wrong:
        return page.again("referrals/show.html", wrong, form, here="/referrals", **_shown(session, person, referral))
    if person.may(Right.SEE_PROSPECTS) and prospect.consultant_id == person.id:
        return page.go(f"/prospects/{prospect.number}", N_("They agree, and are a prospect now."))
    return page.go(f"/referrals/{referral_id}", N_("They agree, and are a prospect now."))


@post("/referrals/{referral_id:uuid}/refusal", opt=ASKS, status_code=200, sync_to_thread=True)
def refuse(referral_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """They do not want to be called."""
    referrals.refuse(session, visible_to(session, person).one(referral_id), by=person)
    return page.go("/referrals", N_("Nobody calls them; what is known of them is deleted soon."))


def _shown(session: Session, person: Person, referral: Referral) -> dict[str, Any]:
    sellers = with_right(session, person.store_id, Right.SELL)
    hours = CallingHours(session, person.store_id, [referral.referrer_id])
    return {
        "referral": referral, "sellers": [(one.id, one.title) for one in sellers], "hours": hours, "at": now(),
    }  # fmt: skip


ALL = [index, show, ask, agree, refuse]
