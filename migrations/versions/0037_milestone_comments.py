"""Let comments at a milestone wait in a pool of their own.

An older version leaves them out of the batches that it makes; they wait for the newer one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _kinds("'company', 'milestone', 'comments'")
    op.create_table(
        "pool_comments",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("pool_id", sa.String(32), nullable=False),
        sa.Column("author", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(40), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "pool_id"],
            ["pools.workspace_id", "pools.id"],
            name=op.f("fk_pool_comments_workspace_id_pool_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "pool_id", "author", "topic", name=op.f("pk_pool_comments")
        ),
    )


def downgrade() -> None:
    op.drop_table("pool_comments")
    op.execute("DELETE FROM pools WHERE kind = 'comments'")
    _kinds("'company', 'milestone'")


def _kinds(kinds: str) -> None:
    """Replace the check constraint; SQLite can only do so by copying the table.

    The copy leaves out check constraints by itself, because Alembic does not read them back.
    """
    checks = {"kind": f"kind IN ({kinds})"}
    if op.get_context().dialect.name == "sqlite":
        checks["min_group_size"] = "min_group_size >= 4"
    else:
        op.drop_constraint(op.f("ck_pools_kind"), "pools", type_="check")
    with op.batch_alter_table("pools") as batch:
        for name, check in checks.items():
            batch.create_check_constraint(op.f(f"ck_pools_{name}"), check)
