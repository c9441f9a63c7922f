"""Cars that were given back these days, one that came back for the same fault, and one that waits to be settled."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.commands.demonstration.deliveries import People, tap_of
from server.commands.demonstration.repairs import Service
from server.database import now
from server.domain.catalogue.jobs import Job
from server.domain.checklists import Run, runs, taps
from server.domain.customers import Car, relations
from server.domain.people import Person
from server.domain.workshop import (
    PartState,
    RepairOrder,
    cashing,
    checking,
    intake,
    lines,
    next_service,
    parts_stock,
    returning,
    settling,
    tasks,
    working,
)
from server.domain.workshop.intake import Words
from server.domain.workshop.reworks import LEVELS

FADING, READY = "皖B1C55N", "皖B9R08K"
"""Whose brakes were done four days ago and squeal again; and who waits for the sums."""
GONE: list[dict[str, Any]] = [
    {
        "name": "潘志刚", "phone": "13855307741", "plate": FADING, "vin": "LVVDB11B5PD207719", "series": "瑞虎8 PRO",
        "sold": 2, "km": 38_120, "days": 4, "at": 9, "by": "chen", "kind": "repair", "jobs": ["R-PADF1"],
        "waits": True, "key": "A03", "words": ["刹车有尖叫声", "早上前几脚", "地库出口", "轻踩时"], "rating": 4,
    },
    {
        "name": "邹丽华", "phone": "13965309015", "plate": "皖B6H72J", "vin": "LVVDC21B7ND119903",
        "series": "瑞虎7 PLUS", "sold": 3, "km": 61_004, "days": 3, "at": 10, "by": "xu", "kind": "maintenance",
        "jobs": ["M-B", "M-WIPER"], "waits": True, "key": "B01", "words": ["六万公里保养", "", "", ""], "rating": 5,
    },
    {
        "name": "沈国庆", "phone": "13605537718", "plate": "皖B0T19E", "vin": "LVVDB11B0RD450339", "series": "瑞虎9",
        "sold": 1, "km": 17_560, "days": 2, "at": 14, "by": "chen", "kind": "warranty", "jobs": ["T-RADIO"],
        "waits": False, "key": "A09", "words": ["导航有时不发声", "接电话以后", "", ""], "rating": 5,
    },
]  # fmt: skip
WAITING: dict[str, Any] = {
    "name": "方晓燕", "phone": "13955301126", "plate": READY, "vin": "LVVDB12BXMD330927", "series": "艾瑞泽8",
    "sold": 4, "km": 82_340, "minutes": 170, "by": "chen", "kind": "maintenance", "jobs": ["M-B"], "waits": True,
    "key": "A18", "words": ["做个小保养，雨刮有点响", "", "", ""],
}  # fmt: skip


def give_back(session: Session, people: People) -> None:
    """By the verbs of the house, in the order of time."""
    back = Return(session, people)
    for described in GONE:
        back.visit(described)
    back.get_ready(back.sign(WAITING), wash=False)
    back.come_again(GONE[0])


class Return:
    """One car after the other, each step some minutes after the one before."""

    def __init__(self, session: Session, people: People) -> None:
        self.session, self.people, self.service = session, people, Service(session, people)

    def visit(self, described: dict[str, Any]) -> None:
        """From the door to the gate, days ago."""
        day = self.service.here.date() - timedelta(days=described["days"])
        came = datetime.combine(day, time(described["at"]), self.service.here.tzinfo)
        minutes = round((self.service.here - came).total_seconds() / 60)
        order = self.sign(described | {"minutes": minutes})
        self.get_ready(order, wash=True)
        self.leave(order, described["rating"])

    def sign(self, described: dict[str, Any]) -> RepairOrder:
        """Received, written and signed."""
        order = self.service.write(described)
        self.service.sign(order, described)
        return order

    def get_ready(self, order: RepairOrder, *, wash: bool) -> None:
        """Worked on by Zhou, looked at by three, and washed."""
        assert order.ordered_at is not None  # it was signed
        order.wash, at = wash, order.ordered_at + timedelta(minutes=10)
        with clock.at(at):
            for part in intake.lines_of(self.session, order)[1]:
                if part.state == PartState.RESERVED:
                    parts_stock.issue(self.session, part, by=self.people["pei"])
        for place, job in enumerate(tasks.whole(self.session, order.id)[order.id].jobs):
            with clock.at(at + timedelta(minutes=20 * place)):
                working.clock_on(self.session, job, by=self.people["zhou"])
            with clock.at(at + timedelta(minutes=20 * place + 18)):
                working.finish(self.session, job, by=self.people["zhou"])
        for minutes, level, name in zip((45, 50, 55), LEVELS, ("zhou", "wu", "qin"), strict=True):
            with clock.at(at + timedelta(minutes=minutes)):
                self._check(order, level, self.people[name])
        if wash:
            with clock.at(at + timedelta(minutes=60)):
                checking.start_wash(self.session, order, by=self.people["zhou"])
            with clock.at(at + timedelta(minutes=75)):
                checking.end_wash(self.session, order, by=self.people["zhou"])

    def leave(self, order: RepairOrder, rating: int) -> None:
        """Settled, paid, shown, signed and out of the gate."""
        assert order.ready_at is not None  # it was washed
        by = self.people[order.advisor.name]
        with clock.at(order.ready_at + timedelta(minutes=15)):
            settling.issue(self.session, order, by=by)
            if (owed := cashing.owed(self.session, order)) > 0:
                cashing.take(self.session, order, by=by, method="wechat", amount=owed)
            due = next_service.propose(self.session, order, by.zone)
            returning.set_next(self.session, order, due.on, due.km, by=by)
            self._walk(order, by)
            returning.sign(self.session, order, by=by, name=order.sender.name, ink=None)
            returning.rate(self.session, order, rating, by=by)
            returning.leave(self.session, order, by=by)
            self.session.flush()  # who comes next finds it gone

    def come_again(self, described: dict[str, Any]) -> None:
        """The same car, the same words: proposed as a comeback, and nobody has said yet."""
        session, by = self.session, self.people[described["by"]]
        car = session.scalars(select(Car).where(Car.store_id == by.store_id, Car.plate == described["plate"])).one()
        owner = relations.owner_of(session, car)
        assert owner is not None  # they brought it days ago
        with clock.at(now() - timedelta(minutes=25)):
            order = intake.open_order(session, by=by, customer=owner, car=car)
            intake.note_down(session, order, by=by, km=described["km"] + 210, key_number="A21")
            intake.write_words(session, order, [Words("刹车还是有尖叫声", "今天早上又响")], by=by)
            job = session.scalars(
                select(Job).where(Job.store_id == by.store_id, Job.code == described["jobs"][0])
            ).one()
            lines.add_job(session, order, job, by=by)

    def _check(self, order: RepairOrder, level: str, by: Person) -> None:
        self.session.flush()  # what was answered is read back
        checks = checking.Checks(self.session, order)
        for question in checks.missing(level):
            if question.kind != "signature":
                taps.answer(self.session, checks.run, question.id, tap_of(question), by=by)
        self.session.flush()  # it is signed over what was answered
        checking.sign(self.session, order, level, by=by, name=by.title["zh"], ink=None)
        self.session.flush()  # the next one reads who signed

    def _walk(self, order: RepairOrder, by: Person) -> None:
        self.session.flush()  # what the house answered is read back
        run = self.session.get_one(Run, order.return_run_id)
        standing = runs.progress(self.session, run)
        for question in standing.sheet.questions():
            if question.kind != "signature" and standing.is_open(question):
                taps.answer(self.session, run, question.id, tap_of(question), by=by)
        self.session.flush()  # it is signed over what was answered
