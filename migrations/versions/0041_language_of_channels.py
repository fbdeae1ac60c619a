"""Add the language of posts to channels."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "workspaces", sa.Column("language", sa.String(16), nullable=False, server_default="en")
    )


def downgrade() -> None:
    op.drop_column("workspaces", "language")
