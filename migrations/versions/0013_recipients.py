"""Find the messages to one person without reading all of a workspace."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_deliveries_workspace_id_recipient", "deliveries", ["workspace_id", "recipient"]
    )


def downgrade() -> None:
    op.drop_index("ix_deliveries_workspace_id_recipient", "deliveries")
