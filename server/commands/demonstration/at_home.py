"""Two visits at owners' homes: one of last week that is closed, one at which a team is just now."""

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock, pictures
from server.commands.demonstration.customers import Known
from server.commands.demonstration.deliveries import People
from server.commands.demonstration.week import LATELY, WEEK_AGO
from server.database import now
from server.domain.care import (
    closing,
    door_consents,
    hot_models,
    pieces,
    presences,
    programme,
    referrals,
    visit_before,
    visit_changing,
    visit_findings,
    visit_photos,
)
from server.domain.care.referrals import Friend
from server.domain.care.visit_changing import Setting
from server.domain.care.visits import HomeVisit
from server.domain.checklists import Tap, runs, taps
from server.domain.delivery import Delivery

ROLES = {"he": "care_manager", "lin": "consultant", "zhou": "technician"}
CLOSED, NOW = WEEK_AGO, LATELY
"""Whose home it is."""
STREET = {CLOSED: "芜湖市镜湖区中山北路 77 号 3 栋 1201", NOW: "芜湖市弋江区花津南路 18 号 6 栋 502"}
FRIEND, LATER = "程浩", "她同事小胡"


def visit_homes(session: Session, people: People, known: Known) -> None:
    """In the order of time, by the verbs that people do it with."""
    home = AtHome(session, people, known)
    home.last_week()
    home.just_now()


class AtHome:
    """Days counted from today on the store's own calendar."""

    def __init__(self, session: Session, people: People, known: Known) -> None:
        self.session, self.people, self.known = session, people, known
        self.here = now().astimezone(people["he"].zone)

    def last_week(self) -> None:
        """Everything was done, one thing was found, and two friends were recommended."""
        session, people, starts = self.session, self.people, self._on(-2, 8)
        visit = self._on_the_road(CLOSED, starts)
        with clock.at(starts):
            for name in ROLES:
                presences.sign_in(session, visit, by=people[name])
        with clock.at(starts + timedelta(minutes=40)):
            self._checked(visit)
            self._talked(visit)
        with clock.at(starts + timedelta(minutes=55)):
            self._ended(visit)
        with clock.at(starts + timedelta(hours=3)):
            he = people["he"]
            closing.close(session, visit, by=he, name=he.display, ink=pictures.signature(he.display))

    def just_now(self) -> None:
        """The team has signed in, and has begun."""
        starts = min(self._on(0, 8), self.here - timedelta(minutes=25))
        visit = self._on_the_road(NOW, starts)
        with clock.at(starts):
            presences.sign_in(self.session, visit, by=self.people["he"])
            programme.tick(self.session, visit, "greet", by=self.people["he"])

    def _on_the_road(self, name: str, starts: datetime) -> HomeVisit:
        session, he = self.session, self.people["he"]
        customer, cars = self.known[name]
        with clock.at(starts - timedelta(days=1)):
            visit = visit_changing.add(session, customer, cars[-1], starts.date(), by=he)
            visit.delivery_id = self._delivery(customer.id)
            crew = {self.people[one].id: role for one, role in ROLES.items()}
            to = Setting(starts.date(), starts, 60, STREET[name], None, None, None, crew, None, None, "")
            visit_changing.change(session, visit, to, by=he, version=visit.version)
            visit_before.book(session, visit, starts, by=he, address=STREET[name], note="家里有人，老人也在。")
        with clock.at(starts - timedelta(hours=1)):
            visit_before.confirm(session, visit, by=he, note="说好八点到。")
            for entry in visit_before.unpacked(session, visit):
                visit_before.pack(session, visit, entry.code, True, by=he)
            visit_before.set_out(session, visit, by=he, even_so=True)  # it may be an hour after midnight
        session.flush()  # the next thing reads it back
        return visit

    def _checked(self, visit: HomeVisit) -> None:
        session, zhou = self.session, self.people["zhou"]
        said = [
            ("electronic", "ok", "全车系统无故障码", "", ""),
            ("mechanical", "watch", "雨刮片老化", "", "雨天有水痕"),
            ("mechanical", "fault", "右后轮胎压低", "1.7 bar", "补到 2.4，建议进店查漏"),
        ]
        for way, verdict, name, number, note in said:
            finding = visit_findings.note(
                session, visit, by=zhou, way=way, verdict=verdict, name=name, number=number, note=note
            )
            if verdict == "fault":
                visit_findings.add_photo(session, visit, finding, pictures.photo(3), by=zhou)
        pieces.top_up(session, visit, by=zhou, fluid="washer", amount=1500)
        run = visit_findings.run_of(session, visit)
        for question in runs.progress(session, run).in_the_way:
            if question.kind in ("tick", "rag"):
                taps.answer(session, run, question.id, Tap(verdict="ok"), by=zhou)
        session.flush()  # the owner signs for it
        owner = visit.customer.name
        visit_findings.explain(session, visit, by=zhou, name=owner, ink=pictures.signature(owner))

    def _talked(self, visit: HomeVisit) -> None:
        session, lin = self.session, self.people["lin"]
        for kind, words in (("use", "每天接送孩子，来回二十公里。"), ("praise", "交车那天讲得很细，没再问过人。")):
            pieces.say(session, visit, by=lin, kind=kind, words=words)
        for card, interest in zip(hot_models.cards(session, visit.store_id), ("much", "some"), strict=False):
            pieces.show(session, visit, card.model, by=lin, interest=interest)
        there = Friend(name=FRIEND, relation="邻居", phone="13855307001", wish="想换混动", on_site=True, agrees=True)
        referrals.recommend(session, visit, there, by=lin)
        referrals.recommend(session, visit, Friend(name=LATER, relation="同事", wish="第一台车，十万以内"), by=lin)

    def _ended(self, visit: HomeVisit) -> None:
        session, he = self.session, self.people["he"]
        door_consents.answer(session, visit, door_consents.PHOTO, False, by=he)
        visit_photos.add(session, visit, pictures.photo(4), by=he, shows="car")
        for step in programme.steps(session, visit.store_id):
            programme.tick(session, visit, step.code, by=he)
        for name, score in (("he", 5), ("lin", 4), ("zhou", 4)):
            pieces.rate(session, visit, by=self.people[name], score=score, words="")
            presences.sign_out(session, visit, by=self.people[name])

    def _delivery(self, customer_id: UUID) -> UUID | None:
        query = select(Delivery.id).where(Delivery.customer_id == customer_id, Delivery.completed_at.is_not(None))
        return self.session.scalar(query.limit(1))

    def _on(self, days: int, hour: int) -> datetime:
        return datetime.combine(self.here.date() + timedelta(days=days), time(hour), self.here.tzinfo)
