"""Keep how many people of each cohort were asked, so that no figure tells that all answered."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohorts", sa.Column("asked", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("cohorts", "asked")
