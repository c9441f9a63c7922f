"""Quote, order and take money."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Document, Identity, Moment

revision: str = "quote_order_and_take_money"
down_revision: str | None = "receive_people_who_come_in"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


FROM_THE_BEGINNING = date(2020, 1, 1)
KEPT_APART = ("price_list", "stock_cars", "quotations", "trade_ins", "approvals", "orders")
SEALED = ("quotation_lines", "trade_in_photos")
LISTS: dict[str, list[tuple[str, str, str]]] = {
    "pay_method": [
        ("card", "刷卡", "Card"),
        ("wechat", "微信支付", "WeChat Pay"),
        ("alipay", "支付宝", "Alipay"),
        ("transfer", "对公转账", "Bank transfer"),
        ("cash", "现金", "Cash"),
    ],
    "cancel_reason": [
        ("finance_refused", "贷款未获批", "Finance refused"),
        ("late", "超过约定交期", "Promised date missed"),
        ("no_car", "无法提供所订车辆", "The car cannot be had"),
        ("changed_mind", "客户改变主意", "Changed their mind"),
        ("other_car", "改订其他车型", "Another model instead"),
    ],
    "trade_in_condition": [
        ("good", "良好：无事故、漆面完好", "Good: no accident, paint intact"),
        ("fair", "一般：有剐蹭或小修", "Fair: scratches or small repairs"),
        ("poor", "较差：有事故或大修", "Poor: accident or large repairs"),
    ],
}
PARAMETERS: list[tuple[str, date, str, str, Any]] = [
    (
        "purchase_tax",
        FROM_THE_BEGINNING,
        "车辆购置税：税率、增值税率、插电与纯电减免",
        "Purchase tax: rate, VAT, relief for cars with a plug",
        {"rate": 10, "vat": 13, "relief_percent": 100, "relief_most": 3000000},
    ),
    (
        "purchase_tax",
        date(2026, 1, 1),
        "车辆购置税：税率、增值税率、插电与纯电减免",
        "Purchase tax: rate, VAT, relief for cars with a plug",
        {"rate": 10, "vat": 13, "relief_percent": 50, "relief_most": 1500000},
    ),
    (
        "discount_limits",
        FROM_THE_BEGINNING,
        "各岗位让利上限（指导价的百分比）",
        "Discount limits by role, per cent of the guide price",
        {"consultant": 3, "manager": 10},
    ),
    ("quotation_rules", FROM_THE_BEGINNING, "报价单有效天数", "Days for which a quotation holds", {"valid_days": 7}),
    (
        "refund_rules",
        FROM_THE_BEGINNING,
        "可全额退款的退订原因",
        "Reasons for which everything is given back",
        {"refundable_for": ["finance_refused", "late", "no_car"]},
    ),
    (
        "finance_offers",
        FROM_THE_BEGINNING,
        "分期：期数、首付比例、等额本息年利率与固定年费率（百万分之一）",
        "Finance: months, down payment in per cent, annuity and flat rates a year in millionths",
        {"months": [12, 24, 36, 48, 60], "down_percent": 30, "annuity": 48000, "flat": 30000},
    ),
]


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("subject_id", Identity(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("asked_by", Identity(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("decided_by", Identity(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_approvals_asked_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_approvals_decided_by")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_approvals_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index("ix_approvals_state", "approvals", ["store_id", "state", "asked_at"], unique=False)
    op.create_index("ix_approvals_subject", "approvals", ["store_id", "subject_id"], unique=False)
    op.create_table(
        "payments",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("subject_id", Identity(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("taken_by", Identity(), nullable=False),
        sa.Column("taken_at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_payments_customer_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_payments_store_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_payments_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_payments_store_id_number")),
    )
    op.create_index("ix_payments_subject", "payments", ["store_id", "subject_id", "taken_at"], unique=False)
    op.create_table(
        "price_list",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", Document(), nullable=False),
        sa.Column("model_id", Identity(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["model_id"], ["car_models.id"], name=op.f("fk_price_list_model_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_price_list_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_list")),
        sa.UniqueConstraint("store_id", "code", "valid_from", name=op.f("uq_price_list_store_id_code_valid_from")),
    )
    op.create_index("ix_price_list_model", "price_list", ["store_id", "model_id"], unique=False)
    op.create_table(
        "stock_cars",
        sa.Column("vin", sa.String(), nullable=False),
        sa.Column("model_id", Identity(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("engine_no", sa.String(), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("sold_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["model_id"], ["car_models.id"], name=op.f("fk_stock_cars_model_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_stock_cars_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_cars")),
        sa.UniqueConstraint("store_id", "vin", name=op.f("uq_stock_cars_store_id_vin")),
    )
    op.create_index("ix_stock_cars_model", "stock_cars", ["store_id", "model_id", "sold_at"], unique=False)
    op.create_table(
        "trade_ins",
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("prospect_id", Identity(), nullable=False),
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("mileage_km", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("plate", sa.String(), nullable=False),
        sa.Column("vin", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("valued", sa.Integer(), nullable=True),
        sa.Column("valued_by", Identity(), nullable=True),
        sa.Column("valued_at", Moment(), nullable=True),
        sa.Column("value_note", sa.String(), nullable=False),
        sa.Column("registered_by", Identity(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_trade_ins_customer_id")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospects.id"], name=op.f("fk_trade_ins_prospect_id")),
        sa.ForeignKeyConstraint(["registered_by"], ["staff.id"], name=op.f("fk_trade_ins_registered_by")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_trade_ins_store_id")),
        sa.ForeignKeyConstraint(["valued_by"], ["staff.id"], name=op.f("fk_trade_ins_valued_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trade_ins")),
    )
    op.create_index("ix_trade_ins_prospect", "trade_ins", ["store_id", "prospect_id"], unique=False)
    op.create_index("ix_trade_ins_state", "trade_ins", ["store_id", "state", "created_at"], unique=False)
    op.create_table(
        "quotations",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("prospect_id", Identity(), nullable=False),
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("consultant_id", Identity(), nullable=False),
        sa.Column("model_id", Identity(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("guide", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("trade_in_id", Identity(), nullable=True),
        sa.Column("finance", Document(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultant_id"], ["staff.id"], name=op.f("fk_quotations_consultant_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_quotations_customer_id")),
        sa.ForeignKeyConstraint(["model_id"], ["car_models.id"], name=op.f("fk_quotations_model_id")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospects.id"], name=op.f("fk_quotations_prospect_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_quotations_store_id")),
        sa.ForeignKeyConstraint(["trade_in_id"], ["trade_ins.id"], name=op.f("fk_quotations_trade_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotations")),
        sa.UniqueConstraint("store_id", "number", "revision", name=op.f("uq_quotations_store_id_number_revision")),
    )
    op.create_index("ix_quotations_customer", "quotations", ["store_id", "customer_id"], unique=False)
    op.create_index("ix_quotations_made", "quotations", ["store_id", "created_at", "id"], unique=False)
    op.create_index("ix_quotations_prospect", "quotations", ["store_id", "prospect_id"], unique=False)
    op.create_index("ix_quotations_state", "quotations", ["store_id", "state", "created_at", "id"], unique=False)
    op.create_index("ix_quotations_until", "quotations", ["store_id", "state", "until"], unique=False)
    op.create_index(
        "ix_quotations_whose", "quotations", ["store_id", "consultant_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "trade_in_photos",
        sa.Column("trade_in_id", Identity(), nullable=False),
        sa.Column("file_id", Identity(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("original_hash", sa.String(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_trade_in_photos_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_trade_in_photos_file_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_trade_in_photos_store_id")),
        sa.ForeignKeyConstraint(["trade_in_id"], ["trade_ins.id"], name=op.f("fk_trade_in_photos_trade_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trade_in_photos")),
    )
    op.create_index("ix_trade_in_photos_trade_in", "trade_in_photos", ["store_id", "trade_in_id"], unique=False)
    op.create_table(
        "orders",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("quotation_id", Identity(), nullable=False),
        sa.Column("prospect_id", Identity(), nullable=False),
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("consultant_id", Identity(), nullable=False),
        sa.Column("model_id", Identity(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("stock_car_id", Identity(), nullable=True),
        sa.Column("delivery_id", Identity(), nullable=True),
        sa.Column("refundable", sa.Integer(), nullable=False),
        sa.Column("cancel_reason", sa.String(), nullable=False),
        sa.Column("cancel_note", sa.String(), nullable=False),
        sa.Column("placed_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consultant_id"], ["staff.id"], name=op.f("fk_orders_consultant_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_orders_customer_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_orders_delivery_id")),
        sa.ForeignKeyConstraint(["model_id"], ["car_models.id"], name=op.f("fk_orders_model_id")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospects.id"], name=op.f("fk_orders_prospect_id")),
        sa.ForeignKeyConstraint(["quotation_id"], ["quotations.id"], name=op.f("fk_orders_quotation_id")),
        sa.ForeignKeyConstraint(["stock_car_id"], ["stock_cars.id"], name=op.f("fk_orders_stock_car_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_orders_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("quotation_id", name=op.f("uq_orders_quotation_id")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_orders_store_id_number")),
    )
    op.create_index("ix_orders_customer", "orders", ["store_id", "customer_id"], unique=False)
    op.create_index("ix_orders_delivery", "orders", ["store_id", "delivery_id"], unique=False)
    op.create_index("ix_orders_placed", "orders", ["store_id", "placed_at", "id"], unique=False)
    op.create_index("ix_orders_prospect", "orders", ["store_id", "prospect_id"], unique=False)
    op.create_index("ix_orders_state", "orders", ["store_id", "state", "placed_at", "id"], unique=False)
    op.create_index("ix_orders_whose", "orders", ["store_id", "consultant_id", "placed_at", "id"], unique=False)
    op.create_index(
        "ux_orders_stock_car",
        "orders",
        ["store_id", "stock_car_id"],
        unique=True,
        sqlite_where=sa.text("stock_car_id IS NOT NULL"),
        postgresql_where=sa.text("stock_car_id IS NOT NULL"),
    )
    op.create_table(
        "quotation_lines",
        sa.Column("quotation_id", Identity(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", Document(), nullable=False),
        sa.Column("marked", sa.Integer(), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["quotation_id"], ["quotations.id"], name=op.f("fk_quotation_lines_quotation_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_quotation_lines_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation_lines")),
    )
    op.create_index("ix_quotation_lines_quotation", "quotation_lines", ["store_id", "quotation_id"], unique=False)
    for table in (*KEPT_APART, *SEALED, "payments"):
        guards.keep_apart(table)
    for table in SEALED:
        guards.seal(table)
    guards.seal("payments", but="customer_id")
    for store in op.get_bind().scalars(sa.select(sa.column("id", Identity())).select_from(sa.table("stores"))).all():
        op.bulk_insert(_table("list_entries", "list", "code", "position"), list(_entries(store)))
        op.bulk_insert(_table("parameters", "key", "value"), list(_parameters(store)))


def _entries(store: str) -> Any:
    for list_, entries in LISTS.items():
        for position, (code, zh, en) in enumerate(entries, 1):
            row = _row(store, zh, en, FROM_THE_BEGINNING)
            yield row | {"list": list_, "code": code, "position": position}


def _parameters(store: str) -> Any:
    return (_row(store, zh, en, since) | {"key": key, "value": value} for key, since, zh, en, value in PARAMETERS)


def _row(store: str, zh: str, en: str, since: date) -> dict[str, Any]:
    name = {"zh": zh, "en": en}
    return {"id": str(uuid4()), "store_id": str(store), "version": 1, "name": name, "valid_from": since}


def _table(name: str, *columns: str) -> sa.TableClause:
    kinds: dict[str, Any] = {"value": Document(), "position": sa.Integer()}
    own = (sa.column(column, kinds.get(column, sa.String())) for column in columns)
    common = (
        sa.column("id", Identity()), sa.column("store_id", Identity()), sa.column("version", sa.Integer()),
        sa.column("name", Document()), sa.column("valid_from", sa.Date()),
    )  # fmt: skip
    return sa.table(name, *common, *own)
