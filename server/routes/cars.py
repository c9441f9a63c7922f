"""The file of a car: who was what to it, and everything that happened to it."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.customers import Car, cars, file, relations, timeline
from server.domain.people import Person, Right
from server.domain.records import consents
from server.domain.refusals import Invalid, N_, Stale
from server.forms import Form
from server.visit import needs
from server.web import Html, Page

WORDS: dict[str, Any] = {
    "field_names": timeline.FIELDS,
    "relation_kinds": relations.KINDS,
    "purposes": consents.PURPOSES,
}


@get("/cars/{car_id:uuid}", opt=needs(Right.SEE_CUSTOMERS), sync_to_thread=True)
def show(car_id: UUID, session: Session, person: Person, page: Page, before: int | None = None) -> Html:
    """The car, its people and its timeline."""
    car = cars.visible_to(session, person).one(car_id)
    return page("customers/car.html", car=car, file=file.of_car(session, car, before), **WORDS)


@get("/cars/{car_id:uuid}/edit", opt=needs(Right.KEEP_CUSTOMERS), sync_to_thread=True)
def edit(car_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """The form for corrections: the plate comes after the car."""
    car = cars.visible_to(session, person).one(car_id)
    return page("customers/edit_car.html", form=_kept(car), car=car, stale=None, **WORDS)


@post("/cars/{car_id:uuid}/edit", opt=needs(Right.KEEP_CUSTOMERS), status_code=200, sync_to_thread=True)
def correct(car_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Keep corrections; two people at once see both versions."""
    car = cars.visible_to(session, person).one(car_id)
    try:
        version = form.whole("version") or 0
        details: cars.CarDetails = {
            "vin": form.text("vin"), "plate": form.text("plate"), "engine_no": form.text("engine_no"),
            "odometer_km": form.whole("odometer_km", most=cars.MOST_KM, required=False),
        }  # fmt: skip
        form.check()
        cars.change(session, car, by=person, version=version, **details)
    except (Invalid, Stale) as wrong:
        stale = wrong if isinstance(wrong, Stale) else None
        return page.again("customers/edit_car.html", wrong, form, car=car, stale=stale, **WORDS)
    return page.go(f"/cars/{car.id}", N_("The corrections are kept."))


@post("/relations/{relation_id:uuid}/ending", opt=needs(Right.KEEP_CUSTOMERS), status_code=200, sync_to_thread=True)
def end_relation(relation_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """From now on the customer has nothing to do with the car; that they had stays."""
    relation = relations.one_visible_to(session, person, relation_id)
    relations.end(session, relation, by=person)
    return page.go(f"/cars/{relation.car_id}", N_("Ended. It stays in the car's history."))


def _kept(car: Car) -> dict[str, Any]:
    km = car.odometer_km
    return {
        "vin": car.vin or "",
        "plate": car.plate or "",
        "engine_no": car.engine_no,
        "odometer_km": "" if km is None else km,
    }


ALL = [show, edit, correct, end_relation]
