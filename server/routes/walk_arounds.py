"""The walk-around of an order: its drawing, what is read and measured, each damage with photos, the signature."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import get, post
from sqlalchemy.orm import Session

from server.car_drawings import drawings
from server.domain.checklists import MOST_INK, read_ink
from server.domain.people import Person, Right
from server.domain.records import papers
from server.domain.refusals import Invalid, N_, Refusal
from server.domain.workshop import walk_papers, walk_round, walk_signing
from server.domain.workshop.bodies import BODIES, PANELS, SEDAN, SIDES, TYRES
from server.domain.workshop.reach import visible_to
from server.domain.workshop.walk_arounds import DAMAGE_KINDS, LAMPS, SIZES, WHEELS, Damage
from server.domain.workshop.walk_round import MOST_TREAD, Facts
from server.forms import Form
from server.outbox import NOBODY
from server.routes.walk_lists import MEASURED_IN, READ_IN, WalkRound
from server.visit import Visit, field, needs
from server.web import Html, Page

SEES, WRITES = needs(Right.SEE_WORKSHOP), field(Right.WRITE_ORDERS)
WORDS: dict[str, Any] = {
    "bodies": BODIES, "sides_named": SIDES, "panels": PANELS, "tyres": TYRES, "damage_kinds": DAMAGE_KINDS,
    "sizes": SIZES, "lamps": LAMPS, "wheels": WHEELS,
}  # fmt: skip


class BlankWalk(msgspec.Struct, frozen=True):
    """The walk of an order that this device has begun and the house has not heard of."""

    body: str = SEDAN
    km: int | None = None
    energy_level: int | None = None
    lamps: tuple[str, ...] = ()
    valuables: str = ""
    settings: str = ""
    tread: dict[str, int] = {}
    worn: tuple[str, ...] = ()
    damages: tuple[Damage, ...] = ()
    standing: tuple[Damage, ...] = ()
    is_open: bool = True


@get(f"/repair-orders/{NOBODY}/walk-around", opt=needs(Right.WRITE_ORDERS), sync_to_thread=True)
def unsent(page: Page) -> Html:
    """The drawing for a car that was received without a network."""
    base = f"/repair-orders/{NOBODY}/walk-around"
    told = {"lane": NOBODY, "base": base, "views": tuple(SIDES), "drawn": drawings(SEDAN), "editable": True}
    return page("walk_arounds/unsent.html", walk=BlankWalk(), order_id=NOBODY, asked={}, **told, **WORDS)


@get("/repair-orders/{order_id:uuid}/walk-around", opt=SEES, sync_to_thread=True)
def show(
    order_id: UUID, session: Session, person: Person, page: Page, panel: str = "", side: str = ""
) -> Html:  # fmt: skip
    """The drawing with every damage; `panel` and `side` open the form for one, where there is no script."""
    walking = walk_of(session, person, order_id)
    if walking.order.walk_run_id is None:
        return page("walk_arounds/none.html", walking=walking)
    return page("walk_arounds/show.html", **shown(walking, panel=panel, side=side))


@post("/repair-orders/{order_id:uuid}/walk-around", opt=needs(Right.WRITE_ORDERS), status_code=200, sync_to_thread=True)
def begin(order_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """For an order that came before there were walk-arounds."""
    order = visible_to(session, person).one(order_id)
    walk_round.begin(session, order, by=person)
    return page.go(f"{order.address}/walk-around")


@get("/repair-orders/{order_id:uuid}/walk-around/guided", opt=SEES, sync_to_thread=True)
def guided(
    order_id: UUID, session: Session, person: Person, page: Page, section: UUID | None = None, panel: str = "",
    side: str = "",
) -> Html:  # fmt: skip
    """One section of the list, with the sides of the car that are looked at there."""
    walking = walk_of(session, person, order_id)
    if section is None:
        return page.go(walking.where_one_was())
    step = walking.step_in(section)
    context: dict[str, Any] = shown(walking, walking.sides(step), panel=panel, side=side) | {
        "step": step, "notes": walking.notes(step.run.code), "names": walking.names,
        "reads": step.part.code == READ_IN, "measures": step.part.code == MEASURED_IN,
    }  # fmt: skip
    return page("walk_arounds/guided.html", **context)


@post("/repair-orders/{order_id:uuid}/walk-around/facts", opt=WRITES, status_code=200, sync_to_thread=True)
def note_facts(order_id: UUID, form: Form, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """Mileage, fuel, lamps, what stays in the car; which body is drawn."""
    walking = walk_of(session, person, order_id)
    try:
        facts: Facts = {
            "km": form.whole("km", most=3_000_000, required=False),
            "energy_level": form.whole("energy_level", most=100, required=False),
            "lamps": [lamp for lamp in LAMPS if lamp in form.every("lamps")],
            "valuables": form.text("valuables", most=walk_round.LONGEST),
            "settings": form.text("settings", most=walk_round.LONGEST),
        }
        form.check()
        walk_round.note_facts(session, walking.walk, by=person, **facts)
    except Invalid as wrong:
        return again(walking, "_facts", wrong, form, visit, page)
    return kept(walking, "_facts", session, visit, page)


@post("/repair-orders/{order_id:uuid}/walk-around/tread", opt=WRITES, status_code=200, sync_to_thread=True)
def measure(order_id: UUID, form: Form, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """How deep the tread of each tyre is."""
    walking = walk_of(session, person, order_id)
    try:
        tread = {wheel: tenths for wheel in WHEELS if (tenths := _tenths(form, f"tread_{wheel}")) is not None}
        form.check()
        walk_round.note_facts(session, walking.walk, by=person, tread=tread)
    except Invalid as wrong:
        return again(walking, "_tread", wrong, form, visit, page)
    return kept(walking, "_tread", session, visit, page)


@post("/repair-orders/{order_id:uuid}/walk-around/body", opt=WRITES, status_code=200, sync_to_thread=True)
def choose_body(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Which of the three cars is drawn."""
    walking = walk_of(session, person, order_id)
    body = form.choice("body", BODIES)
    form.check()
    walk_round.note_facts(session, walking.walk, by=person, body=body)
    return page.go(walking.back)


