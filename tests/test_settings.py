"""A missing or malformed setting stops the start with one sentence that helps."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings, SettingsError, load_settings
from tests.conftest import HANGS, ROOT

GOOD: dict[str, Any] = {
    "_env_file": None,
    "slack_bot_token": "xoxb-1",
    "slack_signing_secret": "s3cret",
}


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_good_settings_load_with_sensible_defaults() -> None:
    settings = load_settings(**GOOD)
    assert settings.port == 3000
    assert settings.slack_api_url == "https://slack.com/api/"
    assert not settings.oauth_enabled


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"slack_bot_token": None}, "SLACK_BOT_TOKEN is missing"),
        ({"slack_bot_token": ""}, "SLACK_BOT_TOKEN is missing"),
        ({"slack_bot_token": "xoxp-9secret"}, "it does not begin with xoxb-"),
        ({"slack_app_token": "xoxb-9secret"}, "it does not begin with xapp-"),
        ({"slack_signing_secret": None}, "SLACK_SIGNING_SECRET is missing"),
        ({"slack_api_url": "https://slack.com/"}, "not a URL ending in /api/"),
        ({"slack_client_id": "1.2"}, "SLACK_CLIENT_SECRET is missing"),
        ({"slack_client_secret": "9secret"}, "SLACK_CLIENT_ID is missing"),
        ({"slack_bot_token": None, "slack_client_id": "1.2"}, "SLACK_CLIENT_SECRET is missing"),
        ({"database_url": "mysql://x"}, "DATABASE_URL is malformed"),
        ({"database_url": "nonsense"}, "DATABASE_URL is malformed"),
        ({"attune_admins": "maya"}, "ATTUNE_ADMINS is malformed"),
        ({"attune_secret_key": "9secret"}, "ATTUNE_SECRET_KEY is malformed"),
        ({"attune_privacy_url": "docs/privacy.md"}, "ATTUNE_PRIVACY_URL is malformed"),
        ({"attune_privacy_url": "https://x.example|y"}, "ATTUNE_PRIVACY_URL is malformed"),
    ],
)
def test_bad_setting_is_named_with_where_to_find_it(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError) as failure:
        load_settings(**{**GOOD, **changes})
    text = str(failure.value)
    assert sentence in text
    assert "set it in the environment or in .env to" in text
    assert "9secret" not in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"port": "many"}, "PORT is malformed: it must be a number from 1 to 65535."),
        ({"port": 70000}, "PORT is malformed: it must be a number from 1 to 65535."),
        (
            {"attune_min_group_size": 3},
            "ATTUNE_MIN_GROUP_SIZE is malformed: it must be a number from 4 to 100.",
        ),
        (
            {"attune_allow_guests": "perhaps"},
            "ATTUNE_ALLOW_GUESTS is malformed: it must be true or false.",
        ),
    ],
)
def test_a_number_or_switch_is_told_what_it_may_be(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError) as failure:
        load_settings(**{**GOOD, **changes})
    assert str(failure.value) == sentence


def test_every_number_has_limits_to_tell() -> None:
    for name, field in Settings.model_fields.items():
        if field.annotation is int:
            with pytest.raises(SettingsError, match=r"a number from \d+ to \d+"):
                load_settings(**{**GOOD, name: "many"})


def test_an_env_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    other = tmp_path / ".env"
    other.write_bytes("ATTUNE_ADMINS=Zoë".encode("latin-1"))
    with pytest.raises(SettingsError, match=r"\.env is not UTF-8"):
        load_settings(**{**GOOD, "_env_file": other})


def test_socket_mode_needs_no_signing_secret() -> None:
    settings = load_settings(**{**GOOD, "slack_signing_secret": None, "slack_app_token": "xapp-1"})
    assert settings.slack_app_token is not None


def test_admins_are_read_from_a_comma_separated_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_ADMINS", "U1, U2")
    assert load_settings(**GOOD).attune_admins == ("U1", "U2")


@pytest.mark.parametrize("module", ["bot", "scheduler"])
def test_processes_print_one_sentence_and_exit_with_two(module: str, tmp_path: Any) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, "-m", module],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("SLACK_BOT_TOKEN is missing")
    assert len(ended.stderr.strip().splitlines()) == 1
