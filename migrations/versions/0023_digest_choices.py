"""Let HR choose what a digest names and quotes, have a monthly one, and alerts in a channel.

Channels that had a digest before keep what HR was told then: no teams, no quotes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("digest_subscriptions", sa.Column("ordinal", sa.String(4), nullable=True))
    for name in ("with_teams", "with_quotes"):
        op.add_column(
            "digest_subscriptions",
            sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()),
        )
    op.create_table(
        "alert_channels",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("created_by", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_alert_channels_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_alert_channels")),
    )
    op.create_table(
        "told_alerts",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("wave_id", sa.String(32), nullable=False),
        sa.Column("measure", sa.String(16), nullable=False),
        sa.Column("measure_ref", sa.String(60), nullable=False),
        sa.Column("segment", sa.String(16), nullable=False),
        sa.Column("segment_ref", sa.String(400), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "wave_id"],
            ["waves.workspace_id", "waves.id"],
            name=op.f("fk_told_alerts_workspace_id_wave_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id",
            "wave_id",
            "measure",
            "measure_ref",
            "segment",
            "segment_ref",
            name=op.f("pk_told_alerts"),
        ),
    )
    op.create_index(
        op.f("ix_told_alerts_workspace_id_told_at"), "told_alerts", ["workspace_id", "told_at"]
    )


def downgrade() -> None:
    op.drop_table("told_alerts")
    op.drop_table("alert_channels")
    for name in ("with_quotes", "with_teams", "ordinal"):
        op.drop_column("digest_subscriptions", name)
