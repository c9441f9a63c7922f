"""Open the house."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.columns import Document, Identity, Moment

revision: str = "open_the_house"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("key", Identity(), nullable=False),
        sa.Column("person_id", Identity(), nullable=True),
        sa.Column("store_id", Identity(), nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", Document(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_receipts")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index("ix_sign_in_attempts_at", "sign_in_attempts", ["address", "at"], unique=False)
    op.create_index("ix_sign_in_attempts_name", "sign_in_attempts", ["name", "at"], unique=False)
    op.create_table(
        "stores",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", Document(), nullable=False),
        sa.Column("address", Document(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("credit_code", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stores")),
        sa.UniqueConstraint("code", name=op.f("uq_stores_code")),
    )
    op.create_table(
        "canned_notes",
        sa.Column("list_code", sa.String(), nullable=True),
        sa.Column("item_code", sa.String(), nullable=True),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("text", Document(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_canned_notes_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_notes")),
    )
    op.create_table(
        "car_models",
        sa.Column("brand", Document(), nullable=False),
        sa.Column("series", Document(), nullable=False),
        sa.Column("trim", Document(), nullable=False),
        sa.Column("energy", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_car_models_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_car_models")),
    )
    op.create_table(
        "cars",
        sa.Column("vin", sa.String(), nullable=True),
        sa.Column("plate", sa.String(), nullable=True),
        sa.Column("model_id", Identity(), nullable=True),
        sa.Column("model", Document(), nullable=False),
        sa.Column("energy", sa.String(), nullable=True),
        sa.Column("colour", Document(), nullable=False),
        sa.Column("engine_no", sa.String(), nullable=False),
        sa.Column("odometer_km", sa.Integer(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", Identity(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_cars_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cars")),
        sa.UniqueConstraint("store_id", "vin", name=op.f("uq_cars_store_id_vin")),
    )
    op.create_index("ix_cars_plate", "cars", ["store_id", "plate"], unique=False)
    op.create_table(
        "checklist_templates",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", Document(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("published_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_checklist_templates_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_templates")),
        sa.UniqueConstraint("store_id", "code", "version", name=op.f("uq_checklist_templates_store_id_code_version")),
    )
    op.create_table(
        "consents",
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("taken_by", Identity(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_consents_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_customer", "consents", ["store_id", "customer_id", "purpose"], unique=False)
    op.create_table(
        "customers",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("phone_last4", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("number_sealed", sa.String(), nullable=True),
        sa.Column("number_index", sa.String(), nullable=True),
        sa.Column("household_id", Identity(), nullable=True),
        sa.Column("merged_into", Identity(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", Identity(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["customers.id"], name=op.f("fk_customers_merged_into")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_customers_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index("ix_customers_created", "customers", ["store_id", "created_at"], unique=False)
    op.create_index("ix_customers_household", "customers", ["store_id", "household_id"], unique=False)
    op.create_index("ix_customers_last4", "customers", ["store_id", "phone_last4"], unique=False)
    op.create_index("ix_customers_merged", "customers", ["store_id", "merged_into"], unique=False)
    op.create_index("ix_customers_number", "customers", ["store_id", "number_index"], unique=False)
    op.create_index("ix_customers_phone", "customers", ["store_id", "phone"], unique=False)
    op.create_table(
        "devices",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_seen", Moment(), nullable=False),
        sa.Column("trusted_until", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_devices_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
    )
    op.create_table(
        "event_heads",
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_event_heads_store_id")),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_event_heads")),
    )
    op.create_table(
        "events",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor_id", Identity(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", Identity(), nullable=False),
        sa.Column("customer_id", Identity(), nullable=True),
        sa.Column("car_id", Identity(), nullable=True),
        sa.Column("data", Document(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_events_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("store_id", "position", name=op.f("uq_events_store_id_position")),
    )
    op.create_index("ix_events_car", "events", ["store_id", "car_id", "position"], unique=False)
    op.create_index("ix_events_customer", "events", ["store_id", "customer_id", "position"], unique=False)
    op.create_index("ix_events_subject", "events", ["store_id", "subject_id", "position"], unique=False)
    op.create_table(
        "files",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("original_sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", Identity(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_files_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("store_id", "sha256", name=op.f("uq_files_store_id_sha256")),
    )
    op.create_table(
        "grades",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", Document(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("follow_up_days", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_grades_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grades")),
        sa.UniqueConstraint("store_id", "code", "valid_from", name=op.f("uq_grades_store_id_code_valid_from")),
    )
    op.create_table(
        "list_entries",
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", Document(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_list_entries_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_entries")),
        sa.UniqueConstraint("store_id", "list", "code", name=op.f("uq_list_entries_store_id_list_code")),
    )
    op.create_table(
        "number_series",
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_number_series_store_id")),
        sa.PrimaryKeyConstraint("store_id", "series", "day", name=op.f("pk_number_series")),
    )
    op.create_table(
        "papers",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("subject_id", Identity(), nullable=False),
        sa.Column("content", Document(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=True),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("issued_by", Identity(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_papers_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("store_id", "number", "revision", name=op.f("uq_papers_store_id_number_revision")),
    )
    op.create_index("ix_papers_number", "papers", ["number"], unique=False)
    op.create_index("ix_papers_subject", "papers", ["store_id", "subject_id"], unique=False)
    op.create_table(
        "parameters",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", Document(), nullable=False),
        sa.Column("name", Document(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_parameters_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parameters")),
        sa.UniqueConstraint("store_id", "key", "valid_from", name=op.f("uq_parameters_store_id_key_valid_from")),
    )
    op.create_table(
        "search_tokens",
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("token", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("subject_id", Identity(), nullable=False),
        sa.Column("of_car", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_search_tokens_store_id")),
        sa.PrimaryKeyConstraint("store_id", "token", "subject_id", name=op.f("pk_search_tokens")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", Document(), nullable=False),
        sa.Column("roles", Document(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_staff_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_name")),
    )
    op.create_table(
        "checklist_runs",
        sa.Column("template_id", Identity(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", Identity(), nullable=False),
        sa.Column("energy", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("started_by", Identity(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_checklist_runs_store_id")),
        sa.ForeignKeyConstraint(
            ["template_id"], ["checklist_templates.id"], name=op.f("fk_checklist_runs_template_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_runs")),
    )
    op.create_index("ix_checklist_runs_subject", "checklist_runs", ["store_id", "subject_id"], unique=False)
    op.create_table(
        "checklist_sections",
        sa.Column("template_id", Identity(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", Document(), nullable=False),
        sa.Column("customer_signs", sa.Boolean(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_checklist_sections_store_id")),
        sa.ForeignKeyConstraint(
            ["template_id"], ["checklist_templates.id"], name=op.f("fk_checklist_sections_template_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_sections")),
    )
    op.create_index(op.f("ix_checklist_sections_template_id"), "checklist_sections", ["template_id"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("car_id", Identity(), nullable=True),
        sa.Column("owed_by", Identity(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["car_id"], ["cars.id"], name=op.f("fk_contacts_car_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_contacts_customer_id")),
        sa.ForeignKeyConstraint(["owed_by"], ["staff.id"], name=op.f("fk_contacts_owed_by")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_contacts_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_customer_id"), "contacts", ["customer_id"], unique=False)
    op.create_index("ix_contacts_due", "contacts", ["store_id", "owed_by", "state", "due_at"], unique=False)
    op.create_table(
        "notices",
        sa.Column("staff_id", Identity(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("gaps", Document(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notices_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_notices_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_unread", "notices", ["store_id", "staff_id", "read_at"], unique=False)
    op.create_table(
        "relations",
        sa.Column("car_id", Identity(), nullable=False),
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["car_id"], ["cars.id"], name=op.f("fk_relations_car_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_relations_customer_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_relations_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relations")),
    )
    op.create_index("ix_relations_car", "relations", ["store_id", "car_id"], unique=False)
    op.create_index("ix_relations_customer", "relations", ["store_id", "customer_id"], unique=False)
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("staff_id", Identity(), nullable=False),
        sa.Column("device_id", Identity(), nullable=False),
        sa.Column("by_pin", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sign_ins_staff_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_sign_ins_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    op.create_table(
        "checklist_items",
        sa.Column("template_id", Identity(), nullable=False),
        sa.Column("section_id", Identity(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", Document(), nullable=False),
        sa.Column("help", Document(), nullable=True),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("photo_needed", sa.Boolean(), nullable=False),
        sa.Column("applies", sa.String(), nullable=False),
        sa.Column("unit", Document(), nullable=True),
        sa.Column("minimum", sa.Numeric(precision=12, scale=3, asdecimal=False), nullable=True),
        sa.Column("maximum", sa.Numeric(precision=12, scale=3, asdecimal=False), nullable=True),
        sa.Column("decimals", sa.Integer(), nullable=True),
        sa.Column("choices", Document(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["section_id"], ["checklist_sections.id"], name=op.f("fk_checklist_items_section_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_checklist_items_store_id")),
        sa.ForeignKeyConstraint(
            ["template_id"], ["checklist_templates.id"], name=op.f("fk_checklist_items_template_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_items")),
    )
    op.create_index(op.f("ix_checklist_items_template_id"), "checklist_items", ["template_id"], unique=False)
    op.create_table(
        "checklist_signatures",
        sa.Column("run_id", Identity(), nullable=False),
        sa.Column("section_id", Identity(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ink", Document(), nullable=True),
        sa.Column("covers", sa.String(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("device_id", Identity(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["checklist_runs.id"], name=op.f("fk_checklist_signatures_run_id")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["checklist_sections.id"], name=op.f("fk_checklist_signatures_section_id")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_checklist_signatures_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_signatures")),
    )
    op.create_index(op.f("ix_checklist_signatures_run_id"), "checklist_signatures", ["run_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("customer_id", Identity(), nullable=False),
        sa.Column("car_id", Identity(), nullable=False),
        sa.Column("model_id", Identity(), nullable=False),
        sa.Column("consultant_id", Identity(), nullable=False),
        sa.Column("advisor_id", Identity(), nullable=False),
        sa.Column("planned_at", Moment(), nullable=False),
        sa.Column("place", Document(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=True),
        sa.Column("handover_id", Identity(), nullable=True),
        sa.Column("training_id", Identity(), nullable=True),
        sa.Column("pdi_passed_at", Moment(), nullable=True),
        sa.Column("completed_at", Moment(), nullable=True),
        sa.Column("cancelled_why", sa.String(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["advisor_id"], ["staff.id"], name=op.f("fk_deliveries_advisor_id")),
        sa.ForeignKeyConstraint(["car_id"], ["cars.id"], name=op.f("fk_deliveries_car_id")),
        sa.ForeignKeyConstraint(["consultant_id"], ["staff.id"], name=op.f("fk_deliveries_consultant_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_deliveries_customer_id")),
        sa.ForeignKeyConstraint(["handover_id"], ["checklist_runs.id"], name=op.f("fk_deliveries_handover_id")),
        sa.ForeignKeyConstraint(["model_id"], ["car_models.id"], name=op.f("fk_deliveries_model_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_deliveries_store_id")),
        sa.ForeignKeyConstraint(["training_id"], ["checklist_runs.id"], name=op.f("fk_deliveries_training_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("store_id", "number", name=op.f("uq_deliveries_store_id_number")),
    )
    op.create_index(op.f("ix_deliveries_car_id"), "deliveries", ["car_id"], unique=False)
    op.create_index(op.f("ix_deliveries_customer_id"), "deliveries", ["customer_id"], unique=False)
    op.create_index("ix_deliveries_day", "deliveries", ["store_id", "state", "planned_at"], unique=False)
    op.create_table(
        "checklist_answers",
        sa.Column("run_id", Identity(), nullable=False),
        sa.Column("item_id", Identity(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("number", sa.Numeric(precision=12, scale=3, asdecimal=False), nullable=True),
        sa.Column("choice", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("device_id", Identity(), nullable=True),
        sa.Column("device_at", Moment(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["checklist_items.id"], name=op.f("fk_checklist_answers_item_id")),
        sa.ForeignKeyConstraint(["run_id"], ["checklist_runs.id"], name=op.f("fk_checklist_answers_run_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_checklist_answers_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_answers")),
    )
    op.create_index("ix_checklist_answers_run", "checklist_answers", ["run_id", "at"], unique=False)
    op.create_table(
        "checklist_photos",
        sa.Column("run_id", Identity(), nullable=False),
        sa.Column("item_id", Identity(), nullable=False),
        sa.Column("file_id", Identity(), nullable=False),
        sa.Column("by_id", Identity(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_checklist_photos_file_id")),
        sa.ForeignKeyConstraint(["item_id"], ["checklist_items.id"], name=op.f("fk_checklist_photos_item_id")),
        sa.ForeignKeyConstraint(["run_id"], ["checklist_runs.id"], name=op.f("fk_checklist_photos_run_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_checklist_photos_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_photos")),
    )
    op.create_index(op.f("ix_checklist_photos_run_id"), "checklist_photos", ["run_id"], unique=False)
    op.create_table(
        "pdi_inspections",
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("delivery_id", Identity(), nullable=False),
        sa.Column("run_id", Identity(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("inspector_id", Identity(), nullable=True),
        sa.Column("reworks", Document(), nullable=False),
        sa.Column("passed_at", Moment(), nullable=True),
        sa.Column("store_id", Identity(), nullable=False),
        sa.Column("id", Identity(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_pdi_inspections_delivery_id")),
        sa.ForeignKeyConstraint(["inspector_id"], ["staff.id"], name=op.f("fk_pdi_inspections_inspector_id")),
        sa.ForeignKeyConstraint(["run_id"], ["checklist_runs.id"], name=op.f("fk_pdi_inspections_run_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_pdi_inspections_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pdi_inspections")),
        sa.UniqueConstraint("store_id", "delivery_id", name=op.f("uq_pdi_inspections_store_id_delivery_id")),
    )
    op.create_index("ix_pdi_inspections_state", "pdi_inspections", ["store_id", "state"], unique=False)
