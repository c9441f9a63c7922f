"""Plan home visits."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Document, Identity, Moment

revision: str = "plan_home_visits"
down_revision: str | None = "owe_every_kind_of_contact_and_ha"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FROM_THE_BEGINNING = date(2020, 1, 1)
ROWS = Path(__file__).parent.parent / "rows" / "home_visits.json"
"""Lists and parameters as they were on this day."""


def upgrade() -> None:
    op.create_table(
        "visit_gifts",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", Document(), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_visit_gifts_never_below_nothing")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_gifts_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_gifts")),
        sa.UniqueConstraint("store_id", "code", name=op.f("uq_visit_gifts_store_id_code")),
    )
    op.create_table(
        "visit_vehicles",
        sa.Column("plate", sa.String(), nullable=False),
        sa.Column("name", Document(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_vehicles_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_vehicles")),
        sa.UniqueConstraint("store_id", "plate", name=op.f("uq_visit_vehicles_store_id_plate")),
    )
    op.create_table(
        "visit_plans",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", Identity(), nullable=False),
        sa.Column("released_at", Moment(), nullable=True),
        sa.Column("released_by", Identity(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_visit_plans_created_by")),
        sa.ForeignKeyConstraint(["released_by"], ["staff.id"], name=op.f("fk_visit_plans_released_by")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_plans_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_plans")),
        sa.UniqueConstraint("store_id", "month", name=op.f("uq_visit_plans_store_id_month")),
    )
    op.create_table(
        "visit_teams",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("vehicle_id", Identity(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_teams_store_id")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["visit_vehicles.id"], name=op.f("fk_visit_teams_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_teams")),
        sa.UniqueConstraint("store_id", "name", name=op.f("uq_visit_teams_store_id_name")),
    )
    op.create_table(
        "visit_team_members",
        sa.Column("team_id", Identity(), nullable=False),
        sa.Column("staff_id", Identity(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_visit_team_members_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_team_members_store_id")),
        sa.ForeignKeyConstraint(["team_id"], ["visit_teams.id"], name=op.f("fk_visit_team_members_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_team_members")),
        sa.UniqueConstraint("team_id", "staff_id", name=op.f("uq_visit_team_members_team_id_staff_id")),
    )
    op.create_index(op.f("ix_visit_team_members_team_id"), "visit_team_members", ["team_id"], unique=False)
    op.create_table(
        "home_visits",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("plan_id", Identity(), nullable=True),
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("car_id", Identity(), nullable=False),
        sa.Column("delivery_id", Identity(), nullable=True),
        sa.Column("leader_id", Identity(), nullable=False),
        sa.Column("team_id", Identity(), nullable=True),
        sa.Column("vehicle_id", Identity(), nullable=True),
        sa.Column("demo_car_id", Identity(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("area", Document(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reasons", Document(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("run_id", Identity(), nullable=True),
        sa.Column("booked_at", Moment(), nullable=True),
        sa.Column("booked_by", Identity(), nullable=True),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("confirmed_by", Identity(), nullable=True),
        sa.Column("set_out_at", Moment(), nullable=True),
        sa.Column("signed_in_at", Moment(), nullable=True),
        sa.Column("signed_out_at", Moment(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["booked_by"], ["staff.id"], name=op.f("fk_home_visits_booked_by")),
        sa.ForeignKeyConstraint(["car_id"], ["cars.id"], name=op.f("fk_home_visits_car_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"], name=op.f("fk_home_visits_confirmed_by")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_home_visits_customer_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_home_visits_delivery_id")),
        sa.ForeignKeyConstraint(["demo_car_id"], ["demo_cars.id"], name=op.f("fk_home_visits_demo_car_id")),
        sa.ForeignKeyConstraint(["leader_id"], ["staff.id"], name=op.f("fk_home_visits_leader_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["visit_plans.id"], name=op.f("fk_home_visits_plan_id")),
        sa.ForeignKeyConstraint(["run_id"], ["checklist_runs.id"], name=op.f("fk_home_visits_run_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_home_visits_store_id")),
        sa.ForeignKeyConstraint(["team_id"], ["visit_teams.id"], name=op.f("fk_home_visits_team_id")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["visit_vehicles.id"], name=op.f("fk_home_visits_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_visits")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_home_visits_store_id_number")),
    )
    op.create_index("ix_home_visits_customer", "home_visits", ["store_id", "customer_id"], unique=False)
    op.create_index("ix_home_visits_day", "home_visits", ["store_id", "day", "position"], unique=False)
    op.create_index("ix_home_visits_leader", "home_visits", ["store_id", "leader_id", "state"], unique=False)
    op.create_index("ix_home_visits_plan", "home_visits", ["store_id", "plan_id"], unique=False)
    op.create_index("ix_home_visits_state", "home_visits", ["store_id", "state", "day"], unique=False)
    op.create_table(
        "visit_gift_lines",
        sa.Column("visit_id", Identity(), nullable=False),
        sa.Column("gift_id", Identity(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_visit_gift_lines_by_id")),
        sa.ForeignKeyConstraint(["gift_id"], ["visit_gifts.id"], name=op.f("fk_visit_gift_lines_gift_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_gift_lines_store_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["home_visits.id"], name=op.f("fk_visit_gift_lines_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_gift_lines")),
        sa.UniqueConstraint("visit_id", "gift_id", name=op.f("uq_visit_gift_lines_visit_id_gift_id")),
    )
    op.create_table(
        "visit_members",
        sa.Column("visit_id", Identity(), nullable=False),
        sa.Column("staff_id", Identity(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_visit_members_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_members_store_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["home_visits.id"], name=op.f("fk_visit_members_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_members")),
        sa.UniqueConstraint("visit_id", "staff_id", name=op.f("uq_visit_members_visit_id_staff_id")),
    )
    op.create_index("ix_visit_members_staff", "visit_members", ["store_id", "staff_id"], unique=False)
    op.create_index(op.f("ix_visit_members_visit_id"), "visit_members", ["visit_id"], unique=False)
    op.create_table(
        "visit_packed",
        sa.Column("visit_id", Identity(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_visit_packed_by_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_packed_store_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["home_visits.id"], name=op.f("fk_visit_packed_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_packed")),
        sa.UniqueConstraint("visit_id", "code", name=op.f("uq_visit_packed_visit_id_code")),
    )
    _hold_for_visits_too()
    tables = (
        "visit_gifts", "visit_vehicles", "visit_plans", "visit_teams", "visit_team_members", "home_visits",
        "visit_gift_lines", "visit_members", "visit_packed",
    )  # fmt: skip
    for table in tables:
        guards.keep_apart(table)
    rows = json.loads(ROWS.read_text("utf-8"))
    for store in op.get_bind().scalars(sa.select(sa.column("id", Identity())).select_from(sa.table("stores"))).all():
        op.bulk_insert(_table("list_entries", "list", "code", "position"), list(_choices(str(store), rows)))
        op.bulk_insert(_table("parameters", "key", "value"), list(_parameters(str(store), rows)))


def _hold_for_visits_too() -> None:
    """A person or a car is at a drive or on a visit, never both. SQLite builds the table anew, without its guards."""
    with op.batch_alter_table("test_drive_bookings") as table:
        table.add_column(sa.Column("visit_id", Identity(), nullable=True))
        table.alter_column("drive_id", existing_type=Identity(), nullable=True)
    op.create_index("ix_test_drive_bookings_visit", "test_drive_bookings", ["store_id", "visit_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        guards.held_once("test_drive_bookings", "resource", "starts_at", "ends_at")


def _choices(store: str, rows: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, choices in rows["list_entries"].items():
        for position, (code, zh, en) in enumerate(choices, 1):
            yield _row(store, [zh, en]) | {"list": name, "code": code, "position": position}


def _parameters(store: str, rows: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for one in rows["parameters"]:
        yield _row(store, one["name"]) | {"key": one["key"], "value": one["value"]}


def _row(store: str, name: Sequence[str]) -> dict[str, Any]:
    words = {"zh": name[0], "en": name[1]}
    return {"id": str(uuid4()), "store_id": store, "version": 1, "name": words, "valid_from": FROM_THE_BEGINNING}


def _table(name: str, *columns: str) -> sa.TableClause:
    kinds: dict[str, sa.types.TypeEngine[object]] = {"value": Document(), "position": sa.Integer()}
    own = (sa.column(column, kinds.get(column, sa.String())) for column in columns)
    common = (
        sa.column("id", Identity()), sa.column("store_id", Identity()), sa.column("version", sa.Integer()),
        sa.column("name", Document()), sa.column("valid_from", sa.Date()),
    )  # fmt: skip
    return sa.table(name, *common, *own)
