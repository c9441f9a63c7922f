"""Home visits: the list, the calendar of a month, and the page of one with everything before it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import visit_before, visit_calls, visit_changing, visit_gifts, visit_holds
from server.domain.care.calling_hours import CallingHours
from server.domain.care.contacts import NOT_REACHED
from server.domain.care.making import make, tries_of
from server.domain.care.visit_candidates import said
from server.domain.care.visit_reach import visible_to
from server.domain.care.visit_teams import teams
from server.domain.care.visits import HomeVisit
from server.domain.care.visits import State as VisitState
from server.domain.catalogue import words_of
from server.domain.customers import Customer, cars, customers
from server.domain.people import Person, Right
from server.domain.people.staff import titles
from server.domain.refusals import Invalid, N_, NotThere, Refusal, Stale, WrongMove
from server.forms import Form, uuid_or_none
from server.outbox import NOBODY
from server.routes import visit_settings
from server.routes.places import beside
from server.routes.visit_lists import Asked, listed, month_after, month_before, month_of, weeks_of
from server.routes.visit_settings import ROLES
from server.visit import field, needs
from server.web import Html, Page

Ask = Request[Any, Any, State]
SEES, DOES, PLANS = needs(Right.GO_ON_VISITS), field(Right.GO_ON_VISITS), needs(Right.PLAN_VISITS)


@get("/visits", opt=SEES, sync_to_thread=True)
def index(request: Ask, session: Session, person: Person, page: Page) -> Html:
    """What is to come, what is to be closed, what is over."""
    asked = Asked(request.query_params, person)
    found = listed(visible_to(session, person).page(asked.show, asked.mine, asked.place))
    return page(
        "visits/index.html", asked=asked, listed=found, at=now(), today=now().astimezone(person.zone).date()
    )  # fmt: skip


@get("/visits/calendar", opt=SEES, sync_to_thread=True)
def calendar(session: Session, person: Person, page: Page, month: str = "") -> Html:
    """A month at a glance."""
    today = now().astimezone(person.zone).date()
    try:
        first = month_of(month) if month else today.replace(day=1)
    except NotThere:
        first = today.replace(day=1)
    weeks = weeks_of(first)
    visits = visible_to(session, person).between(weeks[0][0], weeks[-1][-1])
    by_day: dict[Any, list[HomeVisit]] = {}
    for visit in visits:
        by_day.setdefault(visit.day, []).append(visit)
    return page(
        "visits/calendar.html", month=first, weeks=weeks, by_day=by_day, today=today, earlier=month_before(first),
        later=month_after(first),
    )  # fmt: skip


@get("/visits/new", opt=PLANS, sync_to_thread=True)
def new(session: Session, person: Person, page: Page, customer: str = "", car: str = "") -> Html:
    """A visit outside the plan of a month."""
    if not customer:
        return page.go("/customers", N_("Choose the customer first."))
    whom = _whom(session, person, customer)
    return page("visits/new.html", **_blank(session, person, whom, car))


@post("/visits", opt=PLANS, status_code=200, sync_to_thread=True)
def add(form: Form, session: Session, person: Person, page: Page) -> Html:
    """Put in one visit."""
    whom = _whom(session, person, form.text("customer", required=True, most=36))
    try:
        of_car = form.ident("car")
        day = form.day("day", required=True)
        offered = {str(team.id): team for team in teams(session, person.store_id)}
        team = form.choice("team", offered, required=False)
        form.check()
        assert of_car is not None
        assert day is not None
        car = cars.visible_to(session, person).one(of_car)
        visit = visit_changing.add(session, whom, car, day, by=person, team=offered.get(team))
    except Refusal as wrong:
        return page.again("visits/new.html", wrong, form, **_blank(session, person, whom, ""))
    return page.go(f"/visits/{visit.id}", N_("Visit %(number)s is planned. Call to book it."), number=visit.number)


@get("/visits/{visit_id:uuid}", opt=SEES, sync_to_thread=True)
def show(request: Ask, visit_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """One visit: what is agreed, who goes, what lies in the car, and what comes next."""
    if visit_id == NOBODY:
        raise NotThere
    visit = visible_to(session, person).one(visit_id)
    return page("visits/show.html", **_shown(request, session, person, visit))


@post("/visits/{visit_id:uuid}/booking", opt=DOES, status_code=200, sync_to_thread=True)
def book(request: Ask, visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """They have agreed on a time."""
    visit = visible_to(session, person).one(visit_id)
    try:
        form.values["starts_at"] = f"{form.values.get('day', '')}T{form.values.get('clock', '')}"
        starts_at = form.moment("starts_at", person.zone)
        address, note = form.text("address", most=200), form.text("note", most=500)
        form.check()
        assert starts_at is not None
        with session.begin_nested():  # what clashes is shown beside what stands
            visit_before.book(session, visit, starts_at, by=person, address=address, note=note)
    except Refusal as wrong:
        return page.again("visits/show.html", wrong, form, **_shown(request, session, person, visit))
    return page.go(f"/visits/{visit_id}", N_("Kept."))


@post("/visits/{visit_id:uuid}/confirmation", opt=DOES, status_code=200, sync_to_thread=True)
def confirm(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Called once more: it stands."""
    visit = visible_to(session, person).one(visit_id)
    visit_before.confirm(session, visit, by=person, note=form.text("note", most=500))
    return page.go(f"/visits/{visit_id}", N_("Kept."))