@post("/repair-orders/{order_id:uuid}/walk-around/signature", opt=WRITES, status_code=200, sync_to_thread=True)
def sign(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """The customer signs for the condition of the car; the sheet is issued."""
    walking = walk_of(session, person, order_id)
    try:
        ink = read_ink(form.text("ink", most=MOST_INK))
        name = form.text("typed_name", most=60) or (walking.order.sender.name if ink else "")
        form.check()
        walk_signing.sign(session, walking.walk, by=person, name=name, ink=ink, seen_at=form.stamp("seen_at"))
    except Refusal as wrong:
        return page.again("walk_arounds/show.html", wrong, form, **shown(walk_of(session, person, order_id)))
    return page.go(walking.order.address, N_("The walk-around is signed; its sheet is ready to print."))


def walk_of(session: Session, person: Person, order_id: UUID) -> WalkRound:
    """The walk of an order within their reach. Raises NotThere."""
    return WalkRound(session, person, visible_to(session, person).one(order_id))


def shown(walking: WalkRound, views: tuple[str, ...] = tuple(SIDES), panel: str = "", side: str = "") -> dict[str, Any]:
    """What the templates read; `views` are the sides that are drawn."""
    walk = walking.walk
    sheets = papers.of_subject(walking.session, walk.store_id, walk.order_id)
    return {
        "walking": walking, "walk": walk, "order": walking.order, "order_id": walking.order.id, "lane": walking.lane,
        "base": walking.back, "drawn": drawings(walk.body), "views": views, "editable": walking.editable,
        "asked": {"panel": panel, "side": side} if panel in PANELS and walking.editable else {},
        "missing": walk_signing.missing(walk, walking.progress) if walking.editable else [],
        "sheet": next((paper for paper in sheets if paper.kind == walk_papers.SHEET), None),
        "signature": walking.progress.signature(None, walk_signing.CUSTOMER),
    } | WORDS  # fmt: skip


def kept(
    walking: WalkRound, part: str, session: Session, visit: Visit, page: Page, form: Form | None = None
) -> Html:  # fmt: skip
    """With htmx the part that changed; without, the page where it was done."""
    session.flush()  # the page reads it back
    if not visit.htmx:
        return page.go(walking.back)
    again = WalkRound(session, walking.person, walking.order)
    return page(f"walk_arounds/{part}.html", **shown(again, views_of(form)))


def again(walking: WalkRound, part: str, wrong: Invalid, form: Form, visit: Visit, page: Page) -> Html:
    """The part with what is wrong in it; without script the whole page."""
    template = part if visit.htmx else "show"
    return page.again(f"walk_arounds/{template}.html", wrong, form, **shown(walking, views_of(form)))


def views_of(form: Form | None) -> tuple[str, ...]:
    """Which sides the page shows that asked."""
    said = form.text("views", most=40).split() if form else []
    return tuple(side for side in said if side in SIDES) or tuple(SIDES)


def _tenths(form: Form, name: str) -> int | None:
    """Millimetres with one place, as tenths."""
    typed = form.text(name, most=10).replace("，", ".").replace(",", ".")
    if not typed:
        return None
    try:
        tenths = round(float(typed) * 10)
    except (ValueError, OverflowError):
        form.wrong(name, N_("Type a number, such as 5.2."))
        return None
    if not 0 <= tenths <= MOST_TREAD:
        form.wrong(name, N_("Between %(least)s and %(most)s."), least=0, most=MOST_TREAD // 10)
        return None
    return tenths


ALL = [unsent, show, begin, guided, note_facts, measure, choose_body, sign]
