"""What the types of a row's columns cannot tell: whether it fits to the other rows, and makes sense by itself."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.admin import service_rows
from server.admin.tables import rooms
from server.database import Base
from server.domain.catalogue.bays import Bay
from server.domain.catalogue.jobs import Job
from server.domain.catalogue.parts import Part
from server.domain.checklists.templates import DRAFT, Item, Section, Template
from server.domain.people import Person, Role, Staff
from server.domain.refusals import Invalid, N_, NotThere, WrongMove

Payload = Mapping[str, Any]
OF_KINDS: dict[type[Any], Callable[[Session, Any, Payload, Person], None]] = {
    Job: service_rows.check_job, Part: service_rows.check_part, Bay: service_rows.check_bay,
}  # fmt: skip


def mine(session: Session, kind: type[Base], row_id: UUID, by: Person) -> Any:
    """A row of one's own store. Raises NotThere."""
    row = session.get(kind, row_id, with_for_update=True)
    store_id = getattr(row, "id" if kind.__tablename__ == "stores" else "store_id", None)
    if row is None or store_id != by.store_id:
        raise NotThere
    return row


def check(session: Session, row: Any, changed: Payload, by: Person) -> None:
    """What the types cannot tell."""
    table: sa.Table = row.__table__
    for name, value in changed.items():
        for key in table.columns[name].foreign_keys:
            target = rooms().get(key.column.table.name)
            if value is not None and target is not None:
                _pointed(session, target, value, name, by)
    if isinstance(row, Template | Section | Item):
        _drafted(session, row, changed)
    if isinstance(row, Staff):
        _still_administered(row, changed, by)
    if type(row) in OF_KINDS:
        OF_KINDS[type(row)](session, row, changed, by)
    ends, begins = (changed.get(name, getattr(row, name, None)) for name in ("valid_to", "valid_from"))
    if ends is not None and begins is not None and ends < begins:
        raise Invalid.at("valid_to", N_("It cannot end before it begins."))


def _pointed(session: Session, target: type[Base], value: UUID, name: str, by: Person) -> None:
    try:
        mine(session, target, value, by)
    except NotThere:
        raise Invalid.at(name, N_("Choose one of the offered.")) from None


def _drafted(session: Session, row: Template | Section | Item, changed: Payload) -> None:
    template = row if isinstance(row, Template) else session.get_one(Template, row.template_id)
    if template.state != DRAFT:
        raise WrongMove(N_("This version is published and does not change. Start a new draft from it."))
    section_id = changed.get("section_id", getattr(row, "section_id", None))
    if section_id is not None and session.get_one(Section, section_id).template_id != template.id:
        raise Invalid.at("section_id", N_("Choose a section of the same checklist."))


def _still_administered(row: Staff, changed: Payload, by: Person) -> None:
    roles, active = changed.get("roles", row.roles), changed.get("active", row.active)
    if row.id == by.id and not (active and Role.ADMIN in roles):
        raise WrongMove(N_("You cannot take administration from yourself. Let another administrator do it."))
