"""Keep which waves each channel was told, and find the figures of some groups quickly."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_waves",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("wave_id", sa.String(32), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "wave_id"],
            ["waves.workspace_id", "waves.id"],
            name=op.f("fk_told_waves_workspace_id_wave_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "channel_id", "wave_id", name=op.f("pk_told_waves")
        ),
    )
    # What digests told until now: all that was published before the last one that arrived.
    op.execute(
        """
        INSERT INTO told_waves (workspace_id, channel_id, wave_id, told_at)
        SELECT waves.workspace_id, last.recipient, waves.id, last.due_at
        FROM waves
        JOIN (
            SELECT workspace_id, recipient, max(due_at) AS due_at
            FROM deliveries
            WHERE kind = 'digest' AND status = 'sent'
            GROUP BY workspace_id, recipient
        ) AS last
            ON last.workspace_id = waves.workspace_id AND waves.published_at <= last.due_at
        WHERE waves.status = 'published'
        """
    )
    op.create_index(
        "ix_figures_workspace_id_wave_id_segment_segment_ref",
        "figures",
        ["workspace_id", "wave_id", "segment", "segment_ref"],
    )


def downgrade() -> None:
    op.drop_index("ix_figures_workspace_id_wave_id_segment_segment_ref", "figures")
    op.drop_table("told_waves")
