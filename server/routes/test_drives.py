"""Test drives: the one page of a drive, from the licence to the evaluation."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import words_of
from server.domain.checklists import MOST_INK, Ink, read_ink
from server.domain.people import Person, Right
from server.domain.refusals import Invalid, N_, Refusal
from server.domain.showroom import TestDrive, bookings, drive_papers, driving, test_drives
from server.domain.showroom.agreement import CLAUSES
from server.domain.showroom.drives import visible_to
from server.domain.showroom.licences import CLASSES, Licence
from server.domain.showroom.ratings import DRIVE
from server.forms import Form
from server.outbox import NOBODY
from server.routes import places
from server.routes.checklists import walk_page
from server.routes.drive_calendar import record
from server.routes.drive_walks import AFTER, BEFORE, DURING, DriveWalking
from server.routes.prospect_forms import choices, expected_day
from server.routes.ratings import asked
from server.visit import field, needs
from server.web import Html, Page

SEES, WRITES = needs(Right.BOOK_DRIVES), field(Right.BOOK_DRIVES)


@get("/test-drives/{drive_id:uuid}", opt=SEES, sync_to_thread=True)
def show(drive_id: UUID, session: Session, person: Person, page: Page, by: str = "") -> Html:
    """Where the drive stands and what comes next."""
    if drive_id == NOBODY:
        return page("test_drives/unsent.html")
    drive = visible_to(session, person).one(drive_id)
    return page("test_drives/show.html", **_shown(session, person, drive, by))


@post("/test-drives/{drive_id:uuid}/licence", opt=WRITES, status_code=200, sync_to_thread=True)
def show_licence(drive_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """What stands on the licence."""
    drive = visible_to(session, person).one(drive_id)
    try:
        first, until = form.day("licence_first_on", required=True), form.day("licence_until", required=True)
        code, number = form.choice("licence_class", CLASSES), form.text("licence_number", required=True, most=40)
        form.check()
        assert first is not None
        assert until is not None
        driving.show_licence(session, drive, Licence(code, first, until, number), by=person)
    except Refusal as wrong:
        form.values.pop("licence_number", None)  # a page with a number would lie among the receipts
        return page.again("test_drives/show.html", wrong, form, **_shown(session, person, drive))
    return page.go(f"/test-drives/{drive_id}", N_("The licence is kept."))


@post("/test-drives/{drive_id:uuid}/kind", opt=WRITES, status_code=200, sync_to_thread=True)
def change_kind(drive_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Drives or rides along."""
    drive = visible_to(session, person).one(drive_id)
    kind = form.choice("kind", test_drives.KINDS)
    form.check()
    driving.change_kind(session, drive, kind, by=person)
    return page.go(f"/test-drives/{drive_id}")


@get("/test-drives/{drive_id:uuid}/before", opt=SEES, sync_to_thread=True)
def before(drive_id: UUID, session: Session, person: Person, page: Page, section: UUID | None = None) -> Html:
    """C02."""
    return _walk(session, person, page, drive_id, BEFORE, section)


@get("/test-drives/{drive_id:uuid}/during", opt=SEES, sync_to_thread=True)
def during(drive_id: UUID, session: Session, person: Person, page: Page, section: UUID | None = None) -> Html:
    """C03, to be read aloud."""
    return _walk(session, person, page, drive_id, DURING, section)


@get("/test-drives/{drive_id:uuid}/after", opt=SEES, sync_to_thread=True)
def after(drive_id: UUID, session: Session, person: Person, page: Page, section: UUID | None = None) -> Html:
    """C04."""
    return _walk(session, person, page, drive_id, AFTER, section)


