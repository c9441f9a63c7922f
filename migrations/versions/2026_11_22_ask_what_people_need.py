"""Ask what people need."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Document, Identity, Moment

revision: str = "ask_what_people_need"
down_revision: str | None = "book_test_drives"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FROM_THE_BEGINNING = date(2020, 1, 1)
LISTS: dict[str, list[tuple[str, str, str]]] = {
    "purchase_type": [
        ("first", "首次购车", "First car"),
        ("more", "增购", "One more car"),
        ("instead", "换购", "Instead of one"),
        ("used", "二手车", "A used car"),
    ],
    "car_use": [
        ("family", "家用", "Family"),
        ("business", "商务", "Business"),
        ("commercial", "营运", "Commercial"),
        ("official", "公务", "Official"),
    ],
    "car_user": [
        ("self", "本人", "Themselves"),
        ("spouse", "配偶", "Spouse"),
        ("parents", "父母", "Parents"),
        ("children", "子女", "Children"),
        ("firm", "单位", "The firm"),
    ],
    "budget": [
        ("0-50", "5 万以内", "Up to 50,000"),
        ("50-100", "5–10 万", "50,000 to 100,000"),
        ("100-150", "10–15 万", "100,000 to 150,000"),
        ("150-200", "15–20 万", "150,000 to 200,000"),
        ("200-250", "20–25 万", "200,000 to 250,000"),
        ("250-999", "25 万以上", "Above 250,000"),
    ],
    "payment_wish": [
        ("cash", "一次付清", "At once"),
        ("loan", "分期贷款", "By instalments"),
        ("open", "还没定", "Not decided"),
    ],
    "concern": [
        ("power", "动力", "Power"),
        ("price", "价格", "Price"),
        ("interior", "内饰", "Interior"),
        ("equipment", "配置", "Equipment"),
        ("safety", "安全性", "Safety"),
        ("looks", "外观", "Looks"),
        ("handling", "操控", "Handling"),
        ("consumption", "油耗电耗", "Consumption"),
        ("space", "空间", "Space"),
        ("comfort", "舒适性", "Comfort"),
    ],
    "age": [
        ("20", "20 岁及以下", "Up to 20"),
        ("25", "21–25 岁", "21 to 25"),
        ("30", "26–30 岁", "26 to 30"),
        ("35", "31–35 岁", "31 to 35"),
        ("40", "36–40 岁", "36 to 40"),
        ("45", "41–45 岁", "41 to 45"),
        ("46", "45 岁以上", "Above 45"),
    ],
    "household": [
        ("1", "1 人", "1"),
        ("2", "2 人", "2"),
        ("3", "3 人", "3"),
        ("4", "4 人", "4"),
        ("5", "5 人及以上", "5 or more"),
    ],
    "driving_years": [
        ("none", "未领证", "No licence yet"),
        ("1", "不满 1 年", "Under a year"),
        ("3", "1–3 年", "1 to 3 years"),
        ("5", "3–5 年", "3 to 5 years"),
        ("10", "5–10 年", "5 to 10 years"),
        ("11", "10 年以上", "Over 10 years"),
    ],
    "income": [
        ("5", "5 万以内", "Up to 50,000"),
        ("10", "5–10 万", "50,000 to 100,000"),
        ("15", "10–15 万", "100,000 to 150,000"),
        ("25", "15–25 万", "150,000 to 250,000"),
        ("35", "25–35 万", "250,000 to 350,000"),
        ("36", "35 万以上", "Above 350,000"),
    ],
    "education": [
        ("school", "高中及以下", "School"),
        ("college", "大专", "College"),
        ("bachelor", "本科", "Bachelor"),
        ("master", "硕士及以上", "Master or higher"),
    ],
}


def upgrade() -> None:
    op.create_table(
        "competitor_cards",
        sa.Column("brand", Document(), nullable=False),
        sa.Column("series", Document(), nullable=False),
        sa.Column("against_id", Identity(), nullable=True),
        sa.Column("strengths", Document(), nullable=False),
        sa.Column("weaknesses", Document(), nullable=False),
        sa.Column("answer", Document(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["against_id"], ["car_models.id"], name=op.f("fk_competitor_cards_against_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_competitor_cards_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitor_cards")),
    )
    op.create_table(
        "needs",
        sa.Column("prospect_id", Identity(), nullable=False),
        sa.Column("answers", Document(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("changed_by", Identity(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_needs_changed_by")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospects.id"], name=op.f("fk_needs_prospect_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_needs_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
        sa.UniqueConstraint("store_id", "prospect_id", name=op.f("uq_needs_store_id_prospect_id")),
    )
    op.add_column("car_models", sa.Column("body", sa.String(), nullable=True))
    op.add_column("car_models", sa.Column("seats", sa.Integer(), nullable=True))
    for table in ("competitor_cards", "needs"):
        guards.keep_apart(table)
    for store in op.get_bind().scalars(sa.select(sa.column("id", Identity())).select_from(sa.table("stores"))).all():
        op.bulk_insert(LIST_ENTRIES, list(_entries(str(store))))


def _entries(store: str) -> Iterator[dict[str, Any]]:
    for list_, entries in LISTS.items():
        for position, (code, zh, en) in enumerate(entries, 1):
            yield {
                "id": str(uuid4()), "store_id": store, "version": 1, "list": list_, "code": code,
                "name": {"zh": zh, "en": en}, "position": position, "valid_from": FROM_THE_BEGINNING,
            }  # fmt: skip


LIST_ENTRIES = sa.table(
    "list_entries", sa.column("id", Identity()), sa.column("store_id", Identity()), sa.column("version", sa.Integer()),
    sa.column("list", sa.String()), sa.column("code", sa.String()), sa.column("name", Document()),
    sa.column("position", sa.Integer()), sa.column("valid_from", sa.Date()),
)  # fmt: skip
