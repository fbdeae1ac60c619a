"""Plan messages: each person's hours, budget and preferences, and what goes out together."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_BEFORE = "'due', 'claimed', 'sent', 'dropped', 'settled', 'failed'"
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # In words of our own: so SQLite, too, adds the column with its constraint and drops both.
    op.execute(
        "ALTER TABLE workspaces ADD COLUMN days_a_week INTEGER NOT NULL DEFAULT 2 "
        "CONSTRAINT ck_workspaces_days_a_week CHECK (days_a_week BETWEEN 1 AND 5)"
    )
    for name, hour in (("work_starts", "09:00:00"), ("work_ends", "17:00:00")):
        op.add_column("workspaces", sa.Column(name, sa.Time(), nullable=False, server_default=hour))
    op.add_column("employees", sa.Column("quiet_until", _MOMENT, nullable=True))
    op.add_column("employees", sa.Column("absent_from", sa.Date(), nullable=True))
    op.add_column("employees", sa.Column("absent_until", sa.Date(), nullable=True))
    op.add_column("waves", sa.Column("asked", sa.Integer(), nullable=True))
    op.create_table(
        "attention_preferences",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("employee_id", sa.String(32), nullable=False),
        sa.Column("working_days", sa.JSON(), nullable=False),
        sa.Column("work_starts", sa.Time(), nullable=True),
        sa.Column("work_ends", sa.Time(), nullable=True),
        sa.Column("days_a_week", sa.Integer(), nullable=True),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("locale", sa.String(16), nullable=True),
        sa.Column("reminders", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "days_a_week BETWEEN 1 AND 5", name=op.f("ck_attention_preferences_days_a_week")
        ),
        sa.CheckConstraint(
            "every_weeks IN (1, 2, 4)", name=op.f("ck_attention_preferences_every_weeks")
        ),
        _employee("attention_preferences"),
        sa.PrimaryKeyConstraint(
            "workspace_id", "employee_id", name=op.f("pk_attention_preferences")
        ),
    )
    op.create_table(
        "interruptions",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("employee_id", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("message_id", sa.String(32), nullable=False),
        _employee("interruptions"),
        sa.PrimaryKeyConstraint(
            "workspace_id", "employee_id", "day", name=op.f("pk_interruptions")
        ),
    )
    op.add_column("deliveries", sa.Column("readers", sa.JSON(), nullable=True))
    op.add_column("deliveries", sa.Column("look_at", _MOMENT, nullable=True))
    op.add_column("deliveries", sa.Column("send_by", _MOMENT, nullable=True))
    op.add_column("deliveries", sa.Column("bundle", sa.String(32), nullable=True))
    _allow_statuses(f"'waiting', {_BEFORE}")
    for name, columns, condition in (
        ("waiting", ["look_at", "workspace_id"], "status = 'waiting'"),
        ("bundle", ["workspace_id", "bundle"], "bundle IS NOT NULL"),
    ):
        where = sa.text(condition)
        op.create_index(
            f"ix_deliveries_{name}",
            "deliveries",
            columns,
            postgresql_where=where,
            sqlite_where=where,
        )


def downgrade() -> None:
    op.drop_index("ix_deliveries_bundle", "deliveries")
    op.drop_index("ix_deliveries_waiting", "deliveries")
    op.execute("UPDATE deliveries SET status = 'due' WHERE status = 'waiting'")
    _allow_statuses(_BEFORE)
    for name in ("bundle", "send_by", "look_at", "readers"):
        op.drop_column("deliveries", name)
    op.drop_table("interruptions")
    op.drop_table("attention_preferences")
    op.drop_column("waves", "asked")
    for name in ("absent_until", "absent_from", "quiet_until"):
        op.drop_column("employees", name)
    for name in ("days_a_week", "work_starts", "work_ends"):
        op.drop_column("workspaces", name)


def _employee(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", "employee_id"],
        ["employees.workspace_id", "employees.id"],
        name=op.f(f"fk_{table}_workspace_id"),
        ondelete="CASCADE",
    )


def _allow_statuses(statuses: str) -> None:
    """Replace the constraint; SQLite can only do so by copying the table."""
    name = op.f("ck_deliveries_status")
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(name, "deliveries", type_="check")
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.create_check_constraint(name, f"status IN ({statuses})")
