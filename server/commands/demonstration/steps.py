"""The steps of the demonstration's sales: received, asked, driven, quoted, and rated by both with a tap."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock, pictures
from server.commands.demonstration.deliveries import People, tap_of
from server.database import now
from server.domain.catalogue import DemoCar
from server.domain.catalogue.price_list import Price, guide_prices
from server.domain.checklists import Run, runs, taps
from server.domain.deals import offering
from server.domain.deals.offering import Choice
from server.domain.people import Person, Staff
from server.domain.showroom import Prospect, bookings, driving, meeting, needs, ratings, receptions
from server.domain.showroom.licences import Licence
from server.domain.showroom.ratings import CONSULTANT, CUSTOMER, LEAST, MOST, STEPS

CURVES = {CUSTOMER: (2, 3, 3, 4, 4, 3, 5), CONSULTANT: (3, 3, 4, 4, 4, 5, 3)}
"""About what is tapped at each step; a little up and down from customer to customer."""
ASKED = {
    "use": {"purchase": "first", "use": "family", "user": "self"},
    "money": {"budget": "100-150", "payment": "loan"},
}


class Steps:
    """By the verbs of the house, at the moment that the clock is set to."""

    def __init__(self, session: Session, people: People) -> None:
        self.session = session
        self.people = people
        store = people["lin"].store_id
        self.cars = session.scalars(select(DemoCar).where(DemoCar.store_id == store).order_by(DemoCar.plate)).all()
        self.guides = guide_prices(session, store)
        listed = select(Price.model_id, Price.code).where(Price.store_id == store, Price.kind == "car")
        self.codes = {row.model_id: row.code for row in session.execute(listed)}

    def receive(self, prospect: Prospect, who: str, minutes: int = 50) -> None:
        """They came in a little before, and leave again."""
        by, here = self.people[who], now()
        with clock.at(here - timedelta(minutes=8)):
            reception = receptions.begin(self.session, by=by)
            receptions.answer_privacy(self.session, reception, True, by=by)
        meeting.meet(self.session, reception, prospect.customer, by=by)
        with clock.at(here + timedelta(minutes=minutes)):
            meeting.see_off(self.session, reception, by=by)

    def look_around(self, who: str) -> None:
        """Somebody who does not want to be written down."""
        by, here = self.people[who], now()
        reception = receptions.begin(self.session, by=by)
        receptions.answer_privacy(self.session, reception, False, by=by)
        with clock.at(here + timedelta(minutes=12)):
            meeting.see_off(self.session, reception, by=by)

    def ask(self, prospect: Prospect, who: str) -> None:
        """The first topics of the conversation."""
        for topic, said in ASKED.items():
            needs.keep(self.session, prospect, topic, said, by=self.people[who])

    def drive(self, prospect: Prospect, who: str, number: int) -> None:
        """Booked, signed, out and back within half an hour."""
        by, here, name = self.people[who], now(), prospect.customer.name
        drive = bookings.book(
            self.session, by=by, customer=prospect.customer, car=self.cars[number % len(self.cars)],
            consultant=self.session.get_one(Staff, by.id), route="city", starts_at=here, minutes=30, prospect=prospect,
        )  # fmt: skip
        first, until = here.date() - timedelta(days=3000), here.date() + timedelta(days=700)
        driving.show_licence(self.session, drive, Licence("C1", first, until, f"34020219880512{number:04d}"), by=by)
        self._walk(driving.run_of(self.session, drive.before_id), by)
        for role, signer in ((driving.CUSTOMER, name), (driving.CONSULTANT, by.display)):
            driving.sign(self.session, drive, by=by, role=role, name=signer, ink=pictures.signature(signer))
        driving.set_out(self.session, drive, by=by)
        with clock.at(here + timedelta(minutes=25)):
            driving.come_back(self.session, drive, by=by, km=(drive.km_out or 0) + 7, energy=80)
            driving.evaluate(
                self.session, drive, by=by, marks=dict.fromkeys(driving.ITEMS, "good"), impressions=[], helped="some",
                opinion="", expected_on=prospect.expected_on, name=name, ink=pictures.signature(name),
            )  # fmt: skip

    def quote(self, prospect: Prospect, who: str) -> None:
        """The car at its marked price."""
        model = prospect.model
        if model is not None and model.id in self.codes:
            choice = Choice(model=model, colour="white", prices={self.codes[model.id]: self.guides[model.id]})
            offering.quote(self.session, prospect, choice, by=self.people[who])

    def rate(self, prospect: Prospect, who: str, number: int, *steps: str) -> None:
        """Both tap, each a little differently each time."""
        for place, step in enumerate(STEPS):
            for side, curve in CURVES.items():
                score = curve[place] + (0, 0, -1, 1, 0)[(number // 2 + place * 2 + len(side)) % 5]
                if step in steps:
                    score = max(LEAST, min(MOST, score))
                    ratings.rate(self.session, prospect, step, side, score, by=self.people[who])

    def _walk(self, run: Run, by: Person) -> None:
        for number, question in enumerate(runs.sheet_of(self.session, run).questions()):
            if question.kind == "photo" or question.photo_needed:
                taps.add_photo(self.session, run, question.id, pictures.photo(300 + number), by=by)
            if question.kind not in ("photo", "signature"):
                taps.answer(self.session, run, question.id, tap_of(question), by=by)
