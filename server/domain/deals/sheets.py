"""The sum of a quotation, without a database: every line at its price, never above what is marked."""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from server.database import Words
from server.domain.billing import yuan
from server.domain.catalogue import CarModel
from server.domain.catalogue.price_list import Price
from server.domain.catalogue.purchase_tax import TaxRule, purchase_tax
from server.domain.refusals import Invalid, N_, Said

TAX_NAME: Words = {"zh": "车辆购置税", "en": "Vehicle purchase tax"}
TRADE_IN_NAME: Words = {"zh": "旧车置换抵价", "en": "Trade-in"}
Asked = Mapping[str, int | None]
"""What is charged in fen by code of the price list; None is as marked."""


class Line(msgspec.Struct, frozen=True):
    """One line, in fen. `price` is what is charged, `marked` what the list says."""

    kind: str
    code: str
    name: Words
    marked: int
    price: int

    @property
    def given(self) -> int:
        """How much less than marked."""
        return self.marked - self.price


class Sheet(msgspec.Struct, frozen=True):
    """All lines of a quotation."""

    lines: Sequence[Line]

    @property
    def guide(self) -> int:
        """The guide price of the car."""
        return self.lines[0].marked

    @property
    def given(self) -> int:
        """All that is charged less than marked."""
        return sum(line.given for line in self.lines)

    @property
    def total(self) -> int:
        """What the customer pays."""
        return sum(line.price for line in self.lines)

    @property
    def digest(self) -> str:
        """SHA-256 over what is offered: an approval is for exactly this."""
        said = [(line.kind, line.code, line.marked, line.price) for line in self.lines]
        return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


class Trade(msgspec.Struct, frozen=True):
    """An old car that is taken in payment, at what it was valued."""

    code: str
    name: Words
    valued: int


def draw_up(
    offered: Sequence[Price], model: CarModel, chosen: Asked, tax: TaxRule | None, trade: Trade | None
) -> Sheet:
    """The sheet of a choice. Raises Invalid at each field that is wrong.

    The car is always among it; `tax` is None when the customer pays it themselves.
    """
    cars = [price for price in offered if price.kind == "car"]
    if not cars:
        raise Invalid.at("model", N_("There is no marked price for this model today."))
    guide = cars[0].amount
    errors: dict[str, Said] = {}
    taken = [price for price in offered if price.code in chosen or price is cars[0]]
    lines = [_line(price, guide, chosen.get(price.code), errors) for price in taken]
    if errors:
        raise Invalid(errors)
    if tax is not None:
        owed = purchase_tax(lines[0].price, tax, charged=model.is_charged)
        lines.append(Line("tax", "tax", TAX_NAME, owed, owed))
    if trade is not None:
        lines.append(Line("trade_in", trade.code, trade.name, -trade.valued, -trade.valued))
    sheet = Sheet(lines)
    if sheet.total < 0:
        raise Invalid.at("trade_in", N_("The old car is worth more than the new one costs."))
    return sheet


def _line(price: Price, guide: int, asked: int | None, errors: dict[str, Said]) -> Line:
    marked = price.marked(guide)
    charged = marked if asked is None else asked
    if charged > marked:
        errors[f"price-{price.code}"] = Said(N_("Never above the marked price of %(price)s."), price=yuan(marked))
    elif charged != marked and price.is_passed_on:
        errors[f"price-{price.code}"] = Said(N_("This is passed on as it is charged to us; it cannot be discounted."))
    elif charged < 0:
        errors[f"price-{price.code}"] = Said(N_("Type an amount in yuan, such as 128,800 or 99.50."))
    return Line(price.kind, price.code, price.name, marked, charged)
