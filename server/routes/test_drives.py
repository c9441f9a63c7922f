"""Test drives: the calendar, a booking, and the one page of a drive from the licence to the evaluation."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import DemoCar, entries, value_of, words_of
from server.domain.catalogue.demo_cars import RULES, on_the_road
from server.domain.checklists import MOST_INK, Ink, read_ink
from server.domain.customers import Customer, customers
from server.domain.people import Person, Right
from server.domain.people.staff import with_right
from server.domain.refusals import Invalid, N_, Refusal
from server.domain.showroom import Prospect, TestDrive, bookings, drive_papers, driving, reach, test_drives
from server.domain.showroom.agreement import CLAUSES
from server.domain.showroom.licences import CLASSES, Licence
from server.domain.showroom.ratings import DRIVE
from server.domain.showroom.test_drives import visible_to
from server.forms import Form, uuid_or_none
from server.outbox import NOBODY
from server.routes.checklists import walk_page
from server.routes.drive_calendar import Calendar, day_of
from server.routes.drive_walks import AFTER, BEFORE, DURING, DriveWalking
from server.routes.prospects import choices, expected_day
from server.routes.ratings import asked
from server.visit import field, needs
from server.web import Html, Page

SEES, WRITES = needs(Right.BOOK_DRIVES), field(Right.BOOK_DRIVES)


@get("/test-drives", opt=SEES, sync_to_thread=True)
def index(session: Session, person: Person, page: Page, day: str = "", by: str = "car") -> Html:
    """A day by car or by consultant."""
    on = day_of(day) or now().astimezone(person.zone).date()
    return page("test_drives/index.html", calendar=Calendar(session, person, on, by), at=now(), step=timedelta(days=1))


@get("/test-drives/new", opt=SEES, sync_to_thread=True)
def new(
    session: Session, person: Person, page: Page, car: str = "", at: str = "", prospect: str = "", customer: str = "",
    consultant: str = "",
) -> Html:  # fmt: skip
    """The form for a booking; what was tapped in the calendar is filled in."""
    whose = reach.visible_to(session, person).one(prospect) if prospect else None
    known = uuid_or_none(customer)
    found = whose.customer if whose else customers.visible_to(session, person).one(known) if known else None
    values = {"car": car, "starts_at": at, "consultant": consultant or str(person.id)}
    told = {"prospect": whose, "customer": found}
    return page("test_drives/new.html", form=values, **told, **_offered(session, person))


@post("/test-drives", opt=WRITES, status_code=200, sync_to_thread=True)
def book(form: Form, session: Session, person: Person, page: Page) -> Html:
    """Car, consultant and route together, or none of them; what clashes comes back with the times that are free."""
    told: dict[str, Any] = {"prospect": None, "customer": None}
    try:
        told = _whose(form, session, person)
        drive = _book(form, session, person, **told)
    except Refusal as wrong:
        slots = wrong.slots if isinstance(wrong, bookings.Taken) else ()
        return page.again("test_drives/new.html", wrong, form, **told | _offered(session, person) | {"slots": slots})
    address, more = f"/test-drives/{drive.id}", bookings.others_of_day(session, drive, person)
    if more:
        word = N_("Test drive %(number)s is booked. This customer has %(count)s more on that day: is it meant so?")
        return page.go(address, word, tone="warn", number=drive.number, count=more)
    return page.go(address, N_("Test drive %(number)s is booked."), number=drive.number)


@get("/test-drives/{drive_id:uuid}", opt=SEES, sync_to_thread=True)
def show(drive_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Where the drive stands and what comes next."""
    if drive_id == NOBODY:
        return page("test_drives/unsent.html")
    drive = visible_to(session, person).one(drive_id)
    return page("test_drives/show.html", **_shown(session, person, drive))


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


def _whose(form: Form, session: Session, person: Person) -> dict[str, Any]:
    number, known = form.text("prospect", most=40), form.ident("customer", required=False)
    if number:
        prospect = reach.visible_to(session, person).one(number)
        return {"prospect": prospect, "customer": prospect.customer}
    return {"prospect": None, "customer": customers.visible_to(session, person).one(known) if known else None}


def _book(
    form: Form, session: Session, person: Person, prospect: Prospect | None, customer: Customer | None
) -> TestDrive:
    cars = {str(car.id): car for car in on_the_road(session, person.store_id)}
    staff = {str(one.id): one for one in with_right(session, person.store_id, Right.BOOK_DRIVES)}
    car, consultant = form.choice("car", cars), form.choice("consultant", staff)
    starts_at, minutes = form.moment("starts_at", person.zone), form.whole("minutes", least=10, most=240)
    route, kind = form.text("route", most=40), form.choice("kind", test_drives.KINDS)
    if customer is None:
        form.wrong("customer", N_("Choose the customer first."))
    form.check()
    assert starts_at is not None
    assert minutes is not None
    assert customer is not None
    if prospect is None:
        found = reach.visible_to(session, person).of_customer(customer.id)
        prospect = found if found is not None and found.is_open else None
    return bookings.book(
        session, by=person, customer=customer, car=cars[car], consultant=staff[consultant], route=route,
        starts_at=starts_at, minutes=minutes, kind=kind, prospect=prospect, id=uuid_or_none(form.text("id", most=36)),
    )  # fmt: skip


def _offered(session: Session, person: Person) -> dict[str, Any]:
    store = person.store_id
    cars: list[DemoCar] = list(on_the_road(session, store))
    return {
        "cars": cars, "consultants": with_right(session, store, Right.BOOK_DRIVES),
        "routes": entries(session, store, "drive_route"), "kinds": test_drives.KINDS, "slots": (),
        "rules": value_of(session, store, RULES), "today": now().astimezone(person.zone).date(),
    }  # fmt: skip


def _shown(session: Session, person: Person, drive: TestDrive) -> dict[str, Any]:
    walks = {kind: DriveWalking(session, person, drive, kind) for kind in (BEFORE, DURING, AFTER)}
    walks = {kind: walking for kind, walking in walks.items() if walking.run_id is not None}
    day: date = now().astimezone(person.zone).date()
    at: datetime = now()
    return {
        "drive": drive, "km_before": driving.km_before(session, drive), "clauses": CLAUSES[drive.kind],
        "walks": walks, "walking": walks.get(BEFORE), "at": at,
        "classes": CLASSES,
        "reasons": driving.why_not_out(drive, walks[BEFORE].progress, day) if drive.state == "booked" else (),
        "no_wheel": driving.why_no_wheel(drive, day), "papers": drive_papers.of_drive(session, drive),
        "items": driving.ITEMS, "marks": driving.MARKS, "helped": driving.HELPED,
        "route": words_of(session, person.store_id, "drive_route")["drive_route"].get(drive.route, drive.route),
        **asked(session, person, drive.prospect, *([DRIVE] if drive.back_at else [])),
    } | choices(session, person)  # fmt: skip


def _signature(form: Form, who: str) -> tuple[str, Ink | None]:
    """What was drawn, with the name of who drew it, or the name as typed instead."""
    ink = read_ink(form.text("ink", most=MOST_INK))
    typed = form.text("typed_name", most=60)
    form.check()
    return typed or (who if ink else ""), ink


ALL = [
    index, new, book, show, show_licence, change_kind, before, during, after, sign, set_out, come_back, evaluate,
    cancel, miss,
]  # fmt: skip
