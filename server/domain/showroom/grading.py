"""The grade of a prospect: it follows from the day by which they mean to buy, and moves as that day comes near."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Words
from server.domain.catalogue import Grade, grades, today, value_of
from server.domain.people import Person
from server.domain.records.events import Clock
from server.domain.refusals import Invalid, N_

if TYPE_CHECKING:
    from server.domain.showroom.prospects import Prospect

TYPED, AGED, FOLLOWED_UP, DRIVEN, ORDER, AGAIN = "typed", "aged", "follow_up", "drive", "order", "again"
ASKED, LISTED = "needs", "import"
REASONS: dict[str, Words] = {
    TYPED: {"zh": "建档", "en": "Recorded"},
    AGED: {"zh": "随时间自动调整", "en": "Moved by the date"},
    FOLLOWED_UP: {"zh": "跟进后调整", "en": "After a follow-up"},
    DRIVEN: {"zh": "试驾后调整", "en": "After a test drive"},
    ASKED: {"zh": "需求分析后调整", "en": "After the needs were asked for"},
    LISTED: {"zh": "导入补充", "en": "Known from a list that was brought in"},
    ORDER: {"zh": "退订", "en": "Order cancelled"},
    AGAIN: {"zh": "战败后再次登记", "en": "Came again after being lost"},
}
FURTHEST = timedelta(days=730)


class GradeChange(OfStore, Base):
    """One move of a grade, kept for good. `by_id` is empty when the calendar moved it."""

    __tablename__ = "grade_changes"
    __table_args__ = (
        Index("ix_grade_changes_prospect", "store_id", "prospect_id", "at"),
        Index("ix_grade_changes_at", "store_id", "at"),
    )

    prospect_id: Mapped[UUID] = mapped_column(ForeignKey("prospects.id"))
    before: Mapped[str]
    """Empty for the first grade."""
    after: Mapped[str]
    why: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))

    @property
    def reason(self) -> Words:
        """Why it moved."""
        return REASONS[self.why]


def grade_for(session: Session, store_id: UUID, expected_on: date | None, day: date | None = None) -> str:
    """The grade of somebody who means to buy on that day, as the store's table has it (domain: days to go).

    Without a day it is the new one's grade; once the day has passed, the one that the store asks anew with.
    """
    on = day or today(session, store_id)
    return Scale(session, store_id, on).grade_for(expected_on)


class Scale:
    """The store's table and rules of one day, read once."""

    def __init__(self, session: Session, store_id: UUID, day: date) -> None:
        self.day = day
        self.rules = rules_of(session, store_id, day)
        self.table = windows(session, store_id, day)
        self.codes = {self.rules["new"], *(grade.code for grade in self.table)}

    def grade_for(self, expected_on: date | None) -> str:
        """The grade that follows from the day by which somebody means to buy."""
        if expected_on is None or expected_on < self.day:
            return self.rules["new" if expected_on is None else "passed"]
        to_go = (expected_on - self.day).days
        return next((grade.code for grade in self.table if to_go <= grade.window_days), self.table[-1].code)

    def last_day(self, code: str) -> date | None:
        """The latest day to buy on that this grade stands for; none for the new one's."""
        days = next((grade.window_days for grade in self.table if grade.code == code), None)
        return None if days is None else self.day + timedelta(days=days)


def windows(session: Session, store_id: UUID, day: date | None = None) -> list[Grade]:
    """The grades that a day decides, the nearest first."""
    on = day or today(session, store_id)
    rules = rules_of(session, store_id, on)
    dated = [grade for grade in grades(session, store_id, on) if grade.code != rules["new"]]
    return sorted(dated, key=lambda grade: grade.window_days)


def last_day(session: Session, store_id: UUID, code: str, day: date) -> date:
    """The latest day to buy on that this grade stands for."""
    window = next(grade.window_days for grade in grades(session, store_id, day) if grade.code == code)
    return day + timedelta(days=window)


def rules_of(session: Session, store_id: UUID, day: date | None = None) -> dict[str, str]:
    """Which grade the new, those whose day passed, who cancelled an order and who come again have: by these words."""
    return value_of(session, store_id, "grade_rules", day)


def refuse_day(by: Person, expected_on: date | None) -> None:
    """Raises Invalid at `expected_on` for a day that was not to come when they were asked."""
    asked = by.moment().astimezone(by.zone).date()
    if expected_on is not None and expected_on < asked:
        raise Invalid.at("expected_on", N_("This day has passed. By when do they mean to buy?"))
    if expected_on is not None and expected_on > asked + FURTHEST:
        raise Invalid.at("expected_on", N_("This is more than two years away. Look at the year once more."))


def keep(
    session: Session, prospect: "Prospect", before: str, why: str, *, at: datetime, by: Person | Clock
) -> GradeChange:
    """Write down that the grade moved to what it is now."""
    change = GradeChange(
        store_id=prospect.store_id, prospect_id=prospect.id, before=before, after=prospect.grade, why=why, at=at,
        by_id=by.id,
    )  # fmt: skip
    session.add(change)
    return change


def regrade(
    session: Session, prospect: "Prospect", expected_on: date | None, why: str, *, by: Person
) -> GradeChange | None:
    """Another day to buy by, and the grade that follows from it; the change, when there is one."""
    asked = by.moment().astimezone(by.zone).date()
    before = prospect.grade
    prospect.expected_on = expected_on
    prospect.grade = grade_for(session, prospect.store_id, expected_on, asked)
    return None if prospect.grade == before else keep(session, prospect, before, why, at=by.moment(), by=by)
