"""Bring home what a visit found."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from migrations import guards
from migrations.columns import Document, Identity, Moment

revision: str = "bring_home_what_a_visit_found"
down_revision: str | None = "plan_home_visits"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FROM_THE_BEGINNING = date(2020, 1, 1)
ROWS = Path(__file__).parent.parent / "rows" / "at_the_door.json"
"""A choice and parameters as they were on this day."""


def upgrade() -> None:
    op.create_table(
        "referrals",
        sa.Column("visit_id", Identity(), nullable=False),
        sa.Column("referrer_id", Identity(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("model_id", Identity(), nullable=True),
        sa.Column("wish", sa.String(), nullable=False),
        sa.Column("on_site", sa.Boolean(), nullable=False),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("prospect_id", Identity(), nullable=True),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_referrals_by_id")),
        sa.ForeignKeyConstraint(["model_id"], ["car_models.id"], name=op.f("fk_referrals_model_id")),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospects.id"], name=op.f("fk_referrals_prospect_id")),
        sa.ForeignKeyConstraint(["referrer_id"], ["customers.id"], name=op.f("fk_referrals_referrer_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_referrals_store_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["home_visits.id"], name=op.f("fk_referrals_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
    )
    op.create_index("ix_referrals_consent", "referrals", ["store_id", "consent", "answered_at"], unique=False)
    op.create_index("ix_referrals_prospect", "referrals", ["store_id", "prospect_id"], unique=False)
    op.create_index("ix_referrals_referrer", "referrals", ["store_id", "referrer_id"], unique=False)
    op.create_index("ix_referrals_visit", "referrals", ["store_id", "visit_id"], unique=False)
    op.create_table(
        "visit_consents",
        sa.Column("visit_id", Identity(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_visit_consents_by_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_consents_store_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["home_visits.id"], name=op.f("fk_visit_consents_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_consents")),
    )
    op.create_index("ix_visit_consents_visit", "visit_consents", ["store_id", "visit_id", "at"], unique=False)
    op.create_table(
        "visit_effects",
        sa.Column("visit_id", Identity(), nullable=False),
        sa.Column("staff_id", Identity(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_visit_effects_score")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_visit_effects_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_effects_store_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["home_visits.id"], name=op.f("fk_visit_effects_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_effects")),
        sa.UniqueConstraint("visit_id", "staff_id", name=op.f("uq_visit_effects_visit_id_staff_id")),
    )
    op.create_table(
        "visit_explanations",
        sa.Column("visit_id", Identity(), nullable=False),
        sa.Column("signature_id", Identity(), nullable=False),
        sa.Column("finding_ids", Document(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_visit_explanations_by_id")),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["checklist_signatures.id"], name=op.f("fk_visit_explanations_signature_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_explanations_store_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["home_visits.id"], name=op.f("fk_visit_explanations_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_explanations")),
    )
    op.create_index("ix_visit_explanations_visit", "visit_explanations", ["store_id", "visit_id", "at"], unique=False)
    op.create_table(
        "visit_findings",
        sa.Column("visit_id", Identity(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("arrived_at", Moment(), nullable=False),
        sa.Column("struck_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_visit_findings_by_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_findings_store_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["home_visits.id"], name=op.f("fk_visit_findings_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_findings")),
    )
    op.create_index("ix_visit_findings_visit", "visit_findings", ["store_id", "visit_id", "found_at"], unique=False)
    op.create_table(
        "visit_models",
        sa.Column("visit_id", Identity(), nullable=False),
        sa.Column("model_id", Identity(), nullable=False),
        sa.Column("interest", sa.String(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_visit_models_by_id")),
        sa.ForeignKeyConstraint(["model_id"], ["car_models.id"], name=op.f("fk_visit_models_model_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_models_store_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["home_visits.id"], name=op.f("fk_visit_models_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_models")),
    )
    op.create_index("ix_visit_models_visit", "visit_models", ["store_id", "visit_id"], unique=False)
    op.create_table(
        "visit_photos",
        sa.Column("visit_id", Identity(), nullable=False),
        sa.Column("file_id", Identity(), nullable=False),
        sa.Column("shows", sa.String(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("original_hash", sa.String(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_visit_photos_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_visit_photos_file_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_photos_store_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["home_visits.id"], name=op.f("fk_visit_photos_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_photos")),
        sa.UniqueConstraint("visit_id", "file_id", name=op.f("uq_visit_photos_visit_id_file_id")),
    )
    op.create_index("ix_visit_photos_visit", "visit_photos", ["store_id", "visit_id", "at"], unique=False)
    op.create_table(
        "visit_presences",
        sa.Column("visit_id", Identity(), nullable=False),
        sa.Column("staff_id", Identity(), nullable=False),
        sa.Column("in_at", Moment(), nullable=False),
        sa.Column("out_at", Moment(), nullable=True),
        sa.Column("in_longitude", sa.Numeric(precision=9, scale=4, asdecimal=False), nullable=True),
        sa.Column("in_latitude", sa.Numeric(precision=9, scale=4, asdecimal=False), nullable=True),
        sa.Column("in_accuracy", sa.Integer(), nullable=True),
        sa.Column("out_longitude", sa.Numeric(precision=9, scale=4, asdecimal=False), nullable=True),
        sa.Column("out_latitude", sa.Numeric(precision=9, scale=4, asdecimal=False), nullable=True),
        sa.Column("out_accuracy", sa.Integer(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_visit_presences_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_presences_store_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["home_visits.id"], name=op.f("fk_visit_presences_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_presences")),
        sa.UniqueConstraint("visit_id", "staff_id", name=op.f("uq_visit_presences_visit_id_staff_id")),
    )
    op.create_table(
        "visit_steps",
        sa.Column("visit_id", Identity(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_visit_steps_by_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_steps_store_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["home_visits.id"], name=op.f("fk_visit_steps_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_steps")),
        sa.UniqueConstraint("visit_id", "step", name=op.f("uq_visit_steps_visit_id_step")),
    )
    op.create_table(
        "visit_talks",
        sa.Column("visit_id", Identity(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_visit_talks_by_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_talks_store_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["home_visits.id"], name=op.f("fk_visit_talks_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_talks")),
    )
    op.create_index("ix_visit_talks_visit", "visit_talks", ["store_id", "visit_id"], unique=False)
    op.create_table(
        "visit_top_ups",
        sa.Column("visit_id", Identity(), nullable=False),
        sa.Column("fluid", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_visit_top_ups_amount")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_visit_top_ups_by_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_top_ups_store_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["home_visits.id"], name=op.f("fk_visit_top_ups_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_top_ups")),
    )
    op.create_index("ix_visit_top_ups_visit", "visit_top_ups", ["store_id", "visit_id"], unique=False)
    op.create_table(
        "visit_finding_photos",
        sa.Column("finding_id", Identity(), nullable=False),
        sa.Column("file_id", Identity(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_visit_finding_photos_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_visit_finding_photos_file_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["visit_findings.id"], name=op.f("fk_visit_finding_photos_finding_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_visit_finding_photos_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_finding_photos")),
        sa.UniqueConstraint("finding_id", "file_id", name=op.f("uq_visit_finding_photos_finding_id_file_id")),
    )
    op.create_index(
        "ix_visit_finding_photos_finding", "visit_finding_photos", ["store_id", "finding_id", "at"], unique=False
    )
    tables = (
        "referrals", "visit_consents", "visit_effects", "visit_explanations", "visit_findings", "visit_models",
        "visit_photos", "visit_presences", "visit_steps", "visit_talks", "visit_top_ups", "visit_finding_photos",
    )  # fmt: skip
    for table in tables:
        guards.keep_apart(table)
    for table in ("visit_consents", "visit_explanations", "visit_finding_photos"):
        guards.seal(table)
    rows = json.loads(ROWS.read_text("utf-8"))
    for store in op.get_bind().scalars(sa.select(sa.column("id", Identity())).select_from(sa.table("stores"))).all():
        choices = [_row(store, name) | {"list": list_, "code": code} for list_, code, *name in rows["list_entries"]]
        op.bulk_insert(_table("list_entries", "list", "code", "position"), [one | {"position": 90} for one in choices])
        parameters = [
            _row(store, one["name"]) | {"key": one["key"], "value": one["value"]} for one in rows["parameters"]
        ]
        op.bulk_insert(_table("parameters", "key", "value"), parameters)


def _row(store: object, name: Sequence[str]) -> dict[str, Any]:
    words = {"zh": name[0], "en": name[1]}
    return {"id": str(uuid4()), "store_id": str(store), "version": 1, "name": words, "valid_from": FROM_THE_BEGINNING}


def _table(name: str, *columns: str) -> sa.TableClause:
    kinds: dict[str, sa.types.TypeEngine[object]] = {"value": Document(), "position": sa.Integer()}
    own = (sa.column(column, kinds.get(column, sa.String())) for column in columns)
    common = (
        sa.column("id", Identity()), sa.column("store_id", Identity()), sa.column("version", sa.Integer()),
        sa.column("name", Document()), sa.column("valid_from", sa.Date()),
    )  # fmt: skip
    return sa.table(name, *common, *own)
