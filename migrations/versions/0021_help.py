"""Let HR name where somebody under strain finds help."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("help_page", sa.String(300), nullable=True))
    op.add_column("workspaces", sa.Column("help_person", sa.String(32), nullable=True))


def downgrade() -> None:
    op.drop_column("workspaces", "help_person")
    op.drop_column("workspaces", "help_page")
