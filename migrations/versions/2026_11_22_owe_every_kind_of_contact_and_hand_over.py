"""Owe every kind of contact, and hand over what people hold."""

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

revision: str = "owe_every_kind_of_contact_and_ha"
down_revision: str | None = "settle_and_give_back"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FROM_THE_BEGINNING = date(2020, 1, 1)
PARAMETERS: list[tuple[str, str, str, Any]] = [
    (
        "calling_hours",
        "可以联系客户的时间（当天第几分钟）",
        "When customers may be called (minute of the day)",
        {"opens": 540, "closes": 1230},
    ),
    (
        "contact_weights",
        "联系事项的轻重：逾期、每逾期一天、最多计几天、已承诺、安全、多次未接通、重要客户；重要客户按车辆数或维修金额（分）",
        (
            "What matters in a contact: overdue, each day, most days counted, promised, safety, tried in vain, "
            "valued customer; valued by cars or by money spent (fen)"
        ),
        {
            "overdue": 20,
            "day": 5,
            "most_days": 10,
            "promised": 30,
            "safety": 60,
            "escalated": 25,
            "value": 15,
            "cars": 2,
            "spent": 500000,
        },
    ),
    ("contact_tries", "几次未接通后告知经理", "After how many tries in vain the manager is told", {"most": 3}),
    ("contact_climb", "联系逾期多少小时后告知经理", "Hours overdue until the manager is told", {"hours": 24}),
    (
        "data_handover",
        "客户资料移交：几小时内接收",
        "Handover of customer data: taken over within how many hours",
        {"hours": 24},
    ),
]
NOTES = (
    ("satisfied", "满意，没有问题", "Satisfied, no questions"),
    ("answered", "有疑问，已解答", "Had questions, answered"),
    ("comes", "确认会来", "Confirmed to come"),
    ("wants_service", "想预约进店", "Wants an appointment"),
    ("busy", "正忙，另约时间", "Was busy, another time"),
    ("unhappy", "不满意，已记录", "Not satisfied, written down"),
)
KINDS = Path(__file__).parents[1] / "rows" / "contact_kinds.json"
"""As they were when this was written, whatever stores begin with later."""


