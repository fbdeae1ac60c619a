"""Keep teams that were read from Slack until HR imports them."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "team_readings",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("employee_id", sa.String(32), nullable=False),
        sa.Column("reading", sa.String(32), nullable=False),
        sa.Column("team", sa.String(120), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "employee_id"],
            ["employees.workspace_id", "employees.id"],
            name=op.f("fk_team_readings_workspace_id_employee_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "employee_id", name=op.f("pk_team_readings")),
    )


def downgrade() -> None:
    op.drop_table("team_readings")
