"""The showroom of the demonstration: three months of prospects, and who is to be spoken to today."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.commands.demonstration.deliveries import People
from server.commands.demonstration.steps import Steps
from server.commands.demonstration.stores import read
from server.database import now
from server.domain.catalogue import CarModel
from server.domain.customers import register as enter
from server.domain.people import Staff, Store
from server.domain.people.notices import Notice
from server.domain.records import consents
from server.domain.showroom import Prospect, calendar, figures, follow_ups, lost_deals, outcomes, register
from server.domain.showroom.follow_ups import Talk
from server.domain.showroom.lost_deals import Loss

ENDED, OLDEST, NEWEST, LONG = 44, 85, 24, 10
"""So many have ended since; they began between so many days ago, and it took them so many days."""
BEFORE_THE_WEEK = 10
UNNAMED = 14
"""So many came in lately and did not want to be written down."""
TARGETS = {"lin": 12, "fang": 10}


class Showroom:
    """Everything by the verbs of the house, in the order in which it happened."""

    def __init__(self, session: Session, people: People) -> None:
        self.session = session
        self.people = people
        self.script: dict[str, Any] = read("prospects.json")
        self.here = now().astimezone(people["lin"].zone)
        models = session.scalars(select(CarModel).where(CarModel.store_id == people["lin"].store_id))
        self.models = {model.series["zh"]: model for model in models}
        self.begun: dict[str, Prospect] = {}
        self.steps = Steps(session, people)
        self.deeds: list[tuple[datetime, Callable[[], None]]] = []
        self._plan()

    def live_before(self) -> None:
        """What happened until the week of the handovers began."""
        self._play(self._on(-BEFORE_THE_WEEK, 23))

    def live_lately(self) -> None:
        """What happened since; then the calendar looks at everybody."""
        self._play(self.here)
        old = update(Notice).where(Notice.kind.startswith("lost_deal."), Notice.read_at.is_(None))
        self.session.execute(old.where(Notice.created_at < self._on(-3, 0)).values(read_at=self._on(-2, 9)))
        store = self.session.get_one(Store, self.people["lin"].store_id)
        calendar.age(self.session, store, self.here)
        calendar.count_overdue(self.session, self.here)

    def _plan(self) -> None:
        self._at(self._on(-OLDEST - 1, 9), self._set_targets)
        for number in range(ENDED):
            self._plan_ended(number)
        for told in self.script["open"]:
            self._at(self._on(-told["since"], 9 + len(self.deeds) % 8), lambda told=told: self._begin(told))
            for talk in told["talks"]:
                moment = self._on(-talk[4], 10 + len(self.deeds) % 7, 20)
                self._at(moment, lambda told=told, talk=talk: self._talk(told, talk))
            if told.get("source", "walk_in") == "walk_in" and told.get("who", "lin"):
                self._at(self._on(-told["since"], 18, len(self.deeds) % 60), lambda told=told: self._come(told))
        for number in range(UNNAMED):
            moment = self._on(-2 * number - 1, 11 + number % 6, 5)
            self._at(moment, lambda number=number: self.steps.look_around(("lin", "fang")[number % 2]))
        last = self.script["applying"]
        self._at(self._on(-12, 11), lambda: self._begin(last))
        self._at(self._on(-1, 17, 10), lambda: self._give_up(last))

    def _plan_ended(self, number: int) -> None:
        """Two of five ordered, the others bought elsewhere or not at all."""
        script = self.script["ended"]
        names, given = script["surnames"], script["given"]
        days = OLDEST - number * (OLDEST - NEWEST) // ENDED
        told: dict[str, Any] = {
            "name": names[number % len(names)] + given[number % len(given)], "phone": f"1385531{number:04d}",
            "who": ("lin", "fang")[number % 2], "source": ("walk_in", "online", "referral", "call_in")[number % 4],
            "sub": "", "series": list(self.models)[number % len(self.models)], "wish": "", "rivals": [],
            "days": (5, 12, 25, 60)[number // 2 % 4] - days, "talks": [],
        }  # fmt: skip
        talk: list[Any] = ["phone", "聊了需求，约来店看车。", "", "", days - 2]
        self._at(self._on(-days, 10 + number % 8), lambda: self._begin(told))
        self._at(self._on(2 - days, 10 + number % 8), lambda: self._talk(told, talk))
        self._plan_steps(told, number, days)
        if number % 5 in (0, 3):
            self._at(self._on(LONG - days, 15), lambda: self._order(told))
            if days > NEWEST + 6:
                self._at(self._on(LONG - days + 4, 16), lambda: self._deliver(told))
            else:
                in_between = ["wechat", "车辆已在途，约好到店验车。", "到了提前说一声，我请半天假。", "", 2]
                self._at(self._on(-2, 15), lambda: self._talk(told, in_between))
            return
        rival = script["rivals"][number % len(script["rivals"])]
        lost: dict[str, Any] = told | {
            "reason": script["reasons"][number % len(script["reasons"])], "brand": rival[0], "model": rival[1],
            "story": script["stories"][number % len(script["stories"])],
        }  # fmt: skip
        self._at(self._on(LONG - days, 17), lambda: self._give_up(lost))
        self._at(self._on(LONG - days, 18, number % 60), lambda: self._agree(lost))

    def _plan_steps(self, told: dict[str, Any], number: int, days: int) -> None:
        """Between the first word and the end: who walks in is received at once, the others on the third day."""
        who, came, does = told["who"], 0 if told["source"] == "walk_in" else 3, self.steps
        warm = number % 5 in (0, 3)  # these will order
        steps: list[tuple[int, int, bool, Callable[[Prospect], None], tuple[str, ...]]] = [
            (0, 2, told["source"] != "call_in", lambda one: does.receive(one, who), ("preparation", "reception")),
            (0, 27, number % 7 != 3, lambda one: does.ask(one, who), ("needs", "presentation")),
            (1, 42, warm or number % 9 == 1, lambda one: does.drive(one, who, number), ("drive",)),
            (4, 32, warm or number % 6 == 2, lambda one: does.quote(one, who), ()),
        ]  # fmt: skip
        for day, minute, takes_place, deed, rated in steps:
            if takes_place:
                moment = self._on(came + day - days, 10 + number % 8, minute)
                self._at(moment, lambda deed=deed, rated=rated: self._step(told, number, deed, rated))

    def _step(
        self, told: dict[str, Any], number: int, deed: Callable[[Prospect], None], rated: tuple[str, ...]
    ) -> None:
        prospect = self.begun[told["name"]]
        deed(prospect)
        if number % 4 != 1:  # not everybody taps
            self.steps.rate(prospect, told["who"], number, *rated)

    def _come(self, told: dict[str, Any]) -> None:
        self.steps.receive(self.begun[told["name"]], told.get("who", "lin"))
        self.steps.rate(self.begun[told["name"]], told.get("who", "lin"), len(told["name"]), "preparation", "reception")

    def _at(self, moment: datetime, deed: Callable[[], None]) -> None:
        self.deeds.append((min(moment, self.here - timedelta(minutes=5)), deed))

    def _play(self, until: datetime) -> None:
        due = sorted((one for one in self.deeds if one[0] < until), key=lambda one: one[0])
        self.deeds = [one for one in self.deeds if one[0] >= until]
        for moment, deed in due:
            with clock.at(moment):
                deed()

    def _on(self, days: int, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(self.here.date() + timedelta(days=days), time(hour, minute), self.here.tzinfo)

    def _day(self, told: dict[str, Any]) -> date | None:
        """By when they mean to buy, counted from today; while it was still to come."""
        days = told.get("days")
        return None if days is None else max(self.here.date() + timedelta(days=days), self._today())

    def _today(self) -> date:
        return now().astimezone(self.here.tzinfo).date()

    def _set_targets(self) -> None:
        for name, cars in TARGETS.items():
            staff = self.session.get_one(Staff, self.people[name].id)
            figures.set_target(self.session, staff, self._today(), cars, by=self.people["gao"])

    def _begin(self, told: dict[str, Any]) -> None:
        by = self.people[told.get("who", "lin") or "gao"]
        customer = enter(self.session, by=by, even_so=True, name=told["name"], phone=told["phone"])
        self.begun[told["name"]] = register(
            self.session, by=by, customer=customer, source=told.get("source", "walk_in"),
            sub_source=told.get("sub", ""), consultant_id=by.id if told.get("who", "lin") else None,
            expected_on=self._day(told), model=self.models.get(told.get("series", "")), wish=told.get("wish", ""),
            competitors=told.get("rivals", ()),
        )  # fmt: skip

    def _talk(self, told: dict[str, Any], talk: list[Any]) -> None:
        method, content, words, measure, _ = talk
        prospect, by = self.begun[told["name"]], self.people[told["who"]]
        reached = content != "未接通。"
        said = Talk(
            method=method, reached=reached, content=content, customer_words=words, countermeasure=measure,
            expected_on=self._day(told),
        )  # fmt: skip
        follow_ups.make(self.session, prospect, said, by=by)
        if told.get("quiet"):
            consents.answer(self.session, prospect.customer_id, "contact", False, by=by)

    def _order(self, told: dict[str, Any]) -> None:
        prospect, by = self.begun[told["name"]], self.people[told["who"]]
        outcomes.ordered(self.session, prospect, by=by)
        self.steps.rate(prospect, told["who"], int(told["phone"][-2:]), "closing")

    def _deliver(self, told: dict[str, Any]) -> None:
        prospect, by = self.begun[told["name"]], self.people[told["who"]]
        outcomes.delivered(self.session, by.store_id, prospect.customer_id, by=by)
        self.steps.rate(prospect, told["who"], int(told["phone"][-2:]), "delivery")

    def _give_up(self, told: dict[str, Any]) -> None:
        loss = Loss(
            reason=told["reason"], story=told["story"], competitor_brand=told["brand"], competitor_model=told["model"]
        )
        lost_deals.apply(self.session, self.begun[told["name"]], loss, by=self.people[told.get("who", "lin")])

    def _agree(self, told: dict[str, Any]) -> None:
        deal = lost_deals.waiting(self.session, self.begun[told["name"]])
        assert deal is not None
        lost_deals.agree(self.session, deal, by=self.people["gao"])
