"""Forget who answered: a number per cohort stays, and no row of a person tells."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_INVITATIONS = "'pending', 'asked', 'skipped'"
_DELIVERIES = "'due', 'claimed', 'sent', 'dropped', 'failed'"


def upgrade() -> None:
    op.add_column("cohorts", sa.Column("answered", sa.Integer(), nullable=True))
    op.execute(
        """
        UPDATE cohorts SET answered = (
          SELECT count(*) FROM invitations
          WHERE invitations.workspace_id = cohorts.workspace_id
            AND invitations.wave_id = cohorts.wave_id
            AND invitations.cohort_id = cohorts.id
            AND invitations.status = 'answered'
        )
        WHERE EXISTS (
          SELECT 1 FROM waves
          WHERE waves.workspace_id = cohorts.workspace_id
            AND waves.id = cohorts.wave_id
            AND waves.status <> 'open'
        )
        """
    )
    _allow_statuses("invitations", f"{_INVITATIONS}, 'answered', 'expired', 'closed'")
    with op.batch_alter_table("invitations") as invitations:
        invitations.alter_column("cohort_id", existing_type=sa.Integer(), nullable=True)
    op.execute(
        """
        UPDATE invitations SET status = 'closed', cohort_id = NULL
        WHERE EXISTS (
          SELECT 1 FROM waves
          WHERE waves.workspace_id = invitations.workspace_id
            AND waves.id = invitations.wave_id
            AND waves.status <> 'open'
        )
        """
    )
    op.execute("UPDATE invitations SET status = 'asked' WHERE status = 'answered'")
    _allow_statuses("invitations", f"{_INVITATIONS}, 'closed'")
    _allow_statuses("deliveries", f"{_DELIVERIES}, 'settled'")
    op.execute(
        """
        UPDATE deliveries SET status = 'settled', channel = NULL, ts = NULL, reason = NULL
        WHERE kind = 'reminder' AND status IN ('sent', 'dropped')
        """
    )


def downgrade() -> None:
    op.execute("UPDATE deliveries SET status = 'dropped' WHERE status = 'settled'")
    _allow_statuses("deliveries", _DELIVERIES)
    _allow_statuses("invitations", f"{_INVITATIONS}, 'answered', 'expired', 'closed'")
    op.execute("UPDATE invitations SET status = 'expired', cohort_id = 0 WHERE status = 'closed'")
    _allow_statuses("invitations", f"{_INVITATIONS}, 'answered', 'expired'")
    with op.batch_alter_table("invitations") as invitations:
        invitations.alter_column("cohort_id", existing_type=sa.Integer(), nullable=False)
    op.drop_column("cohorts", "answered")


def _allow_statuses(table: str, statuses: str) -> None:
    """Replace the constraint; SQLite can only do so by copying the table.

    The copy leaves out check constraints by itself, because Alembic does not read them back.
    """
    name = op.f(f"ck_{table}_status")
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(name, table, type_="check")
    with op.batch_alter_table(table) as batch:
        batch.create_check_constraint(name, f"status IN ({statuses})")
