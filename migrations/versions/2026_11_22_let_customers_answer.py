"""Let customers answer on their own phone."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Document, Identity, Moment

revision: str = "let_customers_answer"
down_revision: str | None = "note_what_technicians_find"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FROM_THE_BEGINNING = date(2020, 1, 1)
PARAMETERS: list[tuple[str, str, str, dict[str, int]]] = [
    (
        "link_hours", "客户链接有效小时数", "For how many hours a customer's link is open",
        {"appointment": 336, "extra": 24, "follow": 72, "settlement": 336},
    ),
    (
        "declined_work", "客户未同意的增项：几天后几点回访", "Declined extra work: days until the call, and its hour",
        {"days": 7, "hour": 10},
    ),
]  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "customer_link_misses",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_link_misses")),
    )
    op.create_index("ix_customer_link_misses_at", "customer_link_misses", ["address", "at"], unique=False)
    op.create_table(
        "customer_links",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", Identity(), nullable=False),
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("created_by", Identity(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("last_opened_at", Moment(), nullable=True),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_customer_links_created_by")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_customer_links_customer_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_customer_links_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_customer_links_token_hash")),
    )
    op.create_index(
        "ix_customer_links_subject", "customer_links", ["store_id", "subject_id", "kind", "created_at"], unique=False
    )
    op.create_table(
        "extra_works",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("order_id", Identity(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("promised_at", Moment(), nullable=True),
        sa.Column("created_by", Identity(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("call_wanted_at", Moment(), nullable=True),
        sa.Column("call_words", sa.String(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("how", sa.String(), nullable=True),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("said_on", sa.String(), nullable=False),
        sa.Column("taken_by", Identity(), nullable=True),
        sa.Column("ink", Document(), nullable=True),
        sa.Column("covers", sa.String(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_extra_works_created_by")),
        sa.ForeignKeyConstraint(["order_id"], ["repair_orders.id"], name=op.f("fk_extra_works_order_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_extra_works_store_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_extra_works_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_works")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_extra_works_store_id_number")),
    )
    op.create_index("ix_extra_works_order", "extra_works", ["store_id", "order_id", "created_at"], unique=False)
    op.create_index("ix_extra_works_state", "extra_works", ["store_id", "state", "expires_at"], unique=False)
    op.create_table(
        "reworks",
        sa.Column("order_id", Identity(), nullable=False),
        sa.Column("order_job_id", Identity(), nullable=False),
        sa.Column("technician_id", Identity(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("found_by", Identity(), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["found_by"], ["staff.id"], name=op.f("fk_reworks_found_by")),
        sa.ForeignKeyConstraint(["order_id"], ["repair_orders.id"], name=op.f("fk_reworks_order_id")),
        sa.ForeignKeyConstraint(["order_job_id"], ["order_jobs.id"], name=op.f("fk_reworks_order_job_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_reworks_store_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["staff.id"], name=op.f("fk_reworks_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reworks")),
    )
    op.create_index("ix_reworks_order", "reworks", ["store_id", "order_id", "found_at"], unique=False)
    op.create_index("ix_reworks_whose", "reworks", ["store_id", "technician_id", "found_at"], unique=False)
    op.create_table(
        "extra_items",
        sa.Column("extra_id", Identity(), nullable=False),
        sa.Column("order_job_id", Identity(), nullable=False),
        sa.Column("finding_id", Identity(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["extra_id"], ["extra_works.id"], name=op.f("fk_extra_items_extra_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["work_findings.id"], name=op.f("fk_extra_items_finding_id")),
        sa.ForeignKeyConstraint(["order_job_id"], ["order_jobs.id"], name=op.f("fk_extra_items_order_job_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_extra_items_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_items")),
        sa.UniqueConstraint("store_id", "order_job_id", name=op.f("uq_extra_items_store_id_order_job_id")),
    )
    op.create_index("ix_extra_items_extra", "extra_items", ["store_id", "extra_id", "position"], unique=False)
    op.create_index("ix_extra_items_finding", "extra_items", ["store_id", "finding_id"], unique=False)

    for table in ("customer_links", "extra_items", "extra_works", "reworks"):
        guards.keep_apart(table)
    guards.seal("reworks")
    for store in op.get_bind().scalars(sa.select(sa.column("id", Identity())).select_from(sa.table("stores"))).all():
        op.bulk_insert(_parameters_table(), [_parameter(store, *one) for one in PARAMETERS])


def _parameter(store: str, key: str, zh: str, en: str, value: dict[str, int]) -> dict[str, Any]:
    return {
        "id": str(uuid4()), "store_id": str(store), "version": 1, "key": key, "name": {"zh": zh, "en": en},
        "value": value, "valid_from": FROM_THE_BEGINNING,
    }  # fmt: skip


def _parameters_table() -> sa.TableClause:
    return sa.table(
        "parameters", sa.column("id", Identity()), sa.column("store_id", Identity()),
        sa.column("version", sa.Integer()), sa.column("key", sa.String()), sa.column("name", Document()),
        sa.column("value", Document()), sa.column("valid_from", sa.Date()),
    )  # fmt: skip
