"""Let people keep goals of their own, and book time to learn."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "workspaces", sa.Column("company_goals", sa.JSON(), nullable=False, server_default="[]")
    )
    _goals()
    _learning()


def _goals() -> None:
    op.create_table(
        "goals",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("employee_id", sa.String(32), nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("measure", sa.String(200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("company_goal", sa.String(150), nullable=True),
        sa.Column("shared_with", sa.String(32), nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("ask_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'reached', 'dropped')", name=op.f("ck_goals_status")
        ),
        sa.CheckConstraint("shared_with <> employee_id", name=op.f("ck_goals_shared_with_another")),
        _employee("goals"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_goals")),
    )
    for columns in (["workspace_id", "employee_id"], ["workspace_id", "shared_with"], ["ask_at"]):
        op.create_index(op.f(f"ix_goals_{'_'.join(columns)}"), "goals", columns)
    op.create_table(
        "goal_checkins",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("goal_id", sa.String(32), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("employee_id", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("learned", sa.String(300), nullable=False),
        sa.CheckConstraint(
            "state IN ('on track', 'at risk', 'stuck', 'kept', 'changed', 'dropped', 'reached')",
            name=op.f("ck_goal_checkins_state"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "goal_id"],
            ["goals.workspace_id", "goals.id"],
            name=op.f("fk_goal_checkins_workspace_id_goal_id_goals"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "goal_id", "asked_on", name=op.f("pk_goal_checkins")
        ),
    )
    op.create_index(
        op.f("ix_goal_checkins_workspace_id_asked_on"),
        "goal_checkins",
        ["workspace_id", "asked_on"],
    )


def _learning() -> None:
    op.create_table(
        "learning_policies",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("budget", sa.String(300), nullable=False),
        sa.Column("ask_at", _MOMENT, nullable=False),
        sa.CheckConstraint("hours BETWEEN 1 AND 40", name=op.f("ck_learning_policies_hours")),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_learning_policies_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_learning_policies")),
    )
    op.create_index(op.f("ix_learning_policies_ask_at"), "learning_policies", ["ask_at"])
    op.create_table(
        "learning_slots",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("employee_id", sa.String(32), nullable=False),
        sa.Column("starts_at", _MOMENT, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.Column("note", sa.String(300), nullable=True),
        sa.Column("noted_at", _MOMENT, nullable=True),
        sa.Column("shown_to", sa.String(16), nullable=False),
        sa.Column("topic", sa.String(60), nullable=True),
        sa.Column("channel", sa.String(32), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_learning_slots_takes_time")),
        sa.CheckConstraint(
            "shown_to IN ('nobody', 'topic', 'channel')", name=op.f("ck_learning_slots_shown_to")
        ),
        _employee("learning_slots"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_learning_slots")),
    )
    for columns in (
        ["workspace_id", "employee_id", "starts_at"],
        ["workspace_id", "shown_to", "noted_at"],
    ):
        op.create_index(op.f(f"ix_learning_slots_{'_'.join(columns)}"), "learning_slots", columns)
    unsent = sa.text("sent_at IS NULL")
    op.create_index(
        "ix_learning_slots_unsent",
        "learning_slots",
        ["starts_at"],
        postgresql_where=unsent,
        sqlite_where=unsent,
    )
    op.create_table(
        "learning_answers",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("employee_id", sa.String(32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("got", sa.String(8), nullable=False),
        sa.Column("taken_by", sa.String(16), nullable=True),
        sa.CheckConstraint("got IN ('all', 'some', 'none')", name=op.f("ck_learning_answers_got")),
        _employee("learning_answers"),
        sa.PrimaryKeyConstraint(
            "workspace_id", "employee_id", "month", name=op.f("pk_learning_answers")
        ),
    )


def downgrade() -> None:
    for table in ("learning_answers", "learning_slots", "learning_policies"):
        op.drop_table(table)
    op.drop_table("goal_checkins")
    op.drop_table("goals")
    op.drop_column("workspaces", "company_goals")


def _employee(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", "employee_id"],
        ["employees.workspace_id", "employees.id"],
        name=op.f(f"fk_{table}_workspace_id_employee_id_employees"),
        ondelete="CASCADE",
    )
