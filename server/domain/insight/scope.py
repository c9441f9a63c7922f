"""What a figure is about: a time, and perhaps one consultant and one source, within what the person may see."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement

from server.domain.people import Person, Right


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """From `since` on and before `until`; empty is no wish."""

    since: datetime
    until: datetime
    consultant: UUID | None = None
    source: str = ""


def whose(person: Person, scope: Scope) -> UUID | None:
    """Of whom the figures are: who may not see everybody's sees their own. None is everybody."""
    if person.may(Right.SEE_ALL_PROSPECTS):
        return scope.consultant
    return person.id


def narrowed(person: Person, scope: Scope, table: Any, at: Any, source: Any) -> list[ColumnElement[bool]]:
    """The rows of a table that belong to it; `at` is when they count, `source` where they came from."""
    wanted: list[ColumnElement[bool]] = [table.store_id == person.store_id, at >= scope.since, at < scope.until]
    if not person.may(Right.SEE_FIGURES):
        wanted.append(table.id.is_(None))
    if (one := whose(person, scope)) is not None:
        wanted.append(table.consultant_id == one)
    if scope.source:
        wanted.append(source == scope.source)
    return wanted
