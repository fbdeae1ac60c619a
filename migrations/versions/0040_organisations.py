"""Add organisations of Enterprise Grid, and tokens that expire."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def expiring() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("refresh_token", sa.Text(), nullable=True),
        sa.Column("token_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refresh_claimed_until", sa.DateTime(timezone=True), nullable=True),
    )


def upgrade() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("bot_user_id", sa.String(32), nullable=False),
        sa.Column("bot_token", sa.Text(), nullable=True),
        *expiring(),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    for column in ("token_expires_at", "read_at"):
        op.create_index(op.f(f"ix_organisations_{column}"), "organisations", [column])
    for added in expiring():
        op.add_column("workspaces", added)
    op.add_column("workspaces", sa.Column("organisation_id", sa.String(32), nullable=True))
    for name in ("organisation_id", "token_expires_at"):
        op.create_index(op.f(f"ix_workspaces_{name}"), "workspaces", [name])


def downgrade() -> None:
    for name in ("token_expires_at", "organisation_id"):
        op.drop_index(op.f(f"ix_workspaces_{name}"), "workspaces")
    for name in ("organisation_id", "refresh_claimed_until", "token_expires_at", "refresh_token"):
        op.drop_column("workspaces", name)
    op.drop_table("organisations")
