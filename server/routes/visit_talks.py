"""Talking at the owner's: how the car is used, wishes, complaints; which models were shown; whom they recommend."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.car_drawings import drawings
from server.domain.care import hot_models, pieces, referrals
from server.domain.care.referrals import Friend
from server.domain.catalogue import CarModel, car_models
from server.domain.people import Person, Right, of_store
from server.domain.refusals import Invalid, N_
from server.domain.workshop.bodies import BODIES, LEFT
from server.forms import Form, uuid_or_none
from server.routes.visit_walks import AtTheDoor, at
from server.visit import field, needs
from server.web import Html, Page

SEES, DOES = needs(Right.GO_ON_VISITS), field(Right.GO_ON_VISITS)


@get("/visits/{visit_id:uuid}/talk", opt=SEES, sync_to_thread=True)
def show(visit_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """What was said, the cards of the models, and the recommendations."""
    return page("visits/talk.html", **_shown(at(session, person, visit_id)))


@post("/visits/{visit_id:uuid}/talks", opt=DOES, status_code=200, sync_to_thread=True)
def say(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Something they said; a complaint starts here."""
    door = at(session, person, visit_id)
    try:
        kind, words = form.choice("kind", pieces.TALKS), form.text("words", required=True, most=pieces.LONGEST)
        form.check()
        pieces.say(session, door.visit, by=person, kind=kind, words=words, id=uuid_or_none(form.text("id", most=36)))
    except Invalid as wrong:
        return page.again("visits/talk.html", wrong, form, **_shown(door))
    if kind == pieces.COMPLAINT:
        return page.go(f"{door.base}/talk#talks", N_("The complaint is kept; somebody owes an answer."))
    return page.go(f"{door.base}/talk#talks")


@post("/visits/{visit_id:uuid}/models/{model_id:uuid}", opt=DOES, status_code=200, sync_to_thread=True)
def present(visit_id: UUID, model_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """A model was shown from its card."""
    door = at(session, person, visit_id)
    model = of_store(session, CarModel, model_id, person.store_id)
    try:
        interest = form.choice("interest", pieces.INTERESTS)
        form.check()
        born = uuid_or_none(form.text("id", most=36))
        pieces.show(session, door.visit, model, by=person, interest=interest, id=born)
    except Invalid as wrong:
        return page.again("visits/talk.html", wrong, form, **_shown(door))
    return page.go(f"{door.base}/talk#model-{model_id}")


@post("/visits/{visit_id:uuid}/referrals", opt=DOES, status_code=200, sync_to_thread=True)
def recommend(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Whom they recommend; a telephone only of who is there and agrees."""
    door = at(session, person, visit_id)
    try:
        friend = _friend(form, session, person)
        born = uuid_or_none(form.text("id", most=36))
        referral = referrals.recommend(session, door.visit, friend, by=person, id=born)
    except Invalid as wrong:
        return page.again("visits/talk.html", wrong, form, **_shown(door))
    if referral.prospect_id is not None:
        return page.go(f"{door.base}/talk#referrals", N_("Kept; they agree to be called and are a prospect now."))
    said = N_("Kept without a telephone; the owner is asked whether they agree.")
    return page.go(f"{door.base}/talk#referrals", said)


def _friend(form: Form, session: Session, person: Person) -> Friend:
    agrees = form.choice("agrees", ("yes", "no"), required=False) == "yes"
    chosen = form.ident("model", required=False)
    name = form.text("name", required=True, most=referrals.LONGEST_NAME)
    friend = Friend(
        name=name, relation=form.text("relation", most=referrals.LONGEST_RELATION),
        phone=form.text("phone", most=40) if agrees else "", wish=form.text("wish", most=referrals.LONGEST_WISH),
        model=of_store(session, CarModel, chosen, person.store_id) if chosen else None,
        on_site=form.yes("on_site"), agrees=agrees,
    )  # fmt: skip
    form.check()
    return friend


def _shown(door: AtTheDoor) -> dict[str, Any]:
    session, visit = door.session, door.visit
    return door.shown() | {
        "talks": pieces.talks(session, visit), "kinds": pieces.TALKS, "interests": pieces.INTERESTS,
        "cards": hot_models.cards(session, visit.store_id), "shown_models": pieces.shown(session, visit),
        "recommended": referrals.of_visit(session, visit),
        "models": car_models.told_apart(car_models.on_sale(session, visit.store_id)),
        "energies": car_models.ENERGIES, "drawn": {body: drawings(body)[LEFT] for body in BODIES},
    }  # fmt: skip


ALL = [show, say, present, recommend]
