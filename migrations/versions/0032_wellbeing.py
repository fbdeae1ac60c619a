"""Let figures tell how many feel strain, surveys ask in turn, and managers get help."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_MEASURES = (
    "'participation', 'driver', 'question', 'enps', 'choice', 'sentiment', 'theme', 'difference'"
)


def upgrade() -> None:
    _allow_measures(f"{_MEASURES}, 'strain'")
    op.add_column("surveys", sa.Column("prepared", sa.String(16), nullable=True))
    table = "attention_preferences"
    op.add_column(
        table, sa.Column("team_talks", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column(
        table, sa.Column("talks_unopened", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(table, sa.Column("last_talk_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for column in ("last_talk_at", "talks_unopened", "team_talks"):
        op.drop_column("attention_preferences", column)
    op.drop_column("surveys", "prepared")
    op.execute("DELETE FROM figures WHERE measure = 'strain'")
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
