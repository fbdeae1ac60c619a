"""Create the first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "oauth_states",
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_oauth_states")),
    )
    op.create_table(
        "workspaces",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("bot_user_id", sa.String(length=32), nullable=False),
        sa.Column("bot_token", sa.Text(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("installer_id", sa.String(length=32), nullable=True),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("min_group_size", sa.Integer(), nullable=False),
        sa.Column("managers_see_team", sa.Boolean(), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uninstalled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("min_group_size >= 4", name=op.f("ck_workspaces_min_group_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=32), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_audit_entries_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_audit_entries")),
    )
    op.create_index(
        op.f("ix_audit_entries_workspace_id_at"),
        "audit_entries",
        ["workspace_id", "at"],
        unique=False,
    )
    _keep_audit_entries()
    op.create_table(
        "deliveries",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=32), nullable=False),
        sa.Column("wave_id", sa.String(length=32), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=120), nullable=True),
        sa.CheckConstraint(
            "status IN ('due', 'claimed', 'sent', 'dropped', 'failed')",
            name=op.f("ck_deliveries_status"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_deliveries_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_deliveries_workspace_id_key")),
    )
    op.create_index(
        op.f("ix_deliveries_workspace_id_status_due_at"),
        "deliveries",
        ["workspace_id", "status", "due_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_deliveries_workspace_id_wave_id"),
        "deliveries",
        ["workspace_id", "wave_id"],
        unique=False,
    )
    op.create_table(
        "digest_subscriptions",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("post_at", sa.Time(), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_digest_subscriptions_weekday")),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_digest_subscriptions_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", name=op.f("pk_digest_subscriptions")),
    )
    op.create_index(
        op.f("ix_digest_subscriptions_next_at"), "digest_subscriptions", ["next_at"], unique=False
    )
    op.create_table(
        "employees",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("nick", sa.String(length=80), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=True),
        sa.Column("team", sa.String(length=120), nullable=True),
        sa.Column("department", sa.String(length=120), nullable=True),
        sa.Column("location", sa.String(length=120), nullable=True),
        sa.Column("manager_id", sa.String(length=32), nullable=True),
        sa.Column("hired_on", sa.Date(), nullable=True),
        sa.Column("slack_updated", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("do_not_contact", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_employees_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_employees")),
    )
    op.create_index(
        op.f("ix_employees_workspace_id_email"),
        "employees",
        ["workspace_id", "email"],
        unique=False,
    )
    op.create_index(
        op.f("ix_employees_workspace_id_team"), "employees", ["workspace_id", "team"], unique=False
    )
    op.create_table(
        "role_grants",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("employee_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("granted_by", sa.String(length=32), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('admin', 'analyst')", name=op.f("ck_role_grants_role")),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_role_grants_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "employee_id", "role", name=op.f("pk_role_grants")),
    )
    op.create_table(
        "sender_leases",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_sender_leases_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_sender_leases")),
    )
    op.create_table(
        "surveys",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("audience_ref", sa.String(length=120), nullable=True),
        sa.Column("cadence", sa.String(length=16), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ask_at", sa.Time(), nullable=True),
        sa.Column("open_hours", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("next_open_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "audience IN ('everyone', 'channel', 'usergroup', 'team')",
            name=op.f("ck_surveys_audience"),
        ),
        sa.CheckConstraint(
            "cadence IN ('once', 'weekly', 'biweekly', 'monthly')", name=op.f("ck_surveys_cadence")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'active', 'paused', 'ended')", name=op.f("ck_surveys_status")
        ),
        sa.CheckConstraint("open_hours BETWEEN 1 AND 720", name=op.f("ck_surveys_open_hours")),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_surveys_workspace_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_surveys")),
    )
    op.create_index(
        op.f("ix_surveys_status_next_open_at"), "surveys", ["status", "next_open_at"], unique=False
    )
    op.create_table(
        "survey_questions",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("driver", sa.String(length=40), nullable=False),
        sa.Column("scale", sa.String(length=16), nullable=False),
        sa.Column("direction", sa.Integer(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("bank_key", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "scale IN ('agree', 'enps', 'choice', 'text')", name=op.f("ck_survey_questions_scale")
        ),
        sa.CheckConstraint("direction IN (-1, 1)", name=op.f("ck_survey_questions_direction")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "survey_id"],
            ["surveys.workspace_id", "surveys.id"],
            name=op.f("fk_survey_questions_workspace_id_survey_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "survey_id", "position", name=op.f("pk_survey_questions")
        ),
    )
    op.create_table(
        "waves",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("survey_id", sa.String(length=32), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("min_group_size", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("responded", sa.Integer(), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'open') = (key IS NOT NULL)", name=op.f("ck_waves_key_destroyed")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'sealed', 'published')", name=op.f("ck_waves_status")
        ),
        sa.CheckConstraint("min_group_size >= 4", name=op.f("ck_waves_min_group_size")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "survey_id"],
            ["surveys.workspace_id", "surveys.id"],
            name=op.f("fk_waves_workspace_id_survey_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_waves")),
        sa.UniqueConstraint(
            "workspace_id",
            "survey_id",
            "held_on",
            name=op.f("uq_waves_workspace_id_survey_id_held_on"),
        ),
    )
    op.create_index(
        op.f("ix_waves_status_closes_at"), "waves", ["status", "closes_at"], unique=False
    )
    op.create_table(
        "answers",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column("response_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "wave_id"],
            ["waves.workspace_id", "waves.id"],
            name=op.f("fk_answers_workspace_id_wave_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_answers")),
    )
    op.create_index(
        op.f("ix_answers_workspace_id_wave_id_position"),
        "answers",
        ["workspace_id", "wave_id", "position"],
        unique=False,
    )
    op.create_table(
        "cohorts",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("team", sa.String(length=120), nullable=True),
        sa.Column("department", sa.String(length=120), nullable=True),
        sa.Column("location", sa.String(length=120), nullable=True),
        sa.Column("tenure_band", sa.String(length=40), nullable=True),
        sa.Column("manager", sa.String(length=32), nullable=True),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "wave_id"],
            ["waves.workspace_id", "waves.id"],
            name=op.f("fk_cohorts_workspace_id_wave_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "wave_id", "id", name=op.f("pk_cohorts")),
    )
    op.create_table(
        "comments",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "wave_id"],
            ["waves.workspace_id", "waves.id"],
            name=op.f("fk_comments_workspace_id_wave_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_comments")),
    )
    op.create_index(
        op.f("ix_comments_workspace_id_wave_id"),
        "comments",
        ["workspace_id", "wave_id"],
        unique=False,
    )
    op.create_table(
        "figures",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column("measure", sa.String(length=16), nullable=False),
        sa.Column("measure_ref", sa.String(length=60), nullable=False),
        sa.Column("segment", sa.String(length=16), nullable=False),
        sa.Column("segment_ref", sa.String(length=400), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("spread", sa.Double(), nullable=True),
        sa.Column("favourable", sa.Double(), nullable=True),
        sa.Column("unfavourable", sa.Double(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("low", sa.Double(), nullable=True),
        sa.Column("high", sa.Double(), nullable=True),
        sa.Column("note", sa.String(length=120), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "measure IN ('participation', 'driver', 'question', 'enps', 'choice', 'sentiment')",
            name=op.f("ck_figures_measure"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "wave_id"],
            ["waves.workspace_id", "waves.id"],
            name=op.f("fk_figures_workspace_id_wave_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_figures")),
        sa.UniqueConstraint(
            "workspace_id",
            "wave_id",
            "measure",
            "measure_ref",
            "segment",
            "segment_ref",
            name=op.f("uq_figures_workspace_id_wave_id_measure_measure_ref_segment_segment_ref"),
        ),
    )
    op.create_table(
        "published_comments",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("team", sa.String(length=400), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "wave_id"],
            ["waves.workspace_id", "waves.id"],
            name=op.f("fk_published_comments_workspace_id_wave_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_published_comments")),
    )
    op.create_index(
        op.f("ix_published_comments_workspace_id_wave_id"),
        "published_comments",
        ["workspace_id", "wave_id"],
        unique=False,
    )
    op.create_table(
        "invitations",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column("employee_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'asked', 'answered', 'skipped', 'expired')",
            name=op.f("ck_invitations_status"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "wave_id"],
            ["waves.workspace_id", "waves.id"],
            name=op.f("fk_invitations_workspace_id_wave_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "wave_id", "employee_id", name=op.f("pk_invitations")
        ),
    )
    op.create_index(
        op.f("ix_invitations_workspace_id_employee_id"),
        "invitations",
        ["workspace_id", "employee_id"],
        unique=False,
    )
    op.create_table(
        "named_responses",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("response_id", sa.String(length=32), nullable=False),
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column("employee_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "wave_id"],
            ["waves.workspace_id", "waves.id"],
            name=op.f("fk_named_responses_workspace_id_wave_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "response_id", name=op.f("pk_named_responses")),
    )
    op.create_table(
        "open_answers",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("wave_id", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "wave_id"],
            ["waves.workspace_id", "waves.id"],
            name=op.f("fk_open_answers_workspace_id_wave_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "wave_id", "token", "position", name=op.f("pk_open_answers")
        ),
    )


def _keep_audit_entries() -> None:
    """Let the database refuse to change audit entries, or to delete them before their workspace.

    A cascade deletes them after the workspace's own row, which is then no longer seen.
    """
    if op.get_context().dialect.name == "postgresql":
        op.execute("""
            CREATE FUNCTION audit_entries_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' AND NOT EXISTS (
                    SELECT 1 FROM workspaces WHERE id = OLD.workspace_id
                ) THEN
                    RETURN OLD;
                END IF;
                RAISE EXCEPTION 'audit entries are only ever added';
            END $$
        """)
        op.execute("""
            CREATE TRIGGER audit_entries_kept BEFORE UPDATE OR DELETE ON audit_entries
            FOR EACH ROW EXECUTE FUNCTION audit_entries_are_kept()
        """)
        op.execute("""
            CREATE TRIGGER audit_entries_not_emptied BEFORE TRUNCATE ON audit_entries
            FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_are_kept()
        """)
        return
    op.execute("""
        CREATE TRIGGER audit_entries_unchanged BEFORE UPDATE ON audit_entries
        BEGIN SELECT RAISE(ABORT, 'audit entries are only ever added'); END
    """)
    op.execute("""
        CREATE TRIGGER audit_entries_kept BEFORE DELETE ON audit_entries
        WHEN EXISTS (SELECT 1 FROM workspaces WHERE id = OLD.workspace_id)
        BEGIN SELECT RAISE(ABORT, 'audit entries are only ever added'); END
    """)


def downgrade() -> None:
    op.drop_table("open_answers")
    op.drop_table("named_responses")
    op.drop_index(op.f("ix_invitations_workspace_id_employee_id"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index(
        op.f("ix_published_comments_workspace_id_wave_id"), table_name="published_comments"
    )
    op.drop_table("published_comments")
    op.drop_table("figures")
    op.drop_index(op.f("ix_comments_workspace_id_wave_id"), table_name="comments")
    op.drop_table("comments")
    op.drop_table("cohorts")
    op.drop_index(op.f("ix_answers_workspace_id_wave_id_position"), table_name="answers")
    op.drop_table("answers")
    op.drop_index(op.f("ix_waves_status_closes_at"), table_name="waves")
    op.drop_table("waves")
    op.drop_table("survey_questions")
    op.drop_index(op.f("ix_surveys_status_next_open_at"), table_name="surveys")
    op.drop_table("surveys")
    op.drop_table("sender_leases")
    op.drop_table("role_grants")
    op.drop_index(op.f("ix_employees_workspace_id_team"), table_name="employees")
    op.drop_index(op.f("ix_employees_workspace_id_email"), table_name="employees")
    op.drop_table("employees")
    op.drop_index(op.f("ix_digest_subscriptions_next_at"), table_name="digest_subscriptions")
    op.drop_table("digest_subscriptions")
    op.drop_index(op.f("ix_deliveries_workspace_id_wave_id"), table_name="deliveries")
    op.drop_index(op.f("ix_deliveries_workspace_id_status_due_at"), table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_index(op.f("ix_audit_entries_workspace_id_at"), table_name="audit_entries")
    op.drop_table("audit_entries")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entries_are_kept")
    op.drop_table("workspaces")
    op.drop_table("oauth_states")
