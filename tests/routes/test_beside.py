"""From a record to the next one of the list it was opened from, and back to where one was."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy.orm import Session

from server.database import Database, now, uuid7
from server.domain.catalogue.stock_cars import StockCar
from server.domain.deals import cars, placing
from server.domain.deals.offering import quote
from server.domain.deals.stock import PAGE
from server.domain.people import Staff
from server.domain.showroom import bookings, lost_deals, meeting, receptions
from server.domain.showroom.lost_deals import Loss
from tests.cast import Cast
from tests.domain.deals.selling import a_choice, a_prospect, stock, the_model
from tests.domain.drives import a_drive, soon
from tests.routes.browsing import Come

ROW = re.compile(r'class="(?:whole|chip wait)" href="([^"]+)"')
Make = Callable[[Session, Cast], None]


def left(session: Session, cast: Cast) -> None:
    """Four came, one of them is still here."""
    for minutes in (4, 3, 2, 1):
        by = msgspec.structs.replace(cast.lin, acted_at=now() - timedelta(minutes=minutes))
        reception = receptions.begin(session, by=by)
        if minutes > 1:
            meeting.see_off(session, reception, by=cast.lin, story="看车")


def booked(session: Session, cast: Cast) -> None:
    """Three drives of tomorrow, and one of the day after."""
    first = a_drive(session, cast, at=soon(cast.lin, 3))
    lin = session.get_one(Staff, cast.lin.id)
    for hours in (1, 5, 26):
        bookings.book(
            session, by=cast.lin, customer=first.customer, car=first.car, consultant=lin, route="city",
            starts_at=soon(cast.lin, hours), minutes=30, prospect=first.prospect,
        )  # fmt: skip


def given_up(session: Session, cast: Cast) -> None:
    """Three for the money and one for another reason, all agreed; one waits."""
    for number, reason in enumerate(("budget", "budget", "family", "budget", "budget")):
        prospect = a_prospect(session, cast.lin, f"1380000710{number}")
        deal = lost_deals.apply(session, prospect, Loss(reason=reason, story="预算不够"), by=cast.lin)
        if number < 4:
            lost_deals.agree(session, deal, by=cast.gao)


def kept(session: Session, cast: Cast) -> None:
    """Three cars of the stock are kept for orders."""
    for number, car in enumerate(stock(session, cast.lin)[:3]):
        prospect = a_prospect(session, cast.lin, f"1380000720{number}")
        order = placing.place(session, quote(session, prospect, a_choice(session, cast.lin), by=cast.lin), by=cast.lin)
        cars.assign(session, order, car, by=cast.lin)


LISTS: dict[str, tuple[Make, Callable[[Cast], str], str]] = {
    "receptions": (left, lambda _: "/receptions", 'id="came"'),
    "drives": (booked, lambda cast: f"/test-drives?day={soon(cast.lin).date()}&by=consultant", 'id="in-order"'),
    "lost deals": (given_up, lambda _: "/lost-deals?reason=budget&days=30", 'id="deals"'),
    "stock": (kept, lambda _: "/stock?show=kept", 'id="stock"'),
}


@pytest.mark.parametrize("name", LISTS)
def test_one_goes_through_a_list_record_by_record_and_back(
    client: Come, database: Database, cast: Cast, name: str
) -> None:
    make, where, heading = LISTS[name]
    with database.work(cast.store) as session:
        make(session, cast)
    visitor = client("gao" if name == "lost deals" else "lin")
    shown = visitor.get(where(cast)).text
    rows = [html.unescape(one) for one in ROW.findall(shown[shown.index(heading) :])]
    assert len(rows) == 3, rows
    for place, address in enumerate(rows):
        page = visitor.get(address).text
        for rel, other in (("prev", place - 1), ("next", place + 1)):
            found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
            assert (found and html.unescape(found[1])) == (rows[other] if 0 <= other < 3 else None), (rel, place)
        back = re.search(r'class="back" href="([^"#]+)#([^"]+)"', page)
        assert back
        again = visitor.get(html.unescape(back[1])).text
        assert f'id="{back[2]}"' in again
        assert [html.unescape(one) for one in ROW.findall(again[again.index(heading) :])] == rows


def test_the_stock_is_leafed_through_as_other_lists_are(client: Come, database: Database, cast: Cast) -> None:
    """Every car once, forwards and backwards; those on the way last."""
    with database.work(cast.store) as session:
        model, day = the_model(session, cast.lin).id, now().date()
        for number in range(2 * PAGE):
            arrived = day - timedelta(days=number // 2) if number % 10 else None
            session.add(
                StockCar(
                    id=uuid7(), store_id=cast.store, version=1, vin=f"LVVDB11B0RD4{number:05d}", model_id=model,
                    colour="white", engine_no="", arrived_on=arrived, sold_at=None,
                )
            )  # fmt: skip
    lin, address, pages = client("lin"), f"/stock?model={model}", list[list[str]]()
    while address:
        text = lin.get(address).text
        pages.append(re.findall(r"LV[A-Z0-9]{15}", text.partition('id="stock"')[2]))
        further = re.search(r'rel="next" href="([^"]+)"', text)
        before, address = address, html.unescape(further[1]) if further else ""
    vins = [vin for page in pages for vin in dict.fromkeys(page)]
    assert len(vins) == len(set(vins)) >= 2 * PAGE
    assert len(dict.fromkeys(pages[0])) == PAGE
    back = re.search(r'rel="prev" href="([^"]+)"', lin.get(before).text)
    assert back
    assert re.findall(r"LV[A-Z0-9]{15}", lin.get(html.unescape(back[1])).text.partition('id="stock"')[2])
