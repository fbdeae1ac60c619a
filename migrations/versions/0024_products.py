"""Keep what HR makes for people, what there is to improve, and what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # In words of our own: so SQLite, too, adds the column with its constraint and drops both.
    op.execute(
        "ALTER TABLE workspaces ADD COLUMN decision_days INTEGER NOT NULL DEFAULT 14 "
        "CONSTRAINT ck_workspaces_decision_days CHECK (decision_days BETWEEN 7 AND 60)"
    )
    op.add_column("workspaces", sa.Column("improvements_told_on", sa.Date(), nullable=True))
    op.create_table(
        "people_products",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("owner_id", sa.String(32), nullable=True),
        sa.Column("drivers", sa.JSON(), nullable=False),
        sa.Column("signs", sa.String(16), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.CheckConstraint("signs IN ('mentoring')", name=op.f("ck_people_products_signs")),
        _workspace("people_products"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_people_products")),
        sa.UniqueConstraint(
            "workspace_id", "name", name=op.f("uq_people_products_workspace_id_name")
        ),
    )
    _create_items()
    op.create_table(
        "item_steps",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("item_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("by_id", sa.String(32), nullable=True),
        sa.Column("reason", sa.String(600), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        _item("item_steps"),
        sa.PrimaryKeyConstraint("workspace_id", "item_id", "number", name=op.f("pk_item_steps")),
    )
    op.create_table(
        "item_effects",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("item_id", sa.String(32), nullable=False),
        sa.Column("survey_id", sa.String(32), nullable=False),
        sa.Column("measure", sa.String(16), nullable=False),
        sa.Column("measure_ref", sa.String(60), nullable=False),
        sa.Column("label", sa.String(300), nullable=False),
        sa.Column("teams", sa.JSON(), nullable=False),
        sa.Column("direction", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=False),
        sa.Column("read_at", _MOMENT, nullable=True),
        sa.Column("found", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("direction IN (-1, 1)", name=op.f("ck_item_effects_direction")),
        _item("item_effects"),
        sa.PrimaryKeyConstraint("workspace_id", "item_id", name=op.f("pk_item_effects")),
    )
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_item_effects_unread",
        "item_effects",
        ["look_on"],
        postgresql_where=unread,
        sqlite_where=unread,
    )


def _create_items() -> None:
    op.create_table(
        "product_items",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("product_id", sa.String(32), nullable=True),
        sa.Column("problem", sa.String(300), nullable=False),
        sa.Column("owner_id", sa.String(32), nullable=True),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("driver", sa.String(40), nullable=True),
        sa.Column("segment", sa.String(16), nullable=False),
        sa.Column("segment_ref", sa.String(400), nullable=False),
        sa.Column("segment_values", sa.JSON(), nullable=False),
        sa.Column("for_everybody", sa.Boolean(), nullable=False),
        sa.Column("wave_id", sa.String(32), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("waiting_since", _MOMENT, nullable=False),
        sa.Column("decide_by", _MOMENT, nullable=True),
        sa.Column("hr_told", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(600), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("decided_at", _MOMENT, nullable=True),
        sa.Column("told_at", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "origin IN ('people', 'hr', 'manager')", name=op.f("ck_product_items_origin")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'taken up', 'doing', 'later', 'wont', 'asking more', 'shipped')",
            name=op.f("ck_product_items_state"),
        ),
        sa.CheckConstraint(
            "(decide_by IS NULL) = (state NOT IN ('proposed', 'taken up'))",
            name=op.f("ck_product_items_decide_by"),
        ),
        _workspace("product_items"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "product_id"],
            ["people_products.workspace_id", "people_products.id"],
            name=op.f("fk_product_items_workspace_id_product_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_product_items")),
    )
    for column in ("product_id", "state"):
        op.create_index(
            op.f(f"ix_product_items_workspace_id_{column}"),
            "product_items",
            ["workspace_id", column],
        )
    untold = sa.text("told_at IS NULL AND decided_at IS NOT NULL")
    op.create_index(
        "ix_product_items_untold",
        "product_items",
        ["workspace_id"],
        postgresql_where=untold,
        sqlite_where=untold,
    )


def downgrade() -> None:
    op.drop_table("item_effects")
    op.drop_table("item_steps")
    op.drop_table("product_items")
    op.drop_table("people_products")
    op.drop_column("workspaces", "improvements_told_on")
    op.drop_column("workspaces", "decision_days")


def _workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"],
        ["workspaces.id"],
        name=op.f(f"fk_{table}_workspace_id"),
        ondelete="CASCADE",
    )


def _item(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id", "item_id"],
        ["product_items.workspace_id", "product_items.id"],
        name=op.f(f"fk_{table}_workspace_id_item_id"),
        ondelete="CASCADE",
    )
