"""Add welcomes: who is told of a newcomer, and the search for a buddy."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "welcomes",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("newcomer_id", sa.String(32), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("told_id", sa.String(32), nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("buddy_id", sa.String(32), nullable=True),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined", sa.JSON(), nullable=False),
        sa.Column("introduce_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'asked', 'accepted')", name=op.f("ck_welcomes_status")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "newcomer_id"],
            ["employees.workspace_id", "employees.id"],
            name=op.f("fk_welcomes_workspace_id_newcomer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_welcomes")),
        sa.UniqueConstraint(
            "workspace_id", "newcomer_id", name=op.f("uq_welcomes_workspace_id_newcomer_id")
        ),
    )
    is_waiting = sa.text("introduce_at IS NOT NULL")
    op.create_index(
        op.f("ix_welcomes_introduce_at"),
        "welcomes",
        ["introduce_at"],
        postgresql_where=is_waiting,
        sqlite_where=is_waiting,
    )


def downgrade() -> None:
    op.drop_table("welcomes")
