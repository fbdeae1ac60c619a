"""Let figures tell what comments are about, and HR add words to themes."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_MEASURES = "'participation', 'driver', 'question', 'enps', 'choice', 'sentiment', 'difference'"


def upgrade() -> None:
    _allow_measures(f"{_MEASURES}, 'theme'")
    op.create_table(
        "theme_terms",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("text", sa.String(60), nullable=False),
        sa.Column("theme", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_theme_terms_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "text", name=op.f("pk_theme_terms")),
    )


def downgrade() -> None:
    op.drop_table("theme_terms")
    op.execute("DELETE FROM figures WHERE measure = 'theme'")
    _allow_measures(_MEASURES)


def _allow_measures(measures: str) -> None:
    """Replace the constraint; SQLite can only do so by copying the table.

    The copy leaves out check constraints by itself, because Alembic does not read them back.
    """
    name = op.f("ck_figures_measure")
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(name, "figures", type_="check")
    with op.batch_alter_table("figures") as figures:
        figures.create_check_constraint(name, f"measure IN ({measures})")
