"""One Saturday in the showroom, by the forms that people send: 40 walk in, 12 drive, 5 order, 3 are lost.

The house's clock is set to each moment, so that the numbers at the end can be worked out by hand and are exact.

Who walks in is counted from 0 to 39, one every twelve minutes from nine o'clock, to Lin and Fang in turn. Every fourth
does not want to be written down; the other thirty are counted from 0 to 29 again, and it goes by that number.
"""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from server.commands.demonstration import clock, pictures
from server.commands.demonstration.deliveries import tap_of
from server.database import Database, now, uuid7
from server.domain.checklists import runs, taps
from server.domain.insight import Scope, excitement, funnel
from server.domain.people import Person
from server.domain.showroom import Prospect, Reception, TestDrive, driving
from tests.cast import Cast
from tests.domain.deals.selling import GUIDE, the_model
from tests.domain.drives import a_demo_car
from tests.routes.browsing import Come
from tests.visitor import Visitor

REGISTERED = 30
NEEDS = [one for one in range(REGISTERED) if one % 5 != 4]
DRIVES = [0, 1, 5, 6, 10, 11, 15, 16, 20, 21, 25, 26]
QUOTES = {0: 20, 1: 20, 5: 20, 6: 30, 10: 40, 11: 40, 15: 40}
"""Minutes after they drove off."""
WITHOUT_A_DRIVE = 2
ORDERS = {0: 10, 1: 10, 5: 15, 6: 20, WITHOUT_A_DRIVE: 20}
"""Minutes after the quotation."""
LOST = [3, 4, 7]
MARKS = dict.fromkeys(driving.ITEMS, "good")
STEPS = ["reception", "prospect", "needs", "drive", "quotation", "order", "delivery"]


