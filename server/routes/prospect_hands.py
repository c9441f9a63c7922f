"""From hand to hand: taking from the pool, giving back, handing over one or all."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.people import Person, Right, Staff, of_store
from server.domain.refusals import Invalid, N_, Refusal
from server.domain.showroom import hands, visible_to
from server.forms import Form
from server.visit import field, needs
from server.web import Html, Page


@post("/prospects/{prospect_number:str}/taking", opt=needs(Right.KEEP_PROSPECTS), status_code=200, sync_to_thread=True)
def take(prospect_number: str, session: Session, person: Person, page: Page) -> Html:
    """Look after somebody from the pool."""
    prospect = visible_to(session, person).one(prospect_number)
    hands.take(session, prospect, by=person)
    return page.go(f"/prospects/{prospect_number}", N_("%(name)s is yours now."), name=prospect.customer.name)


@post("/prospects/{prospect_number:str}/return", opt=field(Right.KEEP_PROSPECTS), status_code=200, sync_to_thread=True)
def give_back(prospect_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Into the pool, with a reason."""
    prospect = visible_to(session, person).one(prospect_number)
    why, note = form.text("why", most=60), form.text("note", most=300)
    form.check()
    hands.give_back(session, prospect, by=person, why=why, note=note)
    return page.go("/prospects", N_("%(name)s lies in the pool now."), name=prospect.customer.name)


@post(
    "/prospects/{prospect_number:str}/hand-over", opt=needs(Right.HAND_OVER_PROSPECTS), status_code=200,
    sync_to_thread=True,
)  # fmt: skip
def hand_over(prospect_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """To a colleague."""
    prospect = visible_to(session, person).one(prospect_number)
    to = _taker(session, person, form.ident("to"))
    note = form.text("note", most=300)
    form.check()
    assert to is not None  # checked just above
    hands.hand_over(session, prospect, to, by=person, note=note)
    return page.go(f"/prospects/{prospect_number}", N_("%(who)s looks after them now."), who=to.title)


@get("/prospects/hand-over", opt=needs(Right.HAND_OVER_PROSPECTS), sync_to_thread=True)
def leaving(session: Session, person: Person, page: Page) -> Html:
    """The form for somebody who leaves."""
    return page("prospects/hand_over.html", **_leavers(session, person))


@post("/prospects/hand-over", opt=needs(Right.HAND_OVER_PROSPECTS), status_code=200, sync_to_thread=True)
def hand_over_all(form: Form, session: Session, person: Person, page: Page) -> Html:
    """Everything of one, dealt out among others, in one act."""
    try:
        leaver = form.ident("from")
        takers = [_taker(session, person, UUID(one)) for one in form.every("to")]
        note = form.text("note", most=300)
        if not form.yes("sure"):
            form.wrong("sure", N_("Tick this to go on."))
        form.check()
        assert leaver is not None  # checked just above
        gone = of_store(session, Staff, leaver, person.store_id)
        count = hands.hand_over_all(session, gone, [one for one in takers if one], by=person, note=note)
    except (Refusal, ValueError) as wrong:
        refusal = wrong if isinstance(wrong, Refusal) else Invalid.at("to", N_("Choose who takes them over."))
        return page.again("prospects/hand_over.html", refusal, form, **_leavers(session, person))
    return page.go("/prospects", N_("%(count)s prospects are handed over."), count=count)


def _taker(session: Session, person: Person, wanted: UUID | None) -> Staff | None:
    return next((one for one in hands.takers(session, person.store_id) if one.id == wanted), None)


def _leavers(session: Session, person: Person) -> dict[str, Any]:
    return {"holders": hands.holders(session, person.store_id), "takers": hands.takers(session, person.store_id)}


ALL = [take, give_back, leaving, hand_over_all, hand_over]
