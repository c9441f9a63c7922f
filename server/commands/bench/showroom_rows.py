"""The showroom of a measured house: two years of prospects with what became of them, always the same for a number."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.bench.pouring import pour
from server.database import now
from server.domain.care import Contact
from server.domain.catalogue import CarModel, DemoCar
from server.domain.deals import Order, Quotation
from server.domain.people import Staff, Store
from server.domain.showroom import Prospect, Reception, TestDrive
from server.domain.showroom.grading import GradeChange, Scale
from server.domain.showroom.needs import Needs

DAYS = 730
"""Since when they were registered, evenly."""
SOURCES = ("walk_in", "online", "call_in", "referral")
STATES = ("open",) * 10 + ("lost",) * 7 + ("delivered",) * 2 + ("ordered",)
"""Of twenty in turn; of the open ones every third lies in the pool."""
AHEAD, BEHIND = 119, 1
"""By so many days to come, or past, the open ones mean to buy."""
LATE, EARLY = 4, 36
"""The next contacts lie between so many days ago and so many ahead."""


class Showroom:
    """Writes the prospects of a house of `count` customers, and the steps that they took."""

    def __init__(self, session: Session, lin: Staff, count: int) -> None:
        self.session, self.store_id, self.count = session, lin.store_id, count
        people = select(Staff).where(Staff.store_id == lin.store_id, Staff.name.in_(("lin", "fang")))
        self.consultants = [staff.id for staff in session.scalars(people.order_by(Staff.name.desc()))]
        self.models = session.scalars(select(CarModel.id).where(CarModel.store_id == lin.store_id)).all()
        self.car = session.scalars(select(DemoCar.id).where(DemoCar.store_id == lin.store_id).limit(1)).one()
        self.at = now().replace(microsecond=0)
        self.today = self.at.astimezone(session.get_one(Store, lin.store_id).zone).date()
        # As the last night left them: the next one has to move those whose day came nearer since.
        scale = Scale(session, lin.store_id, self.today - timedelta(days=1))
        days = [self.today + timedelta(days=ahead) for ahead in range(-BEHIND, AHEAD + 1)]
        self.grades = {day: scale.grade_for(day) for day in days}

    def fill(self, customers: list[tuple[int, UUID]]) -> None:
        """Some more, by number and identity."""
        some = [Case(self, nth, id) for nth, id in customers]
        pour(self.session, Prospect, [one.prospect() for one in some])
        pour(self.session, Contact, [one.contact() for one in some if one.is_owed])
        pour(self.session, GradeChange, [one.grade_change() for one in some])
        pour(self.session, Reception, [one.reception() for one in some if one.nth % 5 < 3])
        pour(self.session, Needs, [one.needs() for one in some if one.nth % 5 < 2])
        pour(self.session, TestDrive, [one.drive() for one in some if one.nth % 4 == 0])
        pour(self.session, Quotation, [one.quotation() for one in some if one.is_won or one.nth % 5 == 0])
        pour(self.session, Order, [one.order() for one in some if one.is_won])


class Case:
    """One prospect by number; whatever happened to it has its identity."""

    def __init__(self, showroom: Showroom, nth: int, id: UUID) -> None:
        self.showroom, self.nth, self.id = showroom, nth, id
        self.state = STATES[nth % len(STATES)]
        self.is_won = self.state in ("ordered", "delivered")
        self.begun = showroom.at - timedelta(seconds=DAYS * 86_400 * (showroom.count - nth) // showroom.count)
        self.whose = showroom.consultants[nth // len(STATES) % len(showroom.consultants)]
        self.model = showroom.models[nth % len(showroom.models)]
        self.expected = showroom.today + timedelta(days=nth * 7 % (AHEAD + BEHIND + 1) - BEHIND)
        self.ended = None if self.state == "open" else min(self.begun + timedelta(days=nth % 30 + 1), showroom.at)

    @property
    def is_owed(self) -> bool:
        """Whether somebody looks after them and speaks to them next."""
        return self.state == "open" and self.nth % 3 > 0

    @property
    def next_at(self) -> datetime:
        """When they are spoken to next."""
        ahead = timedelta(days=self.nth * 11 % (LATE + EARLY) - LATE, seconds=self.nth % 36_000)
        return self.showroom.at + ahead

    def prospect(self) -> dict[str, Any]:
        """The card itself."""
        return self._row() | {
            "version": 1, "number": f"QK-20260101-{self.nth:06d}", "state": self.state, "customer_id": self.id,
            "consultant_id": self.whose if self.is_owed or self.ended else None, "consultant_since": self.begun,
            "grade": self.showroom.grades[self.expected], "first_grade": "C", "expected_on": self.expected,
            "source": SOURCES[self.nth % len(SOURCES)], "sub_source": "", "model_id": self.model, "competitors": [],
            "wish": "", "quiet": False, "next_contact_at": self.next_at, "next_method": "phone",
            "overdue_times": 0, "created_at": self.begun, "ended_at": self.ended,
        }  # fmt: skip

    def contact(self) -> dict[str, Any]:
        """The call that is owed to them."""
        return self._of_it() | {
            "version": 1, "kind": "follow_up", "state": "owed", "customer_id": self.id, "owed_by": self.whose,
            "due_at": self.next_at, "tries": 0, "note": "", "created_at": self.begun, "reminded_at": self.begun,
        }  # fmt: skip

    def grade_change(self) -> dict[str, Any]:
        """With which it began."""
        return self._of_it() | {"before": "", "after": "C", "why": "typed", "at": self.begun, "by_id": self.whose}

    def reception(self) -> dict[str, Any]:
        """They came in, and left after half an hour."""
        return self._of_it() | {
            "version": 1, "state": "left", "consultant_id": self.whose, "customer_id": self.id,
            "arrived_at": self.begun, "left_at": self.begun + timedelta(minutes=30), "party": 2, "purpose": "look",
            "source": "walk_in", "is_first": True, "agreed": True, "story": "",
        }  # fmt: skip

    def needs(self) -> dict[str, Any]:
        """They were asked."""
        asked = self.begun + timedelta(minutes=20)
        return self._of_it() | {"answers": {}, "begun_at": asked, "changed_at": asked, "changed_by": self.whose}

    def drive(self) -> dict[str, Any]:
        """They drove on the next day."""
        out = self.begun + timedelta(days=1)
        return self._of_it() | {
            "version": 1, "number": f"SJ-20260101-{self.nth:06d}", "state": "evaluated", "kind": "drive",
            "customer_id": self.id, "consultant_id": self.whose, "car_id": self.showroom.car, "route": "city",
            "starts_at": out, "ends_at": out + timedelta(minutes=30), "licence_class": "C1", "out_at": out,
            "back_at": out + timedelta(minutes=25), "photos_gone_at": out + timedelta(days=30), "damage": "",
            "marks": {}, "impressions": [], "helped": "", "opinion": "", "why": "", "created_at": self.begun,
        }  # fmt: skip

    def quotation(self) -> dict[str, Any]:
        """They were quoted on the second day."""
        made = self.begun + timedelta(days=2)
        return self._sold() | {
            "number": f"BJ-20260101-{self.nth:06d}", "revision": 1, "state": "accepted" if self.is_won else "expired",
            "guide": 10_000_000, "given": 0, "digest": "", "finance": {}, "note": "",
            "until": made.date() + timedelta(days=7), "created_at": made, "ended_at": made + timedelta(days=1),
        }  # fmt: skip

    def order(self) -> dict[str, Any]:
        """They ordered when the prospect ended."""
        return self._sold() | {
            "number": f"DD-20260101-{self.nth:06d}", "state": "delivered" if self.state == "delivered" else "placed",
            "quotation_id": self.id, "refundable": 0, "cancel_reason": "", "cancel_note": "",
            "placed_at": self.ended, "ended_at": None,
        }  # fmt: skip

    def _sold(self) -> dict[str, Any]:
        return self._of_it() | {
            "version": 1, "customer_id": self.id, "consultant_id": self.whose, "model_id": self.model,
            "colour": "white", "total": 10_000_000,
        }  # fmt: skip

    def _of_it(self) -> dict[str, Any]:
        return self._row() | {"prospect_id": self.id}

    def _row(self) -> dict[str, Any]:
        return {"id": self.id, "store_id": self.showroom.store_id}
