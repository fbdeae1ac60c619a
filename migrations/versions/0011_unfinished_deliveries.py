"""Find deliveries that are due or claimed without reading those that are over."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    due, claimed = sa.text("status = 'due'"), sa.text("status = 'claimed'")
    op.create_index(
        "ix_deliveries_due", "deliveries", ["due_at"], postgresql_where=due, sqlite_where=due
    )
    op.create_index(
        "ix_deliveries_claimed",
        "deliveries",
        ["status", "workspace_id"],
        postgresql_where=claimed,
        sqlite_where=claimed,
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_claimed", "deliveries")
    op.drop_index("ix_deliveries_due", "deliveries")
