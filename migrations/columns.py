"""The column types of the house as migrations say them: frozen here, whatever the house does later."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine


def Identity() -> TypeEngine[object]:
    """A UUID: native on PostgreSQL, its 36 letters on SQLite."""
    return sa.CHAR(36).with_variant(sa.Uuid(), "postgresql")


def Moment() -> sa.DateTime:
    """A moment with its zone."""
    return sa.DateTime(timezone=True)


def Document() -> TypeEngine[object]:
    """JSON, in binary form on PostgreSQL."""
    return sa.JSON().with_variant(JSONB(), "postgresql")