class Saturday:
    """Deeds by the minute after nine o'clock; `live` does them in the order of time."""

    def __init__(self, database: Database, cast: Cast, come: Come) -> None:
        self.database, self.cast = database, cast
        today = now().astimezone(cast.lin.zone).date()
        self.day = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
        self.opens = datetime.combine(self.day, time(9), cast.lin.zone)
        self.promised = (self.day + timedelta(days=14)).isoformat()
        self.deeds: list[tuple[int, Callable[[], None]]] = []
        self.numbers: dict[int, str] = {}
        with clock.at(self.opens - timedelta(minutes=10)):
            self.at_work = {name: come(name) for name in ("lin", "fang", "gao")}
        with database.work(cast.store) as session:
            self.cars = {
                name: str(a_demo_car(session, cast.lin, plate).id)
                for name, plate in (("lin", "皖B30001"), ("fang", "皖B30002"))
            }
            self.model = str(the_model(session, cast.lin).id)

    def plan(self) -> None:
        """Everything that happens."""
        written_down = 0
        for walked_in in range(40):
            who, arrived, place = ("lin", "fang")[walked_in % 2], 12 * walked_in, f"/receptions/{uuid7()}"
            self._at(arrived, self._receive, who, place)
            if walked_in % 4 == 3:
                self._at(arrived + 2, self._send, who, f"{place}/refusal")
            else:
                self._plan_sale(written_down, who, arrived, place)
                written_down += 1
            self._at(arrived + 45, self._send, who, f"{place}/departure")
        assert written_down == REGISTERED

    def _plan_sale(self, one: int, who: str, arrived: int, place: str) -> None:
        registered = arrived + (5 if one < 15 else 9)
        asked = registered + (10 if one % 2 == 0 else 20)
        drove = asked + (30 if one in DRIVES[:6] else 50)
        self._at(arrived + 2, self._send, who, f"{place}/consent")
        self._at(registered, self._meet, who, place, one)
        if one in NEEDS:
            self._at(asked, self._ask, who, one)
        if one in DRIVES:
            self._at(drove, self._drive, who, one)
        quoted = drove + QUOTES[one] if one in QUOTES else asked + 60
        if one in QUOTES or one == WITHOUT_A_DRIVE:
            self._at(quoted, self._quote, who, one, ORDERS.get(one))
        if one in LOST:
            self._at(registered + 30, self._lose, who, one)

    def live(self) -> None:
        """From nine until everybody has gone home."""
        for minute, deed in sorted(self.deeds, key=lambda pair: pair[0]):
            with clock.at(self.opens + timedelta(minutes=minute)):
                deed()

    def evening(self) -> Any:
        """The clock at seven."""
        return clock.at(self.opens + timedelta(hours=10))

    def look(self, who: str, path: str, **query: str) -> str:
        """A page about that day."""
        day = self.day.isoformat()
        with self.evening():
            return self.at_work[who].get(path, **{"from": day, "to": day}, **query).text

    def _at(self, minute: int, deed: Callable[..., None], *words: Any) -> None:
        self.deeds.append((minute, lambda: deed(*words)))

    def _send(self, who: str, path: str, **fields: Any) -> str:
        answer = self.at_work[who].post(path, **fields)
        assert answer.status_code == 303, (path, answer.status_code, answer.text)
        return answer.headers["location"]

    def _receive(self, who: str, place: str) -> None:
        assert self._send(who, "/receptions", id=place.rpartition("/")[2]) == place

    def _meet(self, who: str, place: str, one: int) -> None:
        phone = f"1391200{one:04d}"
        self._send(who, f"{place}/customer", name=f"周六来客{one}", phone=phone, horizon="B", even_so="1")
        with self.database.work(self.cast.store) as session:
            reception = session.get_one(Reception, UUID(place.rpartition("/")[2]))
            assert reception.prospect_id is not None
            self.numbers[one] = session.get_one(Prospect, reception.prospect_id).number

    def _ask(self, who: str, one: int) -> None:
        self._send(who, f"/prospects/{self.numbers[one]}/needs/use", purchase="first", use="family", user="self")

    def _drive(self, who: str, one: int) -> None:
        """Booked at the counter, out at once and back before the next one."""
        by, id = getattr(self.cast, who), uuid7()
        self._send(
            who, "/test-drives", id=str(id), prospect=self.numbers[one], car=self.cars[who], consultant=str(by.id),
            route={"lin": "city", "fang": "ring"}[who], minutes="10", kind="drive",
            starts_at=now().astimezone(by.zone).strftime("%Y-%m-%dT%H:%M"),
        )  # fmt: skip
        place = f"/test-drives/{id}"
        self._send(
            who, f"{place}/licence", licence_class="C1", licence_first_on="2015-05-01", licence_until="2035-05-01",
            licence_number=f"34020219900101{one:04d}",
        )  # fmt: skip
        self._prepare(by, id)
        self._send(who, f"{place}/departure")
        self._send(who, f"{place}/return", km="20", energy="70")
        self._send(who, f"{place}/evaluation", **MARKS, helped="much", horizon="A", typed_name=f"周六来客{one}")

    def _prepare(self, by: Person, id: UUID) -> None:
        """The list before the drive, tap by tap, and both signatures: what other tests send over the wire."""
        with self.database.work(self.cast.store) as session:
            drive = session.get_one(TestDrive, id)
            run = driving.run_of(session, drive.before_id)
            for question in runs.sheet_of(session, run).questions():
                if question.kind == "photo" or question.photo_needed:
                    taps.add_photo(session, run, question.id, pictures.photo(1), by=by)
                if question.kind not in ("photo", "signature"):
                    taps.answer(session, run, question.id, tap_of(question), by=by)
            session.flush()  # it is signed over what was answered
            for role, name in ((driving.CUSTOMER, "客"), (driving.CONSULTANT, by.display)):
                driving.sign(session, drive, by=by, role=role, name=name, ink=pictures.signature(name))

    def _quote(self, who: str, one: int, ordered_after: int | None) -> None:
        price = {"price-car_01": f"{GUIDE / 100:.2f}"}
        there = self._send(who, "/quotations", prospect=self.numbers[one], model=self.model, **price)
        if ordered_after is not None:
            number = there.split("/")[2].split("?")[0]
            with clock.at(now() + timedelta(minutes=ordered_after)):
                self._send(who, f"/quotations/{number}/acceptance", revision="1", promised_on=self.promised)
                self._rate(who, one)

    def _rate(self, who: str, one: int) -> None:
        """After signing the customer is pleased enough, and the consultant beside themselves."""
        for side, score in (("customer", 3), ("consultant", 5)):
            place = f"/prospects/{self.numbers[one]}/ratings/closing/{side}"
            assert self._send(who, place, score=str(score)).endswith("#rating-closing")

    def _lose(self, who: str, one: int) -> None:
        """Applied for, and agreed by the manager at once."""
        place = f"/prospects/{self.numbers[one]}"
        self._send(who, f"{place}/loss", reason="budget", story="预算不够，今年先不买")
        deal = re.findall(r'href="(/lost-deals/[0-9a-f-]{36})"', self.at_work[who].get(place).text)[0]
        self._send("gao", f"{deal}/decision", decision="agree")


def table(page: str) -> dict[str, list[str]]:
    """The cells of the table under the drawing, by step, without their marks."""
    rows = re.findall(r'<tr data-step="(\w+)">(.*?)</tr>', page, re.DOTALL)
    cells = {step: re.findall(r"<td[^>]*>(.*?)</td>", row) for step, row in rows}
    return {step: [re.sub(r"<[^>]+>", "", cell) for cell in row] for step, row in cells.items()}


def names(page: str) -> list[str]:
    """Who stands in a list."""
    return re.findall(r'class="whole"[^>]*>([^<]+)<', page)


@pytest.fixture
def saturday(database: Database, cast: Cast, client: Callable[..., Visitor]) -> Saturday:
    """The day as it was."""
    day = Saturday(database, cast, client)
    day.plan()
    day.live()
    return day


