"""What this store sells, apart from all the other models on file."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import uuid7
from server.domain.catalogue import CarModel
from server.domain.catalogue.car_models import on_sale, told_apart
from server.domain.catalogue.price_list import guide_prices
from server.domain.catalogue.selling import on_the_road, sold_here
from server.domain.catalogue.stock_cars import StockCar
from tests.cast import Cast


def another_maker_s(session: Session, cast: Cast, year: int = 2021) -> CarModel:
    """A model of a catalogue that was brought in; nobody here sells it."""
    words = {"zh": "宝来", "en": "Bora"}
    brand, trim = {"zh": "一汽-大众", "en": "FAW-VW"}, {"zh": "1.5L 自动", "en": "1.5L"}
    model = CarModel(
        id=uuid7(), store_id=cast.store, brand=brand, series=words, trim=trim, energy="ice", year=year, body="sedan",
        seats=5, active=True,
    )  # fmt: skip
    session.add(model)
    session.flush()  # it is asked for
    return model


def test_other_makers_are_only_compared_with(session: Session, cast: Cast) -> None:
    ours = set(guide_prices(session, cast.store))
    other = another_maker_s(session, cast)
    assert other in on_sale(session, cast.store)
    assert {model.id for model in sold_here(session, cast.store)} == ours


def test_what_stands_in_stock_is_sold_here_before_it_is_priced(session: Session, cast: Cast) -> None:
    other = another_maker_s(session, cast)
    session.add(StockCar(
        store_id=cast.store, vin="LVVDB11B9RD119999", model_id=other.id, colour="white", engine_no="", arrived_on=None,
        sold_at=None,
    ))  # fmt: skip
    session.flush()  # it is asked for
    assert other in sold_here(session, cast.store)


def test_two_of_one_name_are_told_apart_by_their_year(session: Session, cast: Cast) -> None:
    old, new = another_maker_s(session, cast, 2019), another_maker_s(session, cast, 2021)
    alone = session.scalars(select(CarModel).where(CarModel.store_id == cast.store, CarModel.id != old.id)).first()
    assert alone is not None
    called = told_apart([old, new, alone])
    assert [called[model.id]["zh"] for model in (old, new)] == [
        "一汽-大众 宝来 1.5L 自动 2019款",
        "一汽-大众 宝来 1.5L 自动 2021款",
    ]
    assert called[new.id]["en"] == "FAW-VW Bora 1.5L 2021"
    assert called[alone.id] == alone.name


def test_a_series_that_is_a_number_is_called_by_its_brand_too() -> None:
    words = {"zh": "03", "en": "03"}
    short = CarModel(brand={"zh": "iCAR", "en": "iCAR"}, series=words, trim={}, energy="nev", year=2026)
    assert short.called == {"zh": "iCAR 03", "en": "iCAR 03"}


def test_on_the_road_is_the_price_with_tax_insurance_and_fees(session: Session, cast: Cast) -> None:
    """145,900.00, 12,911.50 tax; for 7 seats 1,100 + 630 + 1.5 % (2,188.50) + 1,480 + 260 insured; 15 for a plate."""
    model = next(
        one for one in sold_here(session, cast.store) if guide_prices(session, cast.store)[one.id] == 14_590_000
    )
    assert on_the_road(session, cast.store, [model])[model.id] == 14_590_000 + 1_291_150 + 565_850 + 1_500
