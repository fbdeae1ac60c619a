"""Slack requests of the pulse slice."""

from slack_bolt.app.async_app import AsyncApp

from bot.slack.commands import Usage

COMMANDS: tuple[Usage, ...] = ()


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
