"""At the owner's door: signing in, the programme with its clock, what went well, signing out; all without a network."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.care import breaking_off, door_consents, pieces, presences, programme, visit_photos
from server.domain.care.presences import Place
from server.domain.catalogue import words_of
from server.domain.people import Person, Right
from server.domain.people.staff import titles
from server.domain.refusals import Invalid, N_
from server.forms import Form
from server.routes.checklists import walk_page
from server.routes.visit_walks import AtTheDoor, VisitWalking, at
from server.visit import field, needs
from server.web import Html, Page

SEES, DOES = needs(Right.GO_ON_VISITS), field(Right.GO_ON_VISITS)
ROLES = "visit_role"


@get("/visits/{visit_id:uuid}/programme", opt=SEES, sync_to_thread=True)
def show(visit_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """The hour: which step is whose, the clock, who is there."""
    return page("visits/programme.html", **_programme(at(session, person, visit_id)))


@post("/visits/{visit_id:uuid}/arrival", opt=DOES, status_code=200, sync_to_thread=True)
def sign_in(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Signing in at the place; where that is, only with the owner's consent."""
    door = at(session, person, visit_id)
    try:
        said = form.choice("place_ok", ("yes", "no"), required=False)
        place = place_of(form)
        form.check()
        agreed = None if not said else said == "yes"
        presences.sign_in(session, door.visit, by=person, place_agreed=agreed, place=place)
    except Invalid as wrong:
        return page.again("visits/programme.html", wrong, form, **_programme(door))
    return page.go(f"{door.base}/programme", N_("You are signed in; the hour begins."))


@post("/visits/{visit_id:uuid}/steps/{code:str}", opt=DOES, status_code=200, sync_to_thread=True)
def tick(visit_id: UUID, code: str, session: Session, person: Person, page: Page) -> Html:
    """A step of the programme is done."""
    door = at(session, person, visit_id)
    presences.require_at_the_door(door.visit, person)
    programme.tick(session, door.visit, code, by=person)
    return page.go(f"{door.base}/programme")


@get("/visits/{visit_id:uuid}/checklist", opt=SEES, sync_to_thread=True)
def walk(visit_id: UUID, session: Session, person: Person, page: Page, section: UUID | None = None) -> Html:
    """C08, section by section."""
    walking = VisitWalking(session, person, at(session, person, visit_id).visit)
    if walking.visit.run_id is None:
        return page.go(walking.back)
    return page.go(walking.where_one_was()) if section is None else walk_page(walking, page, section)


@get("/visits/{visit_id:uuid}/effect", opt=SEES, sync_to_thread=True)
def end(visit_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """The photo, how it went, and signing out."""
    return page("visits/effect.html", **_end(at(session, person, visit_id)))


@post("/visits/{visit_id:uuid}/photo-consent", opt=DOES, status_code=200, sync_to_thread=True)
def ask_for_photo(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Whether the owner agrees to a photo with people; a no deletes what there was."""
    door = at(session, person, visit_id)
    try:
        said = form.choice("given", ("yes", "no"))
        form.check()
        presences.require_at_the_door(door.visit, person)
        door_consents.answer(session, door.visit, door_consents.PHOTO, said == "yes", by=person)
    except Invalid as wrong:
        return page.again("visits/effect.html", wrong, form, **_end(door))
    return page.go(f"{door.base}/effect#photo")


@post("/visits/{visit_id:uuid}/photos", opt=DOES, status_code=200, sync_to_thread=True)
def photograph(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Pictures: with people only where the owner agrees, else nothing of them is kept."""
    door = at(session, person, visit_id)
    try:
        shows, uploads = form.choice("shows", visit_photos.SHOWS), form.files("photo")
        original = form.text("original", most=64) or None
        form.check()
        if not uploads:
            raise Invalid.at("photo", N_("Choose or take a photo first."))
        kept = [
            visit_photos.add(session, door.visit, one.file.read(), by=person, shows=shows, original=original)
            for one in uploads
        ]
    except Invalid as wrong:
        return page.again("visits/effect.html", wrong, form, **_end(door))
    if None in kept:
        said = N_("Not kept: the owner has not agreed to a photo with people.")
        return page.go(f"{door.base}/effect#photo", said, tone="warn")
    return page.go(f"{door.base}/effect#photo")


@post("/visits/{visit_id:uuid}/effect", opt=DOES, status_code=200, sync_to_thread=True)
def rate(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """How it went, in one's own opinion."""
    door = at(session, person, visit_id)
    try:
        score = form.whole("score", least=1, most=pieces.BEST)
        words = form.text("words", most=pieces.LONGEST)
        form.check()
        pieces.rate(session, door.visit, by=person, score=score or 0, words=words)
    except Invalid as wrong:
        return page.again("visits/effect.html", wrong, form, **_end(door))
    return page.go(f"{door.base}/effect#leaving")


@post("/visits/{visit_id:uuid}/leaving", opt=DOES, status_code=200, sync_to_thread=True)
def sign_out(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Signing out; once everybody has, the visit is done."""
    door = at(session, person, visit_id)
    presences.sign_out(session, door.visit, by=person, place=place_of(form))
    return page.go(f"{door.base}/effect", N_("You are signed out."))


@post("/visits/{visit_id:uuid}/breaking-off", opt=DOES, status_code=200, sync_to_thread=True)
def break_off(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """They have to leave before it is done."""
    door = at(session, person, visit_id)
    try:
        why = form.text("why", most=breaking_off.LONGEST)
        form.check()
        breaking_off.break_off(session, door.visit, by=person, why=why)
    except Invalid as wrong:
        return page.again("visits/effect.html", wrong, form, **_end(door))
    return page.go(f"{door.base}/record", N_("The visit is broken off; what was written down stays."))


def place_of(form: Form) -> Place | None:
    """Where the device says it is; what makes no sense is nowhere."""
    try:
        longitude, latitude = float(form.text("longitude", most=20)), float(form.text("latitude", most=20))
        accuracy = float(form.text("accuracy", most=20) or 0)
    except ValueError:
        return None
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90 and 0 <= accuracy <= 1e6):
        return None
    return Place(longitude, latitude, round(accuracy))


def _programme(door: AtTheDoor) -> dict[str, Any]:
    visit, session = door.visit, door.session
    steps = programme.steps(session, visit.store_id)
    walking = VisitWalking(session, door.person, visit) if visit.run_id is not None else None
    return door.shown() | {
        "steps": steps, "whole": programme.minutes(steps), "ticked": programme.done(session, visit),
        "my_steps": programme.of_roles(steps, door.my_roles),
        "roles": words_of(session, visit.store_id, ROLES)[ROLES], "names": titles(session, visit.store_id),
        "walking": walking,
    }  # fmt: skip


def _end(door: AtTheDoor) -> dict[str, Any]:
    effects = pieces.effects(door.session, door.visit)
    return door.shown() | {
        "photos": visit_photos.of_visit(door.session, door.visit), "shows": visit_photos.SHOWS, "effects": effects,
        "my_effect": next((one for one in effects if one.staff_id == door.person.id), None),
        "names": titles(door.session, door.visit.store_id), "best": pieces.BEST,
    }  # fmt: skip


ALL = [show, sign_in, tick, walk, end, ask_for_photo, photograph, rate, sign_out, break_off]
