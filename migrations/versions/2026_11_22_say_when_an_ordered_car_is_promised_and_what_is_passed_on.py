"""Say when an ordered car is promised and what is passed on."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "say_when_an_ordered_car_is_promi"
down_revision: str | None = "tell_what_was_refused"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("promised_on", sa.Date(), nullable=True))
    op.add_column("price_list", sa.Column("passed_on", sa.Boolean(), server_default=sa.false(), nullable=False))
