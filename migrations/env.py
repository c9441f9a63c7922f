"""Where Alembic meets the house: on the connection it is given, inside the transaction that was begun there."""

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON

from server.commands.rooms import METADATA
from server.database import Identity, Moment


def in_words_of_columns(kind: str, thing: Any, wanted: AutogenContext) -> str | bool:
    """A migration never imports the house: its types are written with the frozen words of `columns.py`."""
    if kind != "type":
        return False
    for theirs, word in ((Identity, "Identity"), (Moment, "Moment"), (JSON, "Document")):
        if isinstance(thing, theirs):
            wanted.imports.add(f"from migrations.columns import {word}")
            return f"{word}()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_item=in_words_of_columns,
    compare_type=True,
    compare_server_default=True,
    transactional_ddl=True,
)
context.run_migrations()
