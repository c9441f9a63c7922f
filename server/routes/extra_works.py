"""Extra work at the advisor's desk: priced from findings, sent as a link, a word on the telephone, withdrawn."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from server.database import now
from server.domain.catalogue.jobs import Job
from server.domain.customers import links
from server.domain.people import Person, Right, of_store
from server.domain.records import papers
from server.domain.refusals import N_, NotThere, Refusal
from server.domain.workshop import answering, asking, choosing, customer_links, noting
from server.domain.workshop.answering import AGREE, DECLINE, Consent
from server.domain.workshop.extra_works import HOW, URGENCIES, ExtraItem, ExtraWork
from server.domain.workshop.findings import FindingState, WorkFinding
from server.domain.workshop.order_lines import OrderPart
from server.domain.workshop.reach import visible_to
from server.forms import Form, uuid_or_none
from server.routes.order_page import WORDS
from server.visit import needs
from server.web import Html, Page

DESK = needs(Right.WRITE_ORDERS)


@post("/repair-orders/{order_id:uuid}/extra-works", opt=DESK, status_code=200, sync_to_thread=True)
def draft(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Begin to price what was found."""
    order = visible_to(session, person).one(order_id)
    chosen = {uuid_or_none(one) for one in form.every("finding")}
    found = [one for one in noting.of_order(session, order) if one.id in chosen and one.state == FindingState.NEW]
    return page.go(asking.draft(session, order, found, by=person).address)


