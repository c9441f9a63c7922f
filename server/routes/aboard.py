"""Taking work along: which pages and pictures a device needs to do it where there is no network."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

import msgspec
from litestar import Response, get, post
from sqlalchemy.orm import Session

from server import i18n
from server.database import now
from server.domain.care import HomeVisit, visit_before, visit_calls, visit_reach
from server.domain.care import reach as contacts
from server.domain.delivery import Delivery, deliveries, handover, pdi, visible_to
from server.domain.people import Person, Right
from server.domain.refusals import N_, Said
from server.domain.workshop import tasks
from server.outbox import NOBODY
from server.routes.delivery_walks import HANDOVER, PDI, DeliveryWalking
from server.routes.reception_walks import UnsentWalking
from server.routes.visit_walks import VisitWalking, visit_pages
from server.routes.walks import Walking
from server.visit import SIGNED_IN, Visit, needs
from server.web import Html, Page


class Piece(msgspec.Struct):
    """A delivery or a visit that a load holds."""

    title: str
    address: str


class Load(msgspec.Struct):
    """What belongs to one thing that is taken along; addresses in the order of their use."""

    id: str
    title: str
    address: str
    lane: UUID | None = None
    """Whose work changes these pages."""
    pages: list[str] = []
    files: list[str] = []
    ways: dict[str, str] = {}
    """Where an address leads that is no page itself."""
    holds: list[Piece] = []
    unbegun: list[Piece] = []
    """What its person has yet to begin, which needs the house."""

    def add(self, other: "Load") -> None:
        """Carry the other one's pages too."""
        self.pages += [page for page in other.pages if page not in self.pages]
        self.files += other.files
        self.ways |= other.ways
        self.holds.append(Piece(other.title, other.address))


@post("/deliveries/{number:str}/aboard", opt=SIGNED_IN, status_code=200, sync_to_thread=True)
def take_delivery(number: str, session: Session, person: Person, visit: Visit) -> Response[bytes]:
    """Take a delivery along; what this person does with it begins, so that its lists are there to be filled."""
    delivery = visible_to(session, person).one(number)
    _begin(session, delivery, person)
    session.flush()
    return _told(_of_delivery(session, delivery, person, visit.language))


@post("/visits/{visit_id:uuid}/aboard", opt=needs(Right.GO_ON_VISITS), status_code=200, sync_to_thread=True)
def take_visit(visit_id: UUID, session: Session, person: Person, visit: Visit) -> Response[bytes]:
    """Take a home visit along: what is agreed, its programme, its list, the models that are shown there."""
    home = visit_reach.visible_to(session, person).one(visit_id)
    _begin_visit(session, home, person)
    session.flush()
    return _told(_of_visit(session, home, person, visit.language))


@post("/aboard/today", opt=SIGNED_IN, status_code=200, sync_to_thread=True)
def take_today(session: Session, person: Person, visit: Visit) -> Response[bytes]:
    """Take today along: what is due, whom to call, and the forms for what is new."""
    load = Load(
        id="today", title=i18n.tell(Said(N_("Today")), visit.language), address="/", pages=_always(session, person)
    )
    for delivery in _due(session, person):
        one = _of_delivery(session, delivery, person, visit.language)
        load.add(one)
        if _can_begin(session, delivery, person):
            load.unbegun.append(Piece(one.title, one.address))
    for home in visit_reach.visible_to(session, person).mine(until=now().astimezone(person.zone).date()):
        _begin_visit(session, home, person)
        session.flush()
        load.add(_of_visit(session, home, person, visit.language))
    if person.may(Right.WORK):
        jobs = tasks.visible_to(session, person)
        load.pages += [f"/my-jobs/{job.id}" for job in (*jobs.mine(), *jobs.nobodys())]
    if person.may(Right.MAKE_CONTACTS):
        owed = contacts.visible_to(session, person).owed(until=_midnight(person))
        load.pages += [f"/contacts/{contact.id}" for contact in owed if contact.prospect is None]
        if person.may(Right.KEEP_PROSPECTS):
            theirs = [f"/prospects/{contact.prospect.number}" for contact in owed if contact.prospect is not None]
            load.pages += [page for one in theirs for page in (one, f"{one}/follow-ups/new")]
    return _told(load)


@get("/aboard", opt=SIGNED_IN, sync_to_thread=False)
def aboard(page: Page) -> Html:
    """What is on this device, as of when, and how much room there is; the device itself fills it in."""
    return page("outbox/aboard.html")


