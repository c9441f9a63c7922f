"""What happened at the demonstration's store lately, and what is before it today and tomorrow."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock, deliveries
from server.commands.demonstration.customers import Known
from server.commands.demonstration.deliveries import People
from server.database import Words, now
from server.domain.care import contacts, making
from server.domain.care.contacts import Contact
from server.domain.catalogue import entries
from server.domain.customers import Car, Customer
from server.domain.delivery import Delivery

WEEK_AGO, LATELY, TODAY, TOMORROW, READY = "徐丽华", "吴晓东", "赵敏", "周婷", "黄磊"
NOISE = "路试 60 km/h 左前有异响，待拆检左前悬架"


def live_through(session: Session, people: People, known: Known) -> None:
    """In the order of time, so that the record of events is a true one."""
    Week(session, people, known).live()


class Week:
    """Days counted from today on the store's own calendar."""

    def __init__(self, session: Session, people: People, known: Known) -> None:
        self.session = session
        self.people = people
        self.known = known
        self.here = now().astimezone(people["lin"].zone)
        self.place: Words = entries(session, people["lin"].store_id, "place")[0].name

    def live(self) -> None:
        """From nine days ago until tomorrow."""
        first = self._planned(WEEK_AGO, self._on(-9, 11), self._on(-7, 15))
        self._inspected(first, self._on(-8, 14))
        self._handed_over(first, self._on(-7, 15))
        self._called("lin", self._on(-7, 18, 20), "客户满意，车内氛围灯会用了。")
        second = self._planned(LATELY, self._on(-5, 10), self._on(-3, 15))
        self._inspected(second, self._on(-4, 9))
        self._called("he", self._on(-4, 10, 15), "一切正常，提醒了首保时间。")
        self._handed_over(second, self._on(-3, 15))
        later, ready, tomorrow = (
            self._planned(TODAY, self._on(-1, 9), self._soon(hours=3)),
            self._planned(READY, self._on(-1, 9, 30), self._soon(hours=1)),
            self._planned(TOMORROW, self._on(-1, 10), self._on(1, 10)),
        )
        assert later.is_locked
        self._inspected(ready, self._on(-1, 14))
        self._inspected(tomorrow, self._on(-1, 16), fault=NOISE)

    def _on(self, days: int, hour: int, minute: int = 0) -> datetime:
        day = self.here.date() + timedelta(days=days)
        return datetime.combine(day, time(hour, minute), self.here.tzinfo)

    def _soon(self, *, hours: int) -> datetime:
        """A half hour that is still today, however late it is."""
        wished = self.here.replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
        return min(wished, self._on(0, 23, 30))

    def _planned(self, name: str, when: datetime, for_: datetime) -> Delivery:
        customer, car = self._of(name)
        with clock.at(when):
            return deliveries.plan(self.session, self.people, customer, car, for_, self.place)

    def _inspected(self, delivery: Delivery, when: datetime, fault: str | None = None) -> None:
        with clock.at(when):
            deliveries.inspect(self.session, self.people, delivery, fault=fault)

    def _handed_over(self, delivery: Delivery, when: datetime) -> None:
        with clock.at(when):
            deliveries.hand_over(self.session, self.people, delivery)

    def _called(self, who: str, when: datetime, said: str) -> None:
        """The call that has been owed the longest."""
        by = self.people[who]
        query = select(Contact).where(Contact.owed_by == by.id, Contact.state == contacts.State.OWED)
        query = query.where(Contact.prospect_id.is_(None))
        with clock.at(when):
            owed = self.session.scalars(query.order_by(Contact.due_at).limit(1)).one()
            making.make(self.session, owed, by=by, outcome=contacts.REACHED, note=said)

    def _of(self, name: str) -> tuple[Customer, Car]:
        customer, cars = self.known[name]
        return customer, cars[-1]
