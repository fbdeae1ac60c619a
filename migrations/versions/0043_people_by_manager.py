"""Find who reports to a manager without reading the whole directory."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_employees_workspace_id_manager_id"), "employees", ["workspace_id", "manager_id"]
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_employees_workspace_id_manager_id"), table_name="employees")
