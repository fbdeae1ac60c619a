"""Count locations by the rule of teams, and keep what a wave's groups had at its opening."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("employees", sa.Column("counted_location", sa.String(120), nullable=True))
    op.add_column("employees", sa.Column("counted_location_until", sa.Date(), nullable=True))
    op.add_column("waves", sa.Column("members", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("waves", "members")
    op.drop_column("employees", "counted_location_until")
    op.drop_column("employees", "counted_location")
