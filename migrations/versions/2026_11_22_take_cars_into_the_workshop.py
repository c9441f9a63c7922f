"""Take cars into the workshop."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Document, Identity, Moment

revision: str = "take_cars_into_the_workshop"
down_revision: str | None = "say_when_an_ordered_car_is_promi"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


FROM_THE_BEGINNING = date(2020, 1, 1)
KEPT_APART = (
    "bays", "car_sales", "clockings", "jobs", "order_jobs", "order_parts", "parts", "promise_changes", "repair_orders",
)  # fmt: skip
PARAMETERS: list[tuple[str, str, str, Any]] = [
    ("tax_rate", "增值税税率（%）", "VAT, per cent", 13),
    ("labour_rate.mechanic", "机修工时单价（分/小时）", "Labour rate of mechanics, fen an hour", 16000),
    ("labour_rate.electric", "电工工时单价（分/小时）", "Labour rate of electricians, fen an hour", 18000),
    ("labour_rate.body", "钣金工时单价（分/小时）", "Labour rate of body workers, fen an hour", 20000),
    ("labour_rate.paint", "喷漆工时单价（分/小时）", "Labour rate of painters, fen an hour", 22000),
    ("labour_rate.wash", "洗车工时单价（分/小时）", "Labour rate of washers, fen an hour", 8000),
    ("guarantee.major", "质量保证期：整车或总成", "Guarantee: whole car or assembly", {"km": 20000, "days": 100}),
    ("guarantee.second", "质量保证期：二级维护", "Guarantee: second-level maintenance", {"km": 5000, "days": 30}),
    (
        "guarantee.minor",
        "质量保证期：保养、小修、专项修理",
        "Guarantee: maintenance, small and special repairs",
        {"km": 2000, "days": 10},
    ),
    (
        "three_guarantee",
        "三包：包修与三包有效期、主要零件免费更换期、维修天数与次数",
        "Three guarantees: periods of repair and of return, of main parts, days and number of repairs",
        {
            "repair_months": 36,
            "repair_km": 60000,
            "months": 24,
            "km": 50000,
            "main_days": 60,
            "main_km": 3000,
            "repair_days": 30,
            "repairs": 4,
            "loan_after_days": 5,
        },
    ),
    (
        "promise_rules",
        "预计交车时间：营业时间（当天第几分钟）、检验与洗车所需分钟、取整分钟",
        "Promised time: open from and to (minute of the day), minutes to inspect and to wash, rounded up to minutes",
        {"opens": 510, "closes": 1080, "inspect_minutes": 15, "wash_minutes": 20, "round_minutes": 15},
    ),
]


def upgrade() -> None:
    op.create_table(
        "bays",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", Document(), nullable=False),
        sa.Column("skills", Document(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_bays_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bays")),
        sa.UniqueConstraint("store_id", "code", name=op.f("uq_bays_store_id_code")),
    )
    op.create_table(
        "parts",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", Document(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("unit", Document(), nullable=False),
        sa.Column("part_class", sa.String(), nullable=False),
        sa.Column("instead_of", sa.String(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("reorder_at", sa.Integer(), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("for_models", Document(), nullable=False),
        sa.Column("bin", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_parts_on_hand")),
        sa.CheckConstraint("reserved >= 0 AND reserved <= on_hand", name=op.f("ck_parts_reserved")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_parts_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parts")),
        sa.UniqueConstraint("store_id", "code", name=op.f("uq_parts_store_id_code")),
    )
    op.create_index("ix_parts_instead_of", "parts", ["store_id", "instead_of"], unique=False)
    op.create_table(
        "car_sales",
        sa.Column("car_id", Identity(), nullable=False),
        sa.Column("invoiced_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["car_id"], ["cars.id"], name=op.f("fk_car_sales_car_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_car_sales_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_car_sales")),
        sa.UniqueConstraint("store_id", "car_id", name=op.f("uq_car_sales_store_id_car_id")),
    )
    op.create_table(
        "jobs",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", Document(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("skill", sa.String(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("model_id", Identity(), nullable=True),
        sa.Column("guarantee", sa.String(), nullable=False),
        sa.Column("parts", Document(), nullable=False),
        sa.Column("every_km", sa.Integer(), nullable=True),
        sa.Column("every_months", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["car_models.id"], name=op.f("fk_jobs_model_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_jobs_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("store_id", "code", name=op.f("uq_jobs_store_id_code")),
    )
    op.create_index("ix_jobs_model", "jobs", ["store_id", "model_id"], unique=False)
    op.create_table(
        "repair_orders",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("owner_id", Identity(), nullable=True),
        sa.Column("driver_name", sa.String(), nullable=False),
        sa.Column("driver_phone", sa.String(), nullable=False),
        sa.Column("car_id", Identity(), nullable=False),
        sa.Column("advisor_id", Identity(), nullable=False),
        sa.Column("appointment_id", Identity(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("km", sa.Integer(), nullable=True),
        sa.Column("energy_level", sa.Integer(), nullable=True),
        sa.Column("words", Document(), nullable=False),
        sa.Column("promised_at", Moment(), nullable=True),
        sa.Column("first_promised_at", Moment(), nullable=True),
        sa.Column("waits_here", sa.Boolean(), nullable=False),
        sa.Column("wash", sa.Boolean(), nullable=False),
        sa.Column("old_parts", sa.String(), nullable=False),
        sa.Column("key_number", sa.String(), nullable=False),
        sa.Column("estimate", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("arrived_at", Moment(), nullable=False),
        sa.Column("received_at", Moment(), nullable=True),
        sa.Column("ordered_at", Moment(), nullable=True),
        sa.Column("work_started_at", Moment(), nullable=True),
        sa.Column("work_ended_at", Moment(), nullable=True),
        sa.Column("inspected_at", Moment(), nullable=True),
        sa.Column("wash_started_at", Moment(), nullable=True),
        sa.Column("washed_at", Moment(), nullable=True),
        sa.Column("ready_at", Moment(), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("left_at", Moment(), nullable=True),
        sa.Column("comeback_of_id", Identity(), nullable=True),
        sa.Column("walk_run_id", Identity(), nullable=True),
        sa.Column("intake_run_id", Identity(), nullable=True),
        sa.Column("inspection_run_id", Identity(), nullable=True),
        sa.Column("return_run_id", Identity(), nullable=True),
        sa.Column("next_service_on", sa.Date(), nullable=True),
        sa.Column("next_service_km", sa.Integer(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["advisor_id"], ["staff.id"], name=op.f("fk_repair_orders_advisor_id")),
        sa.ForeignKeyConstraint(["car_id"], ["cars.id"], name=op.f("fk_repair_orders_car_id")),
        sa.ForeignKeyConstraint(["comeback_of_id"], ["repair_orders.id"], name=op.f("fk_repair_orders_comeback_of_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_repair_orders_customer_id")),
        sa.ForeignKeyConstraint(
            ["inspection_run_id"], ["checklist_runs.id"], name=op.f("fk_repair_orders_inspection_run_id")
        ),
        sa.ForeignKeyConstraint(["intake_run_id"], ["checklist_runs.id"], name=op.f("fk_repair_orders_intake_run_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["customers.id"], name=op.f("fk_repair_orders_owner_id")),
        sa.ForeignKeyConstraint(["return_run_id"], ["checklist_runs.id"], name=op.f("fk_repair_orders_return_run_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_repair_orders_store_id")),
        sa.ForeignKeyConstraint(["walk_run_id"], ["checklist_runs.id"], name=op.f("fk_repair_orders_walk_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair_orders")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_repair_orders_store_id_number")),
    )
    op.create_index("ix_repair_orders_appointment", "repair_orders", ["store_id", "appointment_id"], unique=False)
    op.create_index("ix_repair_orders_arrived", "repair_orders", ["store_id", "arrived_at", "id"], unique=False)
    op.create_index("ix_repair_orders_car", "repair_orders", ["store_id", "car_id", "arrived_at"], unique=False)
    op.create_index(
        "ix_repair_orders_customer", "repair_orders", ["store_id", "customer_id", "arrived_at"], unique=False
    )
    op.create_index("ix_repair_orders_left", "repair_orders", ["store_id", "left_at"], unique=False)
    op.create_index("ix_repair_orders_state", "repair_orders", ["store_id", "state", "promised_at", "id"], unique=False)
    op.create_index(
        "ix_repair_orders_whose", "repair_orders", ["store_id", "advisor_id", "arrived_at", "id"], unique=False
    )
    op.create_table(
        "order_jobs",
        sa.Column("order_id", Identity(), nullable=False),
        sa.Column("job_id", Identity(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", Document(), nullable=False),
        sa.Column("skill", sa.String(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("technician_id", Identity(), nullable=True),
        sa.Column("bay_id", Identity(), nullable=True),
        sa.Column("planned_start", Moment(), nullable=True),
        sa.Column("planned_end", Moment(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("guarantee", sa.String(), nullable=False),
        sa.Column("extra_id", Identity(), nullable=True),
        sa.Column("why_declined", sa.String(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bay_id"], ["bays.id"], name=op.f("fk_order_jobs_bay_id")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_order_jobs_job_id")),
        sa.ForeignKeyConstraint(["order_id"], ["repair_orders.id"], name=op.f("fk_order_jobs_order_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_order_jobs_store_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["staff.id"], name=op.f("fk_order_jobs_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_jobs")),
    )
    op.create_index("ix_order_jobs_bay", "order_jobs", ["store_id", "bay_id", "planned_start"], unique=False)
    op.create_index("ix_order_jobs_extra", "order_jobs", ["store_id", "extra_id"], unique=False)
    op.create_index("ix_order_jobs_order", "order_jobs", ["store_id", "order_id", "position"], unique=False)
    op.create_index("ix_order_jobs_whose", "order_jobs", ["store_id", "technician_id", "state"], unique=False)
    op.create_table(
        "promise_changes",
        sa.Column("order_id", Identity(), nullable=False),
        sa.Column("before", Moment(), nullable=True),
        sa.Column("after", Moment(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_promise_changes_by_id")),
        sa.ForeignKeyConstraint(["order_id"], ["repair_orders.id"], name=op.f("fk_promise_changes_order_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_promise_changes_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_changes")),
    )
    op.create_index("ix_promise_changes_order", "promise_changes", ["store_id", "order_id", "at"], unique=False)
    op.create_table(
        "clockings",
        sa.Column("order_job_id", Identity(), nullable=False),
        sa.Column("technician_id", Identity(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["order_job_id"], ["order_jobs.id"], name=op.f("fk_clockings_order_job_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_clockings_store_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["staff.id"], name=op.f("fk_clockings_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clockings")),
    )
    op.create_index("ix_clockings_job", "clockings", ["store_id", "order_job_id", "started_at"], unique=False)
    op.create_index("ix_clockings_whose", "clockings", ["store_id", "technician_id", "started_at"], unique=False)
    op.create_index(
        "ux_clockings_running",
        "clockings",
        ["store_id", "technician_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "order_parts",
        sa.Column("order_id", Identity(), nullable=False),
        sa.Column("order_job_id", Identity(), nullable=True),
        sa.Column("part_id", Identity(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", Document(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("part_class", sa.String(), nullable=False),
        sa.Column("unit", Document(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("payer", sa.String(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra_id", Identity(), nullable=True),
        sa.Column("why_declined", sa.String(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_parts_quantity")),
        sa.ForeignKeyConstraint(["order_id"], ["repair_orders.id"], name=op.f("fk_order_parts_order_id")),
        sa.ForeignKeyConstraint(["order_job_id"], ["order_jobs.id"], name=op.f("fk_order_parts_order_job_id")),
        sa.ForeignKeyConstraint(["part_id"], ["parts.id"], name=op.f("fk_order_parts_part_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_order_parts_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_parts")),
    )
    op.create_index("ix_order_parts_extra", "order_parts", ["store_id", "extra_id"], unique=False)
    op.create_index("ix_order_parts_order", "order_parts", ["store_id", "order_id", "position"], unique=False)
    op.create_index("ix_order_parts_state", "order_parts", ["store_id", "state", "part_id"], unique=False)
    for table in KEPT_APART:
        guards.keep_apart(table)
    guards.seal("promise_changes")
    for store in op.get_bind().scalars(sa.select(sa.column("id", Identity())).select_from(sa.table("stores"))).all():
        op.bulk_insert(_parameters_table(), [_parameter(store, *one) for one in PARAMETERS])


def _parameter(store: str, key: str, zh: str, en: str, value: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()), "store_id": str(store), "version": 1, "key": key, "value": value,
        "name": {"zh": zh, "en": en}, "valid_from": FROM_THE_BEGINNING,
    }  # fmt: skip


def _parameters_table() -> sa.TableClause:
    return sa.table(
        "parameters", sa.column("id", Identity()), sa.column("store_id", Identity()),
        sa.column("version", sa.Integer()), sa.column("key", sa.String()), sa.column("value", Document()),
        sa.column("name", Document()), sa.column("valid_from", sa.Date()),
    )  # fmt: skip
