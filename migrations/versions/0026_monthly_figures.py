"""Keep published figures of calendar months."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "monthly_figures",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(24), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("segment", sa.String(16), nullable=False),
        sa.Column("segment_ref", sa.String(400), nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_monthly_figures_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id",
            "subject",
            "month",
            "segment",
            "segment_ref",
            "measure",
            name=op.f("pk_monthly_figures"),
        ),
    )


def downgrade() -> None:
    op.drop_table("monthly_figures")
