"""The small pieces of a visit: what was topped up, what was said, which models were shown, how well it went.

Each is written by one device alone and only ever added, so that a team joins without losing anything.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words, now, uuid7
from server.domain.care.presences import require_at_the_door
from server.domain.care.visits import HomeVisit, tell
from server.domain.catalogue import CarModel
from server.domain.people import Person, Staff
from server.domain.refusals import Invalid, N_, NotThere, Said

FLUIDS: dict[str, Words] = {
    "oil": {"zh": "机油", "en": "Oil"},
    "coolant": {"zh": "防冻液", "en": "Antifreeze"},
    "washer": {"zh": "玻璃水", "en": "Washer fluid"},
}
USE, WISH, COMPLAINT, PRAISE = "use", "wish", "complaint", "praise"
TALKS: dict[str, Words] = {
    USE: {"zh": "用车情况", "en": "Using the car"},
    WISH: {"zh": "需求与愿望", "en": "A wish"},
    COMPLAINT: {"zh": "抱怨投诉", "en": "A complaint"},
    PRAISE: {"zh": "表扬", "en": "Praise"},
}
INTERESTS: dict[str, Words] = {
    "much": {"zh": "很感兴趣", "en": "Very interested"},
    "some": {"zh": "有点兴趣", "en": "Somewhat"},
    "none": {"zh": "暂无兴趣", "en": "Not now"},
}
MOST_MILLILITRES = 10_000
LONGEST = 500
BEST = 5


class TopUp(OfStore, Base):
    """So many millilitres of something, put in on the spot."""

    __tablename__ = "visit_top_ups"
    __table_args__ = (Index("ix_visit_top_ups_visit", "store_id", "visit_id"), CheckConstraint("amount > 0", "amount"))

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits.id"))
    fluid: Mapped[str]
    amount: Mapped[int]
    """Millilitres."""
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]

    @property
    def fluid_name(self) -> Words:
        """What was put in."""
        return FLUIDS[self.fluid]


class Talk(OfStore, Base):
    """Something that the family said, in their words."""

    __tablename__ = "visit_talks"
    __table_args__ = (Index("ix_visit_talks_visit", "store_id", "visit_id"),)

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits.id"))
    kind: Mapped[str]
    words: Mapped[str]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]

    by: Mapped[Staff] = relationship(lazy="joined")

    @property
    def kind_name(self) -> Words:
        """What it is about."""
        return TALKS[self.kind]


class ShownModel(OfStore, Base):
    """A model that was shown, and how it was taken; the newest answer for a model counts."""

    __tablename__ = "visit_models"
    __table_args__ = (Index("ix_visit_models_visit", "store_id", "visit_id"),)

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits.id"))
    model_id: Mapped[UUID] = mapped_column(ForeignKey("car_models.id"))
    interest: Mapped[str]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]

    model: Mapped[CarModel] = relationship(lazy="joined")

    @property
    def interest_name(self) -> Words:
        """How it was taken."""
        return INTERESTS[self.interest]


class Effect(OfStore, Versioned, Base):
    """How well one of the team thinks that it went, 1 to 5."""

    __tablename__ = "visit_effects"
    __table_args__ = (UniqueConstraint("visit_id", "staff_id"), CheckConstraint("score BETWEEN 1 AND 5", "score"))

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    score: Mapped[int]
    words: Mapped[str]
    at: Mapped[datetime]


Piece = TypeVar("Piece", TopUp, Talk, ShownModel)


def top_up(session: Session, visit: HomeVisit, *, by: Person, fluid: str, amount: int, id: UUID | None = None) -> TopUp:
    """Raises Invalid at `fluid` or `amount`, WrongMove."""
    if known := _known(session, TopUp, visit, id):
        return known
    require_at_the_door(visit, by)
    errors: dict[str, Said] = {}
    if fluid not in FLUIDS:
        errors["fluid"] = Said(N_("Choose one of the offered."))
    if not 0 < amount <= MOST_MILLILITRES:
        errors["amount"] = Said(N_("Between %(least)s and %(most)s."), least=1, most=MOST_MILLILITRES)
    if errors:
        raise Invalid(errors)
    row = TopUp(id=id or uuid7(), store_id=visit.store_id, visit_id=visit.id, fluid=fluid, amount=amount, **_who(by))
    tell(session, "visit.topped_up", visit, by=by, fluid=fluid, amount=amount)
    return _added(session, row)


def say(session: Session, visit: HomeVisit, *, by: Person, kind: str, words: str, id: UUID | None = None) -> Talk:
    """What they said. A complaint starts here: whoever answers for it is told. Raises Invalid, WrongMove."""
    if known := _known(session, Talk, visit, id):
        return known
    require_at_the_door(visit, by)
    errors: dict[str, Said] = {}
    if kind not in TALKS:
        errors["kind"] = Said(N_("Choose one of the offered."))
    if not words:
        errors["words"] = Said(N_("Please fill this in."))
    if errors:
        raise Invalid(errors)
    talk = _added(session, Talk(
        id=id or uuid7(), store_id=visit.store_id, visit_id=visit.id, kind=kind, words=words[:LONGEST], **_who(by),
    ))  # fmt: skip
    tell(session, "visit.complained" if kind == COMPLAINT else "visit.talked", visit, by=by, kind=kind)
    return talk


def show(
    session: Session, visit: HomeVisit, model: CarModel, *, by: Person, interest: str, id: UUID | None = None
) -> ShownModel:  # fmt: skip
    """A model was shown from its card. Raises Invalid at `interest`, WrongMove."""
    if known := _known(session, ShownModel, visit, id):
        return known
    require_at_the_door(visit, by)
    if interest not in INTERESTS:
        raise Invalid.at("interest", N_("Choose one of the offered."))
    shown = _added(session, ShownModel(
        id=id or uuid7(), store_id=visit.store_id, visit_id=visit.id, model_id=model.id, interest=interest, **_who(by),
    ))  # fmt: skip
    tell(session, "visit.model_shown", visit, by=by, interest=interest)
    return shown


def rate(session: Session, visit: HomeVisit, *, by: Person, score: int, words: str) -> Effect:
    """One of the team says how it went; said again it is put right. Raises Invalid at `score`, WrongMove."""
    require_at_the_door(visit, by)
    if not 1 <= score <= BEST:
        raise Invalid.at("score", N_("Choose one of the offered."))
    effect = next((one for one in effects(session, visit) if one.staff_id == by.id), None)
    if effect is None:
        effect = Effect(id=uuid7(), store_id=visit.store_id, version=0, visit_id=visit.id, staff_id=by.id)
        session.add(effect)
    effect.score, effect.words, effect.at = score, words[:LONGEST], min(by.moment(), now())
    effect.version += 1
    session.flush()  # the page reads it back
    tell(session, "visit.rated", visit, by=by, score=score)
    return effect


def top_ups(session: Session, visit: HomeVisit) -> Sequence[TopUp]:
    """In the order in which they were put in."""
    return _all(session, TopUp, visit)


def talks(session: Session, visit: HomeVisit) -> Sequence[Talk]:
    """In the order in which they were said."""
    return _all(session, Talk, visit)


def shown(session: Session, visit: HomeVisit) -> dict[UUID, ShownModel]:
    """By model, how it was taken in the end."""
    return {one.model_id: one for one in _all(session, ShownModel, visit)}


def effects(session: Session, visit: HomeVisit) -> Sequence[Effect]:
    """What each of the team said."""
    query = select(Effect).where(Effect.store_id == visit.store_id, Effect.visit_id == visit.id)
    return session.scalars(query.order_by(Effect.at, Effect.id)).all()


def _known(session: Session, table: type[Piece], visit: HomeVisit, id: UUID | None) -> Piece | None:
    """What a device has told already. Raises NotThere for one of another visit."""
    row = session.get(table, id) if id else None
    if row is not None and row.visit_id != visit.id:
        raise NotThere
    return row


def _added(session: Session, row: Piece) -> Piece:
    session.add(row)
    session.flush()  # the page reads it back
    return row


def _who(by: Person) -> dict[str, Any]:
    return {"by_id": by.id, "at": min(by.moment(), now())}


def _all(session: Session, table: type[Piece], visit: HomeVisit) -> Sequence[Piece]:
    query = select(table).where(table.store_id == visit.store_id, table.visit_id == visit.id)
    return session.scalars(query.order_by(table.at, table.id)).unique().all()
