"""Keep what is written."""

from collections.abc import Sequence

from migrations import guards

revision: str = "keep_what_is_written"
down_revision: str | None = "open_the_house"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    guards.words_of_refusal()
    for table in ("events", "checklist_answers", "checklist_photos", "checklist_signatures", "papers"):
        guards.seal(table)
    guards.seal("consents", but="customer_id")
    guards.freeze_published("checklist_templates", "id")
    guards.freeze_published("checklist_sections", "template_id")
    guards.freeze_published("checklist_items", "template_id")
