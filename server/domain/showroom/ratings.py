"""Ratings: how keen customer and consultant were at each of the seven steps of a sale, with one tap each."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Words, uuid7
from server.domain.people import Person, Right
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotAllowed
from server.domain.showroom.prospects import Prospect, tell

CUSTOMER, CONSULTANT = "customer", "consultant"
WHO = (CUSTOMER, CONSULTANT)
LEAST, MOST = 1, 5
SCORES: dict[int, Words] = {
    1: {"zh": "没感觉", "en": "Left cold"},
    2: {"zh": "一般", "en": "Lukewarm"},
    3: {"zh": "还不错", "en": "Pleased"},
    4: {"zh": "很高兴", "en": "Delighted"},
    5: {"zh": "非常兴奋", "en": "Thrilled"},
}


class Step(msgspec.Struct, frozen=True):
    """One of the seven; `short` is its name where there is little room."""

    code: str
    name: Words
    short: Words


PREPARATION, RECEPTION, NEEDS, PRESENTATION, DRIVE, CLOSING, DELIVERY = (
    "preparation", "reception", "needs", "presentation", "drive", "closing", "delivery",
)  # fmt: skip
STEPS: dict[str, Step] = {
    step.code: step
    for step in (
        Step(PREPARATION, {"zh": "售前准备", "en": "Preparation"}, {"zh": "准备", "en": "Prep"}),
        Step(RECEPTION, {"zh": "顾客接待", "en": "Reception"}, {"zh": "接待", "en": "Meet"}),
        Step(NEEDS, {"zh": "需求分析", "en": "Needs"}, {"zh": "需求", "en": "Needs"}),
        Step(PRESENTATION, {"zh": "产品介绍", "en": "Presentation of the car"}, {"zh": "介绍", "en": "Show"}),
        Step(DRIVE, {"zh": "试乘试驾", "en": "Test drive"}, {"zh": "试驾", "en": "Drive"}),
        Step(CLOSING, {"zh": "议价成交", "en": "Closing the deal"}, {"zh": "成交", "en": "Close"}),
        Step(DELIVERY, {"zh": "新车交付", "en": "Delivery"}, {"zh": "交车", "en": "Deliver"}),
    )
}
"""In the order of the sale (domain §3.2)."""


class StepRating(OfStore, Base):
    """What one of the two said of one step, from 1 (left cold) to 5 (thrilled); the newest tap counts."""

    __tablename__ = "step_ratings"
    __table_args__ = (
        UniqueConstraint("store_id", "prospect_id", "step", "who"),
        # The curve is summed from the index alone.
        Index("ix_step_ratings_rated", "store_id", "rated_at", "consultant_id", "step", "who", "score"),
    )

    prospect_id: Mapped[UUID] = mapped_column(ForeignKey("prospects.id"))
    step: Mapped[str]
    who: Mapped[str]
    score: Mapped[int]
    consultant_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    """Who looked after the customer at that step, whoever does so later."""
    rated_at: Mapped[datetime]


Rated = Mapping[tuple[str, str], int]
"""The scores of one prospect by step and by who said so."""


def may_rate(prospect: Prospect, by: Person) -> bool:
    """Whoever looks after the customer takes it down, or a manager."""
    if not by.may(Right.KEEP_PROSPECTS):
        return False
    return prospect.consultant_id == by.id or by.may(Right.HAND_OVER_PROSPECTS)


def rate(session: Session, prospect: Prospect, step: str, who: str, score: int, *, by: Person) -> None:
    """One tap. A tap that arrives late does not undo a later one. Raises Invalid at `score`, NotAllowed."""
    if not may_rate(prospect, by):
        raise NotAllowed
    if step not in STEPS or who not in WHO or not LEAST <= score <= MOST:
        raise Invalid.at("score", N_("Choose one of the offered."))
    take_turn(session, by.store_id)  # two devices that tap at once would both find nothing
    query = select(StepRating).where(StepRating.store_id == prospect.store_id, StepRating.prospect_id == prospect.id)
    kept = session.scalar(query.where(StepRating.step == step, StepRating.who == who))
    if kept is not None and kept.rated_at > by.moment():
        return
    if kept is None:
        kept = StepRating(id=uuid7(), store_id=prospect.store_id, prospect_id=prospect.id, step=step, who=who)
        session.add(kept)
    kept.score, kept.rated_at, kept.consultant_id = score, by.moment(), prospect.consultant_id or by.id
    session.flush()  # the page reads it back
    tell(session, "prospect.step_rated", prospect, by=by, step=step, who=who, score=score)


def of(session: Session, prospect: Prospect) -> dict[tuple[str, str], int]:
    """What was tapped so far."""
    query = select(StepRating).where(StepRating.store_id == prospect.store_id, StepRating.prospect_id == prospect.id)
    return {(one.step, one.who): one.score for one in session.scalars(query)}
