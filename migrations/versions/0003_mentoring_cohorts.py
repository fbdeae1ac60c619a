"""Let cohorts tell who is in mentoring, and figures compare them with the others."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MEASURES = "'participation', 'driver', 'question', 'enps', 'choice', 'sentiment'"


def upgrade() -> None:
    op.add_column("cohorts", sa.Column("mentoring", sa.String(length=20), nullable=True))
    _allow_measures(f"{_MEASURES}, 'difference'")


def downgrade() -> None:
    op.execute("DELETE FROM figures WHERE segment = 'mentoring' OR measure = 'difference'")
    _allow_measures(_MEASURES)
    op.drop_column("cohorts", "mentoring")


def _allow_measures(measures: str) -> None:
    """Replace the constraint; SQLite can only do so by copying the table.

    The copy leaves out check constraints by itself, because Alembic does not read them back.
    """
    name = op.f("ck_figures_measure")
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint(name, "figures", type_="check")
    with op.batch_alter_table("figures") as figures:
        figures.create_check_constraint(name, f"measure IN ({measures})")
