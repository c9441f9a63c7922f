"""Nothing alive is nobody's: a look at every kind of thing for those in no hands, or in those of who has left."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import and_, literal, or_, select
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.care.belongings import ALL, Belonging
from server.domain.people import Role, Staff, Store, notices
from server.domain.people.staff import titles, with_role

MOST = 200
"""Of each kind; more are as bad."""


class Unowned(msgspec.Struct, frozen=True):
    """One thing that nobody looks after."""

    code: str
    name: Words
    id: UUID
    called: str
    """Its number, or whom it is about; empty for what is nameless."""
    left: Words | None
    """Who had it and has left; None when it is in no hands at all."""
    left_id: UUID | None
    key: str
    """What its page is known by."""


def find(session: Session, store_id: UUID) -> list[Unowned]:
    """Every thing of the store that is alive and nobody's, kind by kind."""
    called = titles(session, store_id)
    return [found for one in ALL for found in _of_kind(session, store_id, one, called)]


def tell(session: Session, store: Store, at: datetime) -> int:
    """Managers are told how many there are, while there are any."""
    found = find(session, store.id)
    if found:
        for manager in with_role(session, store.id, Role.MANAGER):
            notices.remind(session, store.id, manager.id, "unowned.found", "/unowned", at=at, count=len(found))
    return 0  # nothing is left over for another go


def _of_kind(session: Session, store_id: UUID, one: Belonging, called: dict[UUID, Words]) -> Sequence[Unowned]:
    name: Any = one.called if one.called is not None else one.told if one.told is not None else literal("")
    page: Any = one.opened if one.opened is not None else one.table.id
    gone = select(Staff.id).where(Staff.store_id == store_id, Staff.active.is_(False))
    nobodys = one.owner.in_(gone)
    if one.needs_owner is not None:
        nobodys = or_(nobodys, and_(one.owner.is_(None), one.needs_owner))
    query = select(one.table.id, one.owner, name, page).where(one.table.store_id == store_id, one.alive, nobodys)
    rows = session.execute(query.order_by(one.table.id).limit(MOST)).all()
    return [
        Unowned(one.code, one.name, row[0], str(row[2] or ""), called.get(row[1]), row[1], str(row[3])) for row in rows
    ]
