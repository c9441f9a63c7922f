"""Expect cars and walk round them."""

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Document, Identity, Moment

revision: str = "expect_cars_and_walk_round_them"
down_revision: str | None = "let_customers_answer"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FROM_THE_BEGINNING = date(2020, 1, 1)
RULES_CALLED = {
    "zh": (
        "服务预约：出勤率%、预留散客工时（百分之一小时）、接待时间（当天第几分钟）、间隔分钟、负荷提醒与上限%、"
        "可约天数、客户最早提前小时、迟到多少分钟算未到店"
    ),
    "en": (
        "Appointments: attendance %, hours kept for walk-ins (hundredths), reception open (minute of the day), "
        "step in minutes, load that warns and that is full %, days ahead, hours ahead for customers, "
        "minutes late until a no-show"
    ),
}
RULES = {
    "attendance": 92, "walk_ins": {"mechanic": 300, "electric": 100}, "opens": 510, "closes": 1050, "step": 30,
    "warn": 85, "full": 100, "ahead_days": 60, "ahead_hours": 2, "late_minutes": 60,
}  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "shifts",
        sa.Column("staff_id", Identity(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_shifts_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_shifts_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint("staff_id", "weekday", name=op.f("uq_shifts_staff_id_weekday")),
    )
    op.create_table(
        "technician_skills",
        sa.Column("staff_id", Identity(), nullable=False),
        sa.Column("skill", sa.String(), nullable=False),
        sa.Column("efficiency", sa.Integer(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_technician_skills_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_technician_skills_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technician_skills")),
        sa.UniqueConstraint("staff_id", "skill", name=op.f("uq_technician_skills_staff_id_skill")),
    )
    op.create_table(
        "appointments",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("car_id", Identity(), nullable=False),
        sa.Column("advisor_id", Identity(), nullable=True),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("stay", sa.String(), nullable=False),
        sa.Column("jobs", Document(), nullable=False),
        sa.Column("hours", Document(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("short", Document(), nullable=False),
        sa.Column("load", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", Identity(), nullable=True),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("day_reminded_at", Moment(), nullable=True),
        sa.Column("hour_reminded_at", Moment(), nullable=True),
        sa.Column("arrived_at", Moment(), nullable=True),
        sa.Column("order_id", Identity(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["advisor_id"], ["staff.id"], name=op.f("fk_appointments_advisor_id")),
        sa.ForeignKeyConstraint(["car_id"], ["cars.id"], name=op.f("fk_appointments_car_id")),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_appointments_created_by")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_appointments_customer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["repair_orders.id"], name=op.f("fk_appointments_order_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_appointments_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_appointments_store_id_number")),
    )
    op.create_index("ix_appointments_car", "appointments", ["store_id", "car_id", "starts_at"], unique=False)
    op.create_index("ix_appointments_customer", "appointments", ["store_id", "customer_id", "starts_at"], unique=False)
    op.create_index("ix_appointments_starts", "appointments", ["store_id", "starts_at", "id"], unique=False)
    op.create_index("ix_appointments_state", "appointments", ["store_id", "state", "starts_at"], unique=False)
    op.create_table(
        "walk_arounds",
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("order_id", Identity(), nullable=False),
        sa.Column("car_id", Identity(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("km", sa.Integer(), nullable=True),
        sa.Column("energy_level", sa.Integer(), nullable=True),
        sa.Column("lamps", Document(), nullable=False),
        sa.Column("valuables", sa.String(), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.Column("tread", Document(), nullable=False),
        sa.Column("started_by", Identity(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("signed_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["car_id"], ["cars.id"], name=op.f("fk_walk_arounds_car_id")),
        sa.ForeignKeyConstraint(["order_id"], ["repair_orders.id"], name=op.f("fk_walk_arounds_order_id")),
        sa.ForeignKeyConstraint(["started_by"], ["staff.id"], name=op.f("fk_walk_arounds_started_by")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_walk_arounds_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_arounds")),
        sa.UniqueConstraint("order_id", name=op.f("uq_walk_arounds_order_id")),
    )
    op.create_index("ix_walk_arounds_car", "walk_arounds", ["store_id", "car_id", "started_at"], unique=False)
    op.create_table(
        "damages",
        sa.Column("walk_id", Identity(), nullable=False),
        sa.Column("panel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("y", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("known_from_id", Identity(), nullable=True),
        sa.Column("noted_by", Identity(), nullable=False),
        sa.Column("noted_at", Moment(), nullable=False),
        sa.Column("struck_at", Moment(), nullable=True),
        sa.Column("gone_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("size BETWEEN 1 AND 3", name=op.f("ck_damages_size")),
        sa.ForeignKeyConstraint(["known_from_id"], ["damages.id"], name=op.f("fk_damages_known_from_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["staff.id"], name=op.f("fk_damages_noted_by")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_damages_store_id")),
        sa.ForeignKeyConstraint(["walk_id"], ["walk_arounds.id"], name=op.f("fk_damages_walk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_damages")),
    )
    op.create_index("ix_damages_walk", "damages", ["store_id", "walk_id", "noted_at"], unique=False)
    op.create_table(
        "damage_photos",
        sa.Column("damage_id", Identity(), nullable=False),
        sa.Column("file_id", Identity(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("original_hash", sa.String(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_damage_photos_by_id")),
        sa.ForeignKeyConstraint(["damage_id"], ["damages.id"], name=op.f("fk_damage_photos_damage_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_damage_photos_file_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_damage_photos_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_damage_photos")),
        sa.UniqueConstraint("damage_id", "file_id", name=op.f("uq_damage_photos_damage_id_file_id")),
    )
    op.create_index("ix_damage_photos_damage", "damage_photos", ["store_id", "damage_id", "at"], unique=False)
    for table in ("shifts", "technician_skills", "appointments", "walk_arounds", "damages", "damage_photos"):
        guards.keep_apart(table)
    guards.seal("damage_photos")
    for store in op.get_bind().scalars(sa.select(sa.column("id", Identity())).select_from(sa.table("stores"))).all():
        op.bulk_insert(_parameters_table(), [{
            "id": str(uuid4()), "store_id": str(store), "version": 1, "key": "appointment_rules", "value": RULES,
            "name": RULES_CALLED, "valid_from": FROM_THE_BEGINNING,
        }])  # fmt: skip


def _parameters_table() -> sa.TableClause:
    return sa.table(
        "parameters", sa.column("id", Identity()), sa.column("store_id", Identity()),
        sa.column("version", sa.Integer()), sa.column("key", sa.String()), sa.column("value", Document()),
        sa.column("name", Document()), sa.column("valid_from", sa.Date()),
    )  # fmt: skip
