"""Rate the steps of a sale."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Identity, Moment

revision: str = "rate_the_steps_of_a_sale"
down_revision: str | None = "ask_what_people_need"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "step_ratings",
        sa.Column("prospect_id", Identity(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("consultant_id", Identity(), nullable=False),
        sa.Column("rated_at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["consultant_id"], ["staff.id"], name=op.f("fk_step_ratings_consultant_id")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospects.id"], name=op.f("fk_step_ratings_prospect_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_step_ratings_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_ratings")),
        sa.UniqueConstraint(
            "store_id", "prospect_id", "step", "who", name=op.f("uq_step_ratings_store_id_prospect_id_step_who")
        ),
    )
    summed = ["store_id", "rated_at", "consultant_id", "step", "who", "score"]
    op.create_index("ix_step_ratings_rated", "step_ratings", summed, unique=False)
    op.create_index("ix_receptions_prospect", "receptions", ["store_id", "prospect_id", "arrived_at"], unique=False)
    # The first of a prospect is looked up; by the time alone SQLite would read all of the store's.
    for table, at in (("orders", "placed_at"), ("quotations", "created_at")):
        op.drop_index(f"ix_{table}_prospect", table)
        op.create_index(f"ix_{table}_prospect", table, ["store_id", "prospect_id", at], unique=False)
    op.add_column("needs", sa.Column("begun_at", Moment(), nullable=True))
    guards.keep_apart("step_ratings")
