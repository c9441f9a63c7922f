"""The store's devices, for the administrator: what each is, what waits on it, and locking one out."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.people import Person, Right, device_access, devices
from server.domain.people.staff import titles
from server.domain.refusals import Invalid, N_
from server.forms import Form
from server.visit import needs
from server.web import Html, Page

ADMINISTER = needs(Right.ADMINISTER)


@get("/devices", opt=ADMINISTER, sync_to_thread=True)
def index(session: Session, person: Person, page: Page) -> Html:
    """Every device that somebody of the store has signed in on."""
    return page("people/devices.html", devices=devices.all_of(session, person), staff=titles(session, person.store_id))


@get("/devices/{device_id:uuid}", opt=ADMINISTER, sync_to_thread=True)
def show(device_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """One device, who is signed in on it, and in whose name it still delivers."""
    return page("people/device.html", **_all_about(session, device_id, person))


@post("/devices/{device_id:uuid}/name", opt=ADMINISTER, status_code=200, sync_to_thread=True)
def rename(device_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Call it by where it lies or whose it is; with nothing it goes by what it is."""
    try:
        name = form.text("name", most=40)
        form.check()
    except Invalid as wrong:
        return page.again("people/device.html", wrong, form, **_all_about(session, device_id, person))
    devices.rename(session, devices.one(session, device_id, person), name, by=person)
    return page.go(f"/devices/{device_id}", N_("The device has its name."))


@get("/devices/{device_id:uuid}/revocation", opt=ADMINISTER, sync_to_thread=True)
def before_revoking(device_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """What it means to lock it out, before it is done."""
    return page("people/device_revocation.html", device=devices.one(session, device_id, person))


@post("/devices/{device_id:uuid}/revocation", opt=ADMINISTER, status_code=200, sync_to_thread=True)
def revoke(device_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Lock it out; where work waits on it, that has to be said to be known."""
    device = devices.one(session, device_id, person)
    if device.waiting and not form.yes("known"):
        wrong = Invalid.at("known", N_("Say that you know what happens to the work that waits there."))
        return page.again("people/device_revocation.html", wrong, form, device=device)
    device_access.revoke(session, device, by=person)
    return page.go(f"/devices/{device_id}", N_("The device is locked out."))


def _all_about(session: Session, device_id: UUID, person: Person) -> dict[str, Any]:
    device = devices.one(session, device_id, person)
    return {
        "device": device, "staff": titles(session, person.store_id),
        "signed_in": device_access.signed_in(session, device), "delivering": device_access.delivering(session, device),
    }  # fmt: skip


ALL = [index, show, rename, before_revoking, revoke]
