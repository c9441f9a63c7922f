"""Book test drives."""

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Document, Identity, Moment

revision: str = "book_test_drives"
down_revision: str | None = "quote_order_and_take_money"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FROM_THE_BEGINNING = date(2020, 1, 1)
ROUTES = [
    ("city", "城区线（6 公里，约 20 分钟）", "City route (6 km, about 20 minutes)"),
    ("ring", "快速路线（12 公里，约 30 分钟）", "Ring road (12 km, about 30 minutes)"),
    ("hill", "山路颠簸线（9 公里，约 30 分钟）", "Hills and rough road (9 km, about 30 minutes)"),
]
RULES = {
    "opens": 9, "closes": 18, "step": 30, "minutes": 30, "longest": 120, "warn_days": 30, "photo_days": 30,
    "incident_days": 180,
}  # fmt: skip
RULES_CALLED = {
    "zh": "试驾：预约时段、最长分钟、证件到期提醒天数、驾驶证照片保存天数",
    "en": "Test drives: hours, longest minutes, days of warning, days that licence photos are kept",
}


def upgrade() -> None:
    op.create_table(
        "demo_cars",
        sa.Column("plate", sa.String(), nullable=False),
        sa.Column("vin", sa.String(), nullable=False),
        sa.Column("model_id", Identity(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("insured_until", sa.Date(), nullable=False),
        sa.Column("inspected_until", sa.Date(), nullable=False),
        sa.Column("warned_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["car_models.id"], name=op.f("fk_demo_cars_model_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_demo_cars_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_cars")),
        sa.UniqueConstraint("store_id", "plate", name=op.f("uq_demo_cars_store_id_plate")),
    )
    op.create_table(
        "test_drives",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("prospect_id", Identity(), nullable=True),
        sa.Column("consultant_id", Identity(), nullable=False),
        sa.Column("car_id", Identity(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("licence_class", sa.String(), nullable=False),
        sa.Column("licence_first_on", sa.Date(), nullable=True),
        sa.Column("licence_until", sa.Date(), nullable=True),
        sa.Column("licence_sealed", sa.String(), nullable=True),
        sa.Column("photos_gone_at", Moment(), nullable=True),
        sa.Column("before_id", Identity(), nullable=True),
        sa.Column("during_id", Identity(), nullable=True),
        sa.Column("after_id", Identity(), nullable=True),
        sa.Column("out_at", Moment(), nullable=True),
        sa.Column("back_at", Moment(), nullable=True),
        sa.Column("km_out", sa.Integer(), nullable=True),
        sa.Column("km_back", sa.Integer(), nullable=True),
        sa.Column("energy_out", sa.Integer(), nullable=True),
        sa.Column("energy_back", sa.Integer(), nullable=True),
        sa.Column("damage", sa.String(), nullable=False),
        sa.Column("marks", Document(), nullable=False),
        sa.Column("impressions", Document(), nullable=False),
        sa.Column("helped", sa.String(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["after_id"], ["checklist_runs.id"], name=op.f("fk_test_drives_after_id")),
        sa.ForeignKeyConstraint(["before_id"], ["checklist_runs.id"], name=op.f("fk_test_drives_before_id")),
        sa.ForeignKeyConstraint(["car_id"], ["demo_cars.id"], name=op.f("fk_test_drives_car_id")),
        sa.ForeignKeyConstraint(["consultant_id"], ["staff.id"], name=op.f("fk_test_drives_consultant_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_test_drives_customer_id")),
        sa.ForeignKeyConstraint(["during_id"], ["checklist_runs.id"], name=op.f("fk_test_drives_during_id")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospects.id"], name=op.f("fk_test_drives_prospect_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_test_drives_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_drives")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_test_drives_store_id_number")),
    )
    op.create_index("ix_test_drives_customer", "test_drives", ["store_id", "customer_id"], unique=False)
    op.create_index("ix_test_drives_photos", "test_drives", ["store_id", "photos_gone_at", "ends_at"], unique=False)
    op.create_index("ix_test_drives_prospect", "test_drives", ["store_id", "prospect_id"], unique=False)
    op.create_index("ix_test_drives_starts", "test_drives", ["store_id", "starts_at"], unique=False)
    op.create_table(
        "test_drive_bookings",
        sa.Column("drive_id", Identity(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["drive_id"], ["test_drives.id"], name=op.f("fk_test_drive_bookings_drive_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_test_drive_bookings_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_drive_bookings")),
    )
    op.create_index("ix_test_drive_bookings_drive", "test_drive_bookings", ["store_id", "drive_id"], unique=False)
    op.create_index(
        "ix_test_drive_bookings_held", "test_drive_bookings", ["store_id", "resource", "starts_at"], unique=False
    )
    op.add_column("files", sa.Column("erased_at", Moment(), nullable=True))
    for table in ("demo_cars", "test_drives", "test_drive_bookings"):
        guards.keep_apart(table)
    guards.held_once("test_drive_bookings", "resource", "starts_at", "ends_at")
    for store in op.get_bind().scalars(sa.select(sa.column("id", Identity())).select_from(sa.table("stores"))).all():
        _give_lists(str(store))


def _give_lists(store: str) -> None:
    op.bulk_insert(
        _table("list_entries", "list", "code", "position"),
        [
            _row(store, {"zh": zh, "en": en}) | {"list": "drive_route", "code": code, "position": position}
            for position, (code, zh, en) in enumerate(ROUTES, 1)
        ],
    )
    rules = _row(store, RULES_CALLED) | {"key": "drive_rules", "value": RULES}
    op.bulk_insert(_table("parameters", "key", "value"), [rules])


def _row(store: str, name: dict[str, str]) -> dict[str, object]:
    return {"id": str(uuid4()), "store_id": store, "version": 1, "name": name, "valid_from": FROM_THE_BEGINNING}


def _table(name: str, *columns: str) -> sa.TableClause:
    kinds: dict[str, sa.types.TypeEngine[object]] = {"value": Document(), "position": sa.Integer()}
    own = (sa.column(column, kinds.get(column, sa.String())) for column in columns)
    common = (
        sa.column("id", Identity()), sa.column("store_id", Identity()), sa.column("version", sa.Integer()),
        sa.column("name", Document()), sa.column("valid_from", sa.Date()),
    )  # fmt: skip
    return sa.table(name, *common, *own)
