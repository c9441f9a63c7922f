"""Receive people who come in."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Document, Identity, Moment

revision: str = "receive_people_who_come_in"
down_revision: str | None = "give_stores_the_lists_of_the_sho"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FROM_THE_BEGINNING = date(2020, 1, 1)
PURPOSES = [
    ("look", "看车", "To look"),
    ("drive", "试驾", "Test drive"),
    ("talk", "谈价", "To talk prices"),
    ("order", "签约交款", "Order or pay"),
    ("collect", "提车", "Collect a car"),
    ("service", "售后", "Service"),
    ("other", "其他", "Other"),
]


def upgrade() -> None:
    op.create_table(
        "receptions",
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("consultant_id", Identity(), nullable=False),
        sa.Column("customer_id", Identity(), nullable=True),
        sa.Column("prospect_id", Identity(), nullable=True),
        sa.Column("run_id", Identity(), nullable=True),
        sa.Column("arrived_at", Moment(), nullable=False),
        sa.Column("left_at", Moment(), nullable=True),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=True),
        sa.Column("told_at", Moment(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultant_id"], ["staff.id"], name=op.f("fk_receptions_consultant_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_receptions_customer_id")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospects.id"], name=op.f("fk_receptions_prospect_id")),
        sa.ForeignKeyConstraint(["run_id"], ["checklist_runs.id"], name=op.f("fk_receptions_run_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_receptions_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receptions")),
    )
    op.create_index("ix_receptions_arrived", "receptions", ["store_id", "arrived_at"], unique=False)
    op.create_index("ix_receptions_customer", "receptions", ["store_id", "customer_id", "arrived_at"], unique=False)
    op.create_index("ix_receptions_whose", "receptions", ["store_id", "consultant_id", "arrived_at"], unique=False)
    guards.keep_apart("receptions")
    for store in op.get_bind().scalars(sa.select(sa.column("id", Identity())).select_from(sa.table("stores"))).all():
        op.bulk_insert(LIST_ENTRIES, [_purpose(store, *one) for one in enumerate(PURPOSES, 1)])


def _purpose(store: str, position: int, purpose: tuple[str, str, str]) -> dict[str, Any]:
    code, zh, en = purpose
    return {
        "id": str(uuid4()), "store_id": str(store), "version": 1, "list": "visit_purpose", "code": code,
        "name": {"zh": zh, "en": en}, "position": position, "valid_from": FROM_THE_BEGINNING,
    }  # fmt: skip


LIST_ENTRIES = sa.table(
    "list_entries", sa.column("id", Identity()), sa.column("store_id", Identity()), sa.column("version", sa.Integer()),
    sa.column("list", sa.String()), sa.column("code", sa.String()), sa.column("name", Document()),
    sa.column("position", sa.Integer()), sa.column("valid_from", sa.Date()),
)  # fmt: skip
