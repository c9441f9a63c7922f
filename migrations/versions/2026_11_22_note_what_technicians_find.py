"""Note what technicians find."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Document, Identity, Moment

revision: str = "note_what_technicians_find"
down_revision: str | None = "take_cars_into_the_workshop"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FROM_THE_BEGINNING = date(2020, 1, 1)
LISTS: dict[str, list[tuple[str, str, str]]] = {
    "pause_reason": [
        ("parts", "等待配件", "Waits for parts"),
        ("approval", "等客户确认增项", "Waits for the customer's word"),
        ("advice", "等服务顾问答复", "Waits for the advisor"),
        ("bay", "等工位或工具", "Waits for a bay or a tool"),
        ("other_car", "先做急车", "Another car goes first"),
        ("rest", "用餐休息", "Meal or rest"),
        ("end_of_day", "下班", "End of the day"),
    ],
    "finding_note": [
        ("brake_pads", "制动片磨损", "Brake pads worn"),
        ("brake_disc", "制动盘有沟槽", "Brake disc scored"),
        ("brake_fluid", "制动液含水量高", "Brake fluid holds water"),
        ("tyre_tread", "轮胎花纹过浅", "Tyre tread low"),
        ("tyre_cut", "轮胎鼓包或割伤", "Tyre bulged or cut"),
        ("battery", "蓄电池电量不足", "Battery weak"),
        ("oil_leak", "发动机渗油", "Engine oil seeps"),
        ("coolant", "冷却液不足或变质", "Coolant low or spent"),
        ("air_filter", "空气滤芯脏", "Air filter dirty"),
        ("cabin_filter", "空调滤芯脏", "Cabin filter dirty"),
        ("wipers", "雨刮片老化", "Wiper blades hard"),
        ("belt", "皮带有裂纹", "Belt cracked"),
        ("mount", "悬置或衬套开裂", "Mount or bush cracked"),
        ("damper", "减振器渗油", "Damper leaks"),
        ("ball_joint", "球头间隙大", "Ball joint has play"),
        ("lamp", "灯泡不亮", "Lamp out"),
        ("part", "需要另外的配件", "Another part is needed"),
    ],
}
RULES_CALLED = {
    "zh": "看板提醒：暂停超过分钟、承诺时间前分钟",
    "en": "Board: minutes paused, minutes before the promised time",
}
RULES = {"paused_minutes": 30, "soon_minutes": 30}


def upgrade() -> None:
    op.create_table(
        "work_findings",
        sa.Column("order_id", Identity(), nullable=False),
        sa.Column("order_job_id", Identity(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("extra_id", Identity(), nullable=True),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["repair_orders.id"], name=op.f("fk_work_findings_order_id")),
        sa.ForeignKeyConstraint(["order_job_id"], ["order_jobs.id"], name=op.f("fk_work_findings_order_job_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_work_findings_by_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_work_findings_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_findings")),
    )
    op.create_index("ix_work_findings_order", "work_findings", ["store_id", "order_id", "found_at"], unique=False)
    op.create_index("ix_work_findings_extra", "work_findings", ["store_id", "extra_id"], unique=False)
    op.create_table(
        "finding_photos",
        sa.Column("finding_id", Identity(), nullable=False),
        sa.Column("file_id", Identity(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["work_findings.id"], name=op.f("fk_finding_photos_finding_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_finding_photos_file_id")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_finding_photos_by_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_finding_photos_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_photos")),
        sa.UniqueConstraint("finding_id", "file_id", name=op.f("uq_finding_photos_finding_id_file_id")),
    )
    op.create_index("ix_finding_photos_finding", "finding_photos", ["store_id", "finding_id", "at"], unique=False)
    for table in ("work_findings", "finding_photos"):
        guards.keep_apart(table)
    guards.seal("finding_photos")
    for store in op.get_bind().scalars(sa.select(sa.column("id", Identity())).select_from(sa.table("stores"))).all():
        op.bulk_insert(_entries_table(), list(_entries(store)))
        op.bulk_insert(_parameters_table(), [{
            "id": str(uuid4()), "store_id": str(store), "version": 1, "key": "board_rules", "value": RULES,
            "name": RULES_CALLED, "valid_from": FROM_THE_BEGINNING,
        }])  # fmt: skip


def _entries(store: str) -> Any:
    for list_, entries in LISTS.items():
        for position, (code, zh, en) in enumerate(entries, 1):
            yield {
                "id": str(uuid4()), "store_id": str(store), "version": 1, "list": list_, "code": code,
                "name": {"zh": zh, "en": en}, "position": position, "valid_from": FROM_THE_BEGINNING,
            }  # fmt: skip


def _entries_table() -> sa.TableClause:
    return sa.table(
        "list_entries", sa.column("id", Identity()), sa.column("store_id", Identity()),
        sa.column("version", sa.Integer()), sa.column("list", sa.String()), sa.column("code", sa.String()),
        sa.column("name", Document()), sa.column("position", sa.Integer()), sa.column("valid_from", sa.Date()),
    )  # fmt: skip


def _parameters_table() -> sa.TableClause:
    return sa.table(
        "parameters", sa.column("id", Identity()), sa.column("store_id", Identity()),
        sa.column("version", sa.Integer()), sa.column("key", sa.String()), sa.column("value", Document()),
        sa.column("name", Document()), sa.column("valid_from", sa.Date()),
    )  # fmt: skip
