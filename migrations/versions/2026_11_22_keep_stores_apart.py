"""Keep stores apart."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations import guards

revision: str = "keep_stores_apart"
down_revision: str | None = "keep_what_is_written"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    inspector = sa.inspect(op.get_bind())
    for table in inspector.get_table_names():
        if table == "stores":
            guards.keep_apart(table, store="id")
        elif any(column["name"] == "store_id" for column in inspector.get_columns(table)):
            guards.keep_apart(table, nobodys=table == "receipts")
