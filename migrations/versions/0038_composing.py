"""Let HR choose an audience by several attributes, and a survey end, keep to working days or go on.

A scheduler of an older version opens no wave of such an audience or rhythm; it waits for the newer
one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_AUDIENCES = "'everyone', 'channel', 'usergroup', 'team', 'milestone'"
_CADENCES = "'once', 'daily', 'weekly', 'biweekly', 'monthly', 'standing'"
_COLUMNS = ("audience_filter", "ends_on", "working_in", "replaces")


def upgrade() -> None:
    _check(f"{_AUDIENCES}, 'chosen'", f"{_CADENCES}, 'quarterly'")
    op.add_column("surveys", sa.Column("audience_filter", sa.JSON(), nullable=True))
    op.add_column("surveys", sa.Column("ends_on", sa.Date(), nullable=True))
    op.add_column("surveys", sa.Column("working_in", sa.String(2), nullable=True))
    op.add_column("surveys", sa.Column("replaces", sa.String(32), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM surveys WHERE audience = 'chosen' OR cadence = 'quarterly'")
    for name in reversed(_COLUMNS):
        op.drop_column("surveys", name)
    _check(_AUDIENCES, _CADENCES)


def _check(audiences: str, cadences: str) -> None:
    """Replace the check constraints; SQLite can only do so by copying the table.

    The copy leaves out check constraints by itself, because Alembic does not read them back.
    """
    checks = {
        "audience": f"audience IN ({audiences})",
        "cadence": f"cadence IN ({cadences})",
        "status": "status IN ('draft', 'active', 'paused', 'ended')",
        "open_hours": "open_hours BETWEEN 1 AND 720",
    }
    if op.get_context().dialect.name != "sqlite":
        for name in checks:
            op.drop_constraint(op.f(f"ck_surveys_{name}"), "surveys", type_="check")
    with op.batch_alter_table("surveys") as batch:
        for name, check in checks.items():
            batch.create_check_constraint(op.f(f"ck_surveys_{name}"), check)
