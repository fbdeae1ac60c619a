"""Keep until when a person's status says that they are away."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("away_until", sa.DateTime(timezone=True), nullable=True)
    op.add_column("employees", column)


def downgrade() -> None:
    op.drop_column("employees", "away_until")
