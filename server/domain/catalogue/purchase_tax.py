"""The vehicle purchase tax, in whole fen."""

from collections.abc import Mapping
from typing import Any

import msgspec

HUNDRED = 100


class TaxRule(msgspec.Struct, frozen=True):
    """The purchase tax of a day: `rate` per cent of the price without `vat` per cent of value-added tax."""

    rate: int
    vat: int
    relief_percent: int = 0
    """How much of it cars with a plug are let off."""
    relief_most: int = 0
    """Fen."""


def purchase_tax(price: int, rule: TaxRule, *, charged: bool) -> int:
    """In fen, half up, of a car's price in fen with value-added tax; cars with a plug are let off a part."""
    whole = _half_up(price * rule.rate, HUNDRED + rule.vat)
    if not charged:
        return whole
    return whole - min(_half_up(whole * rule.relief_percent, HUNDRED), rule.relief_most)


def tax_rule(parameter: Mapping[str, Any]) -> TaxRule:
    """As the parameter `purchase_tax` says it."""
    return msgspec.convert(parameter, TaxRule)


def _half_up(part: int, of: int) -> int:
    return (2 * part + of) // (2 * of)
