"""Forms of the admin for what is not a row to edit: they call the verbs of the house."""

from collections.abc import Callable
from typing import Any

from anyio.to_thread import run_sync
from piccolo_admin.endpoints import FormConfig
from pydantic import BaseModel, create_model
from pydantic import Field as PydanticField
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from starlette.requests import Request

from server import i18n
from server.admin.wording import in_words, of_the_database
from server.database import Database, now, uuid7
from server.domain.checklists import templates
from server.domain.people import Person, Role, Staff, sign_in
from server.domain.people.staff import seal
from server.domain.records import record
from server.domain.refusals import Invalid, N_, NotThere, Refusal, Said
from server.forms import Form

SHORTEST_PASSWORD = 10
Verb = Callable[[Session, Form, Person], None]

CODE = N_("Code of the checklist, such as C05")
NAME = N_("Sign-in name")
PASSWORD = N_("Password, at least 10 letters")


def publish_checklist(session: Session, form: Form, by: Person) -> None:
    """The draft of a checklist becomes the version in force."""
    code = form.text("code", required=True, most=40)
    form.check()
    drafts = select(templates.Template).where(
        templates.Template.store_id == by.store_id, templates.Template.code == code,
        templates.Template.state == templates.DRAFT,
    )  # fmt: skip
    draft = session.scalar(drafts)
    if draft is None:
        raise Invalid.at("code", N_("There is no draft of this checklist."))
    templates.publish(session, draft, by=by)


def draft_checklist(session: Session, form: Form, by: Person) -> None:
    """A copy of the version in force, to work on."""
    code = form.text("code", required=True, most=40)
    form.check()
    templates.draft_from(session, templates.in_force(session, by.store_id, code), by=by)


def set_password(session: Session, form: Form, by: Person) -> None:
    """A new password for somebody; whoever is signed in by the old one is signed out."""
    staff = _colleague(session, form, by)
    staff.password_hash = seal(_password(form))
    opened = update(sign_in.SignIn).where(sign_in.SignIn.staff_id == staff.id, sign_in.SignIn.ended_at.is_(None))
    session.execute(opened.values(ended_at=now()))
    record(session, "person.password_set", staff, by=by)


def set_pin(session: Session, form: Form, by: Person) -> None:
    """A new PIN for somebody."""
    sign_in.set_pin(session, _colleague(session, form, by), form.text("pin", most=20), by=by)


def add_person(session: Session, form: Form, by: Person) -> None:
    """Somebody new in the store."""
    name = form.text("name", required=True, most=80).lower()
    title = {"zh": form.text("title_zh", required=True, most=80), "en": form.text("title_en", required=True, most=80)}
    roles = [role.strip() for role in form.text("roles", required=True).split(",") if role.strip()]
    if any(role not in list(Role) for role in roles):
        form.wrong("roles", N_("Give at least one of: %(roles)s."), roles=", ".join(Role))
    if session.scalar(select(Staff.id).where(Staff.name == name)) is not None:
        form.wrong("name", N_("This name is taken."))
    password = _password(form)
    staff = Staff(
        id=uuid7(), store_id=by.store_id, name=name, title=title, roles=roles, password_hash=seal(password),
        pin_hash=None, language=form.choice("language", i18n.LANGUAGES), phone=form.text("phone", most=40) or None,
    )  # fmt: skip
    form.check()
    session.add(staff)
    session.flush()  # the event points at it
    record(session, "person.added", staff, by=by, name=name, roles=roles)


def _colleague(session: Session, form: Form, by: Person) -> Staff:
    name = form.text("name", required=True, most=80).lower()
    form.check()
    staff = session.scalar(select(Staff).where(Staff.store_id == by.store_id, Staff.name == name))
    if staff is None:
        raise NotThere
    return staff


def _password(form: Form) -> str:
    password = str(form.values.get("password") or "")
    if not SHORTEST_PASSWORD <= len(password) <= 200:
        form.wrong("password", N_("A password has at least 10 letters."))
    form.check()
    return password


CHECKLISTS, PEOPLE = N_("Checklists"), N_("People")
FORMS: tuple[tuple[str, str, str, dict[str, str], Verb, str], ...] = (
    ("draft", CHECKLISTS, N_("Start a new draft"), {"code": CODE}, draft_checklist,
     N_("A draft of the version in force is ready to be edited.")),
    ("publish", CHECKLISTS, N_("Publish a draft"), {"code": CODE}, publish_checklist,
     N_("The draft is published; new runs use it from now on.")),
    ("person", PEOPLE, N_("Add a person"),
     {"name": NAME, "title_zh": N_("Name in Chinese"), "title_en": N_("Name in English"),
      "roles": N_("Roles, with commas between them"), "language": N_("Language: zh or en"),
      "phone": N_("Phone"), "password": PASSWORD}, add_person, N_("The person can sign in now.")),
    ("password", PEOPLE, N_("Set a password"), {"name": NAME, "password": PASSWORD}, set_password,
     N_("The new password counts from now on.")),
    ("pin", PEOPLE, N_("Set a PIN"), {"name": NAME, "pin": N_("Six digits")}, set_pin,
     N_("The new PIN counts from now on.")),
)  # fmt: skip
"""Slug, group, name, fields with their labels, the verb, and what is said when it is done."""


def forms(database: Database, language: str) -> list[FormConfig]:
    """The guarded forms in one language."""

    def say(word: str) -> str:
        return i18n.tell(Said(word), language)

    made: list[FormConfig] = []
    for slug, group, name, fields, verb, done in FORMS:
        described: dict[str, Any] = {
            field: (str | None, PydanticField(None, title=say(label))) for field, label in fields.items()
        }
        shape = create_model(slug, **described)
        form = FormConfig(say(name), shape, _endpoint(database, verb, language, say(done)), form_group=say(group))
        form.slug = slug  # the address does not change with the language
        made.append(form)
    return made


def _endpoint(database: Database, verb: Verb, language: str, done: str) -> Callable[[Request, BaseModel], Any]:
    def work(typed: dict[str, Any], by: Person) -> None:
        with database.work(by.store_id) as session:
            verb(session, Form({name: value or "" for name, value in typed.items()}, {}, {}), by)

    async def endpoint(request: Request, typed: BaseModel) -> str:
        try:
            await run_sync(work, typed.model_dump(), request.state.person)
        except Refusal as refusal:
            raise ValueError(in_words(refusal, language)) from refusal  # Piccolo shows it above the form
        except DBAPIError as fault:
            raise ValueError(in_words(of_the_database(fault), language)) from fault
        return done

    return endpoint