@post("/test-drives/{drive_id:uuid}/signature", opt=WRITES, status_code=200, sync_to_thread=True)
def sign(drive_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """The customer, then the consultant, under the agreement."""
    drive = visible_to(session, person).one(drive_id)
    try:
        role = form.choice("role", (driving.CUSTOMER, driving.CONSULTANT))
        name, ink = _signature(form, drive.customer.name if role == driving.CUSTOMER else person.display)
        driving.sign(session, drive, by=person, role=role, name=name, ink=ink)
    except Refusal as wrong:
        return page.again("test_drives/show.html", wrong, form, **_shown(session, person, drive))
    return page.go(f"/test-drives/{drive_id}#signing", N_("Signed."))


@post("/test-drives/{drive_id:uuid}/departure", opt=WRITES, status_code=200, sync_to_thread=True)
def set_out(drive_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Out on the road; the agreement becomes a paper."""
    driving.set_out(session, visible_to(session, person).one(drive_id), by=person)
    return page.go(f"/test-drives/{drive_id}/during", N_("Drive safely. The agreement is ready."))


@post("/test-drives/{drive_id:uuid}/return", opt=WRITES, status_code=200, sync_to_thread=True)
def come_back(drive_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """The car is back."""
    drive = visible_to(session, person).one(drive_id)
    try:
        km, energy = form.whole("km", most=999_999), form.whole("energy", most=100, required=False)
        damage = form.text("damage", most=500)
        form.check()
        driving.come_back(session, drive, by=person, km=km or 0, energy=energy, damage=damage)
    except Invalid as wrong:
        return page.again("test_drives/show.html", wrong, form, **_shown(session, person, drive))
    return page.go(f"/test-drives/{drive_id}#evaluation", N_("The car is back."))


@post("/test-drives/{drive_id:uuid}/evaluation", opt=WRITES, status_code=200, sync_to_thread=True)
def evaluate(drive_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """What the customer says of it, signed."""
    drive = visible_to(session, person).one(drive_id)
    try:
        name, ink = _signature(form, drive.customer.name)
        kept = drive.prospect.expected_on if drive.prospect else None
        said: dict[str, Any] = {
            "marks": {item: form.text(item, most=10) for item in driving.ITEMS},
            "impressions": [form.text(f"impression_{place}", most=driving.LONGEST) for place in (1, 2, 3)],
            "helped": form.text("helped", most=10), "opinion": form.text("opinion", most=500),
            "expected_on": expected_day(form, session, person, kept),
        }  # fmt: skip
        form.check()
        driving.evaluate(session, drive, by=person, name=name, ink=ink, **said)
    except Refusal as wrong:
        return page.again("test_drives/show.html", wrong, form, **_shown(session, person, drive))
    return page.go(f"/test-drives/{drive_id}", N_("The evaluation is kept."))


@post("/test-drives/{drive_id:uuid}/cancellation", opt=WRITES, status_code=200, sync_to_thread=True)
def cancel(drive_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """It does not take place."""
    drive = visible_to(session, person).one(drive_id)
    try:
        bookings.cancel(session, drive, by=person, why=form.text("why", most=300))
    except Invalid as wrong:
        return page.again("test_drives/show.html", wrong, form, **_shown(session, person, drive))
    return page.go("/test-drives", N_("The test drive is cancelled; its car is free again."))


@post("/test-drives/{drive_id:uuid}/absence", opt=WRITES, status_code=200, sync_to_thread=True)
def miss(drive_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """They did not come."""
    bookings.miss(session, visible_to(session, person).one(drive_id), by=person)
    return page.go("/test-drives", N_("They did not come. A call is owed to them tomorrow."), tone="warn")


def _walk(session: Session, person: Person, page: Page, drive_id: UUID, kind: str, section: UUID | None) -> Html:
    walking = DriveWalking(session, person, visible_to(session, person).one(drive_id), kind)
    if walking.run_id is None:
        return page.go(walking.back)
    return page.go(walking.where_one_was()) if section is None else walk_page(walking, page, section)


def _shown(session: Session, person: Person, drive: TestDrive, by: str = "") -> dict[str, Any]:
    walks = {kind: DriveWalking(session, person, drive, kind) for kind in (BEFORE, DURING, AFTER)}
    walks = {kind: walking for kind, walking in walks.items() if walking.run_id is not None}
    at: datetime = now()
    papers = drive_papers.of_drive(session, drive) if drive.is_of(person) else ()
    day, begins = (moment.astimezone(person.zone).date() for moment in (at, drive.starts_at))
    return {
        "drive": drive, "km_before": driving.km_before(session, drive), "clauses": CLAUSES[drive.kind],
        "walks": walks, "walking": walks.get(BEFORE), "at": at,
        "classes": CLASSES,
        "reasons": driving.why_not_out(drive, walks[BEFORE].progress, day) if drive.state == "booked" else (),
        "no_wheel": driving.why_no_wheel(drive, day), "papers": papers,
        "items": driving.ITEMS, "marks": driving.MARKS, "helped": driving.HELPED,
        "route": words_of(session, person.store_id, "drive_route")["drive_route"].get(drive.route, drive.route),
        "here": places.address("/test-drives", {"day": begins.isoformat(), "by": by}),
        **places.beside(lambda other: record(UUID(other), by), visible_to(session, person).neighbours(drive)),
        **asked(session, person, drive.prospect, *([DRIVE] if drive.back_at else [])),
    } | choices(session, person)  # fmt: skip


def _signature(form: Form, who: str) -> tuple[str, Ink | None]:
    """What was drawn, with the name of who drew it, or the name as typed instead."""
    ink = read_ink(form.text("ink", most=MOST_INK))
    typed = form.text("typed_name", most=60)
    form.check()
    return typed or (who if ink else ""), ink


ALL = [
    show, show_licence, change_kind, before, during, after, sign, set_out, come_back, evaluate,
    cancel, miss,
]  # fmt: skip
