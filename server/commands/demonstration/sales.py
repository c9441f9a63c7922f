"""What was quoted and ordered today: a discount that waits for the manager, two versions side by side, an order."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import pictures
from server.commands.demonstration.deliveries import People
from server.domain.catalogue.price_list import FROM_SIX, SIX, UP_TO_FIVE, Price, guide_prices
from server.domain.deals import Quotation, cars, money, offering, placing, trade_in_photos, trade_ins
from server.domain.deals.finance import Terms
from server.domain.deals.offering import Choice
from server.domain.deals.trade_ins import OldCar, TradeIn
from server.domain.showroom import Prospect

DEPOSIT = 500_000
EXTRAS = {"film_solar": None, "mats": 39_800, "damage": None}


def sell(session: Session, people: People) -> None:
    """By the verbs of the house, with the prospects of Lin that are still open."""
    lin, gao = people["lin"], people["gao"]
    query = select(Prospect).where(Prospect.store_id == lin.store_id, Prospect.consultant_id == lin.id)
    query = query.where(Prospect.state == "open", Prospect.model_id.is_not(None)).order_by(Prospect.number.desc())
    hoping, comparing, waiting = session.scalars(query.limit(3)).all()
    sales = Sales(session, people)
    sales.compare(comparing)
    sales.ask(hoping)
    valued = sales.trade_in(waiting, 5_200_000)
    trade_ins.value(session, valued, by=gao, amount=4_600_000, note="前保险杠喷过漆，按四成新")
    sales.order(waiting, valued)


class Sales:
    """What a consultant does with one prospect after the other."""

    def __init__(self, session: Session, people: People) -> None:
        self.session = session
        self.lin = people["lin"]
        self.guides = guide_prices(session, self.lin.store_id)
        listed = select(Price.model_id, Price.code).where(Price.store_id == self.lin.store_id, Price.kind == "car")
        self.codes = {row.model_id: row.code for row in session.execute(listed)}

    def compare(self, prospect: Prospect) -> None:
        """Paid at once, or off in three years."""
        first = self._quote(prospect, 100)
        assert prospect.model_id is not None
        loan = Terms(self.guides[prospect.model_id] // 100 * 70, 36, 48_000)
        self._quote(prospect, 200, like=first, with_tax=True, loan=loan)

    def ask(self, prospect: Prospect) -> None:
        """More than a consultant may give."""
        self._quote(prospect, 450, why="客户手里有同城他店的报价，今天能定")

    def trade_in(self, prospect: Prospect, expected: int) -> TradeIn:
        """Their old car, photographed from four sides."""
        old = OldCar(model="大众 朗逸", year=2018, mileage_km=86_000, condition="fair", expected=expected)
        trade_in = trade_ins.register(self.session, prospect, old, by=self.lin)
        for number in range(4):
            trade_in_photos.add(self.session, trade_in, pictures.photo(number), by=self.lin)
        return trade_in

    def order(self, prospect: Prospect, trade_in: TradeIn) -> None:
        """Accepted, the deposit taken, and a car kept when there is one."""
        quotation = self._quote(prospect, 250, trade_in=trade_in)
        order = placing.place(self.session, quotation, by=self.lin)
        money.take(self.session, order, by=self.lin, method="wechat", amount=DEPOSIT)
        free = cars.free(self.session, order)
        if free:
            cars.assign(self.session, order, free[0], by=self.lin)

    def _quote(self, prospect: Prospect, below: int, like: Quotation | None = None, **more: Any) -> Quotation:
        """`below` is in hundredths of a per cent of the guide price."""
        model = prospect.model
        assert model is not None
        guide = self.guides[model.id]
        given = guide * below // 10_000 // 10_000 * 10_000  # whole hundreds of yuan
        insurance = FROM_SIX if (model.seats or 0) >= SIX else UP_TO_FIVE
        prices = {self.codes[model.id]: guide - given, insurance: None, **EXTRAS}
        choice = Choice(model=model, colour="white", prices=prices, **more)
        return offering.quote(self.session, prospect, choice, by=self.lin, like=like)
