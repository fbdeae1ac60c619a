"""Add journeys: their dates, milestones, and pools whose answers come out in batches.

A scheduler of an older version opens no waves on this schema; what is due waits for the newer one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_DATES = ("leaves_on", "back_on", "seen_on")
_AUDIENCES = "'everyone', 'channel', 'usergroup', 'team'"
_CADENCES = "'weekly', 'biweekly', 'monthly', 'standing'"
_BY_DAY = "uq_waves_workspace_id_survey_id_held_on"


def _surveys(audiences: str, cadences: str) -> dict[str, str]:
    return {
        "audience": f"audience IN ({audiences})",
        "cadence": f"cadence IN ({cadences})",
        "status": "status IN ('draft', 'active', 'paused', 'ended')",
        "open_hours": "open_hours BETWEEN 1 AND 720",
    }


_WAVES = {
    "status": "status IN ('open', 'sealed', 'published')",
    "min_group_size": "min_group_size >= 4",
    "key_destroyed": "(status = 'open') = (key IS NOT NULL)",
}


def _pools(kinds: str) -> dict[str, str]:
    return {"kind": f"kind IN ({kinds})", "min_group_size": "min_group_size >= 4"}


def upgrade() -> None:
    for name in _DATES:
        op.add_column("employees", sa.Column(name, sa.Date(), nullable=True))
    _check("surveys", _surveys(f"{_AUDIENCES}, 'milestone'", f"'once', 'daily', {_CADENCES}"))
    _check("pools", _pools("'company', 'milestone'"))
    op.add_column("pools", sa.Column("looked", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("waves", sa.Column("batch", sa.Integer(), nullable=False, server_default="0"))
    _number_waves(_BY_DAY, f"{_BY_DAY}_batch")
    op.create_table(
        "milestones",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(20), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("ask_at", sa.Time(), nullable=False),
        sa.Column("survey_id", sa.String(32), nullable=True),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_milestones_weekday")),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_milestones_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_milestones")),
    )
    _of_employee(
        "journey_steps",
        [
            sa.Column("milestone", sa.String(20), nullable=False),
            sa.Column("anchor", sa.Date(), nullable=False),
        ],
        [sa.Column("passed_on", sa.Date(), nullable=False)],
    )
    _of_employee("journey_pauses", [], [sa.Column("paused_on", sa.Date(), nullable=False)])


def downgrade() -> None:
    op.drop_table("journey_pauses")
    op.drop_table("journey_steps")
    op.drop_table("milestones")
    op.execute("DELETE FROM surveys WHERE audience = 'milestone'")
    op.execute("DELETE FROM pools WHERE kind = 'milestone'")
    _number_waves(f"{_BY_DAY}_batch", _BY_DAY)
    op.drop_column("waves", "batch")
    op.drop_column("pools", "looked")
    _check("pools", _pools("'company'"))
    _check("surveys", _surveys(_AUDIENCES, f"'once', {_CADENCES}"))
    for name in reversed(_DATES):
        op.drop_column("employees", name)


def _of_employee(
    table: str, keys: list["sa.Column[object]"], others: list["sa.Column[object]"]
) -> None:
    """Create a table of rows about employees."""
    columns = ["workspace_id", "employee_id"]
    op.create_table(
        table,
        *(sa.Column(name, sa.String(32), nullable=False) for name in columns),
        *keys,
        *others,
        sa.ForeignKeyConstraint(
            columns,
            ["employees.workspace_id", "employees.id"],
            name=op.f(f"fk_{table}_workspace_id_employee_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(*columns, *(each.name for each in keys), name=op.f(f"pk_{table}")),
    )


def _check(table: str, checks: dict[str, str]) -> None:
    """Replace the check constraints; SQLite can only do so by copying the table.

    The copy leaves out check constraints by itself, because Alembic does not read them back.
    """
    if not _is_sqlite():
        for name in checks:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    with op.batch_alter_table(table) as batch:
        for name, check in checks.items():
            batch.create_check_constraint(op.f(f"ck_{table}_{name}"), check)


def _number_waves(old: str, new: str) -> None:
    """Let a day have several waves of one survey, or no more than one again."""
    columns = ["workspace_id", "survey_id", "held_on"]
    with op.batch_alter_table("waves") as waves:
        waves.drop_constraint(op.f(old), type_="unique")
        waves.create_unique_constraint(op.f(new), [*columns, *["batch"] * new.endswith("batch")])
        if _is_sqlite():
            for name, check in _WAVES.items():
                waves.create_check_constraint(op.f(f"ck_waves_{name}"), check)


def _is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"
