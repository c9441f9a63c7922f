"""What an order comes to: for each payer labour, parts, and the tax that is in them."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.catalogue import value_of
from server.domain.workshop.order_lines import PAYERS, OrderJob, OrderPart
from server.domain.workshop.sums import tax_share


class Share(msgspec.Struct, frozen=True):
    """What one payer pays, in fen; the tax is part of the total."""

    payer: str
    labour: int
    parts: int
    tax: int

    @property
    def total(self) -> int:
        """Labour and parts."""
        return self.labour + self.parts

    @property
    def name(self) -> Words:
        """What people call the payer."""
        return PAYERS[self.payer]


class Estimate(msgspec.Struct, frozen=True):
    """All shares, in the order of `PAYERS`, and the rate of the tax in per cent."""

    shares: tuple[Share, ...]
    rate: int

    @property
    def total(self) -> int:
        """What all pay together."""
        return sum(share.total for share in self.shares)

    def of(self, payer: str) -> int:
        """What one payer pays."""
        return sum(share.total for share in self.shares if share.payer == payer)


def estimate(jobs: Iterable[OrderJob], parts: Iterable[OrderPart], rate: int) -> Estimate:
    """The sums of these lines by payer; whoever pays nothing is left out."""
    jobs, parts = list(jobs), list(parts)
    lines: Sequence[Any] = [*jobs, *parts]
    shares: list[Share] = []
    for payer in PAYERS:
        if any(line.payer == payer for line in lines):
            labour = sum(job.amount for job in jobs if job.payer == payer)
            material = sum(part.amount for part in parts if part.payer == payer)
            shares.append(Share(payer, labour, material, tax_share(labour + material, rate)))
    return Estimate(tuple(shares), rate)


def tax_rate(session: Session, store_id: UUID) -> int:
    """The store's VAT in per cent."""
    return value_of(session, store_id, "tax_rate")
