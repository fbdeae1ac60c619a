"""Add what became of the first steps, and who knows what Attune is."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("setup", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column(
        "employees",
        sa.Column("introduced", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    # Whoever was asked before knows Attune already.
    op.execute(
        """
        UPDATE employees SET introduced = true WHERE EXISTS (
          SELECT 1 FROM invitations
          WHERE invitations.workspace_id = employees.workspace_id
            AND invitations.employee_id = employees.id
            AND invitations.status <> 'pending'
        )
        """
    )


def downgrade() -> None:
    op.drop_column("employees", "introduced")
    op.drop_column("workspaces", "setup")
