"""Follow prospects up."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Document, Identity, Moment

revision: str = "follow_prospects_up"
down_revision: str | None = "owe_pushes_and_know_when_a_round"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "prospects",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("consultant_id", Identity(), nullable=True),
        sa.Column("consultant_since", Moment(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("first_grade", sa.String(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sub_source", sa.String(), nullable=False),
        sa.Column("model_id", Identity(), nullable=True),
        sa.Column("competitors", Document(), nullable=False),
        sa.Column("wish", sa.String(), nullable=False),
        sa.Column("referrer_id", Identity(), nullable=True),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("next_contact_at", Moment(), nullable=False),
        sa.Column("next_method", sa.String(), nullable=False),
        sa.Column("first_contact_at", Moment(), nullable=True),
        sa.Column("last_contact_at", Moment(), nullable=True),
        sa.Column("overdue_times", sa.Integer(), nullable=False),
        sa.Column("overdue_counted_at", Moment(), nullable=True),
        sa.Column("climbed_at", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultant_id"], ["staff.id"], name=op.f("fk_prospects_consultant_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_prospects_customer_id")),
        sa.ForeignKeyConstraint(["model_id"], ["car_models.id"], name=op.f("fk_prospects_model_id")),
        sa.ForeignKeyConstraint(["referrer_id"], ["customers.id"], name=op.f("fk_prospects_referrer_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_prospects_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prospects")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_prospects_store_id_number")),
    )
    op.create_index("ix_prospects_customer", "prospects", ["store_id", "customer_id"], unique=False)
    op.create_index("ix_prospects_expected", "prospects", ["store_id", "state", "expected_on"], unique=False)
    op.create_index(
        "ix_prospects_grade", "prospects", ["store_id", "state", "grade", "next_contact_at", "id"], unique=False
    )
    op.create_index(
        "ix_prospects_model", "prospects", ["store_id", "state", "model_id", "next_contact_at", "id"], unique=False
    )
    op.create_index("ix_prospects_next", "prospects", ["store_id", "state", "next_contact_at", "id"], unique=False)
    op.create_index(
        "ix_prospects_source", "prospects", ["store_id", "state", "source", "next_contact_at", "id"], unique=False
    )
    op.create_index(
        "ix_prospects_whose", "prospects", ["store_id", "state", "consultant_id", "next_contact_at", "id"], unique=False
    )
    op.create_table(
        "follow_ups",
        sa.Column("prospect_id", Identity(), nullable=False),
        sa.Column("made_by", Identity(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("customer_words", sa.String(), nullable=False),
        sa.Column("countermeasure", sa.String(), nullable=False),
        sa.Column("grade_before", sa.String(), nullable=False),
        sa.Column("grade_after", sa.String(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("next_method", sa.String(), nullable=False),
        sa.Column("was_overdue", sa.Boolean(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_follow_ups_made_by")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospects.id"], name=op.f("fk_follow_ups_prospect_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_follow_ups_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    op.create_index("ix_follow_ups_made", "follow_ups", ["store_id", "made_at"], unique=False)
    op.create_index("ix_follow_ups_prospect", "follow_ups", ["store_id", "prospect_id", "made_at"], unique=False)
    op.create_table(
        "grade_changes",
        sa.Column("prospect_id", Identity(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", Identity(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_grade_changes_by_id")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospects.id"], name=op.f("fk_grade_changes_prospect_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_grade_changes_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_changes")),
    )
    op.create_index("ix_grade_changes_prospect", "grade_changes", ["store_id", "prospect_id", "at"], unique=False)
    op.create_table(
        "follow_up_comments",
        sa.Column("follow_up_id", Identity(), nullable=False),
        sa.Column("made_by", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_ups.id"], name=op.f("fk_follow_up_comments_follow_up_id")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_follow_up_comments_made_by")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_follow_up_comments_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_comments")),
    )
    op.create_index("ix_follow_up_comments_follow_up", "follow_up_comments", ["store_id", "follow_up_id"], unique=False)
    for table in ("prospects", "follow_ups", "grade_changes", "follow_up_comments"):
        guards.keep_apart(table)
    for table in ("follow_ups", "grade_changes", "follow_up_comments"):
        guards.seal(table)
