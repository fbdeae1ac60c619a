"""Keep with each figure whose answers are in it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("figures", sa.Column("segment_values", sa.JSON(), nullable=True))
    op.add_column("figures", sa.Column("cohorts", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("figures", "cohorts")
    op.drop_column("figures", "segment_values")
