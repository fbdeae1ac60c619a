"""Find what is held about one person, and a page of the record, without reading whole tables."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ASKED = sa.text("asked_by IS NOT NULL")
COFFEE = sa.text("kind = 'mentor_coffee'")
AUDIT_INDEXES = (
    ["workspace_id", "action", "at"],
    ["workspace_id", "actor_id"],
    ["workspace_id", "subject"],
)


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("asked_by", sa.String(length=32), nullable=True))
    deliveries = sa.table("deliveries", sa.column("asked_by"), sa.column("detail", sa.JSON))
    who = sa.func.coalesce(
        deliveries.c.detail["asker"].as_string(), deliveries.c.detail["asked_by"].as_string()
    )
    op.execute(sa.update(deliveries).values(asked_by=who).where(who.is_not(None)))
    op.create_index(
        "ix_deliveries_asked_by",
        "deliveries",
        ["workspace_id", "asked_by"],
        postgresql_where=ASKED,
        sqlite_where=ASKED,
    )
    op.create_index(
        "ix_deliveries_coffee",
        "deliveries",
        ["workspace_id"],
        postgresql_where=COFFEE,
        sqlite_where=COFFEE,
    )
    for table in ("named_responses", "mentoring_feedback"):
        op.create_index(
            f"ix_{table}_workspace_id_employee_id", table, ["workspace_id", "employee_id"]
        )
    for columns in AUDIT_INDEXES:
        op.create_index(f"ix_audit_entries_{'_'.join(columns)}", "audit_entries", columns)
    op.drop_index("ix_audit_entries_workspace_id_at", "audit_entries")


def downgrade() -> None:
    op.create_index("ix_audit_entries_workspace_id_at", "audit_entries", ["workspace_id", "at"])
    for columns in AUDIT_INDEXES:
        op.drop_index(f"ix_audit_entries_{'_'.join(columns)}", "audit_entries")
    for table in ("mentoring_feedback", "named_responses"):
        op.drop_index(f"ix_{table}_workspace_id_employee_id", table)
    op.drop_index("ix_deliveries_coffee", "deliveries")
    op.drop_index("ix_deliveries_asked_by", "deliveries")
    op.drop_column("deliveries", "asked_by")
