"""Create the tables of mentoring."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coffee_groups",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("introduced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_coffee_groups_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_coffee_groups")),
    )
    op.create_index(
        op.f("ix_coffee_groups_workspace_id_round_id"),
        "coffee_groups",
        ["workspace_id", "round_id"],
        unique=False,
    )
    op.create_table(
        "mentoring_matches",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=True),
        sa.Column("mentor_id", sa.String(length=32), nullable=False),
        sa.Column("mentee_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_reason", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("introduced", sa.Boolean(), nullable=False),
        sa.Column("first_meeting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudges", sa.Integer(), nullable=False),
        sa.Column("silences", sa.Integer(), nullable=False),
        sa.Column("fit_asked", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('proposed', 'accepted', 'active', 'completed', 'declined', 'lapsed', "
            "'ended')",
            name=op.f("ck_mentoring_matches_status"),
        ),
        sa.CheckConstraint("mentor_id <> mentee_id", name=op.f("ck_mentoring_matches_two_people")),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_mentoring_matches_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_mentoring_matches")),
    )
    op.create_index(
        op.f("ix_mentoring_matches_due_at"), "mentoring_matches", ["due_at"], unique=False
    )
    op.create_index(
        op.f("ix_mentoring_matches_workspace_id_mentor_id"),
        "mentoring_matches",
        ["workspace_id", "mentor_id"],
        unique=False,
    )
    op.create_index(
        "uq_mentoring_matches_open_mentee",
        "mentoring_matches",
        ["workspace_id", "mentee_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('proposed', 'accepted', 'active')"),
        postgresql_where=sa.text("status IN ('proposed', 'accepted', 'active')"),
    )
    op.create_table(
        "mentoring_outcomes",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("measure", sa.String(length=16), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_mentoring_outcomes_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "measure", name=op.f("pk_mentoring_outcomes")),
    )
    op.create_table(
        "mentoring_programmes",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("length_weeks", sa.Integer(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=True),
        sa.Column("next_round_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("coffee_weeks", sa.Integer(), nullable=True),
        sa.Column("next_coffee_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "every_weeks IS NULL OR every_weeks BETWEEN 1 AND 26",
            name=op.f("ck_mentoring_programmes_every_weeks"),
        ),
        sa.CheckConstraint(
            "length_weeks BETWEEN 4 AND 52", name=op.f("ck_mentoring_programmes_length_weeks")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_mentoring_programmes_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_mentoring_programmes")),
    )
    op.create_index(
        op.f("ix_mentoring_programmes_next_round_at"),
        "mentoring_programmes",
        ["next_round_at"],
        unique=False,
    )
    op.create_table(
        "mentoring_rounds",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.String(length=32), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('mentors', 'coffee')", name=op.f("ck_mentoring_rounds_kind")),
        sa.CheckConstraint(
            "status IN ('planned', 'done')", name=op.f("ck_mentoring_rounds_status")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_mentoring_rounds_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_mentoring_rounds")),
    )
    op.create_index(
        "uq_mentoring_rounds_planned",
        "mentoring_rounds",
        ["workspace_id", "kind"],
        unique=True,
        sqlite_where=sa.text("status = 'planned'"),
        postgresql_where=sa.text("status = 'planned'"),
    )
    op.create_table(
        "mentoring_feedback",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("match_id", sa.String(length=32), nullable=False),
        sa.Column("employee_id", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "about IN ('meeting', 'fit', 'closing')", name=op.f("ck_mentoring_feedback_about")
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name=op.f("ck_mentoring_feedback_rating")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "match_id"],
            ["mentoring_matches.workspace_id", "mentoring_matches.id"],
            name=op.f("fk_mentoring_feedback_workspace_id_match_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id",
            "match_id",
            "employee_id",
            "about",
            "number",
            name=op.f("pk_mentoring_feedback"),
        ),
    )
    op.create_table(
        "mentoring_meetings",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("match_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('met', 'not yet', 'rescheduled')",
            name=op.f("ck_mentoring_meetings_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "match_id"],
            ["mentoring_matches.workspace_id", "mentoring_matches.id"],
            name=op.f("fk_mentoring_meetings_workspace_id_match_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "match_id", "number", name=op.f("pk_mentoring_meetings")
        ),
    )
    op.create_table(
        "mentoring_profiles",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("employee_id", sa.String(length=32), nullable=False),
        sa.Column("offers", sa.JSON(), nullable=False),
        sa.Column("wants", sa.JSON(), nullable=False),
        sa.Column("hopes", sa.Text(), nullable=False),
        sa.Column("experience_years", sa.Integer(), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("preferred_days", sa.JSON(), nullable=False),
        sa.Column("never_with", sa.JSON(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("findable", sa.Boolean(), nullable=False),
        sa.Column("coffee", sa.Boolean(), nullable=False),
        sa.Column("looking_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_in_line", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 0 AND 5", name=op.f("ck_mentoring_profiles_capacity")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "employee_id"],
            ["employees.workspace_id", "employees.id"],
            name=op.f("fk_mentoring_profiles_workspace_id_employee_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "employee_id", name=op.f("pk_mentoring_profiles")),
    )


def downgrade() -> None:
    op.drop_table("mentoring_profiles")
    op.drop_table("mentoring_meetings")
    op.drop_table("mentoring_feedback")
    op.drop_index(
        "uq_mentoring_rounds_planned",
        table_name="mentoring_rounds",
        sqlite_where=sa.text("status = 'planned'"),
        postgresql_where=sa.text("status = 'planned'"),
    )
    op.drop_table("mentoring_rounds")
    op.drop_index(op.f("ix_mentoring_programmes_next_round_at"), table_name="mentoring_programmes")
    op.drop_table("mentoring_programmes")
    op.drop_table("mentoring_outcomes")
    op.drop_index(
        "uq_mentoring_matches_open_mentee",
        table_name="mentoring_matches",
        sqlite_where=sa.text("status IN ('proposed', 'accepted', 'active')"),
        postgresql_where=sa.text("status IN ('proposed', 'accepted', 'active')"),
    )
    op.drop_index(
        op.f("ix_mentoring_matches_workspace_id_mentor_id"), table_name="mentoring_matches"
    )
    op.drop_index(op.f("ix_mentoring_matches_due_at"), table_name="mentoring_matches")
    op.drop_table("mentoring_matches")
    op.drop_index(op.f("ix_coffee_groups_workspace_id_round_id"), table_name="coffee_groups")
    op.drop_table("coffee_groups")
