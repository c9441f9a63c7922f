"""Hand prospects over and count lost deals."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Identity, Moment

revision: str = "hand_prospects_over_and_count_lo"
down_revision: str | None = "follow_prospects_up"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "lost_deals",
        sa.Column("prospect_id", Identity(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("competitor_brand", sa.String(), nullable=False),
        sa.Column("competitor_model", sa.String(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("consultant_id", Identity(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("applied_by", Identity(), nullable=False),
        sa.Column("applied_at", Moment(), nullable=False),
        sa.Column("advice", sa.String(), nullable=False),
        sa.Column("decided_by", Identity(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["applied_by"], ["staff.id"], name=op.f("fk_lost_deals_applied_by")),
        sa.ForeignKeyConstraint(["consultant_id"], ["staff.id"], name=op.f("fk_lost_deals_consultant_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_lost_deals_decided_by")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospects.id"], name=op.f("fk_lost_deals_prospect_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_lost_deals_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_deals")),
    )
    op.create_index("ix_lost_deals_prospect", "lost_deals", ["store_id", "prospect_id"], unique=False)
    op.create_index("ix_lost_deals_state", "lost_deals", ["store_id", "state", "applied_at"], unique=False)
    op.create_table(
        "prospect_hands",
        sa.Column("prospect_id", Identity(), nullable=False),
        sa.Column("from_id", Identity(), nullable=True),
        sa.Column("to_id", Identity(), nullable=True),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", Identity(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_prospect_hands_by_id")),
        sa.ForeignKeyConstraint(["from_id"], ["staff.id"], name=op.f("fk_prospect_hands_from_id")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospects.id"], name=op.f("fk_prospect_hands_prospect_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_prospect_hands_store_id")),
        sa.ForeignKeyConstraint(["to_id"], ["staff.id"], name=op.f("fk_prospect_hands_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prospect_hands")),
    )
    op.create_index("ix_prospect_hands_prospect", "prospect_hands", ["store_id", "prospect_id", "at"], unique=False)
    op.create_index("ix_prospect_hands_to", "prospect_hands", ["store_id", "to_id", "way", "at"], unique=False)
    whose = sa.ForeignKey("prospects.id", name="fk_contacts_prospect_id")
    op.add_column("contacts", sa.Column("prospect_id", Identity(), whose, nullable=True), inline_references=True)
    op.create_index(op.f("ix_contacts_prospect_id"), "contacts", ["prospect_id"], unique=False)
    op.create_index("ix_grade_changes_at", "grade_changes", ["store_id", "at"], unique=False)
    op.create_index("ix_prospects_created", "prospects", ["store_id", "created_at", "id"], unique=False)
    op.create_index("ix_prospects_ended", "prospects", ["store_id", "ended_at", "id"], unique=False)
    for table in ("prospect_hands", "lost_deals"):
        guards.keep_apart(table)
    guards.seal("prospect_hands")
