"""A database of the other kind, to restore into."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def other_url(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Name an empty database of the other kind than the test's own."""
    if database_url.startswith("postgresql"):
        yield f"sqlite:///{tmp_path / 'restored.sqlite3'}"
        return
    empty = request.getfixturevalue("empty_postgres")
    yield str(request.getfixturevalue("postgres_url"))
    empty()
