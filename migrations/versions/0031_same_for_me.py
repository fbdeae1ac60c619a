"""Keep who says "same for me" under codes, and which item a conversation led to."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "product_items", sa.Column("supporters", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("voice_threads", sa.Column("item_id", sa.String(32), nullable=True))
    op.create_index(
        "ix_voice_threads_item",
        "voice_threads",
        ["workspace_id", "item_id"],
        postgresql_where=sa.text("item_id IS NOT NULL"),
        sqlite_where=sa.text("item_id IS NOT NULL"),
    )
    op.create_table(
        "support_rounds",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("item_id", sa.String(32), nullable=False),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.Column("counted_in", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "item_id"],
            ["product_items.workspace_id", "product_items.id"],
            name=op.f("fk_support_rounds_workspace_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "item_id", name=op.f("pk_support_rounds")),
    )
    op.create_index(op.f("ix_support_rounds_counted_in"), "support_rounds", ["counted_in"])
    op.create_table(
        "supports",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("item_id", sa.String(32), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "item_id"],
            ["support_rounds.workspace_id", "support_rounds.item_id"],
            name=op.f("fk_supports_workspace_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "item_id", "token", name=op.f("pk_supports")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("supports")
    op.drop_table("support_rounds")
    op.drop_index("ix_voice_threads_item", table_name="voice_threads")
    op.drop_column("voice_threads", "item_id")
    op.drop_column("product_items", "supporters")
