"""The journeys slice's commands and listeners."""

from typing import Any

from slack_bolt.app.async_app import AsyncApp

from bot.journeys.welcome import handlers as welcome
from bot.journeys.wellbeing import handlers as wellbeing
from bot.slack.commands import Usage

COMMANDS: tuple[Usage, ...] = wellbeing.COMMANDS


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    welcome.register(app)
    wellbeing.register(app)


def leaves_no_trace(content: dict[str, Any]) -> bool:
    """Return True for a request that is neither remembered nor counted."""
    return wellbeing.leaves_no_trace(content) or welcome.leaves_no_trace(content)
