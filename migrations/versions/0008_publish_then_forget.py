"""Publish, then forget: no anonymous answer outlives its figures, and no figure is too fine.

A wave that is sealed but not published keeps its answers where this version looks for them.
"""

import math
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_IN_WAVE = (
    "EXISTS (SELECT 1 FROM waves WHERE waves.workspace_id = {table}.workspace_id "
    "AND waves.id = {table}.wave_id AND waves.status = '{status}'{more})"
)
_BATCH = 1_000
_random = secrets.SystemRandom()
_Scale = tuple[float, float, float, float, tuple[float, ...]]
_MEAN = (0.0, 10.0, 10.0, 2.5, (0.1, 0.2, 0.5, 1.0, 2.5))
"""Lowest, highest, swing of one person, usual spread, steps, as in insights/pure/resolution.py."""
_SHARE = (0.0, 1.0, 3.0, 0.5, (0.01, 0.02, 0.05, 0.1, 1 / 6, 0.25))
_ENPS = (-100.0, 100.0, 300.0, 80.0, (1.0, 2.0, 5.0, 10.0, 20.0, 50.0))


def upgrade() -> None:
    _add_secret()
    op.execute(
        "INSERT INTO open_answers (workspace_id, wave_id, token, position, cohort_id, value) "
        "SELECT workspace_id, wave_id, response_id, position, cohort_id, value FROM answers "
        f"WHERE {_IN_WAVE.format(table='answers', status='sealed', more='')}"
    )
    op.execute(
        "INSERT INTO open_answers (workspace_id, wave_id, token, position, cohort_id, comment) "
        "SELECT workspace_id, wave_id, id, position, cohort_id, text FROM comments "
        f"WHERE {_IN_WAVE.format(table='comments', status='sealed', more='')}"
    )
    anonymous = " AND waves.anonymous"
    for table in ("answers", "comments"):
        sealed = _IN_WAVE.format(table=table, status="sealed", more="")
        published = _IN_WAVE.format(table=table, status="published", more=anonymous)
        op.execute(f"DELETE FROM {table} WHERE {sealed} OR {published}")
        op.drop_column(table, "cohort_id")
    op.add_column(
        "cohorts", sa.Column("digest", sa.String(64), nullable=False, server_default="0" * 64)
    )
    for column in ("tenure_band", "manager", "answered"):
        op.drop_column("cohorts", column)
    op.execute("DELETE FROM deliveries WHERE kind = 'reminder' AND status = 'settled'")
    _coarsen()


def _add_secret() -> None:
    op.add_column(
        "workspaces", sa.Column("figure_secret", sa.Text(), nullable=False, server_default="")
    )
    workspaces = sa.table("workspaces", sa.column("id"), sa.column("figure_secret"))
    connection = op.get_bind()
    for (workspace_id,) in connection.execute(sa.select(workspaces.c.id)).all():
        connection.execute(
            sa.update(workspaces)
            .where(workspaces.c.id == workspace_id)
            .values(figure_secret=secrets.token_hex(32))
        )


def _coarsen() -> None:
    """Round earlier figures: their exact numbers would stay what the new ones avoid."""
    op.add_column("figures", sa.Column("members", sa.Integer(), nullable=True))
    op.add_column("figures", sa.Column("error", sa.Double(), nullable=True))
    connection = op.get_bind()
    last = ("", "")
    while rows := connection.execute(_page(last)).mappings().all():
        for row in rows:
            changes = _rounded(row)
            of_row = _FIGURES.c.workspace_id == row["workspace_id"], _FIGURES.c.id == row["id"]
            connection.execute(sa.update(_FIGURES).where(*of_row).values(changes))
        last = rows[-1]["workspace_id"], rows[-1]["id"]
    op.execute(
        "UPDATE waves SET responded = responded - responded % min_group_size "
        "WHERE responded IS NOT NULL"
    )
    op.drop_column("figures", "spread")


_FIGURES = sa.table(
    "figures",
    *(
        sa.column(name)
        for name in (
            *("workspace_id", "id", "wave_id", "measure", "n", "mean", "favourable"),
            *("unfavourable", "score", "low", "high", "error"),
        )
    ),
)
_WAVES = sa.table("waves", sa.column("workspace_id"), sa.column("id"), sa.column("min_group_size"))


def _page(last: tuple[str, str]) -> sa.Select[tuple[object, ...]]:
    of_wave = (_WAVES.c.workspace_id == _FIGURES.c.workspace_id) & (
        _WAVES.c.id == _FIGURES.c.wave_id
    )
    place = sa.tuple_(_FIGURES.c.workspace_id, _FIGURES.c.id)
    return (
        sa.select(_FIGURES, _WAVES.c.min_group_size)
        .join(_WAVES, of_wave)
        .where(place > last)
        .order_by(_FIGURES.c.workspace_id, _FIGURES.c.id)
        .limit(_BATCH)
    )


def _rounded(row: sa.RowMapping) -> dict[str, float | None]:
    k = row["min_group_size"]
    n = row["n"] - row["n"] % k
    changes: dict[str, float | None] = {"n": n}
    for name in ("favourable", "unfavourable"):
        share = row[name]
        is_hidden = share is None or n < 2 * k or row["measure"] == "enps"
        changes[name] = None if is_hidden else _told(share, n, _SHARE)
    for name, scale in (("mean", _MEAN), ("score", _ENPS)):
        if row[name] is None:
            continue
        if row["measure"] == "sentiment":
            changes[name] = None
        elif row["measure"] != "difference":
            changes |= _estimated(name, row[name], n, k, scale)
    return changes


def _estimated(name: str, value: float, n: int, k: int, scale: _Scale) -> dict[str, float | None]:
    lowest, highest, _, spread, _ = scale
    told, step = _told(value, n, scale), _step(n, scale)
    error = math.sqrt(spread**2 / (n + (k - 1) / 2) + step**2 / 6)
    return {
        name: told,
        "error": round(error, 3),
        "low": round(max(lowest, told - 1.96 * error), 1),
        "high": round(min(highest, told + 1.96 * error), 1),
    }


def _step(n: int, scale: _Scale) -> float:
    _, _, swing, _, steps = scale
    return next((step for step in steps if step * n >= swing), steps[-1])


def _told(value: float, n: int, scale: _Scale) -> float:
    lowest, highest, *_ = scale
    step = _step(n, scale)
    told = lowest + step * math.floor((value - lowest) / step + _random.random() + 1e-9)
    return round(min(max(told, lowest + step), highest - step), 6)


def downgrade() -> None:
    op.add_column("figures", sa.Column("spread", sa.Double(), nullable=True))
    op.drop_column("figures", "error")
    op.drop_column("figures", "members")
    op.add_column("cohorts", sa.Column("answered", sa.Integer(), nullable=True))
    op.add_column("cohorts", sa.Column("manager", sa.String(32), nullable=True))
    op.add_column("cohorts", sa.Column("tenure_band", sa.String(40), nullable=True))
    op.drop_column("cohorts", "digest")
    for table in ("answers", "comments"):
        op.add_column(
            table, sa.Column("cohort_id", sa.Integer(), nullable=False, server_default="0")
        )
    op.drop_column("workspaces", "figure_secret")
