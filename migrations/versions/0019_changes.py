"""Keep with a wave's figures how they changed, and with a wave what stands out in it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("figures", sa.Column("change", sa.Double(), nullable=True))
    op.add_column("figures", sa.Column("change_margin", sa.Double(), nullable=True))
    op.add_column("figures", sa.Column("change_weeks", sa.Integer(), nullable=True))
    op.add_column("waves", sa.Column("stands_out", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("waves", "stands_out")
    op.drop_column("figures", "change_weeks")
    op.drop_column("figures", "change_margin")
    op.drop_column("figures", "change")
