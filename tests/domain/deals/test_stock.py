"""The stock: what can be sold, what an order keeps, what is on the way; and what waits for whom."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.deals import cars, offering, waiting
from server.domain.deals import stock as stock_list
from server.domain.deals.stock import COMING, FREE, KEPT, InStock, Wanted
from server.domain.showroom import lost_deals
from server.domain.showroom.lost_deals import Loss
from tests.cast import Cast
from tests.domain.deals.selling import OWN, a_choice, a_prospect, an_order, stock


def listed(session: Session, store: UUID, show: str, model: UUID | None = None) -> Sequence[InStock]:
    """A list that fits on one page."""
    found = stock_list.page(session, store, Wanted(show, model))
    assert found.later is None
    return found.cars


def test_a_car_is_free_until_an_order_keeps_it(session: Session, cast: Cast) -> None:
    """The counts are those of the lists."""
    order, car = an_order(session, cast.lin), stock(session, cast.lin)[0]
    free = len(listed(session, cast.store, FREE))
    cars.assign(session, order, car, by=cast.lin)
    session.flush()
    kept = listed(session, cast.store, KEPT)
    assert [(one.car.id, one.order) for one in kept if one.car.id == car.id] == [(car.id, order)]
    assert car.id not in {one.car.id for one in listed(session, cast.store, FREE)}
    found = stock_list.counts(session, cast.store)
    assert found[FREE] == free - 1
    assert {show: len(listed(session, cast.store, show)) for show in (FREE, KEPT, COMING)} == found


def test_days_are_counted_from_the_arrival(session: Session, cast: Cast) -> None:
    """What is on the way has none, and stands last."""
    car, other = stock(session, cast.lin)[:2]
    today = date(2026, 11, 22)
    car.arrived_on, other.arrived_on = today - timedelta(days=41), None
    session.flush()
    found = [one for one in listed(session, cast.store, FREE, car.model_id) if one.car in (car, other)]
    assert [(one.car, one.days(today)) for one in found] == [(car, 41), (other, None)]


def test_another_store_sees_none_of_it(session: Session, cast: Cast) -> None:
    """Each store its own cars."""
    ours = {car.id for car in stock(session, cast.lin)}
    theirs = {one.car.id for show in (FREE, KEPT) for one in listed(session, cast.tang.store_id, show)}
    assert ours
    assert not ours & theirs


def test_what_waits_is_told_to_whoever_it_waits_for(session: Session, cast: Cast) -> None:
    """The manager decides, the consultant plans; nobody else is told."""
    before = waiting.of(session, cast.gao)
    order = an_order(session, cast.lin)
    cars.assign(session, order, stock(session, cast.lin)[0], by=cast.lin)
    asked = offering.quote(
        session, order.prospect, a_choice(session, cast.lin, OWN + 1, why="同城有更低的"), by=cast.lin
    )
    given_up = a_prospect(session, cast.lin, "13800007088")
    lost_deals.apply(session, given_up, Loss(reason="budget", story="预算不够"), by=cast.lin)
    session.flush()
    now_waits = waiting.of(session, cast.gao)
    assert (now_waits.decisions, now_waits.lost) == (before.decisions + 1, before.lost + 1)
    assert now_waits.first == asked.address or before.decisions
    of_lin = waiting.of(session, cast.lin)
    assert (of_lin.decisions, of_lin.lost, of_lin.to_plan) == (0, 0, 1)
    assert waiting.of(session, cast.zhou) == waiting.Waiting()
