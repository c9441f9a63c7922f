"""One month: 120 cars handed over, 36 owners visited by two teams, 20 friends recommended, and what came of it."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from server.commands.demonstration import deliveries as work
from server.database import now, reach, uuid7
from server.domain.care import pieces, referrals
from server.domain.care.pieces import Effect, TopUp
from server.domain.care.presences import Presence
from server.domain.care.referrals import Friend, Referral
from server.domain.care.visits import HomeVisit, State
from server.domain.customers import Customer, cars, register, vins
from server.domain.deals import Order, placing
from server.domain.deals.offering import quote
from server.domain.delivery import Delivery
from server.domain.insight import home_visits
from server.domain.insight.home_visits import Coverage, Figures, Months, months_later
from server.domain.showroom import Prospect
from server.domain.showroom import register as register_prospect
from tests.cast import PLACE, Cast, a_model
from tests.domain.deals.selling import a_choice
from tests.domain.home_visits.at_home import a_visit

MONTH = date(2026, 3, 1)
SOLD, VISITED, RECOMMENDED = 120, 36, 20
FIRST_TEAM = {"he": "care_manager", "lin": "consultant", "zhou": "technician"}
SECOND_TEAM = {"he": "care_manager", "fang": "consultant", "sun": "technician"}
BOUGHT_AGAIN = {2: 9, 5: 4, 11: 3, 13: 1}
"""How many of the visited ordered so many months after the visit."""
FRIENDS_BOUGHT = {1: 5, 6: 3, 12: 2}
AGREED, REFUSED = 12, 5
HOUR = 60
COST = 3 * 6_000 + 20 * 80 + 5_000 + 2_000
"""Of one visit, in fen: three hours of people, the way, the present, half a litre of oil."""


class Month:
    """The month as it was made."""

    def __init__(self, session: Session, cast: Cast) -> None:
        self.session, self.cast = session, cast
        self.model = a_model(session, cast.lin)
        self.owners = [self._handed_over(nth) for nth in range(SOLD)]
        self.visits = [self._visited(nth) for nth in range(VISITED)]
        self.friends = [self._recommended(nth) for nth in range(RECOMMENDED)]
        for place, friend in enumerate(self.friends[AGREED : AGREED + REFUSED]):
            referrals.refuse(session, friend, by=cast.he)
            assert friend.prospect_id is None, place
        self._orders()
        session.flush()  # the figures read it back

    def _handed_over(self, nth: int) -> Delivery:
        session, cast = self.session, self.cast
        owner = register(session, by=cast.lin, name="王建国", phone=f"138{nth:08d}", even_so=True)
        vin = f"LVVDB11B0RD{nth:06d}"
        vin = vin[: vins.CHECK_AT] + vins.check_digit(vin) + vin[vins.CHECK_AT + 1 :]
        colour = {"zh": "珠光白", "en": "Pearl white"}
        car = cars.on_file(session, by=cast.lin, vin=vin, plate=None, model=self.model, colour=colour)
        at = datetime.combine(MONTH + timedelta(days=nth % 31), time(10), cast.lin.zone)
        delivery = work.plan(session, cast.of_wuhu, owner, car, now() + timedelta(hours=1), PLACE)
        delivery.state, delivery.planned_at, delivery.completed_at = "completed", at, at
        return delivery

    def _visited(self, nth: int) -> HomeVisit:
        session, cast, delivery = self.session, self.cast, self.owners[nth]
        team = FIRST_TEAM if nth < 24 else SECOND_TEAM
        day = MONTH + timedelta(days=nth % 28)
        visit = a_visit(session, cast, delivery.customer, delivery.car, day=day, team=team, number=nth + 1,
                        state=State.CLOSED)  # fmt: skip
        began = datetime.combine(day, time(14), cast.lin.zone)
        visit.signed_in_at, visit.signed_out_at = began, began + timedelta(minutes=HOUR)
        for name in team:
            staff = getattr(cast, name).id
            session.add(Presence(
                id=uuid7(), store_id=cast.store, version=1, visit_id=visit.id, staff_id=staff, in_at=began,
                out_at=visit.signed_out_at,
            ))  # fmt: skip
            score = 5 if nth < 30 else 3 if nth < 34 else 1
            session.add(Effect(
                id=uuid7(), store_id=cast.store, version=1, visit_id=visit.id, staff_id=staff, score=score, words="",
                at=began,
            ))  # fmt: skip
        session.add(TopUp(
            id=uuid7(), store_id=cast.store, visit_id=visit.id, fluid="oil", amount=500, by_id=cast.zhou.id, at=began,
        ))  # fmt: skip
        return visit

    def _recommended(self, nth: int) -> Referral:
        visit = self.visits[nth]
        visit.state = State.DONE  # as it was when they were written down
        agrees = nth < AGREED
        friend = Friend(name=f"友{nth}", phone=f"139{nth:08d}" if agrees else "", agrees=agrees)
        found = referrals.recommend(self.session, visit, friend, by=self.cast.lin)
        visit.state = State.CLOSED
        return found

    def _orders(self) -> None:
        turn = iter(self.visits)
        for months, count in BOUGHT_AGAIN.items():
            for _ in range(count):
                visit = next(turn)
                self._order(visit.customer, months_later(visit.day, months))
        left = iter(self.friends)
        for months, count in FRIENDS_BOUGHT.items():
            for _ in range(count):
                friend = next(left)
                visit = next(one for one in self.visits if one.id == friend.visit_id)
                prospect = self.session.get_one(Prospect, friend.prospect_id)
                self._placed(prospect, months_later(visit.day, months))

    def _order(self, customer: Customer, day: date) -> Order:
        lin = self.cast.lin
        prospect = register_prospect(
            self.session, by=lin, customer=customer, source="replacement", consultant_id=lin.id
        )  # fmt: skip
        return self._placed(prospect, day)

    def _placed(self, prospect: Prospect, day: date) -> Order:
        lin = self.cast.lin
        prospect.consultant_id = lin.id
        offered = quote(self.session, prospect, a_choice(self.session, lin), by=lin)
        order = placing.place(self.session, offered, by=lin)
        order.placed_at = datetime.combine(day, time(11), lin.zone)
        return order


@pytest.fixture
def month(session: Session, cast: Cast) -> Month:
    """Made once for all that is asked of it."""
    return Month(session, cast)


def read(month: Month, first: date = MONTH, months: int = 1) -> Figures:
    span = Months(first, months_later(first, months), month.cast.he.zone)
    return home_visits.read(month.session, month.cast.he, span)


def test_a_month_of_visits_to_the_last_yuan(month: Month) -> None:
    figures = read(month)
    whole = figures.whole
    assert figures.coverage == [Coverage(MONTH, SOLD, VISITED)]
    assert (figures.sold, figures.wanted, whole.visits) == (SOLD, 36, VISITED)
    assert figures.coverage[0].percent == 30.0
    assert whole.repurchases == {3: 9, 6: 13, 12: 16}
    assert whole.referral_orders == {3: 5, 6: 8, 12: 10}
    assert (whole.referrals, whole.agreed) == (RECOMMENDED, AGREED)
    assert whole.minutes == VISITED * 3 * HOUR
    assert whole.cost == VISITED * COST == 957_600
    assert [whole.profit(months, figures.rules) for months in home_visits.WITHIN] == [
        14 * 200_000 - 957_600, 21 * 200_000 - 957_600, 26 * 200_000 - 957_600,
    ]  # fmt: skip
    assert round(whole.share(whole.repurchases[12]) or 0, 4) == 44.4444
    assert whole.score == (30 * 5 + 4 * 3 + 2) / 36
    assert whole.told == 3 * (30 * 7 - 2 * 26)
    _by_team(month, figures)
    _other_months(month)
    _in_few_questions(month)
    _of_who_may_see(month)


def _by_team(month: Month, figures: Figures) -> None:
    cast = month.cast
    first, second = figures.by_team.items()
    assert set(first[0].crew) == {cast.he.id, cast.lin.id, cast.zhou.id}
    assert set(second[0].crew) == {cast.he.id, cast.fang.id, cast.sun.id}
    assert [one.visits for one in figures.by_team.values()] == [24, 12]
    assert sum(one.cost for one in figures.by_team.values()) == figures.whole.cost
    assert (first[1].repurchases[12], second[1].repurchases[12]) == (16, 0)


def _other_months(month: Month) -> None:
    """A span of months has each of them; a month without cars has no share."""
    figures = read(month, date(2026, 2, 1), 3)
    assert [(one.sold, one.made, one.percent) for one in figures.coverage] == [
        (0, 0, None), (SOLD, VISITED, 30.0), (0, 0, None),
    ]  # fmt: skip
    assert figures.whole == read(month).whole


def _in_few_questions(month: Month) -> None:
    asked: list[str] = []

    def note(*words: object) -> None:
        asked.append(str(words[2]))

    month.session.expire_all()
    engine = month.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        read(month)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(asked) <= 15, f"{len(asked)} questions for 36 visits"


def _of_who_may_see(month: Month) -> None:
    span = Months(MONTH, months_later(MONTH, 1), month.cast.he.zone)
    assert home_visits.read(month.session, month.cast.zhou, span).whole.visits == 0
    reach(month.session, month.cast.tang.store_id)  # as a request of the other store does
    assert home_visits.read(month.session, month.cast.tang, span).whole.visits == 0


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2026, 3, 1), -3, date(2025, 12, 1)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_months_are_counted_on_the_calendar(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


def test_of_two_visits_the_last_one_before_the_order_gets_it(session: Session, cast: Cast) -> None:
    customer = register(session, by=cast.lin, name="王建国", phone="13800009999")
    car = cars.on_file(session, by=cast.lin, vin="LVVDB11B1RD110231", plate=None, model=a_model(session, cast.lin),
                       colour={"zh": "白", "en": "White"})  # fmt: skip
    for nth, day in enumerate((date(2026, 3, 2), date(2026, 5, 4)), 1):
        a_visit(session, cast, customer, car, day=day, number=nth, state=State.CLOSED)
    month = object.__new__(Month)
    month.session, month.cast = session, cast
    month._order(customer, date(2026, 7, 1))
    session.flush()  # the figures read it back
    figures = read(month, MONTH, 3)
    assert figures.whole.repurchases == {3: 1, 6: 1, 12: 1}, "two months after the second, not four after the first"
    assert read(month, MONTH, 1).whole.repurchases == {3: 0, 6: 1, 12: 1}, "asked of March alone, March has it"
    assert not pieces.effects(session, session.get_one(HomeVisit, _first(session)))


def _first(session: Session) -> object:
    return session.query(HomeVisit.id).order_by(HomeVisit.day).first()[0]
