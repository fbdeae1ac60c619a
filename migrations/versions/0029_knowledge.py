"""Let people ask colleagues who know, and keep answers for others."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_SECURE_DELETE_SINCE = (3, 42)
"""The first SQLite whose FTS5 can remove deleted words from its index at once.

https://www.sqlite.org/fts5.html#the_secure_delete_configuration_option
"""

_OFFERS = {
    "sqlite": """
        INSERT INTO mentoring_offers (workspace_id, topic, employee_id, place)
        SELECT DISTINCT profiles.workspace_id, lower(offers.value), profiles.employee_id,
               abs(random() % 2147483647)
        FROM mentoring_profiles AS profiles, json_each(profiles.offers) AS offers
        WHERE profiles.findable
        ON CONFLICT DO NOTHING
    """,
    "postgresql": """
        INSERT INTO mentoring_offers (workspace_id, topic, employee_id, place)
        SELECT profiles.workspace_id, lower(offers.topic), profiles.employee_id,
               floor(random() * 2147483647)::integer
        FROM mentoring_profiles AS profiles,
             json_array_elements_text(profiles.offers) AS offers (topic)
        WHERE profiles.findable
        ON CONFLICT DO NOTHING
    """,
}
# External content: https://www.sqlite.org/fts5.html#external_content_tables
_SEARCH_ON_SQLITE = (
    """
    CREATE VIRTUAL TABLE fts_cards USING fts5(
        words, content='knowledge_cards', content_rowid='id', tokenize='ascii'
    )
    """,
    """
    CREATE TRIGGER fts_cards_added AFTER INSERT ON knowledge_cards BEGIN
        INSERT INTO fts_cards (rowid, words) VALUES (new.id, new.words);
    END
    """,
    """
    CREATE TRIGGER fts_cards_removed AFTER DELETE ON knowledge_cards BEGIN
        INSERT INTO fts_cards (fts_cards, rowid, words) VALUES ('delete', old.id, old.words);
    END
    """,
    """
    CREATE TRIGGER fts_cards_changed AFTER UPDATE OF words ON knowledge_cards BEGIN
        INSERT INTO fts_cards (fts_cards, rowid, words) VALUES ('delete', old.id, old.words);
        INSERT INTO fts_cards (rowid, words) VALUES (new.id, new.words);
    END
    """,
)
_SEARCH_ON_POSTGRESQL = (
    "CREATE INDEX fts_cards ON knowledge_cards "
    "USING gin (array_to_tsvector(string_to_array(btrim(words), ' ')))"
)


def upgrade() -> None:
    op.create_table(
        "mentoring_offers",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("employee_id", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "employee_id"],
            ["mentoring_profiles.workspace_id", "mentoring_profiles.employee_id"],
            name=op.f("fk_mentoring_offers_workspace_id_employee_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "topic", "employee_id", name=op.f("pk_mentoring_offers")
        ),
    )
    _index("mentoring_offers", "workspace_id", "topic", "place")
    _index("mentoring_offers", "workspace_id", "employee_id")
    op.execute(_OFFERS[_dialect()])
    _create_questions()
    _create_cards()


def _create_questions() -> None:
    op.create_table(
        "knowledge_questions",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("asker_id", sa.String(32), nullable=True),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("author_id", sa.String(32), nullable=True),
        sa.Column("answered_at", _MOMENT, nullable=True),
        sa.Column("may_keep", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'answered', 'helped', 'kept', 'closed', 'found', 'nobody')",
            name=op.f("ck_knowledge_questions_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('answered', 'helped', 'kept') OR answer IS NOT NULL",
            name=op.f("ck_knowledge_questions_answer"),
        ),
        _of_workspace("knowledge_questions"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_knowledge_questions")),
        sqlite_with_rowid=False,
    )
    for column in ("asked_at", "asker_id", "author_id"):
        _index("knowledge_questions", "workspace_id", column)
    _partial_index("knowledge_questions", "due", "due_at")
    op.create_table(
        "knowledge_requests",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("question_id", sa.String(32), nullable=False),
        sa.Column("helper_id", sa.String(32), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'declined', 'gone')", name=op.f("ck_knowledge_requests_status")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "question_id"],
            ["knowledge_questions.workspace_id", "knowledge_questions.id"],
            name=op.f("fk_knowledge_requests_workspace_id_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "question_id", "helper_id", name=op.f("pk_knowledge_requests")
        ),
        sqlite_with_rowid=False,
    )
    _index("knowledge_requests", "workspace_id", "helper_id", "asked_at")


def _create_cards() -> None:
    op.create_table(
        "knowledge_cards",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column("author_id", sa.String(32), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("review_at", _MOMENT, nullable=True),
        _of_workspace("knowledge_cards"),
        sa.PrimaryKeyConstraint("workspace_id", "id", name=op.f("pk_knowledge_cards")),
    )
    _index("knowledge_cards", "workspace_id", "topic", "author_id")
    _index("knowledge_cards", "workspace_id", "author_id")
    _partial_index("knowledge_cards", "review", "review_at")
    if _dialect() == "postgresql":
        op.execute(_SEARCH_ON_POSTGRESQL)
        return
    for statement in _SEARCH_ON_SQLITE:
        op.execute(statement)
    version = op.get_bind().exec_driver_sql("SELECT sqlite_version()").scalar_one()
    if tuple(int(part) for part in str(version).split(".")[:2]) >= _SECURE_DELETE_SINCE:
        op.execute("INSERT INTO fts_cards (fts_cards, rank) VALUES ('secure-delete', 1)")


def downgrade() -> None:
    if _dialect() == "sqlite":
        op.execute("DROP TABLE fts_cards")
    op.drop_table("knowledge_cards")
    op.drop_table("knowledge_requests")
    op.drop_table("knowledge_questions")
    op.drop_table("mentoring_offers")


def _dialect() -> str:
    return op.get_context().dialect.name


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, [*columns])


def _partial_index(table: str, name: str, column: str) -> None:
    where = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        f"ix_{table}_{name}", table, [column], postgresql_where=where, sqlite_where=where
    )


def _of_workspace(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["workspace_id"],
        ["workspaces.id"],
        name=op.f(f"fk_{table}_workspace_id"),
        ondelete="CASCADE",
    )
