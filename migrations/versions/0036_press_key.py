"""Give the proofs in buttons a key of their own, which a backup can hold."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("waves", sa.Column("press_key", sa.LargeBinary(32), nullable=True))


def downgrade() -> None:
    op.drop_column("waves", "press_key")
