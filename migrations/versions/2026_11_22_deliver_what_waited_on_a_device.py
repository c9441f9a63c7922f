"""Deliver what waited on a device."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Identity, Moment

revision: str = "deliver_what_waited_on_a_device"
down_revision: str | None = "tell_what_a_device_is_and_holds"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "outbox_tickets",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("staff_id", Identity(), nullable=False),
        sa.Column("device_id", Identity(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_outbox_tickets_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_outbox_tickets_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_tickets")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_outbox_tickets_token_hash")),
    )
    op.create_index(op.f("ix_outbox_tickets_device_id"), "outbox_tickets", ["device_id"], unique=False)
    guards.keep_apart("outbox_tickets")
    op.add_column("checklist_answers", sa.Column("base_id", Identity(), nullable=True))
    op.add_column("checklist_photos", sa.Column("device_at", Moment(), nullable=True))
    op.add_column("checklist_photos", sa.Column("original_hash", sa.String(), nullable=True))
    op.add_column("checklist_signatures", sa.Column("device_at", Moment(), nullable=True))
