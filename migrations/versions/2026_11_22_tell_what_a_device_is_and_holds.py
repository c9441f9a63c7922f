"""Tell what a device is and holds."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.columns import Identity, Moment

revision: str = "tell_what_a_device_is_and_holds"
down_revision: str | None = "keep_stores_apart"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("devices", sa.Column("agent", sa.String(), server_default="", nullable=False))
    op.add_column("devices", sa.Column("last_contact_at", Moment(), nullable=True))
    op.add_column("devices", sa.Column("last_person_id", Identity(), nullable=True))
    op.add_column("devices", sa.Column("waiting", sa.Integer(), server_default="0", nullable=False))
    op.add_column("devices", sa.Column("revoked_at", Moment(), nullable=True))
