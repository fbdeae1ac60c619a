"""Keep conversations with HR, and where HR sends people who report wrongdoing."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("wrongdoing_url", sa.String(500), nullable=True))
    op.create_table(
        "voice_threads",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("author_id", sa.String(32), nullable=True),
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("label", sa.String(20), nullable=True),
        sa.CheckConstraint(
            "way IN ('named', 'anonymous', 'reply')", name=op.f("ck_voice_threads_way")
        ),
        sa.CheckConstraint(
            "status IN ('uncollected', 'new', 'waiting', 'answered', 'closed')",
            name=op.f("ck_voice_threads_status"),
        ),
        sa.CheckConstraint(
            "(way = 'named') = (author_id IS NOT NULL)", name=op.f("ck_voice_threads_author")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_voice_threads_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_voice_threads")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_voice_threads_workspace_id_status"), "voice_threads", ["workspace_id", "status"]
    )
    op.create_index(
        "ix_voice_threads_author",
        "voice_threads",
        ["workspace_id", "author_id"],
        postgresql_where=sa.text("author_id IS NOT NULL"),
        sqlite_where=sa.text("author_id IS NOT NULL"),
    )
    op.create_table(
        "voice_messages",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("thread_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_hr", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("collect_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "thread_id"],
            ["voice_threads.workspace_id", "voice_threads.id"],
            name=op.f("fk_voice_messages_workspace_id_voice_threads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "thread_id", "number", name=op.f("pk_voice_messages")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_voice_messages_uncollected",
        "voice_messages",
        ["collect_at", "workspace_id"],
        postgresql_where=sa.text("collect_at IS NOT NULL"),
        sqlite_where=sa.text("collect_at IS NOT NULL"),
    )
    op.create_index(
        "ix_voice_messages_untold",
        "voice_messages",
        ["week", "workspace_id"],
        postgresql_where=sa.text("told IS false"),
        sqlite_where=sa.text("told IS 0"),
    )


def downgrade() -> None:
    op.drop_table("voice_messages")
    op.drop_table("voice_threads")
    op.drop_column("workspaces", "wrongdoing_url")
