"""Keep which waves ended early, how many a survey was made for, and which team figures count."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COUNTED = (
    ("counted_team", sa.String(120)),
    ("counted_team_until", sa.Date()),
    ("counted_department", sa.String(120)),
    ("counted_department_until", sa.Date()),
)


def upgrade() -> None:
    op.add_column("waves", sa.Column("ended_early_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("surveys", sa.Column("audience_size", sa.Integer(), nullable=True))
    for name, kind in _COUNTED:
        op.add_column("employees", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name, _ in reversed(_COUNTED):
        op.drop_column("employees", name)
    op.drop_column("surveys", "audience_size")
    op.drop_column("waves", "ended_early_at")
