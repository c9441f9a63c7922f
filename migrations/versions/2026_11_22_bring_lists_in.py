"""Bring lists in."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Document, Identity, Moment

revision: str = "bring_lists_in"
down_revision: str | None = "rate_the_steps_of_a_sale"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "import_columns",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_import_columns_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_columns")),
        sa.UniqueConstraint("store_id", "kind", "heading", name=op.f("uq_import_columns_store_id_kind_heading")),
    )
    op.create_table(
        "imports",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("file_id", Identity(), nullable=False),
        sa.Column("head", Document(), nullable=False),
        sa.Column("head_row", sa.Integer(), nullable=False),
        sa.Column("sample", Document(), nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.Column("columns", Document(), nullable=False),
        sa.Column("options", Document(), nullable=False),
        sa.Column("duplicates", sa.String(), nullable=False),
        sa.Column("read_to", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("why", Document(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_imports_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_imports_file_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_imports_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_created", "imports", ["store_id", "created_at"], unique=False)
    op.create_index("ix_imports_state", "imports", ["state", "created_at"], unique=False)
    op.create_table(
        "import_rows",
        sa.Column("import_id", Identity(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", Document(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("errors", Document(), nullable=False),
        sa.Column("found", Document(), nullable=False),
        sa.Column("subject_id", Identity(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_import_rows_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_import_rows_import_id_number")),
    )
    op.create_index("ix_import_rows_key", "import_rows", ["import_id", "key"], unique=False)
    op.create_index("ix_import_rows_state", "import_rows", ["import_id", "state", "number"], unique=False)
    for table in ("import_columns", "imports", "import_rows"):
        guards.keep_apart(table)