def _always(session: Session, person: Person) -> list[str]:
    rooms = {
        "/customers": Right.SEE_CUSTOMERS, "/customers/new": Right.KEEP_CUSTOMERS, "/deliveries": Right.SEE_DELIVERIES,
        "/pdi": Right.INSPECT, "/my-jobs": Right.WORK, "/contacts": Right.MAKE_CONTACTS,
        "/prospects": Right.SEE_PROSPECTS, "/prospects/new": Right.KEEP_PROSPECTS, "/visits": Right.GO_ON_VISITS,
    }  # fmt: skip
    blanks = [f"/customers/{NOBODY}", f"/customers/{NOBODY}/cars/new"] if person.may(Right.KEEP_CUSTOMERS) else []
    blanks += ["/test-drives", f"/test-drives/{NOBODY}"] if person.may(Right.BOOK_DRIVES) else []
    if person.may(Right.KEEP_PROSPECTS):
        blanks += ["/receptions", f"/receptions/{NOBODY}", *UnsentWalking(session, person).pages]
    return ["/", "/outbox", "/aboard", *(address for address, right in rooms.items() if person.may(right)), *blanks]


def _midnight(person: Person) -> datetime:
    tomorrow = now().astimezone(person.zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), person.zone)


def _due(session: Session, person: Person) -> Sequence[Delivery]:
    if not person.may(Right.SEE_DELIVERIES):
        return ()
    return visible_to(session, person).open(until=_midnight(person), most=30)


def _can_begin(session: Session, delivery: Delivery, person: Person) -> bool:
    if delivery.state == deliveries.State.READY and person.may(Right.HAND_OVER):
        return True
    waits = delivery.state == deliveries.State.PLANNED and person.may(Right.INSPECT) and not person.may(Right.HAND_OVER)
    return waits and pdi.of(session, delivery).state == pdi.State.WAITING


def _begin(session: Session, delivery: Delivery, person: Person) -> None:
    if not _can_begin(session, delivery, person):
        return
    if delivery.state == deliveries.State.READY:
        handover.start(session, delivery, by=person)
    else:
        pdi.start(session, pdi.of(session, delivery), by=person)


def _of_delivery(session: Session, delivery: Delivery, person: Person, language: str) -> Load:
    sees = person.may(Right.SEE_CUSTOMERS)
    address = f"/deliveries/{delivery.number}"
    title = f"{delivery.customer.name} · " if sees else ""
    load = Load(
        id=str(delivery.id), title=title + i18n.say(delivery.model.name, language), address=address,
        lane=delivery.id, pages=[address], files=[], ways={},
    )  # fmt: skip
    if delivery.handover_id is not None and sees:
        _carry(load, DeliveryWalking(session, person, delivery, HANDOVER))
    if person.may(Right.INSPECT) and pdi.of(session, delivery).run_id is not None:
        _carry(load, DeliveryWalking(session, person, delivery, PDI))
    if sees:
        load.pages.append(f"/customers/{delivery.customer_id}")
    return load


def _begin_visit(session: Session, home: HomeVisit, person: Person) -> None:
    """Its list is begun with it, so that it is there to be filled."""
    if home.is_live and not home.is_draft and person.may(Right.GO_ON_VISITS):
        visit_before.begin_list(session, home, by=person)


def _of_visit(session: Session, home: HomeVisit, person: Person, language: str) -> Load:
    address = f"/visits/{home.id}"
    load = Load(
        id=str(home.id), title=f"{home.customer.name} · {i18n.say(home.car.model, language)}", address=address,
        lane=home.id, pages=[address, *visit_pages(session, person, home), f"/visits/route/{home.day.isoformat()}"],
    )  # fmt: skip
    if home.run_id is not None:
        _carry(load, VisitWalking(session, person, home))
    if not person.may(Right.SEE_CUSTOMERS):  # what a customer drew is not theirs to see
        load.files = [one for one in load.files if not one.startswith("/signatures/")]
    load.pages += [f"/contacts/{contact.id}" for contact in visit_calls.owed_by(session, home, person)]
    if person.may(Right.SEE_CUSTOMERS):
        load.pages.append(f"/customers/{home.customer_id}")
    return load


def _carry(load: Load, walking: Walking) -> None:
    load.pages += [place for step in walking.steps if (place := walking.address(step)) not in load.pages]
    load.ways[walking.address()] = walking.where_one_was()
    for progress in {id(step.progress): step.progress for step in walking.steps}.values():
        load.files += [f"/files/{one.file_id}/small" for photos in progress.photos.values() for one in photos]
        load.files += [f"/signatures/{signature.id}" for signature in progress.signatures]


def _told(load: Load) -> Response[bytes]:
    headers = {"cache-control": "no-store"}
    return Response(msgspec.json.encode(load), media_type="application/json", headers=headers)


ALL = [take_delivery, take_visit, take_today, aboard]
