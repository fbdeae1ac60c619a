"""The journeys slice's commands and listeners."""

from slack_bolt.app.async_app import AsyncApp

from bot.journeys.wellbeing import handlers as wellbeing
from bot.slack.commands import Usage

COMMANDS: tuple[Usage, ...] = wellbeing.COMMANDS


def register(app: AsyncApp) -> None:
    """Register this slice's listeners."""
    wellbeing.register(app)
