"""Keep what is in people's way, whom they ask, and what is only counted."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('waiting', 'access', 'decision', 'goal', 'load', 'other')"


def upgrade() -> None:
    _create_blockers()
    op.create_table(
        "blocker_requests",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("blocker_id", sa.String(32), nullable=False),
        sa.Column("helper_id", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "blocker_id"],
            ["blockers.workspace_id", "blockers.id"],
            name=op.f("fk_blocker_requests_workspace_id_blockers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "blocker_id", "helper_id", name=op.f("pk_blocker_requests")
        ),
    )
    op.create_index(
        op.f("ix_blocker_requests_workspace_id_helper_id_asked_at"),
        "blocker_requests",
        ["workspace_id", "helper_id", "asked_at"],
    )
    op.create_table(
        "blocker_preferences",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("employee_id", sa.String(32), nullable=False),
        sa.Column("most_a_week", sa.Integer(), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "most_a_week BETWEEN 0 AND 5", name=op.f("ck_blocker_preferences_most_a_week")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "employee_id"],
            ["employees.workspace_id", "employees.id"],
            name=op.f("fk_blocker_preferences_workspace_id_employees"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "employee_id", name=op.f("pk_blocker_preferences")),
    )
    op.create_table(
        "blocker_checks",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        _of_workspace("blocker_checks"),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_blocker_checks")),
    )
    op.create_index(op.f("ix_blocker_checks_next_at"), "blocker_checks", ["next_at"])
    _create_counted()


def _create_blockers() -> None:
    op.create_table(
        "blockers",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("asker_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("helper_id", sa.String(32), nullable=True),
        sa.Column("passed_on", sa.Boolean(), nullable=False),
        sa.Column("times_asked", sa.Integer(), nullable=False),
        sa.Column("postponed", sa.Integer(), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("helped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("introduced", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'asked', 'helped', 'solved', 'dropped', 'lapsed')",
            name=op.f("ck_blockers_status"),
        ),
        sa.CheckConstraint(_KINDS, name=op.f("ck_blockers_kind")),
        sa.CheckConstraint("helper_id <> asker_id", name=op.f("ck_blockers_two_people")),
        _of_workspace("blockers"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_blockers")),
    )
    for column in ("asker_id", "helper_id", "opened_at", "closed_at"):
        op.create_index(f"ix_blockers_{column}", "blockers", ["workspace_id", column])
    op.create_index(
        "ix_blockers_unfinished",
        "blockers",
        ["workspace_id", "answer_by"],
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )


def _create_counted() -> None:
    op.create_table(
        "blocker_pools",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        _of_workspace("blocker_pools"),
        sa.PrimaryKeyConstraint("workspace_id", "month", name=op.f("pk_blocker_pools")),
    )
    op.create_table(
        "counted_blockers",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.CheckConstraint(_KINDS, name=op.f("ck_counted_blockers_kind")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "month"],
            ["blocker_pools.workspace_id", "blocker_pools.month"],
            name=op.f("fk_counted_blockers_workspace_id_blocker_pools"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "month", "token", "kind", name=op.f("pk_counted_blockers")
        ),
    )


def _of_workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"],
        ["workspaces.id"],
        name=op.f(f"fk_{table}_workspace_id_workspaces"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in (
        "counted_blockers",
        "blocker_pools",
        "blocker_checks",
        "blocker_preferences",
        "blocker_requests",
        "blockers",
    ):
        op.drop_table(table)
