"""Trade-ins: the customer's old car written down and photographed beside it, and valued by a manager."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.catalogue import entries
from server.domain.customers import plates, vins
from server.domain.customers.cars import MOST_KM
from server.domain.deals import TradeIn, reach, trade_in_photos, trade_ins
from server.domain.deals.trade_ins import OLDEST, OldCar
from server.domain.people import Person, Right
from server.domain.people.staff import titles
from server.domain.refusals import Invalid, N_, Refusal
from server.domain.showroom import visible_to
from server.forms import Form, uuid_or_none
from server.visit import Visit, field, needs
from server.web import Html, Page


@get("/prospects/{prospect_number:str}/trade-ins/new", opt=needs(Right.SELL), sync_to_thread=True)
def new(prospect_number: str, session: Session, person: Person, page: Page) -> Html:
    """The form for an old car."""
    prospect = visible_to(session, person).one(prospect_number)
    return page("trade_ins/new.html", prospect=prospect, conditions=entries(session, person.store_id, CONDITIONS))


@post("/prospects/{prospect_number:str}/trade-ins", opt=field(Right.SELL), status_code=200, sync_to_thread=True)
def register(prospect_number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Write it down; the photos follow on its page."""
    prospect = visible_to(session, person).one(prospect_number)
    conditions = entries(session, person.store_id, CONDITIONS)
    try:
        year = form.whole("year", least=OLDEST, most=person.moment().astimezone(person.zone).year)
        mileage = form.whole("mileage_km", most=MOST_KM)
        car = OldCar(
            model=form.text("model", required=True, most=80), year=year or 0, mileage_km=mileage or 0,
            condition=form.choice("condition", {one.code for one in conditions}),
            plate=form.read("plate", plates.read, most=40), vin=form.read("vin", vins.read, most=40),
            expected=form.money("expected", required=False), note=form.text("note", most=500),
        )  # fmt: skip
        form.check()
        born = uuid_or_none(form.text("id", most=36))
        trade_in = trade_ins.register(session, prospect, car, by=person, id=born)
    except Refusal as wrong:
        return page.again("trade_ins/new.html", wrong, form, prospect=prospect, conditions=conditions)
    return page.go(f"/trade-ins/{trade_in.id}", N_("The old car is written down. Now the photos."))


@get("/trade-ins/{trade_in_id:uuid}", opt=needs(Right.SELL), sync_to_thread=True)
def show(trade_in_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """One old car: what is said of it, its photos, its value."""
    trade_in = reach.trade_ins(session, person).of_id(trade_in_id, TradeIn)
    return page("trade_ins/show.html", **_shown(session, trade_in))


@post("/trade-ins/{trade_in_id:uuid}/photos", opt=field(Right.SELL), status_code=200, sync_to_thread=True)
def photograph(trade_in_id: UUID, form: Form, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """Keep a picture of it."""
    trade_in = reach.trade_ins(session, person).of_id(trade_in_id, TradeIn)
    part = "trade_ins/_photos.html" if visit.htmx else "trade_ins/show.html"
    try:
        uploads = form.files("photo")
        if not uploads:
            raise Invalid.at("photo", N_("Choose or take a photo first."))
        original = form.text("original", most=64) or None
        for upload in uploads:
            trade_in_photos.add(session, trade_in, upload.file.read(), by=person, original=original)
    except Invalid as wrong:
        return page.again(part, wrong, form, **_shown(session, trade_in))
    return page(part, **_shown(session, trade_in)) if visit.htmx else page.go(f"/trade-ins/{trade_in_id}")


@post("/trade-ins/{trade_in_id:uuid}/valuation", opt=field(Right.APPROVE), status_code=200, sync_to_thread=True)
def value(trade_in_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """What the store pays for it."""
    trade_in = reach.trade_ins(session, person).of_id(trade_in_id, TradeIn)
    try:
        amount, note = form.money("amount"), form.text("note", most=300)
        form.check()
        assert amount is not None  # checked just above
        trade_ins.value(session, trade_in, by=person, amount=amount, note=note)
    except Refusal as wrong:
        return page.again("trade_ins/show.html", wrong, form, **_shown(session, trade_in))
    return page.go(f"/trade-ins/{trade_in_id}", N_("Valued; the consultant is told."))


@post("/trade-ins/{trade_in_id:uuid}/refusal", opt=needs(Right.SELL), status_code=200, sync_to_thread=True)
def decline(trade_in_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """It is not traded in."""
    trade_in = reach.trade_ins(session, person).of_id(trade_in_id, TradeIn)
    try:
        trade_ins.decline(session, trade_in, by=person, why=form.text("why", most=300))
    except Refusal as wrong:
        return page.again("trade_ins/show.html", wrong, form, **_shown(session, trade_in))
    return page.go(f"/prospects/{trade_in.prospect.number}/deal", N_("The old car is not traded in."))


CONDITIONS = "trade_in_condition"


def _shown(session: Session, trade_in: TradeIn) -> dict[str, Any]:
    words = {one.code: one.name for one in entries(session, trade_in.store_id, CONDITIONS)}
    return {
        "trade_in": trade_in, "photos": trade_in_photos.of(session, trade_in), "conditions": words,
        "staff": titles(session, trade_in.store_id),
    }  # fmt: skip


ALL = [new, register, show, photograph, value, decline]