def upgrade() -> None:
    op.create_table(
        "contact_kinds",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("name", Document(), nullable=False),
        sa.Column("script", Document(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_contact_kinds_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_kinds")),
        sa.UniqueConstraint("store_id", "code", name=op.f("uq_contact_kinds_store_id_code")),
    )
    op.create_table(
        "absences",
        sa.Column("staff_id", Identity(), nullable=False),
        sa.Column("stand_in_id", Identity(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("made_by", Identity(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("called_off_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_absences_made_by")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_absences_staff_id")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["staff.id"], name=op.f("fk_absences_stand_in_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_absences_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_staff", "absences", ["store_id", "staff_id", "until"], unique=False)
    op.create_index("ix_absences_stand_in", "absences", ["store_id", "stand_in_id", "until"], unique=False)
    op.create_table(
        "calling_wishes",
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Integer(), nullable=True),
        sa.Column("weekdays", Document(), nullable=False),
        sa.Column("taken_by", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_calling_wishes_customer_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_calling_wishes_store_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_calling_wishes_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calling_wishes")),
    )
    op.create_index("ix_calling_wishes_customer", "calling_wishes", ["store_id", "customer_id", "at"], unique=False)
    op.create_table(
        "data_handovers",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("delivery_id", Identity(), nullable=True),
        sa.Column("customer_id", Identity(), nullable=True),
        sa.Column("from_id", Identity(), nullable=False),
        sa.Column("to_id", Identity(), nullable=True),
        sa.Column("lines", Document(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("taken_at", Moment(), nullable=True),
        sa.Column("taken_by", Identity(), nullable=True),
        sa.Column("climbed_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_data_handovers_customer_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_data_handovers_delivery_id")),
        sa.ForeignKeyConstraint(["from_id"], ["staff.id"], name=op.f("fk_data_handovers_from_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_data_handovers_store_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_data_handovers_taken_by")),
        sa.ForeignKeyConstraint(["to_id"], ["staff.id"], name=op.f("fk_data_handovers_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_handovers")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_data_handovers_delivery_id")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_data_handovers_store_id_number")),
    )
    op.create_index(op.f("ix_data_handovers_customer_id"), "data_handovers", ["customer_id"], unique=False)
    op.create_index("ix_data_handovers_made", "data_handovers", ["store_id", "made_at", "id"], unique=False)
    op.create_index("ix_data_handovers_to", "data_handovers", ["store_id", "to_id", "state", "due_at"], unique=False)
    op.create_table(
        "contact_tries",
        sa.Column("contact_id", Identity(), nullable=False),
        sa.Column("made_by", Identity(), nullable=False),
        sa.Column("begun_at", Moment(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_contact_tries_contact_id")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_contact_tries_made_by")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_contact_tries_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_tries")),
    )
    op.create_index("ix_contact_tries_contact", "contact_tries", ["store_id", "contact_id", "made_at"], unique=False)
    op.add_column("contacts", sa.Column("follows_id", Identity(), nullable=True))
    op.add_column("contacts", sa.Column("about", sa.String(), server_default="", nullable=False))
    op.add_column("contacts", sa.Column("place", sa.String(), server_default="", nullable=False))
    op.add_column("contacts", sa.Column("begun_at", Moment(), nullable=True))
    op.add_column("contacts", sa.Column("climbed_at", Moment(), nullable=True))
    op.add_column("contacts", sa.Column("escalated_at", Moment(), nullable=True))
    op.create_index("ix_contacts_done", "contacts", ["store_id", "state", "done_at", "id"], unique=False)
    op.create_index("ix_contacts_owed", "contacts", ["store_id", "state", "due_at", "id"], unique=False)
    op.add_column("customers", sa.Column("advisor_id", Identity(), nullable=True))
    op.create_index(op.f("ix_customers_advisor_id"), "customers", ["advisor_id"], unique=False)
    for table in ("contact_kinds", "absences", "calling_wishes", "data_handovers", "contact_tries"):
        guards.keep_apart(table)
    _look_after_owners()
    for store in op.get_bind().scalars(sa.select(sa.column("id", Identity())).select_from(sa.table("stores"))).all():
        op.bulk_insert(_kinds_table(), list(_kinds(str(store))))
        op.bulk_insert(_parameters_table(), list(_parameters(str(store))))
        op.bulk_insert(_entries_table(), list(_entries(str(store))))


def _look_after_owners() -> None:
    """Whoever served the last delivery looks after its customer."""
    op.execute(
        "UPDATE customers SET advisor_id = (SELECT d.advisor_id FROM deliveries d "
        "WHERE d.customer_id = customers.id AND d.state = 'completed' ORDER BY d.completed_at DESC LIMIT 1)"
    )


def _kinds(store: str) -> Iterator[dict[str, Any]]:
    for position, one in enumerate(json.loads(KINDS.read_text("utf-8")), 1):
        words = {"name": _words(one["name"]), "script": _words(one["script"]), "position": position}
        yield {"id": str(uuid4()), "store_id": store, "version": 1} | one | words


def _parameters(store: str) -> Iterator[dict[str, Any]]:
    for key, zh, en, value in PARAMETERS:
        yield {
            "id": str(uuid4()), "store_id": store, "version": 1, "key": key, "value": value,
            "name": _words([zh, en]), "valid_from": FROM_THE_BEGINNING,
        }  # fmt: skip


def _entries(store: str) -> Iterator[dict[str, Any]]:
    for position, (code, zh, en) in enumerate(NOTES, 1):
        yield {
            "id": str(uuid4()), "store_id": store, "version": 1, "list": "contact_note", "code": code,
            "name": _words([zh, en]), "position": position, "valid_from": FROM_THE_BEGINNING,
        }  # fmt: skip


def _words(pair: Sequence[str]) -> dict[str, str]:
    return {"zh": pair[0], "en": pair[1]}


def _kinds_table() -> sa.TableClause:
    return sa.table(
        "contact_kinds", sa.column("id", Identity()), sa.column("store_id", Identity()),
        sa.column("version", sa.Integer()), sa.column("code", sa.String()), sa.column("way", sa.String()),
        sa.column("name", Document()), sa.column("script", Document()), sa.column("weight", sa.Integer()),
        sa.column("safety", sa.Boolean()), sa.column("by_hand", sa.Boolean()), sa.column("position", sa.Integer()),
    )  # fmt: skip


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
