"""Tell what was refused."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tell_what_was_refused"
down_revision: str | None = "bring_lists_in"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("devices", sa.Column("needing", sa.Integer(), server_default="0", nullable=False))
