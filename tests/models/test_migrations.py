"""The migrations make exactly what the models say, and can be taken back."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from tests.conftest import ROOT


def _config(url: str) -> Config:
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def test_models_and_migrations_do_not_drift(database_url: str) -> None:
    command.check(_config(database_url))


def test_downgrade_and_upgrade_again(database_url: str) -> None:
    config = _config(database_url)
    command.downgrade(config, "base")
    command.upgrade(config, "head")
    command.check(config)


@pytest.mark.parametrize("path", sorted((ROOT / "migrations/versions").glob("0*.py")))
def test_migrations_import_no_models(path: Path) -> None:
    assert "models" not in path.read_text()
