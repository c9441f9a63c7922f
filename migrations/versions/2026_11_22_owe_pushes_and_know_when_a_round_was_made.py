"""Owe pushes, and know when a round was made."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Document, Identity, Moment

revision: str = "owe_pushes_and_know_when_a_round"
down_revision: str | None = "deliver_what_waited_on_a_device"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "rounds",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("leased_until", Moment(), nullable=True),
        sa.Column("lease", Identity(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rounds")),
    )
    op.create_table(
        "push_subscriptions",
        sa.Column("staff_id", Identity(), nullable=False),
        sa.Column("device_id", Identity(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("p256dh", sa.String(), nullable=False),
        sa.Column("auth_secret", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("topics", Document(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_push_subscriptions_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_push_subscriptions_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscriptions")),
        sa.UniqueConstraint("staff_id", "device_id", name=op.f("uq_push_subscriptions_staff_id_device_id")),
        sa.UniqueConstraint("staff_id", "endpoint", name=op.f("uq_push_subscriptions_staff_id_endpoint")),
    )
    op.create_table(
        "pushes",
        sa.Column("notice_id", Identity(), nullable=False),
        sa.Column("subscription_id", Identity(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease", Identity(), nullable=True),
        sa.Column("leased_until", Moment(), nullable=True),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_pushes_notice_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_pushes_store_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["push_subscriptions.id"], name=op.f("fk_pushes_subscription_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pushes")),
    )
    op.create_index("ix_pushes_owed", "pushes", ["state", "due_at"], unique=False)
    op.create_index(op.f("ix_pushes_subscription_id"), "pushes", ["subscription_id"], unique=False)
    op.add_column("contacts", sa.Column("reminded_at", Moment(), nullable=True))
    op.create_index("ix_sign_ins_device", "sign_ins", ["device_id", "created_at"], unique=False)
    for table in ("push_subscriptions", "pushes"):
        guards.keep_apart(table)
