"""Add the company pulse: a standing survey, its sealed pools, and who was asked what."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_CADENCES = "'once', 'weekly', 'biweekly', 'monthly'"
_SURVEY_CHECKS = {
    "audience": "audience IN ('everyone', 'channel', 'usergroup', 'team')",
    "status": "status IN ('draft', 'active', 'paused', 'ended')",
    "open_hours": "open_hours BETWEEN 1 AND 720",
}


def upgrade() -> None:
    op.add_column("surveys", sa.Column("questions_a_week", sa.Integer(), nullable=True))
    op.add_column("surveys", sa.Column("half_width", sa.Double(), nullable=True))
    _allow_cadences(f"{_CADENCES}, 'standing'")
    op.add_column("invitations", sa.Column("positions", sa.JSON(), nullable=True))
    op.create_table(
        "pools",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("topic", sa.String(40), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.Column("min_group_size", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('company')", name=op.f("ck_pools_kind")),
        sa.CheckConstraint("min_group_size >= 4", name=op.f("ck_pools_min_group_size")),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_pools_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_pools")),
        sa.UniqueConstraint(
            "workspace_id",
            "kind",
            "source",
            "topic",
            "label",
            name=op.f("uq_pools_workspace_id_kind_source_topic_label"),
        ),
    )
    op.create_index(op.f("ix_pools_workspace_id_opened_on"), "pools", ["workspace_id", "opened_on"])
    op.create_table(
        "pool_entries",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("pool_id", sa.String(32), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "pool_id"],
            ["pools.workspace_id", "pools.id"],
            name=op.f("fk_pool_entries_workspace_id_pool_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "pool_id", "token", name=op.f("pk_pool_entries")),
    )
    op.create_table(
        "questions_asked",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("survey_id", sa.String(32), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("employee_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "survey_id"],
            ["surveys.workspace_id", "surveys.id"],
            name=op.f("fk_questions_asked_workspace_id_survey_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id",
            "survey_id",
            "held_on",
            "employee_id",
            "position",
            name=op.f("pk_questions_asked"),
        ),
    )
    for column in ("employee_id", "held_on"):
        op.create_index(
            f"ix_questions_asked_workspace_id_{column}", "questions_asked", ["workspace_id", column]
        )


def downgrade() -> None:
    op.drop_table("questions_asked")
    op.drop_table("pool_entries")
    op.drop_table("pools")
    op.drop_column("invitations", "positions")
    op.execute("DELETE FROM surveys WHERE cadence = 'standing'")
    _allow_cadences(_CADENCES)
    op.drop_column("surveys", "half_width")
    op.drop_column("surveys", "questions_a_week")


def _allow_cadences(cadences: str) -> None:
    """Replace the constraint; SQLite can only do so by copying the table.

    The copy leaves out check constraints by itself, because Alembic does not read them back.
    """
    is_sqlite = op.get_context().dialect.name == "sqlite"
    if not is_sqlite:
        op.drop_constraint(op.f("ck_surveys_cadence"), "surveys", type_="check")
    checks = {"cadence": f"cadence IN ({cadences})"} | (_SURVEY_CHECKS if is_sqlite else {})
    with op.batch_alter_table("surveys") as surveys:
        for name, check in checks.items():
            surveys.create_check_constraint(op.f(f"ck_surveys_{name}"), check)
