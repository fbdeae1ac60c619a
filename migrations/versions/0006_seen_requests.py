"""Remember which signed requests were taken, for all processes together."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seen_requests",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("forget_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_seen_requests")),
    )
    op.create_index(op.f("ix_seen_requests_forget_at"), "seen_requests", ["forget_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_seen_requests_forget_at"), table_name="seen_requests")
    op.drop_table("seen_requests")
