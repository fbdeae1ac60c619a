"""Give jobs indexes of what is due, so that an idle scheduler reads nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

PLAIN = (
    ("workspaces", "synced_at"),
    ("workspaces", "token_retry_at"),
    ("workspaces", "uninstalled_at"),
    ("mentoring_programmes", "next_coffee_at"),
    ("mentoring_matches", "status", "introduced"),
)
PARTIAL = (
    ("ix_waves_unqueued", "waves", "status", "queued IS {false}"),
    (
        "ix_mentoring_matches_uninvited",
        "mentoring_matches",
        "first_meeting_at",
        "invited_at IS NULL",
    ),
    ("ix_coffee_groups_unintroduced", "coffee_groups", "made_at", "introduced_at IS NULL"),
)


def upgrade() -> None:
    for table, *columns in PLAIN:
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    for name, table, column, condition in PARTIAL:
        op.create_index(
            name,
            table,
            [column],
            postgresql_where=sa.text(condition.format(false="false")),
            sqlite_where=sa.text(condition.format(false="0")),
        )


def downgrade() -> None:
    for name, table, *_ in PARTIAL:
        op.drop_index(name, table)
    for table, *columns in PLAIN:
        op.drop_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table)
