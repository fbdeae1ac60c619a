"""What the Slack CLI runs: the manifest for a laptop, the start, and `slack doctor`.

https://docs.slack.dev/tools/slack-cli/reference/hooks
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TOKENS = {"SLACK_CLI_XOXB": "SLACK_BOT_TOKEN", "SLACK_CLI_XAPP": "SLACK_APP_TOKEN"}
"""The CLI's names of the tokens that it brings, and ours."""


def socket_mode(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return a server's manifest for Socket Mode: it has no address for Slack to call."""
    settings = manifest["settings"]
    settings["socket_mode_enabled"] = True
    del settings["event_subscriptions"]["request_url"]
    del settings["interactivity"]["request_url"]
    del settings["interactivity"]["message_menu_options_url"]
    for command in manifest["features"]["slash_commands"]:
        del command["url"]
    del manifest["oauth_config"]["redirect_urls"]
    return manifest


def start(arguments: list[str]) -> None:
    """Become `make run`, with the CLI's tokens under our names."""
    for theirs, ours in TOKENS.items():
        if token := os.environ.get(theirs):
            os.environ[ours] = token
    # honcho would let `.env` have its way over the tokens; Attune reads `.env` by itself, too.
    command = ["make", "--directory", str(ROOT), "run", "HONCHO=honcho -e /dev/null"]
    os.execvp("make", [*command, *arguments])  # noqa: S606, S607 (no shell is wanted, and PATH is)


def doctor() -> dict[str, Any]:
    """Return what `python -m bot doctor` finds, in the form of `slack doctor`.

    https://github.com/slackapi/python-slack-hooks/blob/main/slack_cli_hooks/hooks/doctor.py
    """
    python = ROOT / ".venv/bin/python"
    if not python.exists():
        return {"versions": [_shown("attune", "not installed", "Run `make install`.")]}
    command = [str(python), "-m", "bot", "doctor", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    found = json.loads(done.stdout)["checks"]
    return {
        "versions": [
            _shown(each["id"], each["what"], each["fix"], is_error=each["level"] == "error")
            for each in found
        ]
    }


def _shown(name: str, what: str, fix: str, *, is_error: bool = True) -> dict[str, Any]:
    if is_error:
        return {"name": name, "current": "", "error": {"message": f"{what} {fix}"}}
    return {"name": name, "current": what, "message": fix}


if __name__ == "__main__":
    if sys.argv[1] == "manifest":
        manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
        print(json.dumps(socket_mode(manifest)))  # noqa: T201 (the CLI reads it)
    elif sys.argv[1] == "doctor":
        print(json.dumps(doctor()))  # noqa: T201 (the CLI reads it)
    else:
        start(sys.argv[2:])
