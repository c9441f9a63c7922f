"""What customers see at their links: following the car, and answering about extra work."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from server.domain.checklists import MOST_INK, read_ink
from server.domain.customers import links
from server.domain.records import files
from server.domain.records.files import File
from server.domain.refusals import N_, NotThere, Refusal
from server.domain.workshop import answering, asking, following
from server.domain.workshop.answering import Consent
from server.domain.workshop.extra_works import ExtraState, ExtraWork
from server.domain.workshop.findings import FindingPhoto, WorkFinding
from server.domain.workshop.repair_orders import RepairOrder
from server.forms import Form
from server.routes.appointment_guest import expected
from server.routes.guests import Guests
from server.routes.settlement_guest import settled
from server.visit import GUEST, Visit
from server.web import Html, Page

NEVER_KEPT = {"cache-control": "private, no-store"}


@get("/c/{token:str}", opt=GUEST, sync_to_thread=True)
def show(token: str, session: Session, visit: Visit, page: Page) -> Html:
    """What the link is about."""
    at = Guests(session, visit, token)
    at.has_come()
    return PAGES[at.link.kind](at, page)


@get("/c/{token:str}/steps", opt=GUEST, sync_to_thread=True)
def steps(token: str, session: Session, visit: Visit, page: Page) -> Html:
    """Where the car is now: the part of the page that is read again and again."""
    at = Guests(session, visit, token, links.FOLLOW)
    return page("guests/_steps.html", **_followed(at))


@post("/c/{token:str}/answer", opt=GUEST, status_code=200, sync_to_thread=True)
def answer(token: str, form: Form, session: Session, visit: Visit, page: Page) -> Html:
    """The customer's word on each line, with their signature."""
    at = Guests(session, visit, token, links.EXTRA)
    extra = answering.held(session, at.link.subject_id)
    if extra.state == ExtraState.ANSWERED:  # a browser that sends twice; the first one counts
        return page.go(at.base)
    try:
        consent = _consent(session, extra, form)
        form.check()
        answering.sign(session, extra, consent, by=at.guest)
    except Refusal as wrong:
        return page.again("guests/extra.html", wrong, form, **_asked(at))
    return page.go(at.base, N_("Thank you. Your answer is with us."))


@post("/c/{token:str}/call", opt=GUEST, status_code=200, sync_to_thread=True)
def call(token: str, form: Form, session: Session, visit: Visit, page: Page) -> Html:
    """The customer would rather talk about it."""
    at = Guests(session, visit, token, links.EXTRA)
    extra = answering.held(session, at.link.subject_id)
    answering.want_call(session, extra, form.text("words", most=200), by=at.guest)
    return page.go(at.base, N_("Your service advisor has been told and calls you."))


@get("/c/{token:str}/photos/{picture_id:uuid}", opt=GUEST, sync_to_thread=True)
def photo(token: str, picture_id: UUID, session: Session, visit: Visit, small: bool = False) -> Response[bytes]:
    """A photo of what was found, and no other."""
    at = Guests(session, visit, token, links.EXTRA)
    shown = select(File).join(FindingPhoto, FindingPhoto.file_id == File.id)
    shown = shown.join(WorkFinding, WorkFinding.id == FindingPhoto.finding_id)
    file = session.scalar(shown.where(File.id == picture_id, WorkFinding.extra_id == at.link.subject_id).limit(1))
    if file is None:
        raise NotThere
    content = files.read(file)
    return Response(files.thumbnail(content) if small else content, media_type="image/jpeg", headers=NEVER_KEPT)


def _follow(at: Guests, page: Page) -> Html:
    return page("guests/follow.html", **_followed(at))


def _extra(at: Guests, page: Page) -> Html:
    return page("guests/extra.html", **_asked(at))


def _followed(at: Guests) -> dict[str, Any]:
    order = _order(at.session, at.link.subject_id)
    waiting = [one for one in asking.unanswered(at.session, order) if one.state == ExtraState.SENT]
    asked = [links.current(at.session, order.store_id, links.EXTRA, one.id) for one in waiting]
    return at.frame() | {
        "order": order, "steps": following.steps(order), "asked": [one for one in asked if one],
        "plate": links.masked_plate(order.car.plate),
    }  # fmt: skip


def _asked(at: Guests) -> dict[str, Any]:
    query = select(ExtraWork).where(ExtraWork.id == at.link.subject_id).options(joinedload(ExtraWork.order))
    extra = at.session.scalars(query).one()
    order = _order(at.session, extra.order_id)
    lines = answering.lines_of(at.session, extra)
    return at.frame() | {
        "extra": extra, "order": order, "lines": lines, "seen": answering.digest(extra, lines),
        "plate": links.masked_plate(order.car.plate),
    }  # fmt: skip


def _order(session: Session, order_id: UUID) -> RepairOrder:
    query = select(RepairOrder).where(RepairOrder.id == order_id)
    return session.scalars(query.options(joinedload(RepairOrder.car), joinedload(RepairOrder.advisor))).one()


def _consent(session: Session, extra: ExtraWork, form: Form) -> Consent:
    items = asking.items_of(session, extra)
    ink = read_ink(form.text("ink", most=MOST_INK))
    name = form.text("typed_name", most=60) or (extra.order.sender.name if ink else "")
    return Consent(
        {item.id: form.text(f"item-{item.id}", most=10) for item in items}, name, ink,
        {item.id: form.text(f"why-{item.id}", most=200) for item in items}, seen=form.text("seen", most=64),
    )  # fmt: skip


PAGES: dict[str, Callable[[Guests, Page], Html]] = {
    links.FOLLOW: _follow, links.EXTRA: _extra, links.SETTLEMENT: settled, links.APPOINTMENT: expected,
}  # fmt: skip
"""By kind of link, the page it opens."""

ALL = [show, steps, answer, call, photo]
