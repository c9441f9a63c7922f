"""Cases: everybody who became a prospect in a time, and when they reached each step of the sale for the first time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from server.database import Words
from server.domain.deals import Order, Quotation
from server.domain.deals import orders as placed
from server.domain.insight.scope import Scope, narrowed
from server.domain.people import Person
from server.domain.showroom import Prospect, Reception, TestDrive, needs, prospects, receptions
from server.paging import Ordering, Place

RECEPTION, PROSPECT, NEEDS, DRIVE, QUOTATION, ORDER, DELIVERY = STEPS = (
    "reception", "prospect", "needs", "drive", "quotation", "order", "delivery",
)  # fmt: skip
STEP_NAMES: dict[str, Words] = {
    RECEPTION: {"zh": "到店接待", "en": "Received"},
    PROSPECT: {"zh": "留档建卡", "en": "Registered"},
    NEEDS: {"zh": "需求分析", "en": "Needs asked"},
    DRIVE: {"zh": "试乘试驾", "en": "Test drive"},
    QUOTATION: {"zh": "报价", "en": "Quoted"},
    ORDER: {"zh": "下单", "en": "Ordered"},
    DELIVERY: {"zh": "交车", "en": "Delivered"},
}
WON = (prospects.State.ORDERED, prospects.State.DELIVERED)
PAGE = 25


def _first(table: Any, at: Any, *when: ColumnElement[bool]) -> ColumnElement[datetime | None]:
    """When a prospect's first row of that table was; it is looked up in the index by prospect."""
    query = select(func.min(at)).where(table.store_id == Prospect.store_id, table.prospect_id == Prospect.id, *when)
    return query.correlate(Prospect).scalar_subquery()


_PLACED = _first(Order, Order.placed_at, Order.state != placed.State.CANCELLED)
MOMENTS: dict[str, ColumnElement[Any]] = {
    RECEPTION: _first(Reception, Reception.arrived_at, Reception.state != receptions.State.ABANDONED),
    PROSPECT: Prospect.created_at.expression,
    NEEDS: _first(needs.Needs, func.coalesce(needs.Needs.begun_at, needs.Needs.changed_at)),
    DRIVE: _first(TestDrive, TestDrive.out_at),
    QUOTATION: _first(Quotation, Quotation.created_at),
    # Who has ordered without an order of the house did so when the prospect says it.
    ORDER: func.coalesce(_PLACED, case((Prospect.state == prospects.State.ORDERED, Prospect.ended_at))),
    DELIVERY: case((Prospect.state == prospects.State.DELIVERED, Prospect.ended_at)),
}
"""When each step was reached for the first time; null while it was not."""


def reached(step: str) -> ColumnElement[bool]:
    """Whether a prospect has come so far."""
    if step == ORDER:
        return Prospect.state.in_(WON)
    return MOMENTS[step].is_not(None)


def cases(person: Person, scope: Scope) -> Select[Any, Any, Any]:
    """One row for each prospect registered in the time: whose, from where, how it stands, and the moments."""
    moments = [moment.label(step) for step, moment in MOMENTS.items()]
    columns = (Prospect.consultant_id, Prospect.source, Prospect.state, *moments)
    return select(*columns).where(*narrowed(person, scope, Prospect, Prospect.created_at, Prospect.source))


NEWEST_FIRST = Ordering(Prospect.created_at, Prospect.id, newest_first=True)


class Names(msgspec.Struct, frozen=True):
    """One page of those behind a number, the newest first; `later` is None at the end."""

    prospects: Sequence[Prospect]
    later: Place[datetime] | None


def people(
    session: Session, person: Person, scope: Scope, step: str, *, stopped: bool = False,
    place: Place[datetime] | None = None,
) -> Names:  # fmt: skip
    """Who has reached a step; with `stopped` only who has not reached the next one."""
    query = select(Prospect).where(*narrowed(person, scope, Prospect, Prospect.created_at, Prospect.source))
    query = query.where(reached(step))
    if stopped and step != DELIVERY:
        query = query.where(~reached(STEPS[STEPS.index(step) + 1]))
    told = (joinedload(Prospect.customer), joinedload(Prospect.model), joinedload(Prospect.consultant))
    leaf = NEWEST_FIRST.page(session.scalars, query.options(*told), PAGE, place)
    return Names(leaf.rows, Place(leaf.rows[-1].created_at, leaf.rows[-1].id) if leaf.after else None)
