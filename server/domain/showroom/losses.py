"""Looking at lost deals: what waits for a decision, and why deals are lost."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from server.domain.people import Person, Right
from server.domain.refusals import NotThere
from server.domain.showroom.lost_deals import LostDeal, State
from server.domain.showroom.prospects import Prospect
from server.paging import Ordering

DIMENSIONS = {
    "reason": LostDeal.reason,
    "competitor": LostDeal.competitor_brand,
    "consultant": LostDeal.consultant_id,
    "source": LostDeal.source,
    "grade": LostDeal.grade,
}
"""By what lost deals are counted."""
MOST = 200
IN_TURN = Ordering(LostDeal.applied_at, LostDeal.id)
NEWEST_FIRST = Ordering(LostDeal.applied_at, LostDeal.id, newest_first=True)


class Share(msgspec.Struct, frozen=True):
    """How many were lost so; `key` is a code, a brand or somebody's identity."""

    key: str
    count: int


class Clarity(msgspec.Struct, frozen=True):
    """KPI 战败明确率: lost with a reason and agreed, of all applications in the period."""

    agreed: int
    applied: int

    @property
    def percent(self) -> float | None:
        """None while nobody has applied."""
        return 100 * self.agreed / self.applied if self.applied else None


class Reach:
    """The applications that a person may see: their own, a manager the store's."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session = session
        within: ColumnElement[bool] = LostDeal.store_id == person.store_id
        if not person.may(Right.SEE_PROSPECTS):
            within = LostDeal.id.is_(None)
        elif not person.may(Right.SEE_ALL_PROSPECTS):
            within = and_(within, LostDeal.consultant_id == person.id)
        self.within = within

    def one(self, deal_id: UUID) -> LostDeal:
        """By its identity. Raises NotThere."""
        found = self.session.scalar(self._whole().where(LostDeal.id == deal_id))
        if found is None:
            raise NotThere
        return found

    def waiting(self) -> Sequence[LostDeal]:
        """What is to be decided, the oldest first."""
        query = self._whole().where(LostDeal.state == State.APPLIED).order_by(*IN_TURN.down)
        return self.session.scalars(query.limit(MOST)).all()

    def neighbours(
        self, deal: LostDeal, since: datetime, until: datetime, by: Mapping[str, str]
    ) -> tuple[UUID | None, UUID | None]:
        """The one before and the one after in its list: what waits, or what was agreed in that time and fits."""
        within = [LostDeal.state == deal.state]
        if deal.state == State.AGREED:
            within = [*self._agreed(since, until), *_fits(by)]
        query = select(LostDeal.id).where(self.within, *within)
        order = IN_TURN if deal.is_waiting else NEWEST_FIRST
        return order.beside(self.session, query, deal.applied_at, deal.id)

    def decided(self, since: datetime, until: datetime, by: Mapping[str, str]) -> Sequence[LostDeal]:
        """What was agreed in that time and fits every dimension in `by`, newest first."""
        query = self._whole().where(*self._agreed(since, until), *_fits(by))
        return self.session.scalars(query.order_by(*NEWEST_FIRST.down).limit(MOST)).all()

    def shares(self, dimension: str, since: datetime, until: datetime, by: Mapping[str, str]) -> list[Share]:
        """How many were lost, by that dimension, the most first; `by` narrows it."""
        column = DIMENSIONS[dimension]
        query = select(column, func.count()).where(self.within, *self._agreed(since, until), *_fits(by))
        rows = self.session.execute(query.group_by(column)).all()
        return sorted((Share(str(key), count) for key, count in rows), key=lambda share: (-share.count, share.key))

    def clarity(self, since: datetime, until: datetime) -> Clarity:
        """Of all that were applied for in that time."""
        inside = (self.within, LostDeal.applied_at >= since, LostDeal.applied_at < until, LostDeal.state != State.VOID)
        query = select(LostDeal.state, func.count()).where(*inside).group_by(LostDeal.state)
        counts: dict[str, int] = {row[0]: row[1] for row in self.session.execute(query)}
        return Clarity(counts.get(State.AGREED, 0), sum(counts.values()))

    def _whole(self) -> Select[LostDeal]:
        told = (
            joinedload(LostDeal.prospect).joinedload(Prospect.customer),
            joinedload(LostDeal.prospect).joinedload(Prospect.model),
            joinedload(LostDeal.consultant), joinedload(LostDeal.decider),
        )  # fmt: skip
        return select(LostDeal).where(self.within).options(*told)

    def _agreed(self, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
        return LostDeal.state == State.AGREED, LostDeal.applied_at >= since, LostDeal.applied_at < until


def visible_to(session: Session, person: Person) -> Reach:
    """What this person may see."""
    return Reach(session, person)


def _fits(by: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """Raises ValueError for somebody whose identity is none."""
    wanted = {name: UUID(key) if name == "consultant" else key for name, key in by.items()}
    return [DIMENSIONS[name] == key for name, key in wanted.items()]
