"""Checklists as data: bilingual, with versions; a published version is frozen and its runs keep it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Numeric, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Words, now, uuid7
from server.domain.records import Actor, record
from server.domain.refusals import Invalid, N_, NotThere, WrongMove

DRAFT, PUBLISHED = "draft", "published"
KINDS = ("tick", "rag", "number", "choice", "text", "photo", "signature")


class Template(OfStore, Base):
    """One version of a checklist."""

    __tablename__ = "checklist_templates"
    __table_args__ = (UniqueConstraint("store_id", "code", "version"),)

    code: Mapped[str]
    version: Mapped[int]
    title: Mapped[Words]
    state: Mapped[str] = mapped_column(default=DRAFT)
    published_at: Mapped[datetime | None]


class Section(OfStore, Base):
    """A part of a checklist that is walked, and perhaps signed, in one go."""

    __tablename__ = "checklist_sections"

    template_id: Mapped[UUID] = mapped_column(ForeignKey("checklist_templates.id"), index=True)
    position: Mapped[int]
    code: Mapped[str]
    title: Mapped[Words]
    customer_signs: Mapped[bool] = mapped_column(default=False)


class Item(OfStore, Base):
    """One thing to look at. `answered_by` names what answers it without a tap (`pdi`, `training`)."""

    __tablename__ = "checklist_items"

    template_id: Mapped[UUID] = mapped_column(ForeignKey("checklist_templates.id"), index=True)
    section_id: Mapped[UUID] = mapped_column(ForeignKey("checklist_sections.id"))
    position: Mapped[int]
    code: Mapped[str]
    kind: Mapped[str]
    text: Mapped[Words]
    help: Mapped[Words | None]
    blocking: Mapped[bool] = mapped_column(default=False)
    safety: Mapped[bool] = mapped_column(default=False)
    photo_needed: Mapped[bool] = mapped_column(default=False)
    applies: Mapped[str] = mapped_column(default="any")
    """`any`, `ice` (with an engine) or `nev` (with a plug)."""
    unit: Mapped[Words | None]
    minimum: Mapped[float | None] = mapped_column(Numeric(12, 3, asdecimal=False))
    maximum: Mapped[float | None] = mapped_column(Numeric(12, 3, asdecimal=False))
    decimals: Mapped[int | None]
    choices: Mapped[list[Any] | None]
    answered_by: Mapped[str | None]


class CannedNote(OfStore, Base):
    """A remark made ready; choosing it sets the severity. Nearest wins: item, then list, then all."""

    __tablename__ = "canned_notes"

    list_code: Mapped[str | None]
    item_code: Mapped[str | None]
    severity: Mapped[str]
    text: Mapped[Words]


def enter(session: Session, store_id: UUID, described: dict[str, Any], *, version: int = 1) -> Template:
    """Write a described checklist (shape: `seed/*.json`) as a draft."""
    template = Template(
        id=uuid7(), store_id=store_id, code=described["code"], version=version, title=described["title"], state=DRAFT
    )
    session.add(template)
    session.flush()  # sections point at it
    for at, part in enumerate(described["sections"], 1):
        section = Section(
            id=uuid7(), store_id=store_id, template_id=template.id, position=at, code=part["code"],
            title=part["title"], customer_signs=part["customer_signs"],
        )  # fmt: skip
        session.add(section)
        session.flush()  # items point at it
        session.add_all(_item(section, place, one) for place, one in enumerate(part["items"], 1))
    return template


def _item(section: Section, position: int, one: dict[str, Any]) -> Item:
    number: dict[str, Any] = one.get("number") or {}
    return Item(
        store_id=section.store_id, template_id=section.template_id, section_id=section.id, position=position,
        code=one["code"], kind=one["kind"], text={"zh": one["zh"], "en": one["en"]}, help=one.get("help"),
        blocking=one["blocking"], safety=one["safety"], photo_needed=one["photo_needed"], applies=one["applies"],
        unit=number.get("unit"), minimum=number.get("minimum"), maximum=number.get("maximum"),
        decimals=number.get("decimals"), choices=one.get("choices"), answered_by=one.get("answered_by"),
    )  # fmt: skip


def publish(session: Session, template: Template, *, by: Actor) -> Template:
    """From now on new runs use this version; nothing in it changes any more."""
    if template.state != DRAFT:
        raise WrongMove(N_("This version is published already."))
    kinds = set(session.scalars(select(Item.kind).where(Item.template_id == template.id)))
    if not kinds or not kinds <= set(KINDS):
        raise Invalid.at("template", N_("A checklist needs items, each of a known kind."))
    template.state, template.published_at = PUBLISHED, now()
    record(session, "checklist.published", template, by=by, code=template.code, version=template.version)
    return template


def draft_from(session: Session, template: Template, *, by: Actor) -> Template:
    """A copy to work on, as the next version."""
    if session.scalar(_versions(template).where(Template.state == DRAFT)):
        raise WrongMove(N_("There is a draft of this checklist already."))
    last = session.scalar(
        select(func.max(Template.version)).where(Template.store_id == template.store_id, Template.code == template.code)
    )
    draft = enter(session, template.store_id, _described(session, template), version=(last or 0) + 1)
    record(session, "checklist.drafted", draft, by=by, code=draft.code, version=draft.version)
    return draft


def in_force(session: Session, store_id: UUID, code: str) -> Template:
    """The newest published version of a store's checklist. Raises NotThere."""
    query = select(Template).where(Template.store_id == store_id, Template.code == code, Template.state == PUBLISHED)
    template = session.scalar(query.order_by(Template.version.desc()).limit(1))
    if template is None:
        raise NotThere
    return template


def _versions(template: Template) -> Any:
    return select(Template.id).where(Template.store_id == template.store_id, Template.code == template.code)


def _described(session: Session, template: Template) -> dict[str, Any]:
    sections = session.scalars(
        select(Section).where(Section.template_id == template.id).order_by(Section.position)
    ).all()
    items = session.scalars(select(Item).where(Item.template_id == template.id).order_by(Item.position)).all()
    return {
        "code": template.code,
        "title": template.title,
        "sections": [
            {
                "code": section.code, "title": section.title, "customer_signs": section.customer_signs,
                "items": [_described_item(item) for item in items if item.section_id == section.id],
            }
            for section in sections
        ],
    }  # fmt: skip


def _described_item(item: Item) -> dict[str, Any]:
    number = {"unit": item.unit, "minimum": item.minimum, "maximum": item.maximum, "decimals": item.decimals}
    plain = ("code", "kind", "help", "blocking", "safety", "photo_needed", "applies", "choices", "answered_by")
    return {name: getattr(item, name) for name in plain} | item.text | {"number": number if item.unit else None}
