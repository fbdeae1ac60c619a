"""What the Slack CLI runs for `slack run`: the manifest for a laptop, and the start.

https://docs.slack.dev/tools/slack-cli/reference/hooks
"""

import json
import os
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


if __name__ == "__main__":
    if sys.argv[1] == "manifest":
        manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
        print(json.dumps(socket_mode(manifest)))  # noqa: T201 (the CLI reads it)
    else:
        start(sys.argv[2:])
