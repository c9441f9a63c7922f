"""Who came into the demonstration's showroom, what they need, and which cars they drove."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock, pictures
from server.commands.demonstration.deliveries import People, tap_of
from server.commands.demonstration.stores import read, words
from server.database import now, uuid7
from server.domain.catalogue import CarModel, DemoCar
from server.domain.catalogue.competitors import CompetitorCard
from server.domain.checklists import Run, runs, taps
from server.domain.people import Person, Staff
from server.domain.showroom import Prospect, TestDrive, bookings, driving, meeting, needs, receptions
from server.domain.showroom.licences import Licence
from server.domain.showroom.prospects import State

ANSWERS: dict[str, dict[str, Any]] = {
    "use": {"purchase": "first", "use": "family", "user": "spouse"},
    "money": {"budget": "150-200", "payment": "loan"},
    "car": {"concerns": ["space", "safety"], "energy": "ice", "body": "suv", "seats": "7"},
    "notes": {"words": "二胎，周末带老人出去", "plan": "周末带家人来试第三排"},
}
RIVALS = ["哈弗 H6", "吉利星越L"]


def equip(session: Session, by: Person) -> None:
    """The demonstration cars, and what is to be known of other brands' cars."""
    catalogue, today = read("catalogue.json"), now().date()
    query = select(CarModel).where(CarModel.store_id == by.store_id)
    models = {model.series["zh"]: model for model in session.scalars(query)}
    for one in catalogue["demo_cars"]:
        later = {name: today + timedelta(days=90 + one[name]) for name in ("insured_days", "inspected_days")}
        session.add(
            DemoCar(
                id=uuid7(), store_id=by.store_id, plate=one["plate"], vin=one["vin"], model=models[one["series"]],
                automatic=one["automatic"], insured_until=later["insured_days"],
                inspected_until=later["inspected_days"], active=True,
            )
        )  # fmt: skip
    for one in catalogue["competitor_cards"]:
        said = {name: words(one[name]) for name in ("brand", "series", "strengths", "weaknesses", "answer")}
        against = models[one["against"]].id
        session.add(CompetitorCard(id=uuid7(), store_id=by.store_id, against_id=against, active=True, **said))
    session.flush()  # drives point at the cars