@get("/extra-works/{extra_id:uuid}", opt=DESK, sync_to_thread=True)
def show(extra_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Its lines, what stands behind them, and how to ask the customer."""
    return page("extra_works/show.html", **_shown(session, person, _extra(session, person, extra_id)))


@get("/extra-works/{extra_id:uuid}/catalogue", opt=DESK, sync_to_thread=True)
def look_for(extra_id: UUID, session: Session, person: Person, page: Page, q: str = "", finding: str = "") -> Html:
    """Jobs that are called so, and fit the car."""
    extra = _extra(session, person, extra_id)
    jobs = choosing.find_jobs(session, person.store_id, q, extra.order.car.model_id)
    return page("extra_works/_jobs.html", extra=extra, jobs=jobs, q=q, finding_id=uuid_or_none(finding), **WORDS)


@post("/extra-works/{extra_id:uuid}/items", opt=DESK, status_code=200, sync_to_thread=True)
def add(extra_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """One more line: a job with its usual parts, for a finding or by itself."""
    extra = _held(session, person, extra_id)
    try:
        job_id, finding_id = form.ident("job"), form.ident("finding", required=False)
        form.check()
        assert job_id is not None  # checked just above
        job = of_store(session, Job, job_id, person.store_id)
        finding = _finding(session, extra, finding_id, person) if finding_id else None
        born = uuid_or_none(form.text("id", most=36))
        asking.add_item(session, extra, job, by=person, finding=finding, id=born)
    except Refusal as wrong:
        return _again(session, person, page, extra_id, wrong, form)
    return page.go(f"{extra.address}#items")


@post("/extra-works/{extra_id:uuid}/items/{extra_item_id:uuid}", opt=DESK, status_code=200, sync_to_thread=True)
def describe(
    extra_id: UUID, extra_item_id: UUID, form: Form, session: Session, person: Person, page: Page
) -> Html:  # fmt: skip
    """In plain words what a line is for, and how urgent it is."""
    extra = _held(session, person, extra_id)
    try:
        words = form.text("words", most=asking.LONGEST_WORDS)
        form.check()
        item = _item(session, extra, extra_item_id)
        asking.describe(session, extra, item, words=words, urgency=form.text("urgency", most=20), by=person)
    except Refusal as wrong:
        return _again(session, person, page, extra_id, wrong, form)
    return page.go(f"{extra.address}#items", N_("Kept."))


@post(
    "/extra-works/{extra_id:uuid}/items/{extra_item_id:uuid}/removal", opt=DESK, status_code=200, sync_to_thread=True
)  # fmt: skip
def remove(extra_id: UUID, extra_item_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Not asked for after all; taken off already, it is off."""
    extra = _held(session, person, extra_id)
    if session.get(ExtraItem, extra_item_id) is not None:
        asking.remove_item(session, extra, _item(session, extra, extra_item_id), by=person)
    return page.go(f"{extra.address}#items")


@post("/extra-works/{extra_id:uuid}/sending", opt=DESK, status_code=200, sync_to_thread=True)
def send(extra_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Ask the customer by a link."""
    extra = _held(session, person, extra_id)
    try:
        words = form.text("words", most=500)
        at = form.moment("promised_at", person.zone, required=False)
        form.check()
        asking.send(session, extra, by=person, words=words, promised_at=at)
    except Refusal as wrong:
        return _again(session, person, page, extra_id, wrong, form)
    return page.go(f"{extra.address}#link", N_("The link is ready. Let the customer scan it, or send it to them."))


@post("/extra-works/{extra_id:uuid}/link", opt=DESK, status_code=200, sync_to_thread=True)
def renew(extra_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Another link to the same question; the one before it is closed."""
    extra = _held(session, person, extra_id)
    if extra.is_waiting:
        customer_links.give(session, links.EXTRA, extra.id, extra.order.customer_id, by=person)
    return page.go(f"{extra.address}#link", N_("A new link is open; the one before it is closed."))


@post("/extra-works/{extra_id:uuid}/link/revocation", opt=DESK, status_code=200, sync_to_thread=True)
def close(extra_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Nobody answers by the link any more."""
    extra = _held(session, person, extra_id)
    links.revoke(session, links.EXTRA, extra.id, by=person)
    return page.go(f"{extra.address}#link", N_("The link is closed."))


@post("/extra-works/{extra_id:uuid}/word", opt=DESK, status_code=200, sync_to_thread=True)
def hear(extra_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """What the customer said on the telephone."""
    extra = _held(session, person, extra_id)
    try:
        items = asking.items_of(session, extra)
        consent = Consent(
            {item.id: form.text(f"item-{item.id}", most=10) for item in items}, form.text("name", most=60),
            whys={item.id: form.text(f"why-{item.id}", most=200) for item in items}, phone=form.text("phone", most=40),
        )  # fmt: skip
        form.check()
        answering.hear(session, extra, consent, by=person)
    except Refusal as wrong:
        return _again(session, person, page, extra_id, wrong, form)
    return page.go(extra.address, N_("The customer's word is kept."))


@post("/extra-works/{extra_id:uuid}/withdrawal", opt=DESK, status_code=200, sync_to_thread=True)
def drop(extra_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Not asked any more."""
    extra = _held(session, person, extra_id)
    try:
        asking.drop(session, extra, by=person, why=form.text("why", most=200))
    except Refusal as wrong:
        return _again(session, person, page, extra_id, wrong, form)
    return page.go(extra.order.address, N_("Withdrawn; what was found can be priced anew."))


def _extra(session: Session, person: Person, extra_id: UUID) -> ExtraWork:
    """Within reach, with its order."""
    query = select(ExtraWork).where(ExtraWork.store_id == person.store_id, ExtraWork.id == extra_id)
    extra = session.scalar(query.options(selectinload(ExtraWork.order)))
    if extra is None:
        raise NotThere
    return extra


def _held(session: Session, person: Person, extra_id: UUID) -> ExtraWork:
    return answering.held(session, _extra(session, person, extra_id).id)


def _item(session: Session, extra: ExtraWork, item_id: UUID) -> ExtraItem:
    found = next((item for item in asking.items_of(session, extra) if item.id == item_id), None)
    if found is None:
        raise NotThere
    return found


def _finding(session: Session, extra: ExtraWork, finding_id: UUID, person: Person) -> WorkFinding:
    """One of this order; whatever is not priced yet is from now on."""
    finding = of_store(session, WorkFinding, finding_id, person.store_id)
    if finding.order_id != extra.order_id:
        raise NotThere
    if finding.state == FindingState.NEW:
        asking.take_finding(session, extra, finding, by=person)
    return finding


def _shown(session: Session, person: Person, extra: ExtraWork) -> dict[str, Any]:
    order = extra.order
    rows = answering.lines_of(session, extra)
    priced = {row.item.finding_id for row in rows}
    found = noting.of_order(session, order)
    stocked: list[OrderPart] = [part for row in rows for part in row.parts]
    return {
        "extra": extra, "order": order, "lines": rows, "total": sum(row.own for row in rows), "stocked": stocked,
        "unpriced": [one for one in found if _wants_price(one, extra) and one.id not in priced],
        "link": links.current(session, person.store_id, links.EXTRA, extra.id), "urgencies": URGENCIES, "how": HOW,
        "papers": papers.of_subject(session, person.store_id, extra.id), "decisions": (AGREE, DECLINE), "at": now(),
    } | WORDS  # fmt: skip


def _wants_price(finding: WorkFinding, extra: ExtraWork) -> bool:
    return finding.extra_id == extra.id or finding.wants_pricing


def _again(session: Session, person: Person, page: Page, extra_id: UUID, wrong: Refusal, form: Form) -> Html:
    extra = _extra(session, person, extra_id)
    return page.again("extra_works/show.html", wrong, form, **_shown(session, person, extra))


ALL = [draft, show, look_for, add, describe, remove, send, renew, close, hear, drop]
