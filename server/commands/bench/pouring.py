"""Many rows at once: each value is made ready as its column asks, and the driver takes them as they are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.orm import Session

from server.database import Base


def pour(session: Session, kind: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that have the same columns; what they leave out stays empty, no default steps in. SQLite only."""
    if not rows:
        return
    table, connection = Base.metadata.tables[kind.__tablename__], session.connection()
    names = list(rows[0])
    ready = [_processor(table, name, connection) for name in names]
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    # The names are those of our own columns.
    statement = f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})'  # noqa: S608
    values = [
        tuple(value if make is None else make(value) for make, value in zip(ready, row.values(), strict=True))
        for row in rows
    ]
    connection.exec_driver_sql(statement, values)


def _processor(table: Table, name: str, connection: Connection) -> Any:
    kind = table.c[name].type
    return kind.dialect_impl(connection.dialect).bind_processor(connection.dialect)
