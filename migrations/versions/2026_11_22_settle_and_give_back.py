"""Settle and give back."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Document, Identity, Moment

revision: str = "settle_and_give_back"
down_revision: str | None = "expect_cars_and_walk_round_them"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FROM_THE_BEGINNING = date(2020, 1, 1)
PARAMETERS: list[tuple[str, str, str, Any]] = [
    (
        "settlement_rules", "结算：抹零到多少分、服务顾问可让利百分比",
        "Settlement: rounded down to so many fen, discount per cent of an advisor",
        {"round_to": 10, "discount_most": 5},
    ),
    (
        "service_calls", "出厂后回访：几天后、几点", "Calls after a visit to the workshop: days and hour",
        {"days": 3, "hour": 10},
    ),
    ("comeback_rules", "多少天内同一故障算返修", "Within how many days the same fault is a comeback", {"days": 30}),
    (
        "next_service", "下次保养：未知时每天公里数、默认间隔（公里、月）",
        "Next service: km a day when unknown, usual interval in km and months",
        {"km_a_day": 40, "every_km": 10000, "every_months": 12},
    ),
]  # fmt: skip
MONEY = ("labour", "parts_total", "other", "discount", "rounding", "total", "tax_rate", "tax")
FROZEN = ("number", "order_id", "payer", *MONEY, "other_name", "discount_why", "content", "issued_at", "reverses_id")


def upgrade() -> None:
    op.create_table(
        "stock_moves",
        sa.Column("part_id", Identity(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("order_part_id", Identity(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_stock_moves_by_id")),
        sa.ForeignKeyConstraint(["order_part_id"], ["order_parts.id"], name=op.f("fk_stock_moves_order_part_id")),
        sa.ForeignKeyConstraint(["part_id"], ["parts.id"], name=op.f("fk_stock_moves_part_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_stock_moves_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_moves")),
    )
    op.create_index("ix_stock_moves_part", "stock_moves", ["store_id", "part_id", "at"], unique=False)
    op.create_index("ix_stock_moves_line", "stock_moves", ["store_id", "order_part_id"], unique=False)
    op.create_table(
        "settlements",
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("order_id", Identity(), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("labour", sa.Integer(), nullable=False),
        sa.Column("parts_total", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.Column("other_name", sa.String(), nullable=False),
        sa.Column("discount", sa.Integer(), nullable=False),
        sa.Column("discount_why", sa.String(), nullable=False),
        sa.Column("rounding", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("tax_rate", sa.Integer(), nullable=False),
        sa.Column("tax", sa.Integer(), nullable=False),
        sa.Column("content", Document(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=True),
        sa.Column("issued_by", Identity(), nullable=True),
        sa.Column("paid_at", Moment(), nullable=True),
        sa.Column("reversed_at", Moment(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("reverses_id", Identity(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "total = labour + parts_total + other - discount + rounding", name=op.f("ck_settlements_total")
        ),
        sa.ForeignKeyConstraint(["issued_by"], ["staff.id"], name=op.f("fk_settlements_issued_by")),
        sa.ForeignKeyConstraint(["order_id"], ["repair_orders.id"], name=op.f("fk_settlements_order_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["settlements.id"], name=op.f("fk_settlements_reverses_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_settlements_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_settlements_store_id_number")),
    )
    stands = sa.text("state IN ('draft', 'issued', 'paid')")
    op.create_index(
        "ux_settlements_standing", "settlements", ["store_id", "order_id", "payer"], unique=True, sqlite_where=stands,
        postgresql_where=stands,
    )  # fmt: skip
    op.create_index("ix_settlements_order", "settlements", ["store_id", "order_id", "created_at"], unique=False)
    op.create_index("ix_settlements_state", "settlements", ["store_id", "state", "payer", "issued_at"], unique=False)
    op.create_table(
        "comebacks",
        sa.Column("order_id", Identity(), nullable=False),
        sa.Column("earlier_id", Identity(), nullable=False),
        sa.Column("earlier_job_id", Identity(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("technician_id", Identity(), nullable=True),
        sa.Column("same_job", sa.Boolean(), nullable=False),
        sa.Column("in_guarantee", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", Identity(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_comebacks_decided_by")),
        sa.ForeignKeyConstraint(["earlier_id"], ["repair_orders.id"], name=op.f("fk_comebacks_earlier_id")),
        sa.ForeignKeyConstraint(["earlier_job_id"], ["order_jobs.id"], name=op.f("fk_comebacks_earlier_job_id")),
        sa.ForeignKeyConstraint(["order_id"], ["repair_orders.id"], name=op.f("fk_comebacks_order_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_comebacks_store_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["staff.id"], name=op.f("fk_comebacks_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comebacks")),
        sa.UniqueConstraint(
            "store_id", "order_id", "earlier_job_id", name=op.f("uq_comebacks_store_id_order_id_earlier_job_id")
        ),
    )
    op.create_index("ix_comebacks_earlier", "comebacks", ["store_id", "earlier_id"], unique=False)
    op.create_index("ix_comebacks_whose", "comebacks", ["store_id", "technician_id", "found_at"], unique=False)
    op.create_table(
        "diagnoses",
        sa.Column("order_id", Identity(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("complaint", sa.String(), nullable=False),
        sa.Column("signs", sa.String(), nullable=False),
        sa.Column("causes", Document(), nullable=False),
        sa.Column("repair", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("started_by", Identity(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("closed_by", Identity(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name=op.f("fk_diagnoses_closed_by")),
        sa.ForeignKeyConstraint(["order_id"], ["repair_orders.id"], name=op.f("fk_diagnoses_order_id")),
        sa.ForeignKeyConstraint(["started_by"], ["staff.id"], name=op.f("fk_diagnoses_started_by")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_diagnoses_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnoses")),
    )
    op.create_index("ix_diagnoses_order", "diagnoses", ["store_id", "order_id", "started_at"], unique=False)

    for table in ("comebacks", "diagnoses", "settlements", "stock_moves"):
        guards.keep_apart(table)
    guards.seal("stock_moves")
    guards.freeze_after("settlements", "draft", *FROZEN)
    for store in op.get_bind().scalars(sa.select(sa.column("id", Identity())).select_from(sa.table("stores"))).all():
        op.bulk_insert(_parameters_table(), [_parameter(store, *one) for one in PARAMETERS])


def _parameter(store: str, key: str, zh: str, en: str, value: Any) -> dict[str, Any]:
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
