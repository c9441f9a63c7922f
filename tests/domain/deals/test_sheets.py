"""The sum of a quotation: never above what is marked, and it adds up for any choice."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.database import uuid7
from server.domain.catalogue import CarModel
from server.domain.catalogue.price_list import Price
from server.domain.catalogue.purchase_tax import TaxRule, purchase_tax
from server.domain.deals.sheets import Trade, draw_up
from server.domain.refusals import Invalid

STORE = uuid7()
RULE = TaxRule(rate=10, vat=13, relief_percent=50, relief_most=1_500_000)
AMOUNTS = st.integers(0, 200_000_000)
EXTRAS = st.lists(st.tuples(AMOUNTS, st.integers(0, 500)), max_size=6)


def a_model(energy: str = "ice") -> CarModel:
    """One that is not in any database."""
    words = {"zh": "车", "en": "Car"}
    return CarModel(id=uuid7(), store_id=STORE, brand=words, series=words, trim=words, energy=energy, year=2026)


def a_price(code: str, amount: int, kind: str = "accessory", rate: int = 0, model: UUID | None = None) -> Price:
    """A row of the list."""
    return Price(
        store_id=STORE, kind=kind, code=code, name={"zh": code, "en": code}, model_id=model, amount=amount, rate=rate,
        position=0, valid_from=date(2020, 1, 1), valid_to=None,
    )  # fmt: skip


@given(
    guide=st.integers(1, 200_000_000),
    extras=st.lists(st.tuples(AMOUNTS, st.integers(0, 500)), max_size=6),
    data=st.data(),
)
def test_it_adds_up_and_is_never_above_the_list(guide: int, extras: list[tuple[int, int]], data: st.DataObject) -> None:
    """What is charged and what is given away are together what is marked."""
    model = a_model()
    offered = [a_price("car", guide, "car", model=model.id)]
    offered += [a_price(f"x{place}", amount, rate=rate) for place, (amount, rate) in enumerate(extras)]
    chosen = {one.code: data.draw(st.none() | st.integers(0, one.marked(guide))) for one in offered}
    sheet = draw_up(offered, model, chosen, None, None)
    assert sheet.total + sheet.given == sum(one.marked(guide) for one in offered)
    assert all(0 <= line.price <= line.marked for line in sheet.lines)
    assert sheet.guide == guide
    assert sheet.total == sum(line.price for line in sheet.lines)


@given(guide=st.integers(1, 200_000_000), above=st.integers(1, 1_000_000))
def test_nothing_is_charged_above_the_marked_price(guide: int, above: int) -> None:
    """Each field that is too high is told, all of them at once."""
    model = a_model()
    offered = [a_price("car", guide, "car", model=model.id), a_price("mats", 59_800)]
    with pytest.raises(Invalid) as wrong:
        draw_up(offered, model, {"car": guide + above, "mats": 59_800 + above}, None, None)
    assert set(wrong.value.errors) == {"price-car", "price-mats"}


@given(guide=st.integers(1, 200_000_000), less=st.integers(1, 1000), rest=AMOUNTS)
def test_another_price_is_another_version(guide: int, less: int, rest: int) -> None:
    """The seal of a sheet changes with any price."""
    model = a_model()
    offered = [a_price("car", guide + less, "car", model=model.id), a_price("mats", rest)]
    seals = {draw_up(offered, model, {"car": guide + off, "mats": None}, None, None).digest for off in (0, less)}
    assert len(seals) == 2


@given(price=st.integers(0, 500_000_000))
def test_the_purchase_tax_is_a_tenth_of_the_price_without_vat(price: int) -> None:
    """Half up to the fen; with a plug half of it is let off, at most 15,000 yuan."""
    whole = purchase_tax(price, RULE, charged=False)
    assert abs(whole * 113 - price * 10) * 2 <= 113
    eased = purchase_tax(price, RULE, charged=True)
    assert whole - eased == min((whole + 1) // 2, 1_500_000)
    assert 0 <= eased <= whole


def test_figures_of_the_tax() -> None:
    """A car of 113,000 yuan with VAT: 10,000 of tax, 5,000 with a plug; a dear one is let off 15,000."""
    assert purchase_tax(11_300_000, RULE, charged=False) == 1_000_000
    assert purchase_tax(11_300_000, RULE, charged=True) == 500_000
    assert purchase_tax(56_500_000, RULE, charged=True) == 5_000_000 - 1_500_000


def test_an_old_car_lowers_what_is_paid_but_is_no_discount() -> None:
    """Nor can it be worth more than the new one."""
    model = a_model()
    offered = [a_price("car", 10_000_000, "car", model=model.id)]
    sheet = draw_up(offered, model, {}, RULE, Trade("old", {"zh": "旧车", "en": "Old"}, 3_000_000))
    assert (sheet.given, sheet.total) == (0, 10_000_000 + 884_956 - 3_000_000)
    with pytest.raises(Invalid) as wrong:
        draw_up(offered, model, {}, None, Trade("old", {"zh": "旧车", "en": "Old"}, 10_000_001))
    assert set(wrong.value.errors) == {"trade_in"}


def test_a_model_without_a_marked_price_is_not_quoted() -> None:
    """There is nothing to hold the price against."""
    with pytest.raises(Invalid) as wrong:
        draw_up([a_price("mats", 100)], a_model(), {}, None, None)
    assert set(wrong.value.errors) == {"model"}


@pytest.mark.parametrize("asked", [0, 50_000, 94_999])
def test_what_is_passed_on_cannot_be_discounted(asked: int) -> None:
    """The insurer sets a premium and the authority a plate's fee: neither is the store's to give away."""
    model = a_model()
    plate = a_price("plate", 95_000, "registration")
    plate.passed_on = True
    offered = [a_price("car", 10_000_000, "car", model=model.id), a_price("compulsory", 95_000, "insurance"), plate]
    with pytest.raises(Invalid) as wrong:
        draw_up(offered, model, {"compulsory": asked, "plate": asked}, None, None)
    assert set(wrong.value.errors) == {"price-compulsory", "price-plate"}
    assert draw_up(offered, model, {"compulsory": 95_000, "plate": None}, None, None).given == 0