def test_one_saturday_ends_in_the_exact_numbers(saturday: Saturday) -> None:
    """40 come, 30 are registered, 24 asked, 12 drive, 8 quoted (7 of the drivers), 5 order, nobody is delivered."""
    page = saturday.look("gao", "/insight/funnel")
    assert table(page) == {
        # came so far, not from the step above, went on, share,
        # middle time (half 5 and half 9 minutes; 10 and 20; 30 and 50), not gone on
        "reception": ["40", "–", "30", "75.0 %", "7 分钟", "10"],
        "prospect": ["30", "0", "24", "80.0 %", "15 分钟", "6"],
        "needs": ["24", "0", "12", "50.0 %", "40 分钟", "12"],
        "drive": ["12", "0", "7", "58.3 %", "30 分钟", "5"],  # 20 20 20 30 40 40 40
        "quotation": ["8", "1", "5", "62.5 %", "15 分钟", "3"],  # 10 10 15 20 20
        "order": ["5", "0", "0", "0.0 %", "–", "5"],
        "delivery": ["0", "0", "–", "–", "–", "–"],
    }
    assert "16.7 %" in page, "5 of 30 registered"
    assert "40</b><small>到店接待 · 其中 10 人未留档" in page, "who left no card is told where they are counted"
    _the_same_counts_in_the_database(saturday)
    _each_consultant_sees_their_own(saturday)
    _behind_each_number_stand_its_names(saturday)
    _the_curve_knows_what_was_tapped(saturday)


def _the_same_counts_in_the_database(saturday: Saturday) -> None:
    cast, at = saturday.cast, saturday.opens
    scope = Scope(since=at, until=at + timedelta(hours=12))
    with saturday.database.work(cast.store) as session:
        seen = funnel.read(session, cast.gao, scope)
        lost = session.scalars(select(Prospect).where(Prospect.state == "lost")).all()
    assert seen.total.outcomes == {"open": 22, "ordered": 5, "delivered": 0, "lost": 3}
    assert (seen.total.unnamed, len(lost)) == (10, 3)
    assert {who: [tally.reached[step] for step in STEPS] for who, tally in seen.by_consultant.items()} == {
        cast.lin.id: [20, 20, 16, 8, 6, 4, 0],
        cast.fang.id: [20, 10, 8, 4, 2, 1, 0],
    }
    assert {source: tally.reached["prospect"] for source, tally in seen.by_source.items()} == {"walk_in": 30}
    for stage, minutes in zip(seen.stages, (7, 15, 40, 30, 15), strict=False):
        assert stage.lasting is not None
        assert abs(stage.lasting - timedelta(minutes=minutes)) < timedelta(seconds=30), stage.step


def _each_consultant_sees_their_own(saturday: Saturday) -> None:
    own = {who: table(saturday.look(who, "/insight/funnel")) for who in ("lin", "fang")}
    counts = {who: [cells[0] for cells in seen.values()] for who, seen in own.items()}
    assert counts == {"lin": ["20", "20", "16", "8", "6", "4", "0"], "fang": ["20", "10", "8", "4", "2", "1", "0"]}
    lin = str(saturday.cast.lin.id)
    narrowed = table(saturday.look("gao", "/insight/funnel", consultant=lin, source="walk_in"))
    assert [cells[0] for cells in narrowed.values()] == counts["lin"]
    assert table(saturday.look("fang", "/insight/funnel", consultant=lin)) == own["fang"], "whatever she asks for"
    assert table(saturday.look("gao", "/insight/funnel", source="call_in")) == {}


def _behind_each_number_stand_its_names(saturday: Saturday) -> None:
    drove = names(saturday.look("gao", "/insight/people", step="drive"))
    assert sorted(drove) == sorted(f"周六来客{one}" for one in DRIVES)
    went_home = names(saturday.look("gao", "/insight/people", step="drive", stopped="1"))
    assert sorted(went_home) == sorted(f"周六来客{one}" for one in DRIVES if one not in QUOTES)
    assert set(names(saturday.look("fang", "/insight/people", step="drive"))) < set(drove)
    first = saturday.look("gao", "/insight/people", step="reception")
    assert "10 批客户进店未留档" in first
    assert len(names(first)) == 25
    further = re.findall(r'rel="next" href="([^"]+)"', first)[0].replace("&amp;", "&")
    with saturday.evening():
        rest = names(saturday.at_work["gao"].get(further).text)
    assert sorted(names(first) + rest) == sorted(f"周六来客{one}" for one in range(REGISTERED))


def _the_curve_knows_what_was_tapped(saturday: Saturday) -> None:
    page = saturday.look("gao", "/insight/excitement")
    assert table(page)["closing"] == ["6.0", "5", "10.0", "5", "+4.0"]
    assert table(page)["delivery"] == ["–", "0", "–", "0", "–"]
    with saturday.database.work(saturday.cast.store) as session:
        scope = Scope(since=saturday.opens, until=saturday.opens + timedelta(hours=12))
        seen = excitement.read(session, saturday.cast.gao, scope)
    assert (seen.count, seen.falls, seen.behind) == (10, None, [])
