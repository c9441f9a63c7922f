"""The damages of a walk-around: where they were tapped, with photos, taken back, or known and repaired since."""

from uuid import UUID

from litestar import post
from sqlalchemy.orm import Session

from server.car_drawings import drawings
from server.domain.people import Person
from server.domain.refusals import Invalid, N_
from server.domain.workshop import damages, walk_round
from server.domain.workshop.bodies import PANELS, SIDES
from server.domain.workshop.walk_arounds import DAMAGE_KINDS
from server.forms import Form, uuid_or_none
from server.routes.walk_arounds import WRITES, again, kept, walk_of
from server.routes.walk_lists import WalkRound
from server.visit import Visit
from server.web import Html, Page


@post("/repair-orders/{order_id:uuid}/walk-around/damages", opt=WRITES, status_code=200, sync_to_thread=True)
def note_damage(order_id: UUID, form: Form, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """A damage where it was tapped, with its photo where one was taken."""
    walking = walk_of(session, person, order_id)
    try:
        panel, kind = form.choice("panel", PANELS), form.choice("kind", DAMAGE_KINDS)
        size, side = form.whole("size", least=1, most=3), form.choice("side", SIDES, required=False)
        note, born = form.text("note", most=walk_round.LONGEST), uuid_or_none(form.text("id", most=36))
        form.check()
        side, x, y = _place(walking, panel, side, form)
        damage = damages.note(
            session, walking.walk, by=person, id=born, panel=panel, kind=kind, size=size or 1, side=side, x=x, y=y,
            note=note,
        )  # fmt: skip
        for upload in form.files("photo"):
            original = form.text("original", most=64) or None
            damages.add_photo(session, walking.walk, damage, upload.file.read(), by=person, original=original)
    except Invalid as wrong:
        return again(walking, "_seen", wrong, form, visit, page)
    return kept(walking, "_seen", session, visit, page, form)


@post(
    "/repair-orders/{order_id:uuid}/walk-around/damages/{damage_id:uuid}/photos", opt=WRITES, status_code=200,
    sync_to_thread=True,
)  # fmt: skip
def photograph(
    order_id: UUID, damage_id: UUID, form: Form, session: Session, person: Person, visit: Visit, page: Page
) -> Html:  # fmt: skip
    """One more picture of a damage."""
    walking = walk_of(session, person, order_id)
    damage = damages.one(session, walking.walk, damage_id)
    try:
        uploads = form.files("photo")
        if not uploads:
            raise Invalid.at("photo", N_("Choose or take a photo first."))
        original = form.text("original", most=64) or None
        for upload in uploads:
            damages.add_photo(session, walking.walk, damage, upload.file.read(), by=person, original=original)
    except Invalid as wrong:
        return again(walking, "_seen", wrong, form, visit, page)
    return kept(walking, "_seen", session, visit, page, form)


@post(
    "/repair-orders/{order_id:uuid}/walk-around/damages/{damage_id:uuid}/mistake", opt=WRITES, status_code=200,
    sync_to_thread=True,
)  # fmt: skip
def strike(
    order_id: UUID, damage_id: UUID, form: Form, session: Session, person: Person, visit: Visit, page: Page
) -> Html:  # fmt: skip
    """It was noted by mistake."""
    walking = walk_of(session, person, order_id)
    damages.strike(session, walking.walk, damages.one(session, walking.walk, damage_id), by=person)
    return kept(walking, "_seen", session, visit, page, form)


@post(
    "/repair-orders/{order_id:uuid}/walk-around/damages/{damage_id:uuid}/repair", opt=WRITES, status_code=200,
    sync_to_thread=True,
)  # fmt: skip
def repaired(
    order_id: UUID, damage_id: UUID, form: Form, session: Session, person: Person, visit: Visit, page: Page
) -> Html:  # fmt: skip
    """It was known and is repaired since, or is there after all."""
    walking = walk_of(session, person, order_id)
    damage = damages.one(session, walking.walk, damage_id)
    is_gone = form.choice("gone", ("yes", "no")) == "yes"
    form.check()
    damages.repaired(session, walking.walk, damage, is_gone, by=person)
    return kept(walking, "_seen", session, visit, page, form)


def _place(walking: WalkRound, panel: str, side: str, form: Form) -> tuple[str, int, int]:
    """Where on which drawing; without a tap, in the middle of the panel on the first side that shows it."""
    drawn = drawings(walking.walk.body)
    shown = side if side and drawn[side].spot(panel) else next(one for one in drawn if drawn[one].spot(panel))
    spot = drawn[shown].spot(panel)
    assert spot is not None  # every panel is on some side
    x, y = (form.whole(axis, most=1000, required=False) for axis in ("x", "y"))
    form.check()
    if shown != side or x is None or y is None:
        return shown, spot.x, spot.y
    return shown, x, y


ALL = [note_damage, photograph, strike, repaired]
