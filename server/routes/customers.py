"""Customers: finding one, recording one, correcting one."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.customers import AlreadyHere, Customer, change, find, likely, phones, register, visible_to
from server.domain.customers.customers import KINDS
from server.domain.customers.registration import LANGUAGES, Details
from server.domain.people import Person, Right
from server.domain.refusals import Invalid, N_, Refusal, Stale
from server.forms import Form
from server.routes import cars, customer_file
from server.visit import Visit, field, needs, uuid_or_none
from server.web import Html, Page


@get("/customers", opt=needs(Right.SEE_CUSTOMERS), sync_to_thread=True)
def index(session: Session, person: Person, visit: Visit, page: Page, q: str = "") -> Html:
    """The search; the newest files while nothing is looked for."""
    found = find(session, person, q)
    recent = () if q.strip() else visible_to(session, person).recent()
    template = "customers/_found.html" if visit.htmx else "customers/index.html"
    return page(template, q=q, found=found, recent=recent)


@get("/customers/new", opt=needs(Right.KEEP_CUSTOMERS), sync_to_thread=True)
def new(page: Page, name: str = "", phone: str = "") -> Html:
    """The form for somebody new; what was looked for in vain is filled in."""
    return page("customers/new.html", form={"name": name, "phone": phone}, **_told(None))


@get("/customers/likely", opt=needs(Right.KEEP_CUSTOMERS), sync_to_thread=True)
def known(session: Session, person: Person, page: Page, name: str = "", phone: str = "") -> Html:
    """Who is probably here already, told while the form is being filled in."""
    try:
        dialled = phones.read(phone)
    except Invalid:
        dialled = None
    found = likely(session, person.store_id, name=name, phone=dialled)
    return page("customers/_likely.html", likely=found, sure=any(one.sure for one in found))


@post("/customers", opt=field(Right.KEEP_CUSTOMERS), status_code=200, sync_to_thread=True)
def create(form: Form, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """Open a file, unless the customer has one."""
    try:
        born = uuid_or_none(form.text("id", most=36))  # a device without a network has named it already
        customer = register(session, by=person, id=born, even_so=form.yes("even_so"), **_typed(form))
    except Invalid as wrong:
        _forget_numbers(form, visit)
        return page.again("customers/new.html", wrong, form, **_told(wrong))
    return page.go(f"/customers/{customer.id}", N_("%(name)s is on file."), name=customer.name)


@get("/customers/{customer_id:uuid}/edit", opt=needs(Right.KEEP_CUSTOMERS), sync_to_thread=True)
def edit(customer_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """The form for corrections."""
    customer = visible_to(session, person).one(customer_id)
    return page("customers/edit.html", form=_kept(customer), customer=customer, **_told(None))


@post("/customers/{customer_id:uuid}/edit", opt=needs(Right.KEEP_CUSTOMERS), status_code=200, sync_to_thread=True)
def correct(customer_id: UUID, form: Form, session: Session, person: Person, visit: Visit, page: Page) -> Html:
    """Keep corrections; two people at once see both versions."""
    customer = visible_to(session, person).one(customer_id)
    try:
        version = form.whole("version") or 0
        form.check()
        change(session, customer, by=person, version=version, **_typed(form))
    except (Invalid, Stale) as wrong:
        _forget_numbers(form, visit)
        return page.again("customers/edit.html", wrong, form, customer=customer, **_told(wrong))
    return page.go(f"/customers/{customer.id}", N_("The corrections are kept."))


def _told(wrong: Refusal | None) -> dict[str, Any]:
    """What the form says besides its fields: the likely same ones, or the other version."""
    found = wrong.likely if isinstance(wrong, AlreadyHere) else ()
    stale = wrong if isinstance(wrong, Stale) else None
    return {"likely": found, "sure": any(one.sure for one in found), "stale": stale} | cars.WORDS


def _typed(form: Form) -> Details:
    """The fields as typed; the domain says what is wrong with them."""
    kind = form.choice("kind", KINDS, required=False) or "person"
    details: Details = {
        "name": form.text("name"), "phone": form.text("phone"), "kind": kind,
        "language": form.choice("language", LANGUAGES, required=False), "address": form.text("address"),
        "note": form.text("note"), "personal_number": form.text("personal_number", most=40),
    }  # fmt: skip
    form.check()
    return details


def _kept(customer: Customer) -> dict[str, str]:
    phone = (customer.phone or "").removeprefix(f"+{phones.HOME_CODE}")
    return {
        "name": customer.name, "phone": phone, "kind": customer.kind,
        "language": customer.language or "", "address": customer.address, "note": customer.note,
    }  # fmt: skip


def _forget_numbers(form: Form, visit: Visit) -> None:
    """A refusal that shows a personal number again leaves no receipt: it would lie there unsealed."""
    if form.values.get("personal_number"):
        visit.key = None


ALL = [index, new, known, create, edit, correct, *customer_file.ALL, *cars.ALL]