class Visits:
    """Of Lin's prospects some come in, some drive, one does not appear."""

    def __init__(self, session: Session, people: People) -> None:
        self.session, self.lin, self.fang = session, people["lin"], people["fang"]
        self.here = now().astimezone(self.lin.zone)
        self.prospects, self.of_fang = self._open_of(self.lin, 6), self._open_of(self.fang, 2)
        cars = select(DemoCar).where(DemoCar.store_id == self.lin.store_id, DemoCar.automatic)
        self.cars = session.scalars(cars.order_by(DemoCar.plate)).all()

    def live(self) -> None:
        """Yesterday's visits and drives, and what is booked from today on."""
        if len(self.prospects) < 6 or len(self.of_fang) < 2:
            return
        came, drove, missed, today, later, asked = self.prospects
        self._came(came, self._on(-1, 10), 42, "看了瑞虎8，带了宣传册。")
        self._came(drove, self._on(-1, 14), 75, "试驾后比较满意，回家商量。")
        self._drove(drove, self._on(-1, 14, 30), self.cars[0])
        self._booked(missed, self._on(-1, 16), self.cars[1], missed_at=self._on(-1, 16, 40))
        self._booked(today, self._on(0, 17), self.cars[0])
        self._booked(later, self._on(1, 10), self.cars[-1])
        self._asked(asked)
        self._under_way(*self.of_fang)

    def _open_of(self, person: Person, most: int) -> Sequence[Prospect]:
        query = select(Prospect).where(Prospect.store_id == person.store_id, Prospect.consultant_id == person.id)
        return self.session.scalars(query.where(Prospect.state == State.OPEN).order_by(Prospect.id).limit(most)).all()

    def _on(self, days: int, hour: int, minute: int = 0) -> datetime:
        day = self.here.date() + timedelta(days=days)
        return datetime.combine(day, time(hour, minute), self.here.tzinfo)

    def _came(self, prospect: Prospect, when: datetime, minutes: int, story: str) -> None:
        with clock.at(when):
            reception = receptions.begin(self.session, by=self.lin)
            receptions.answer_privacy(self.session, reception, True, by=self.lin)
            receptions.note_down(
                self.session, reception, by=self.lin, party=2, purpose="look", source="walk_in", is_first=None
            )
            meeting.meet(self.session, reception, prospect.customer, by=self.lin)
        with clock.at(when + timedelta(minutes=minutes)):
            meeting.see_off(self.session, reception, by=self.lin, story=story)

    def _booked(
        self, prospect: Prospect, when: datetime, car: DemoCar, missed_at: datetime | None = None, *,
        by: Person | None = None, route: str = "city", at_once: bool = False,
    ) -> TestDrive:  # fmt: skip
        by = by or self.lin
        with clock.at(when if at_once else min(when, self.here) - timedelta(hours=2)):
            drive = bookings.book(
                self.session, by=by, customer=prospect.customer, car=car,
                consultant=self.session.get_one(Staff, by.id), route=route, starts_at=when, minutes=30,
                prospect=prospect,
            )  # fmt: skip
        if missed_at is not None:
            with clock.at(missed_at):
                bookings.miss(self.session, drive, by=self.lin)
        return drive

    def _drove(self, prospect: Prospect, when: datetime, car: DemoCar) -> None:
        drive, by = self._booked(prospect, when, car), self.lin
        self._set_out(drive, when, by)
        customer = pictures.signature(prospect.customer.name)
        with clock.at(when + timedelta(minutes=25)):
            driving.come_back(self.session, drive, by=by, km=(drive.km_out or 0) + 7, energy=80)
            marks = dict.fromkeys(driving.ITEMS, "good") | {"comfort": "fair"}
            driving.evaluate(
                self.session, drive, by=by, marks=marks, impressions=["提速有劲", "车内安静", "第三排够用"],
                helped="much", opinion="", expected_on=when.date() + timedelta(days=6), name=prospect.customer.name,
                ink=customer,
            )  # fmt: skip

    def _under_way(self, back: Prospect, out: Prospect) -> None:
        """Fang has just come back with one, and somebody is on the road with her now; her route and cars are free."""
        by, lately = self.fang, self.here.replace(second=0, microsecond=0)
        drive = self._booked(back, lately - timedelta(minutes=75), self.cars[1], by=by, route="hill", at_once=True)
        self._set_out(drive, lately - timedelta(minutes=75), by)
        with clock.at(lately - timedelta(minutes=48)):
            driving.come_back(self.session, drive, by=by, km=(drive.km_out or 0) + 9, energy=71)
        drive = self._booked(out, lately - timedelta(minutes=12), self.cars[1], by=by, route="hill", at_once=True)
        self._set_out(drive, lately - timedelta(minutes=12), by)

    def _set_out(self, drive: TestDrive, when: datetime, by: Person) -> None:
        first, until = when.date() - timedelta(days=3000), when.date() + timedelta(days=700)
        with clock.at(when):
            driving.show_licence(self.session, drive, Licence("C1", first, until, "340204198805122216"), by=by)
            self._walk(driving.run_of(self.session, drive.before_id), by)
            for role, name in ((driving.CUSTOMER, drive.customer.name), (driving.CONSULTANT, by.display)):
                driving.sign(self.session, drive, by=by, role=role, name=name, ink=pictures.signature(name))
            driving.set_out(self.session, drive, by=by)

    def _asked(self, prospect: Prospect) -> None:
        for topic, said in ANSWERS.items():
            needs.keep(self.session, prospect, topic, said, by=self.lin)
        needs.choose(self.session, prospect, by=self.lin, model=prospect.model, competitors=RIVALS)

    def _walk(self, run: Run, by: Person) -> None:
        for number, question in enumerate(runs.sheet_of(self.session, run).questions()):
            if question.kind == "photo" or question.photo_needed:
                taps.add_photo(self.session, run, question.id, pictures.photo(300 + number), by=by)
            if question.kind not in ("photo", "signature"):
                taps.answer(self.session, run, question.id, tap_of(question), by=by)
        self.session.flush()  # it is signed over what was answered