@post("/visits/{visit_id:uuid}/tries", opt=DOES, status_code=200, sync_to_thread=True)
def not_reached(visit_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Nobody answered the call that is owed now."""
    visit = visible_to(session, person).one(visit_id)
    kind = _call_of(visit)
    call = visit_calls.owed(session, visit, kind) if kind else None
    if call is None:
        raise WrongMove(N_("No call is owed here now."))
    make(session, call, by=person, outcome=NOT_REACHED, note="")
    return page.go(f"/visits/{visit_id}", N_("Kept."))


@post("/visits/{visit_id:uuid}/equipment/{thing:str}", opt=DOES, status_code=200, sync_to_thread=True)
def pack(visit_id: UUID, thing: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """One thing lies in the car, or is taken out again."""
    visit = visible_to(session, person).one(visit_id)
    visit_before.pack(session, visit, thing, form.text("packed", most=3) != "no", by=person)
    return page.go(f"/visits/{visit_id}#equipment")


@post("/visits/{visit_id:uuid}/gifts/{gift_id:uuid}", opt=DOES, status_code=200, sync_to_thread=True)
def take_gift(
    request: Ask, visit_id: UUID, gift_id: UUID, form: Form, session: Session, person: Person, page: Page
) -> Html:
    """Presents go along, or what was not given comes back."""
    visit = visible_to(session, person).one(visit_id)
    try:
        if form.text("back", most=3):
            visit_gifts.bring_back(session, visit, gift_id, by=person)
        else:
            count = form.whole("count", least=1, most=visit_gifts.MOST)
            form.check()
            assert count is not None
            visit_gifts.take(session, visit, gift_id, count, by=person)
    except Refusal as wrong:
        return page.again("visits/show.html", wrong, form, **_shown(request, session, person, visit))
    return page.go(f"/visits/{visit_id}#gifts")


@post("/visits/{visit_id:uuid}/departure", opt=DOES, status_code=200, sync_to_thread=True)
def set_out(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """They leave; what is missing keeps them here."""
    visit = visible_to(session, person).one(visit_id)
    visit_before.set_out(session, visit, by=person, even_so=form.yes("today"))
    return page.go(f"/visits/{visit_id}/programme", N_("Drive safely."))


@post("/visits/{visit_id:uuid}/cancellation", opt=DOES, status_code=200, sync_to_thread=True)
def cancel(request: Ask, visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """It does not take place."""
    visit = visible_to(session, person).one(visit_id)
    try:
        why = form.text("why", most=300)
        form.check()
        visit_changing.cancel(session, visit, by=person, why=why)
    except Refusal as wrong:
        return page.again("visits/show.html", wrong, form, **_shown(request, session, person, visit))
    return page.go("/visits", N_("The visit is cancelled; its people and cars are free again."))


@get("/visits/{visit_id:uuid}/setting", opt=PLANS, sync_to_thread=True)
def edit(visit_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Day, time, people and cars."""
    visit = visible_to(session, person).one(visit_id)
    return page("visits/setting.html", home=visit, **visit_settings.offered(session, person, visit))


@post("/visits/{visit_id:uuid}/setting", opt=PLANS, status_code=200, sync_to_thread=True)
def change(visit_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Arrange it anew."""
    visit = visible_to(session, person).one(visit_id)
    try:
        to = visit_settings.read(form, session, person, visit)
        version = form.whole("version") or 0
        with session.begin_nested():  # the same
            visit_changing.change(session, visit, to, by=person, version=version)
    except Refusal as wrong:
        stale = wrong if isinstance(wrong, Stale) else None
        told = {"home": visit, "stale": stale} | visit_settings.offered(session, person, visit)
        return page.again("visits/setting.html", wrong, form, **told)
    return page.go(f"/visits/{visit_id}", N_("The visit is arranged anew; whom it concerns is told."))


def _call_of(visit: HomeVisit) -> str | None:
    """Which of the two calls is owed in this state."""
    return {VisitState.PLANNED: visit_calls.BOOKING, VisitState.BOOKED: visit_calls.CONFIRMATION}.get(
        VisitState(visit.state)
    )


def _shown(request: Ask, session: Session, person: Person, visit: HomeVisit) -> dict[str, Any]:
    asked = Asked(request.query_params, person)
    kind = _call_of(visit)
    call = visit_calls.owed(session, visit, kind) if kind else None
    there = visit_before.packed_of(session, visit)
    before, after = visible_to(session, person).neighbours(visit, asked.show, asked.mine)
    return {
        "home": visit, "base": f"/visits/{visit.id}", "at": now(), "call": call, "kind": kind,
        "tries": tries_of(session, call) if call is not None else (),
        "hours": CallingHours(session, visit.store_id, [visit.customer_id]),
        "equipment": visit_before.equipment(session, visit), "packed": there,
        "missing": visit_before.why_not(session, visit) if visit.is_movable else (),
        "gifts": visit_gifts.in_stock(session, visit.store_id), "given": visit_gifts.of_visit(session, visit),
        "held": visit_holds.held(session, visit), "names": titles(session, visit.store_id),
        "roles": words_of(session, visit.store_id, ROLES)[ROLES], "reasons": [
            (said(reason), reason["points"]) for reason in visit.reasons
        ],
        "plans": person.may(Right.PLAN_VISITS), "here": asked.here,
        "may_cancel": person.may(Right.PLAN_VISITS) or person.id in visit.crew | {visit.leader_id},
        "today": now().astimezone(person.zone).date(),
        "tomorrow": (now() + timedelta(days=1)).astimezone(person.zone).date(),
        **beside(asked.record, (before, after)),
    }  # fmt: skip


def _whom(session: Session, person: Person, typed: str) -> Customer:
    known = uuid_or_none(typed)
    if known is None:
        raise Invalid.at("customer", N_("Choose the customer first."))
    return customers.visible_to(session, person).one(known)


def _blank(session: Session, person: Person, whom: Customer, car: str) -> dict[str, Any]:
    return {
        "customer": whom, "cars": visit_changing.cars_of(session, whom), "chosen": car,
        "teams": teams(session, person.store_id), "today": now().astimezone(person.zone).date(),
    }  # fmt: skip


ALL = [
    index, calendar, new, add, show, book, confirm, not_reached, pack, take_gift, set_out, cancel, edit, change,
]  # fmt: skip
